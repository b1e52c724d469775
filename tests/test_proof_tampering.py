"""Whatever is changed of what is held, `verify.py` or `proof check` finds it. `python -m bench.tamper` tries more."""

import random
from pathlib import Path

import pytest
from django.utils import timezone

from bench.tampering import WAYS, Holdings, tamper
from feed.models import LeafBatch, ProofLog
from feed.proof import walk as walking
from feed.proof.leaves import packed, unpacked
from feed.proof.log import Log
from feed.proof.verify import check
from feed.proof.walk import Walk
from tests.provable import holdings

pytestmark = pytest.mark.django_db(transaction=True)
TRIES = 2


def test_nothing_is_found_where_nothing_was_changed_and_whatever_was_is(either_database: str, tmp_path: Path):
    desk, choice = holdings(tmp_path), random.Random(5)
    walk = Walk(desk.folder, desk.signer, desk.recordings)
    walk.run()
    assert walk.faults == []
    assert check(desk.bundle, desk.signer.public_key).others is not None
    tried = [tamper(desk, choice, how) for how in WAYS * TRIES]
    assert [how for how, faults in tried if not faults] == []
    walk = Walk(desk.folder, desk.signer, desk.recordings)
    walk.run()
    assert walk.faults == []


def test_a_leaf_behind_the_last_that_is_signed_is_found_by_the_count(either_database: str, tmp_path: Path):
    desk = holdings(tmp_path)
    batch = LeafBatch.objects.order_by("first").last()
    assert batch is not None
    lines = [leaf.decode() for leaf in unpacked(batch.leaves)]
    LeafBatch.objects.filter(pk=batch.pk).update(leaves=packed([*lines, lines[-1]]), count=len(lines) + 1)
    walk = Walk(desk.folder, desk.signer, desk.recordings)
    walk.run()
    number = batch.first + len(lines)
    assert walk.faults == [f"The database counts {number:,} leaves, and has {number + 1:,}."]


def test_a_time_that_lost_its_zone_is_a_fault(either_database: str, tmp_path: Path):
    desk = holdings(tmp_path)
    batch = next(
        row for row in LeafBatch.objects.order_by("first") if b"\njournal " in b"\n".join(unpacked(row.leaves))
    )
    lines = [leaf.decode() for leaf in unpacked(batch.leaves)]
    place = next(n for n, line in enumerate(lines) if line.startswith("journal "))
    lines[place] = lines[place].replace("Z ", " ", 1)
    LeafBatch.objects.filter(pk=batch.pk).update(leaves=packed(lines))
    walk = Walk(desk.folder, desk.signer, desk.recordings)
    walk.run()
    assert any(fault.startswith("A leaf cannot be read: b'journal ") for fault in walk.faults)


def add(desk: Holdings, number: int) -> None:
    """Leaves that are signed as they come."""
    size = ProofLog.objects.get().size
    lines = [f"message other {n} 2026-11-27T20:14:03.250060Z 7 {n}" for n in range(size, size + number)]
    LeafBatch.objects.create(first=size, count=number, committed_at=timezone.now(), leaves=packed(lines))
    ProofLog.objects.update(size=size + number)
    Log(desk.folder, desk.signer).grow()


def test_what_is_signed_while_all_is_checked_is_no_fault(
    either_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    desk = holdings(tmp_path)
    found = walking.checkpoints_and_last(desk.folder, desk.signer.public_key)
    add(desk, 700)
    monkeypatch.setattr(walking, "checkpoints_and_last", lambda *given: found)
    walk = Walk(desk.folder, desk.signer, desk.recordings)
    walk.run()
    assert walk.faults == []


@pytest.mark.parametrize("more", [b"", b"x"])
def test_a_full_tile_that_is_cut_or_longer_is_a_fault(either_database: str, tmp_path: Path, more: bytes):
    desk = holdings(tmp_path)
    add(desk, 700)
    path = desk.folder / "tile" / "0" / "000"
    path.write_bytes(path.read_bytes() + more if more else path.read_bytes()[:-32])
    walk = Walk(desk.folder, desk.signer, desk.recordings)
    walk.run()
    assert walk.faults == [f"{path} does not have the hashes of the database's leaves."]
