"""What was shown is signed: in bundles, checked by verify.py and the check, true still when names are forgotten."""

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from bench.tampering import Holdings
from feed.models import JournalEntry, LeafBatch, ViewingSpan
from feed.proof.bundle import make_bundle, manifest, packed
from feed.proof.log import Log
from feed.proof.trust import Untrue
from feed.proof.verify import judged, read_zip
from feed.proof.walk import Walk
from feed.viewings import spans
from feed.viewings.spans import Span, Viewing
from feed.viewings.viewers import forget, hash_of
from feed.viewings.writing import write_span
from tests.provable import FIXTURE, OTHER, SILENT, a_span, holdings, scope_of

pytestmark = pytest.mark.django_db(transaction=True)
ANN, FEEDER = ("user", 5), ("token", 3)


def with_an_empty_socket() -> Span:
    """One on which nothing was shown yet."""
    span = a_span()
    span.viewings.append(Viewing(3, "page", b"", 1000, [], []))
    return span


def written(ended_at: datetime, span: Span | None = None) -> None:
    write_span("web-1", ended_at - timedelta(seconds=10), ended_at, span or a_span(), [ANN, FEEDER], 0)


@pytest.fixture
def desk(either_database: str, tmp_path: Path) -> Holdings:
    """What was received, and a span of what was shown, both signed."""
    return holdings(tmp_path)


def sign(desk: Holdings) -> None:
    log = Log(desk.folder, desk.signer)
    log.grow()


def bundle(desk: Holdings, **fields: Any) -> dict[str, bytes]:
    return read_zip(make_bundle(desk.folder, desk.signer, scope_of(desk, **fields))[0])


def faults(desk: Holdings) -> list[str]:
    return walked(desk).faults


def walked(desk: Holdings) -> Walk:
    walk = Walk(desk.folder, desk.signer, desk.recordings)
    walk.run()
    return walk


def texts(files: dict[str, bytes]) -> list[str]:
    return [files[name].decode() for name in files if name.startswith("shown/") and name.endswith(".jsonl")]


class TestBundle:
    def test_it_has_what_was_shown_of_its_fixture_and_nothing_else(self, desk: Holdings):
        files = bundle(desk)
        (text,) = texts(files)
        head, *lines = map(json.loads, text.splitlines())
        who = hash_of(ANN)
        assert who is not None
        assert (head["socket"], head["kind"], head["who"]) == (1, "page", who.hex())
        assert lines == [
            ["had", [f"row:{FIXTURE}", "1", ""]],
            ["sent", 2000, 31.5, [f"row:{FIXTURE}", "2", (b"d" * 16).hex()]],
        ]
        assert f":{OTHER}" not in text
        assert "board" not in text

    def test_it_is_true_and_says_what_was_shown(self, desk: Holdings):
        found = judged(desk.signer.public_key, packed(bundle(desk)))
        (sentence,) = [words for words in found if "spans of what its web processes showed" in words]
        assert "It signed 1 spans" in sentence
        assert f"in 1 something of fixture {FIXTURE} was on a page or with a program, and was sent 1 times" in sentence

    def test_of_a_fixture_that_nobody_had_it_proves_that_too(self, desk: Holdings):
        files = bundle(desk, fixture=SILENT)
        assert texts(files) == []
        assert any(
            f"in 0 something of fixture {SILENT}" in words for words in judged(desk.signer.public_key, packed(files))
        )

    def test_python_alone_checks_it(self, desk: Holdings, tmp_path: Path):
        files = bundle(desk)
        (tmp_path / "verify.py").write_bytes(files["verify.py"])
        (tmp_path / "proof.zip").write_bytes(packed(files))
        words = [sys.executable, "-I", "-S", "verify.py", desk.signer.public_key, "proof.zip"]
        ran = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert ran.stdout.endswith("TRUE\n"), ran.stdout + ran.stderr

    def test_whose_salt_is_deleted_leaves_it_true(self, desk: Holdings):
        before = bundle(desk)
        assert forget(ANN)
        after = bundle(desk)
        assert texts(before) == texts(after)
        assert judged(desk.signer.public_key, packed(after))
        assert faults(desk) == []

    @pytest.mark.parametrize(
        "change",
        [
            lambda name, text: {name: text.replace(b'"2"', b'"3"')},
            lambda name, text: {name: text.replace(b"31.5", b"30.5")},
            lambda name, text: {name: b"\n".join(text.split(b"\n")[:-2]) + b"\n"},
            lambda name, text: {name: None},
            lambda name, text: {name.removesuffix(".jsonl"): None},
            lambda name, text: {name.removesuffix(".jsonl"): None, name: None},
            lambda name, text: {name.removesuffix(".jsonl"): b"web-1\n7 none\n"},
            lambda name, text: {name.replace(".jsonl", "0.jsonl"): text},
        ],
    )
    def test_what_was_changed_is_found_even_where_the_desk_signs_the_bundle_again(
        self, desk: Holdings, change: Callable[[str, bytes], dict[str, bytes | None]]
    ):
        files = bundle(desk)
        (name,) = [name for name in files if name.endswith(".jsonl")]
        changed = files | change(name, files[name])
        whole = {name: content for name, content in changed.items() if content is not None}
        whole["manifest"] = manifest(whole, desk.signer)
        with pytest.raises(Untrue):
            judged(desk.signer.public_key, packed(whole))

    def test_a_span_that_is_forgotten_is_missing_and_says_so(self, desk: Holdings):
        ViewingSpan.objects.all().delete()
        files = bundle(desk)
        assert texts(files) == []
        (number,) = [int(line.split(b" ")[0]) for line in files["leaves"].splitlines() if b" shown " in line]
        assert number in json.loads(files["about.json"])["missing"]
        assert judged(desk.signer.public_key, packed(files))


class TestCheck:
    def test_spans_that_are_as_they_were_signed_are_compared(self, desk: Holdings):
        walk = walked(desk)
        assert walk.faults == []
        assert "1 spans of what was shown are compared, and 0 were forgotten." in walk.notes

    @pytest.mark.parametrize(
        "change",
        [
            lambda row: {"blob": spans.packed(a_span("3"))},
            lambda row: {"blob": bytes(row.blob)[:-1]},
            lambda row: {"blob": spans.packed(with_an_empty_socket())},
            lambda row: {"process": "web-2"},
            lambda row: {"lost": 1},
            lambda row: {"begun_at": row.begun_at - timedelta(microseconds=1)},
            lambda row: {"ended_at": row.ended_at + timedelta(microseconds=1)},
        ],
    )
    def test_one_that_was_changed_is_found(self, desk: Holdings, change: Callable[[ViewingSpan], dict[str, Any]]):
        row = ViewingSpan.objects.get()
        ViewingSpan.objects.update(**change(row))
        found = faults(desk)
        assert any("is not as it was signed" in fault for fault in found)
        assert any("is gone" in fault for fault in found)

    def test_one_that_was_taken_out_is_found(self, desk: Holdings):
        ViewingSpan.objects.all().delete()
        assert [fault[:20] for fault in faults(desk)] == ["What was shown until"]

    def test_one_that_was_added_is_found(self, desk: Holdings, settings: Any):
        settings.PROOF = False
        written(timezone.now() + timedelta(seconds=10))
        assert any("is not as it was signed" in fault for fault in faults(desk))

    def test_those_of_before_they_were_signed_are_no_fault(self, desk: Holdings, settings: Any):
        settings.PROOF = False
        written(timezone.now() - timedelta(hours=1))
        walk = walked(desk)
        assert walk.faults == []
        assert any("1 are of before such were signed" in note for note in walk.notes)

    def test_those_that_the_settings_forget_are_no_fault(self, desk: Holdings, settings: Any):
        settings.KEEP_VIEWINGS_DAYS = 30
        written(timezone.now() - timedelta(days=31))
        sign(desk)
        ViewingSpan.objects.filter(ended_at__lt=timezone.now() - timedelta(days=1)).delete()
        walk = walked(desk)
        assert walk.faults == []
        assert any("1 were forgotten" in note for note in walk.notes)


def test_a_span_that_cannot_be_signed_is_not_written_either(either_database: str, monkeypatch: pytest.MonkeyPatch):
    def fail(leaf: str, committed_at: datetime) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr("feed.viewings.writing.note_leaf", fail)
    with pytest.raises(OSError, match="full"):
        written(timezone.now())
    assert not ViewingSpan.objects.exists()
    assert not LeafBatch.objects.exists()


def test_a_row_about_a_source_that_is_laid_to_a_fixture_is_found(desk: Holdings):
    """Its leaf has the source's number in place of the fixture's."""
    assert JournalEntry.objects.filter(part=JournalEntry.Part.SOURCE).update(fixture_id=FIXTURE)
    assert any("is not as it was written" in fault for fault in faults(desk))
