"""Witnesses in both directions, as C2SP tlog-witness has it: ours are asked, and we cosign what others have signed."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from bench.tampering import Holdings
from feed.models import WitnessedLog
from feed.operations import proof_log
from feed.proof import status
from feed.proof.attest import record
from feed.proof.attest.posting import Answer
from feed.proof.attest.turns import Attesting
from feed.proof.attest.witnesses import request
from feed.proof.bundle import make_bundle, manifest
from feed.proof.log import last_checkpoint, last_note, stored_checkpoints
from feed.proof.notes import Witness, new_key, read_signer, read_witness
from feed.proof.others import cosigned_at
from feed.proof.trust import Untrue, read_checkpoint
from feed.proof.verify import check, judged, main, read_zip
from feed.proof.walk import Walk
from livescore_site.posting import post
from livescore_site.proof_settings import witnessed, witnesses
from tests.authority import served
from tests.provable import holdings, key_line, scope_of

pytestmark = pytest.mark.django_db(transaction=True)
ADDRESS = "/proof/witness/add-checkpoint"
WITNESS_KEY = new_key("witness.example/desk")
WITNESS, OTHER = read_witness(WITNESS_KEY), read_witness(new_key("witness.example/desk"))


@pytest.fixture
def desk(either_database: str, tmp_path: Path, settings: Any) -> Holdings:
    """Signed, and known to the settings; it witnesses itself, as another desk would."""
    made = holdings(tmp_path)
    settings.PROOF_KEY, settings.PROOF_WITNESS_KEY = key_line(made), WITNESS_KEY
    settings.PROOF_WITNESSED = [made.signer.public_key]
    settings.PROOF_WITNESSES = [(WITNESS.public_key, ADDRESS)]
    return made


def ask(address: str, body: bytes, kind: str) -> Answer:
    """In this process, as a web server would be asked."""
    response = Client().post(ADDRESS, body, content_type=kind)
    return Answer(response.status_code, response.content)


def attesting(desk: Holdings) -> Attesting:
    return Attesting(desk.folder, ask, lambda: True)


def body(desk: Holdings, since: int, note: str = "") -> bytes:
    note = note or last_note(desk.folder)
    return request(desk.folder, note, read_checkpoint(note, desk.signer.public_key), since)


def earlier(desk: Holdings) -> str:
    """A checkpoint between the first and the last."""
    last = last_checkpoint(desk.folder, desk.signer.public_key)
    return next(one.note for one in stored_checkpoints(desk.folder) if 1 < one.size < last.size)


def answered(desk: Holdings, content: bytes) -> tuple[int, str]:
    answer = ask("", content, "text/plain")
    return answer.status, answer.body.decode()


class TestWeWitness:
    def test_what_continues_the_last_is_cosigned_and_remembered(self, desk: Holdings):
        first, last = earlier(desk), last_note(desk.folder)
        size = read_checkpoint(first, desk.signer.public_key).size
        for note, since in ((first, 0), (last, size)):
            code, line = answered(desk, body(desk, since, note))
            assert code == 200
            at = cosigned_at(note, line, WITNESS.public_key)
            assert at is not None
            assert abs(at - timezone.now().timestamp()) < 60
        assert WitnessedLog.objects.get().note == last

    def test_the_same_again_is_cosigned_again(self, desk: Holdings):
        size = last_checkpoint(desk.folder, desk.signer.public_key).size
        assert [answered(desk, body(desk, since))[0] for since in (0, size, size)] == [200, 200, 200]

    def test_another_old_size_is_answered_with_ours(self, desk: Holdings):
        size = last_checkpoint(desk.folder, desk.signer.public_key).size
        answered(desk, body(desk, 0))
        response = Client().post(ADDRESS, body(desk, 1), content_type="text/plain")
        assert (response.status_code, response.content) == (409, f"{size}\n".encode())
        assert response["Content-Type"] == "text/x.tlog.size"

    def test_an_older_checkpoint_takes_nothing_back(self, desk: Holdings):
        answered(desk, body(desk, 0))
        assert answered(desk, body(desk, 0, earlier(desk)))[0] == 409
        assert WitnessedLog.objects.get().note == last_note(desk.folder)

    def test_another_tree_of_the_same_size_is_refused(self, desk: Holdings):
        size = last_checkpoint(desk.folder, desk.signer.public_key).size
        answered(desk, body(desk, 0))
        other = desk.signer.checkpoint(size, b"x" * 32, timezone.now())
        assert answered(desk, f"old {size}\n\n{other}".encode()) == (409, f"{size}\n")

    def test_a_proof_that_leads_elsewhere_is_refused(self, desk: Holdings):
        first = earlier(desk)
        size = read_checkpoint(first, desk.signer.public_key).size
        answered(desk, body(desk, 0, first))
        right = body(desk, size)
        old, *_ = right.split(b"\n")
        without = old + b"\n\n" + last_note(desk.folder).encode()
        assert [answered(desk, content)[0] for content in (without, right)] == [422, 200]

    def test_a_log_that_nobody_named_is_not_known(self, desk: Holdings):
        stranger = read_signer(new_key("elsewhere.example/log"))
        note = stranger.checkpoint(3, b"x" * 32, timezone.now())
        assert answered(desk, f"old 0\n\n{note}".encode())[0] == 404
        assert not WitnessedLog.objects.exists()

    def test_another_key_under_the_logs_name_is_refused(self, desk: Holdings):
        note = read_signer(new_key(desk.signer.name)).checkpoint(3, b"x" * 32, timezone.now())
        assert answered(desk, f"old 0\n\n{note}".encode())[0] == 403
        assert not WitnessedLog.objects.exists()

    @pytest.mark.parametrize(
        "content",
        [b"", b"\xff", b"old 0\n\n", b"old x\n\nNOTE", b"old 01\n\nNOTE", b"new 0\n\nNOTE", b"old 0\nx\n\nNOTE"],
    )
    def test_what_is_no_request_is_refused(self, desk: Holdings, content: bytes):
        assert answered(desk, content.replace(b"NOTE", last_note(desk.folder).encode()))[0] == 400

    def test_an_old_size_above_the_checkpoints_is_refused(self, desk: Holdings):
        assert answered(desk, f"old 99999\n\n{last_note(desk.folder)}".encode())[0] == 400

    def test_too_much_is_not_read(self, desk: Holdings):
        assert answered(desk, b"x" * 20_000)[0] == 413

    def test_a_desk_that_witnesses_nobody_has_no_such_page(self, desk: Holdings, settings: Any):
        content, settings.PROOF_WITNESSED = body(desk, 0), []
        assert answered(desk, content)[0] == 404
        assert Client().get(ADDRESS).status_code == 405


class TestWeAreWitnessed:
    def test_a_cosigned_checkpoint_is_stored_served_and_in_a_bundle(
        self, desk: Holdings, settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ):
        attesting(desk).take_turn()
        (found,) = record.stored(desk.folder)
        assert cosigned_at(found.note, found.cosignatures, WITNESS.public_key)
        monkeypatch.setattr(proof_log, "proof_folder", lambda: desk.folder)
        settings.PROOF_IS_PUBLIC = True
        for path in ("/proof/checkpoint", "/proof/cosigned"):
            assert Client().get(path).content.decode() == found.note + found.cosignatures
        content, sentences = make_bundle(desk.folder, desk.signer, scope_of(desk))
        assert "Signatures of witness.example/desk are here, and unchecked" in sentences[-1]
        checked = judged(desk.signer.public_key, content, [WITNESS.public_key])
        assert f"witness.example/desk cosigned {found.size:,} leaves at" in checked[-1]
        (tmp_path / "bundle.zip").write_bytes(content)
        words = [desk.signer.public_key, str(tmp_path / "bundle.zip")]
        assert main([*words, WITNESS.public_key]) == 0
        assert main([*words, OTHER.public_key]) == 1
        assert main([*words, desk.signer.public_key]) == 2

    def test_a_witness_that_knows_more_than_we_remember_is_asked_again(self, desk: Holdings):
        first = earlier(desk)
        answered(desk, body(desk, 0, first))
        attesting(desk).take_turn()
        assert len(list(record.stored(desk.folder))) == 1

    def test_a_witness_that_has_seen_another_history_is_named(self, desk: Holdings, monkeypatch: pytest.MonkeyPatch):
        WitnessedLog.objects.create(origin=desk.signer.name, size=99_999, root=b"x" * 32, seen_at=timezone.now())
        monkeypatch.setattr(status, "proof_folder", lambda: desk.folder)
        attesting(desk).take_turn()
        assert "witness.example/desk has seen 99,999 leaves, and here are" in status.attested_line(timezone.now())
        WitnessedLog.objects.update(size=3)
        attesting(desk).take_turn()
        assert "has seen another history of this log" in status.attested_line(timezone.now())
        assert not list(record.stored(desk.folder))

    def test_anothers_signature_is_not_stored(self, desk: Holdings, settings: Any):
        with served(lambda content: (200, line_of(OTHER, content))) as address:
            settings.PROOF_WITNESSES = [(WITNESS.public_key, address)]
            Attesting(desk.folder, post, lambda: True).take_turn()
        assert not list(record.stored(desk.folder))

    def test_anothers_signature_is_found_in_the_store_and_in_a_bundle(self, desk: Holdings):
        attesting(desk).take_turn()
        (found,) = record.stored(desk.folder)
        forged = line_of(OTHER, found.note.encode()).decode()
        number = found.cosignatures.split(" ")[2]
        forged = f"\u2014 {WITNESS.name} {number[:24]}{forged.split(' ')[2][24:]}"
        files = read_zip(make_bundle(desk.folder, desk.signer, scope_of(desk))[0])
        files[f"attested/{found.size}/cosignatures"] = forged.encode()
        files["manifest"] = manifest(files, desk.signer)
        with pytest.raises(Untrue, match="did not cosign that checkpoint"):
            check(files, desk.signer.public_key, [WITNESS.public_key])
        (path,) = (desk.folder / "attested").iterdir()
        path.write_text(path.read_text().replace(found.cosignatures.strip(), forged.strip()))
        walk = Walk(desk.folder, desk.signer, desk.recordings)
        walk.run()
        assert walk.faults == [
            f"Checkpoint of {found.size:,} leaves: witness.example/desk did not cosign that checkpoint."
        ]

    def test_the_check_compares_what_others_saw_with_the_tree(self, desk: Holdings):
        attesting(desk).take_turn()
        (found,) = record.stored(desk.folder)
        note = desk.signer.checkpoint(found.size, b"x" * 32, found.at)
        (path,) = (desk.folder / "attested").iterdir()
        path.unlink()
        record.store(desk.folder, record.Attested(at=found.at, size=found.size, note=note))
        walk = Walk(desk.folder, desk.signer, desk.recordings)
        walk.run()
        assert [fault for fault in walk.faults if "is not of the database's leaves" in fault]


def line_of(witness: Witness, content: bytes) -> bytes:
    """What the witness says to a request, or to a checkpoint."""
    text = content.decode()
    note = text.partition("\n\n")[2] if text.startswith("old ") else text
    return witness.cosignature(note, timezone.now()).encode()


def test_settings_name_witnesses_and_logs():
    named = [f"https://witness.example/desk/#{WITNESS.public_key}"]
    assert witnesses(named) == [(WITNESS.public_key, "https://witness.example/desk/add-checkpoint")]
    log = read_signer(new_key("a.example/log")).public_key
    assert witnessed([log]) == [log]


@pytest.mark.parametrize("text", ["https://witness.example", "http://witness.example#KEY", "KEY", "https://a#KEY+x"])
def test_settings_that_name_nobody_stop_the_start(text: str):
    with pytest.raises(ImproperlyConfigured, match="PROOF_WITNESSES"):
        witnesses([text.replace("KEY", WITNESS.public_key)])
    with pytest.raises(ImproperlyConfigured, match="PROOF_WITNESSED"):
        witnessed([WITNESS.public_key])  # a witness's key is no log's


def test_more_witnesses_than_can_be_asked_in_a_minute_stop_the_start():
    with pytest.raises(ImproperlyConfigured, match="names 6; 5 are the most"):
        witnesses([f"https://witness.example/#{WITNESS.public_key}"] * 6)


def test_the_command_prints_the_key_that_cosigns(desk: Holdings, settings: Any):
    out = StringIO()
    call_command("proof", "key", "--of-witness", stdout=out)
    assert out.getvalue().strip() == WITNESS.public_key
    settings.PROOF_WITNESSED = []
    with pytest.raises(CommandError, match="This desk witnesses no logs"):
        call_command("proof", "key", "--of-witness")


@pytest.mark.parametrize("is_named", [True, False])
def test_nobody_is_asked_where_nobody_is_named(desk: Holdings, settings: Any, is_named: bool):
    settings.PROOF_WITNESSES = settings.PROOF_WITNESSES if is_named else []
    turns = Attesting(desk.folder, ask, lambda: False)
    turns.start()
    assert turns.thread.is_alive() == is_named
    turns.stop()
    if is_named:
        turns.thread.join(5)
        assert not turns.thread.is_alive()
