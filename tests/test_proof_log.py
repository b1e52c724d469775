"""Leaves are numbered with their batch, and signed each second; nothing that was signed is ever contradicted."""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from feed.journal.blobs import unpacked as unpacked_blob
from feed.models import JournalEntry, LeafBatch, ProofLog
from feed.proof.leaves import Journaled, journal_digest, packed, read_leaf, unpacked
from feed.proof.log import Log, Refused, last_checkpoint, stored_checkpoints
from feed.proof.notes import new_key, read_signer
from feed.proof.signing import Signing
from feed.proof.status import proof_line
from feed.proof.tree import root_of
from feed.proof.trust import leaf_hash, read_checkpoint
from feed.store import store_batch
from feed.transport import Delivery

from .feed_messages import fixture, heartbeat, market
from .ingesting import ingest, source  # noqa: F401 - a fixture
from .received import a_source, beat

pytestmark = pytest.mark.django_db(transaction=True)
SIGNER = read_signer(new_key("test.example/log"))


def lines() -> list[str]:
    batches = LeafBatch.objects.order_by("first")
    return [leaf.decode() for batch in batches for leaf in unpacked(batch.leaves)]


def store(second: float) -> None:
    """A heartbeat: one leaf."""
    message = beat(second)
    delivery = Delivery(body=f"beat {second}".encode(), received_at=message.received_at, tag=int(second))
    store_batch(a_source(), [msgspec.structs.replace(message, delivery=delivery)])


@pytest.fixture
def log(either_database: str, tmp_path: Path) -> Log:
    """A log with 300 signed leaves."""
    for second in range(5):
        store(second)
    number = ProofLog.objects.get().size
    LeafBatch.objects.create(
        first=number, count=295, committed_at=timezone.now(), leaves=packed([f"beat {n}" for n in range(295)])
    )
    ProofLog.objects.update(size=300)
    found = Log(tmp_path, SIGNER)
    while found.grow():
        pass
    return found


class TestLeaves:
    def test_every_message_has_one_in_the_order_in_which_they_came(self, source: Any):  # noqa: F811
        ingest(source, heartbeat(), b"\xffnonsense", fixture(7), market(7, "1.8"))
        kinds = [line.split(" ") for line in lines() if not read_leaf(line.encode()).digests.keys() & {-source.pk}]
        messages = [(words[1], words[2], words[4]) for words in kinds if words[0] == "message"]
        assert messages == [
            ("Meadow%20in-play", "1", "-"),
            ("Meadow%20in-play", "2", "?"),
            ("Meadow%20in-play", "3", "7"),
            ("Meadow%20in-play", "4", "7"),
        ]
        assert [words[0] for words in kinds[4:]] == ["journal"]

    def test_the_journals_has_the_digest_of_what_the_journal_has(self, source: Any):  # noqa: F811
        ingest(source, fixture(7), market(7, "1.8"))
        (leaf,) = [leaf for line in lines() if 7 in (leaf := read_leaf(line.encode())).digests]
        rows = JournalEntry.objects.filter(fixture_id=7).order_by("part", "market_id")
        fields = [name for name in Journaled._fields if name != "text"]
        found = [Journaled(*[getattr(row, name) for name in fields], text=unpacked_blob(row.blob)) for row in rows]
        assert leaf.digests == {7: (rows[0].revision, journal_digest(found))}
        assert len(found) > 2

    def test_numbers_go_on_from_batch_to_batch(self, either_database: str):
        for second in (1, 2, 3):
            store(second)
        assert list(LeafBatch.objects.order_by("first").values_list("first", "count")) == [(0, 1), (1, 1), (2, 1)]
        assert ProofLog.objects.get().size == 3

    def test_a_batch_that_fails_leaves_no_gap(self, either_database: str, monkeypatch: pytest.MonkeyPatch):
        store(1)
        monkeypatch.setattr("feed.store.leaves.packed", lambda leaves: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            store(2)
        monkeypatch.undo()
        store(3)
        assert list(LeafBatch.objects.order_by("first").values_list("first", "count")) == [(0, 1), (1, 1)]

    def test_there_are_none_where_proof_is_switched_off(self, either_database: str, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setattr(settings, "PROOF", False)
        store(1)
        assert not LeafBatch.objects.exists()


class TestLog:
    def test_it_signs_what_is_stored(self, log: Log):
        signed = last_checkpoint(log.folder, SIGNER.public_key)
        assert (signed.size, signed.root) == (300, root_of([leaf_hash(line.encode()) for line in lines()]))
        assert log.grow() == 0
        store(9)
        assert log.grow() == 1
        assert last_checkpoint(log.folder, SIGNER.public_key).size == 301

    def test_it_keeps_the_first_checkpoint_of_each_minute(self, log: Log):
        for seconds in (1, 2, 60):
            log.sign(datetime(2030, 1, 1, 12, tzinfo=UTC) + timedelta(seconds=seconds))
        found = [one for one in stored_checkpoints(log.folder) if one.at.year == 2030]
        assert [f"{one.at:%H:%M:%S}" for one in found] == ["12:00:01", "12:01:00"]
        assert read_checkpoint(found[0].note, SIGNER.public_key).size == found[0].size == 300

    def test_it_goes_on_after_a_restart(self, log: Log):
        store(9)
        again = Log(log.folder, SIGNER)
        assert again.grow() == 1
        assert again.writer.root() == root_of([leaf_hash(line.encode()) for line in lines()])

    def test_a_restored_database_is_not_signed_on(self, log: Log):
        LeafBatch.objects.filter(first__gte=5).delete()
        ProofLog.objects.update(size=5)
        with pytest.raises(Refused, match=r"300 leaves are signed.*ends with leaf 5\. It was restored"):
            Log(log.folder, SIGNER)
        with pytest.raises(Refused, match="restored"):
            log.grow()

    def test_nor_is_one_that_was_restored_and_has_grown_since(self, log: Log):
        LeafBatch.objects.filter(first__gte=3).delete()
        leaves = [f"another {n}" for n in range(400)]
        LeafBatch.objects.create(first=3, count=400, committed_at=timezone.now(), leaves=packed(leaves))
        ProofLog.objects.update(size=403)
        with pytest.raises(Refused, match="are others"):
            Log(log.folder, SIGNER)
        with pytest.raises(Refused, match="restored"):
            log.grow()

    def test_nor_is_a_gap(self, log: Log):
        LeafBatch.objects.create(first=310, count=1, committed_at=timezone.now(), leaves=packed(["x"]))
        with pytest.raises(Refused, match="no leaves 300 to 310"):
            log.grow()

    @pytest.mark.parametrize("damage", ["checkpoint", "tile/0/000", "tile/0/001.p/44"])
    def test_files_that_were_changed_are_not_signed_on(self, log: Log, damage: str):
        path = log.folder / damage
        content = bytearray(path.read_bytes())
        content[-20] ^= 1
        path.write_bytes(content)
        with pytest.raises(Refused):
            Log(log.folder, SIGNER)

    def test_nor_is_another_key_or_a_log_whose_checkpoint_is_gone(self, log: Log):
        with pytest.raises(Refused, match="not signed by"):
            Log(log.folder, read_signer(new_key()))
        (log.folder / "checkpoint").unlink()
        with pytest.raises(Refused, match="checkpoint is gone"):
            Log(log.folder, SIGNER)


class TestSigning:
    @pytest.fixture
    def signing(self, either_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Signing]:
        monkeypatch.setattr("feed.proof.status.proof_folder", lambda: tmp_path)
        found = Signing(tmp_path)
        yield found
        if found.lock is not None:
            found.lock.close()

    def test_one_of_several_processes_signs(self, signing: Signing):
        store(1)
        other = Signing(signing.folder)
        assert signing.take_turn() < other.take_turn()
        assert (signing.log is None, other.log is None) == (False, True)

    def test_the_health_page_says_how_far_it_is(self, signing: Signing):
        assert proof_line(timezone.now()) == "Nothing has been signed on this machine."
        store(1)
        signing.take_turn()
        assert proof_line(timezone.now()) == "Signed up to leaf 1, the last one; the last checkpoint is 0 s old."
        store(2)
        assert "Signed up to leaf 1, 1 wait" in proof_line(timezone.now())

    def test_a_refusal_is_said_once_and_goes_when_it_is_over(self, signing: Signing, caplog: Any):
        store(1)
        signing.take_turn()
        LeafBatch.objects.all().delete()
        with caplog.at_level(logging.WARNING):
            signing.take_turn()
            signing.take_turn()
        assert [record.levelname for record in caplog.records] == ["ERROR"]
        assert "Nothing is signed. 1 leaves are signed, and the database is not" in proof_line(timezone.now())
        ProofLog.objects.all().delete()
        for path in sorted(signing.folder.rglob("*"), reverse=True):
            if path.name != "lock":
                path.rmdir() if path.is_dir() else path.unlink()
        store(1)
        signing.take_turn()
        assert "the last one" in proof_line(timezone.now())

    def test_whatever_goes_wrong_the_thread_goes_on(self, signing: Signing, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setattr("feed.proof.signing.Log", lambda *args: 1 / 0)
        signing.take_turn()
        monkeypatch.undo()
        signing.take_turn()
        assert signing.trouble == ""

    def test_it_signs_what_is_left_when_it_stops(self, signing: Signing):
        signing.thread.start()
        store(1)
        connection.close()
        signing.stop()
        assert last_checkpoint(signing.folder, read_signer(settings.PROOF_KEY).public_key).size == 1
