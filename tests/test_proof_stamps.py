"""An authority's time stamps of checkpoints: asked for, stored, in bundles, checked, refused where they are others."""

import subprocess
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone
from rfc3161_client import HashAlgorithm, TimestampRequestBuilder

from bench.tampering import Holdings
from feed.proof import status
from feed.proof.attest import record
from feed.proof.attest.posting import NotAnswered
from feed.proof.attest.turns import Attesting
from feed.proof.bundle import make_bundle, manifest
from feed.proof.log import Log
from feed.proof.others import read_stamp
from feed.proof.trust import Untrue
from feed.proof.verify import check, judged, read_zip
from feed.proof.walk import Walk
from livescore_site.posting import MOST_BYTES, post
from livescore_site.proof_settings import stamp_address
from tests.authority import Authority, served
from tests.provable import holdings, key_line, scope_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("stamps") / "authority")


@pytest.fixture
def address(authority: Authority) -> Iterator[str]:
    with served(lambda query: (200, authority.answer(query))) as found:
        yield found


@pytest.fixture
def desk(either_database: str, tmp_path: Path, settings: Any, authority: Authority, address: str) -> Holdings:
    """Signed, and known to the settings, with the authority's address and certificate."""
    settings.PROOF_STAMP_URL, settings.PROOF_STAMP_CERTIFICATES = address, str(authority.certificate)
    made = holdings(tmp_path)
    settings.PROOF_KEY = key_line(made)
    return made


def attesting(desk: Holdings) -> Attesting:
    return Attesting(desk.folder, post, lambda: True)


def faults(desk: Holdings) -> list[str]:
    walk = Walk(desk.folder, desk.signer, desk.recordings)
    walk.run()
    return walk.faults


def replace(desk: Holdings, **fields: Any) -> None:
    """What was stored says something else."""
    (path,) = (desk.folder / "attested").iterdir()
    changed = msgspec.structs.replace(record.read(path.read_bytes(), path), **fields)
    path.write_bytes(msgspec.json.encode(changed) + b"\n")


def test_the_last_checkpoint_is_stamped_and_a_stranger_has_it_in_his_bundle(
    desk: Holdings, authority: Authority, tmp_path: Path
):
    attesting(desk).take_turn()
    (found,) = record.stored(desk.folder)
    assert found.note == (desk.folder / "checkpoint").read_text()
    content, sentences = make_bundle(desk.folder, desk.signer, scope_of(desk))
    stamp = read_stamp(found.stamp)
    assert f"A time stamp of {stamp.time} is of the checkpoint of {found.size:,} leaves" in sentences[-1]
    assert abs((timezone.now() - datetime.fromisoformat(stamp.time)).total_seconds()) < 60
    files = read_zip(content)
    for name in ("checkpoint", "stamp.tsr"):
        (tmp_path / name).write_bytes(files[f"attested/{found.size}/{name}"])
    words = ["-data", tmp_path / "checkpoint", "-in", tmp_path / "stamp.tsr", "-CAfile", authority.certificate]
    done = subprocess.run(["openssl", "ts", "-verify", *map(str, words)], capture_output=True, text=True, check=False)
    assert "Verification: OK" in done.stdout, done.stderr
    assert faults(desk) == []


def test_nothing_is_asked_twice_about_the_same_checkpoint(desk: Holdings):
    attesting(desk).take_turn()
    attesting(desk).take_turn()
    assert len(list(record.stored(desk.folder))) == 1


def test_a_stamp_of_another_checkpoint_is_found_in_the_store_and_in_a_bundle(desk: Holdings, authority: Authority):
    attesting(desk).take_turn()
    (found,) = record.stored(desk.folder)
    query = TimestampRequestBuilder().data(b"something else").hash_algorithm(HashAlgorithm.SHA256).build()
    other = authority.answer(query.as_bytes())
    replace(desk, stamp=other)
    words = "a time stamp is of something else than its checkpoint"
    assert faults(desk) == [f"Checkpoint of {found.size:,} leaves: {words}."]
    files = read_zip(make_bundle_of(desk, found))
    files[f"attested/{found.size}/stamp.tsr"] = other
    files["manifest"] = manifest(files, desk.signer)
    with pytest.raises(Untrue, match=words):
        check(files, desk.signer.public_key)


def make_bundle_of(desk: Holdings, found: record.Attested) -> bytes:
    replace(desk, stamp=found.stamp)
    return make_bundle(desk.folder, desk.signer, scope_of(desk))[0]


def test_a_stamp_by_another_authority_is_not_taken_and_found_by_the_check(
    desk: Holdings, settings: Any, tmp_path: Path
):
    attesting(desk).take_turn()
    settings.PROOF_STAMP_CERTIFICATES = str(Authority(tmp_path / "other").certificate)
    (fault,) = faults(desk)
    assert "a time stamp is not the authority's" in fault
    (desk.folder / "attested-last").unlink()
    attesting(desk).take_turn()
    assert len(list(record.stored(desk.folder))) == 1
    assert "No time stamp: a time stamp is not the authority's" in (desk.folder / "attested-trouble").read_text()


def test_an_answer_to_another_request_is_not_taken(desk: Holdings, authority: Authority, settings: Any):
    stale: list[bytes] = []

    def answer(query: bytes) -> tuple[int, bytes]:
        stale.append(authority.answer(query))
        return 200, stale[0]

    with served(answer) as settings.PROOF_STAMP_URL:
        attesting(desk).take_turn()
        (desk.folder / "attested-last").unlink()
        attesting(desk).take_turn()
    assert len(list(record.stored(desk.folder))) == 1
    assert "does not answer what was asked for" in (desk.folder / "attested-trouble").read_text()


@pytest.mark.parametrize(
    ("code", "body", "words"),
    [
        (500, b"", "it answered with status 500"),
        (200, b"nonsense", "a time stamp is cut off"),
        (200, b"x" * (MOST_BYTES + 1), "its answer has no end"),
    ],
)
def test_what_is_no_stamp_is_said_on_the_health_page(
    desk: Holdings, settings: Any, monkeypatch: pytest.MonkeyPatch, code: int, body: bytes, words: str
):
    monkeypatch.setattr(status, "proof_folder", lambda: desk.folder)
    with served(lambda query: (code, body)) as settings.PROOF_STAMP_URL:
        attesting(desk).take_turn()
    assert words in status.attested_line(timezone.now())
    assert not list(record.stored(desk.folder))


def test_the_health_page_says_what_was_stamped_last(desk: Holdings, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(status, "proof_folder", lambda: desk.folder)
    assert status.attested_line(timezone.now()) == "Nobody else has seen a checkpoint yet."
    attesting(desk).take_turn()
    (found,) = record.stored(desk.folder)
    assert status.attested_line(timezone.now()) == f"Stamped up to leaf {found.size:,}, 0 min ago."


def test_an_authority_that_is_away_costs_neither_the_feed_nor_the_next_turn(desk: Holdings, settings: Any):
    url, settings.PROOF_STAMP_URL = settings.PROOF_STAMP_URL, "http://127.0.0.1:1"
    turns = attesting(desk)
    turns.take_turn()
    assert "it cannot be reached" in (desk.folder / "attested-trouble").read_text()
    Log(desk.folder, desk.signer).grow()
    settings.PROOF_STAMP_URL = url
    turns.take_turn()
    assert len(list(record.stored(desk.folder))) == 1
    assert not (desk.folder / "attested-trouble").exists()


def test_a_bundle_without_stamps_says_nothing_of_them(desk: Holdings):
    content, sentences = make_bundle(desk.folder, desk.signer, scope_of(desk))
    assert not [sentence for sentence in sentences if "stamp" in sentence]
    assert judged(desk.signer.public_key, content) == sentences


def test_a_host_whose_address_is_not_public_is_not_asked(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("packages_admin.network.resolved", lambda *given: ["10.0.0.1"])
    with pytest.raises(NotAnswered, match="not public"):
        post("https://stamps.example", b"", "text/plain")


@pytest.mark.parametrize("text", ["ftp://a", "http://stamps.example/", "https://user:word@a/", "https://", "nonsense"])
def test_an_address_that_is_none_or_readable_to_others_stops_the_start(text: str):
    with pytest.raises(ImproperlyConfigured, match="PROOF_STAMP_URL must"):
        stamp_address(text)
