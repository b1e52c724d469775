"""What our own people did is signed as it is done: in its order, in bundles without names, and checked."""

import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from bench.tampering import Holdings
from feed.models import Act, LeafBatch
from feed.proof.bundle import make_bundle, manifest
from feed.proof.leaves import base64_text, read_leaf, salted, unpacked
from feed.proof.trust import Untrue
from feed.proof.verify import check, read_zip
from feed.proof.walk import Walk
from feed.store.leaves import note_act
from packages_admin.actions import Asker, perform
from packages_admin.models import PackageCall
from packages_admin.products import Action
from tests.packages import LSports, make_user, package_at
from tests.provable import FIXTURE, OTHER, holdings, scope_of
from tests.rows import make_fixture, make_source, make_trader

pytestmark = pytest.mark.django_db(transaction=True)


def acts() -> list[tuple[str, frozenset[int]]]:
    """What was done, by the leaves, and with which fixtures."""
    lines = [line for batch in LeafBatch.objects.order_by("first") for line in unpacked(batch.leaves)]
    return [(line.split(b" ")[2].decode(), read_leaf(line).fixtures) for line in lines if line.startswith(b"act ")]


@pytest.fixture
def desk(either_database: str, tmp_path: Path) -> Holdings:
    """With acts of the fixture, of another, and of none; signed."""
    return holdings(tmp_path)


def faults(desk: Holdings) -> list[str]:
    walk = Walk(desk.folder, desk.signer, desk.recordings)
    walk.run()
    return walk.faults


def test_what_traders_do_with_a_fixture_are_leaves_in_their_order(either_database: str, client: Client):
    make_source()
    make_fixture()
    client.force_login(make_trader())
    make_trader("bob")
    client.post("/fixtures/7/notes/", {"text": "Late news."})
    client.post("/fixtures/7/notes/", {"take_back": ""})
    client.post("/fixtures/7/claim/", {"take": ""})
    client.post("/fixtures/7/claim/", {"take": ""})  # who has it does nothing by taking it again
    client.post("/fixtures/7/claim/", {"hand_over": "", "to": "bob", "text": "Yours."})
    kinds = ["note.written", "note.taken_back", "fixture.taken", "fixture.handed_over"]
    assert acts() == [(kind, frozenset([7])) for kind in kinds]


def test_a_call_to_lsports_is_a_leaf_before_it_goes_and_after_its_answer(lsports: LSports, db: None):
    user = make_user("operator")
    asker = Asker(origin=PackageCall.Origin.ADMIN, name="operator", user=user)
    perform(package_at(lsports), Action.STATUS, asker)
    perform(package_at(lsports, name="South", package_id=124), Action.ACTIVATE, asker)
    own = [kind for kind, _ in acts()]
    assert own == ["activate", "activate.answered"]
    before, after = (json.loads(act.text) for act in Act.objects.order_by("pk"))
    assert (before["call"], after["ok"]) == (after["call"], True)
    assert before["request"] == {"packageId": 124, "username": "ops"}


def test_an_act_that_is_undone_with_its_transaction_leaves_nothing(either_database: str):
    with transaction.atomic():
        note_act("note.written", "ann", 7, text="x")
        transaction.set_rollback(True)
    assert (acts(), Act.objects.count()) == ([], 0)


def test_names_are_salted_hashes(desk: Holdings):
    content, _ = make_bundle(desk.folder, desk.signer, scope_of(desk))
    files = read_zip(content)
    texts = [json.loads(body) for name, body in files.items() if name.startswith("acts/")]
    act = Act.objects.get(who="ann", fixture_id=FIXTURE)
    assert texts[0] == {"who": salted("ann", act.salt), "text": "Late news."}
    assert salted("ann", "") != texts[0]["who"] != base64_text(sha256(b"ann").digest())


def test_a_bundle_has_the_acts_of_its_fixture_and_those_of_none(desk: Holdings):
    content, sentences = make_bundle(desk.folder, desk.signer, scope_of(desk))
    files = read_zip(content)
    texts = [body for name, body in files.items() if name.startswith("acts/")]
    assert [b"Late news" in text or b"Meadow" in text for text in texts] == [True, True]
    (done,) = [sentence for sentence in sentences if "its own people" in sentence]
    assert done.startswith("It wrote 2 times what its own people, or it by itself, did: 1 times with this fixture")


def test_an_act_that_is_changed_or_taken_out_of_a_bundle_is_found(desk: Holdings):
    whole = read_zip(make_bundle(desk.folder, desk.signer, scope_of(desk))[0])
    name = next(name for name in whole if name.startswith("acts/"))
    number = name.partition("/")[2]

    def found(files: dict[str, bytes]) -> str:
        files["manifest"] = manifest(files, desk.signer)
        with pytest.raises(Untrue) as caught:
            check(files, desk.signer.public_key)
        return str(caught.value)

    other = whole | {name: whole[name].replace(b"Late", b"Good")}
    assert found(other) == f"{name} is not what leaf {number} has the digest of"
    assert "is missing, and the bundle does not say so" in found({n: b for n, b in whole.items() if n != name})
    leaves = b"".join(line for line in whole["leaves"].splitlines(True) if not line.startswith(f"{number} ".encode()))
    without = {n: b for n, b in whole.items() if n not in (name, f"proofs/{number}.tlog-proof")} | {"leaves": leaves}
    assert found(without) == f"the bundle does not have exactly the leaves of fixture {FIXTURE}"


def gone(act: Act) -> None:
    act.delete()


def by_another(act: Act) -> None:
    Act.objects.filter(pk=act.pk).update(who="bob")


def of_another_fixture(act: Act) -> None:
    Act.objects.filter(pk=act.pk).update(fixture_id=OTHER)


def changed(act: Act) -> None:
    Act.objects.filter(pk=act.pk).update(text=act.text.replace("Late", "Good"))


def twice(act: Act) -> None:
    act.pk = None
    act.save()


def earlier(act: Act) -> None:
    Act.objects.filter(pk=act.pk).update(at=act.at.replace(microsecond=(act.at.microsecond + 1) % 1_000_000))


@pytest.mark.parametrize("how", [gone, by_another, of_another_fixture, changed, twice, earlier])
def test_an_act_that_is_not_as_it_was_done_is_found(desk: Holdings, how: Callable[[Act], None]):
    assert faults(desk) == []
    how(Act.objects.get(who="ann", fixture_id=FIXTURE))
    assert faults(desk) != []


def test_an_act_without_its_leaf_is_found(desk: Holdings):
    Act.objects.create(at=timezone.now(), kind="note.written", fixture_id=7, who="ann", salt="", text="{}")
    (fault,) = faults(desk)
    assert fault.endswith("is in no leaf, or not as it was done.")


def test_without_its_salt_an_act_stays_signed_and_says_nobody(desk: Holdings):
    Act.objects.update(salt="", who="")
    assert faults(desk) == []


def test_what_was_forgotten_of_acts_is_no_fault(desk: Holdings):
    Act.objects.filter(who="ann", fixture_id=FIXTURE).delete()
    walk = Walk(desk.folder, desk.signer, desk.recordings)
    walk.acts.limit = timezone.now()
    walk.run()
    assert walk.faults == []
    assert "2 acts are compared, and 1 were forgotten." in walk.notes


def test_there_are_none_where_proof_is_switched_off(either_database: str, settings: Any):
    settings.PROOF = False
    note_act("note.written", "ann", 7, text="x")
    assert (acts(), Act.objects.count()) == ([], 0)
