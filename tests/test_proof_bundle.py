"""A bundle: a stranger checks it with Python alone, and it says plainly what it proves and what not."""

import subprocess
import sys
import zipfile
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from bench.tampering import Holdings
from feed.models import JournalEntry
from feed.proof.bundle import NoProof, make_bundle, manifest
from feed.proof.notes import new_key, read_signer
from feed.proof.verify import Untrue, check, judged, read_zip
from feed.proof.walk import Walk
from tests.provable import BODIES, FIXTURE, SILENT, holdings, scope_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def desk(either_database: str, tmp_path: Path) -> Holdings:
    return holdings(tmp_path)


@pytest.fixture
def command(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """`manage.py proof` of the desk in `tmp_path`, of which the key is known to the settings."""

    def run(*words: Any) -> str:
        out = StringIO()
        call_command("proof", *map(str, words), stdout=out)
        return out.getvalue()

    monkeypatch.setattr("feed.management.commands.proof.proof_folder", lambda: tmp_path / "proof")
    settings.RECORDINGS = tmp_path / "recorded"
    return run


def made(desk: Holdings, **fields: Any) -> tuple[bytes, list[str]]:
    return make_bundle(desk.folder, desk.signer, scope_of(desk, **fields))


class TestBundle:
    def test_it_has_every_message_of_the_fixture_as_it_came(self, desk: Holdings):
        files = read_zip(made(desk)[0])
        bodies = {content for name, content in files.items() if name.startswith("messages/")}
        ours = {body for body in BODIES if body and (b'"FixtureId": 7' in body or b"no message" in body)}
        assert bodies == ours - {BODIES[0]}  # the first was not recorded
        assert b"not kept" in files["index.html"]

    def test_it_says_what_is_true(self, desk: Holdings):
        _, (signed, recorded, stood, done, shown, others) = made(desk)
        assert "test.example/log signed 0 leaves at" in signed
        assert "25 are about fixture 7, or may be; 24 of them are here" in recorded
        assert stood.endswith("times how one of its feeds stood: up, late, down or off.")
        assert done.startswith("It wrote 2 times what its own people, or it by itself, did: 1 times with this fixture")
        assert "in 1 something of fixture 7 was on a page" in shown
        assert others.startswith("None of the 24 other leaves in between speaks of fixture 7, or of a feed.")

    def test_silence_can_be_proved(self, desk: Holdings):
        _, (_, recorded, _, _, shown, others) = made(desk, fixture=SILENT)
        assert "1 are about fixture 9, or may be" in recorded  # what could not be read may be of any fixture
        assert "in 0 something of fixture 9 was on a page" in shown
        assert "speaks of fixture 9" in others

    def test_without_the_others_it_does_not_claim_that(self, desk: Holdings):
        content, sentences = made(desk, is_complete=False)
        assert "not proved" in sentences[-1]
        assert "range" not in read_zip(content)

    def test_recordings_that_were_begun_later_are_not_read(self, desk: Holdings):
        later = scope_of(desk).end + timedelta(hours=2)
        (desk.recordings / f"feed-{later:%Y%m%dT%H%M%SZ}-01.jsonl.zst").write_bytes(b"not a zstd file")
        made(desk)

    def test_a_recording_of_that_time_that_cannot_be_read_is_named(self, desk: Holdings):
        (desk.recordings / "a.jsonl.zst").write_bytes(b"not a zstd file")
        with pytest.raises(NoProof, match=r"A recording of that time cannot be read: .*a\.jsonl\.zst"):
            made(desk)

    def test_what_was_forgotten_is_named(self, desk: Holdings):
        JournalEntry.objects.all().delete()
        files = read_zip(made(desk, recordings=None)[0])
        assert not [name for name in files if name.startswith("journal/")]
        assert len(check(files, desk.signer.public_key).leaves) > 24
        files["about.json"] = files["about.json"].replace(b'"missing":[', b'"missing":[77,').replace(b"77,0,", b"77,")
        files["manifest"] = manifest(files, desk.signer)
        with pytest.raises(Untrue, match="missing, and the bundle does not say so"):
            check(files, desk.signer.public_key)

    def test_none_is_made_of_what_is_not_what_was_signed(self, desk: Holdings):
        entry = JournalEntry.objects.filter(fixture_id=FIXTURE).first()
        assert entry is not None
        entry.settles = not entry.settles
        entry.save()
        with pytest.raises(NoProof, match="What is stored is not what was signed: journal/"):
            made(desk)

    def test_none_is_made_of_a_time_before_the_log(self, desk: Holdings):
        long_ago = datetime(2020, 1, 1, tzinfo=UTC)
        with pytest.raises(NoProof, match="The log begins at"):
            made(desk, begin=long_ago, end=long_ago + timedelta(hours=1))

    def test_too_many_leaves_are_refused(self, desk: Holdings, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setattr("feed.proof.bundle.MOST_LEAVES", 5)
        with pytest.raises(NoProof, match="too many for a bundle"):
            made(desk)

    def test_another_key_does_not_take_it(self, desk: Holdings):
        with pytest.raises(Untrue, match="was not made by"):
            judged(read_signer(new_key("test.example/log")).public_key, made(desk)[0])


class TestStranger:
    def run(self, folder: Path, *words: str) -> tuple[int, str, str]:
        command = [sys.executable, "-I", "verify.py", *words]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout, done.stderr

    def test_he_needs_nothing_but_python_and_the_key(self, desk: Holdings, tmp_path: Path):
        path = tmp_path / "bundle.zip"
        path.write_bytes(made(desk)[0])
        folder = tmp_path / "his"
        with zipfile.ZipFile(path) as archive:
            archive.extract("verify.py", folder)
        key = desk.signer.public_key
        code, out, _ = self.run(folder, key, str(path))
        assert (code, out.splitlines()[-1]) == (0, "TRUE")
        content = path.read_bytes()
        path.write_bytes(content[:200] + bytes([content[200] ^ 1]) + content[201:])
        code, out, _ = self.run(folder, key, str(path))
        assert code == 1
        assert out.startswith("FALSE: ")
        assert self.run(folder, key, "/nowhere.zip")[0] == 2
        assert "not a public key" in self.run(folder, "nonsense", str(path))[2]
        assert self.run(folder, "--help")[0] == 0


class TestCommand:
    def test_it_makes_a_bundle_and_says_what_it_proves(
        self, desk: Holdings, command: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ):
        monkeypatch.setattr("feed.management.commands.proof.own_signer", lambda: desk.signer)
        begin, path = timezone.now() - timedelta(hours=1), tmp_path / "out.zip"
        window = ["--fixture", FIXTURE, "--from", f"{begin:%Y-%m-%dT%H:%M:%S}", "--to", timezone.now().isoformat()]
        assert "25 are about fixture 7" in command("bundle", *window, "--out", path)
        assert judged(desk.signer.public_key, path.read_bytes())
        with pytest.raises(CommandError, match="No such file or directory"):
            command("bundle", *window, "--out", tmp_path / "no" / "out.zip")
        with pytest.raises(CommandError, match="--to must be after --from"):
            command("bundle", *window[:3], "2030-01-01", *window[4:], "--out", path)

    @pytest.mark.parametrize(
        ("words", "says"),
        [
            (["--to", "2999-01-01"], "The end is still to come"),
            (["--from", "0001-01-01T00:00+14:00"], "is not a time such as"),
            (["--to", "9999-12-31T23:59:59-14:00"], "is not a time such as"),
            (["--fixture", -1], "'-1' is not a number that LSports gives"),
            (["--recordings", "/nowhere"], "/nowhere is no folder"),
        ],
    )
    def test_none_is_made_of_what_cannot_be_meant(
        self, desk: Holdings, command: Any, tmp_path: Path, words: list[Any], says: str
    ):
        known = {"--fixture": FIXTURE, "--from": "2026-01-01", "--to": timezone.now().isoformat()}
        known[words[0]] = words[1]
        with pytest.raises(CommandError, match=says):
            command("bundle", *[word for pair in known.items() for word in pair], "--out", tmp_path / "out.zip")

    def test_a_check_of_recordings_that_are_not_there_is_none(self, desk: Holdings, command: Any):
        with pytest.raises(CommandError, match="/nowhere is no folder"):
            command("check", "--recordings", "/nowhere")

    def test_it_checks_all_that_is_kept(self, desk: Holdings, command: Any, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setattr("feed.management.commands.proof.own_signer", lambda: desk.signer)
        assert command("check").splitlines()[-1] == "TRUE: all that is kept is what was signed."
        JournalEntry.objects.filter(fixture_id=FIXTURE).delete()
        with pytest.raises(CommandError, match="things are not as they were signed"):
            command("check")

    def test_it_prints_keys(self, command: Any, settings: Any):
        assert command("key").strip() == read_signer(settings.PROOF_KEY).public_key
        line = command("key", "--new", "desk.example.com/log").strip()
        settings.PROOF_KEY = line
        assert command("key").startswith("desk.example.com/log+")
        settings.PROOF_KEY = "nonsense"
        with pytest.raises(CommandError, match="PROOF_KEY is not a key"):
            command("key")

    def test_without_a_log_it_says_so(self, either_database: str, command: Any, tmp_path: Path):
        window = ["--fixture", 7, "--from", "2026-01-01", "--to", "2026-01-02"]
        with pytest.raises(CommandError, match="Nothing has been signed on this machine"):
            command("bundle", *window, "--out", tmp_path / "none.zip")


def test_what_tidy_forgets_of_the_journal_is_no_fault(desk: Holdings):
    JournalEntry.objects.all().delete()
    walk = Walk(desk.folder, desk.signer, desk.recordings)
    walk.run()
    assert {fault.rpartition(" ")[2] for fault in walk.faults} == {"gone."}
    walk = Walk(desk.folder, desk.signer, desk.recordings)
    walk.limit = timezone.now() + timedelta(seconds=1)
    walk.run()
    assert walk.faults == []
    assert [note for note in walk.notes if "was forgotten" in note]
