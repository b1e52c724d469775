"""Others' tools read the signed log by HTTP, where it is public: the checkpoint, and each tile by its place."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import resolve, reverse

from bench.tampering import Holdings
from feed.models import ProofLog
from feed.operations import proof_log
from feed.proof.trust import read_checkpoint
from tests.provable import holdings

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def desk(either_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Holdings:
    made = holdings(tmp_path)
    monkeypatch.setattr(proof_log, "proof_folder", lambda: made.folder)
    settings.PROOF_IS_PUBLIC = True
    return made


def test_a_stranger_reads_the_checkpoint_and_the_hashes_that_it_signs(desk: Holdings):
    client = Client()
    answer = client.get("/proof/checkpoint")
    signed = read_checkpoint(answer.content.decode(), desk.signer.public_key)
    assert signed.size == ProofLog.objects.get().size
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert "no-cache" in answer["Cache-Control"]
    tile = client.get(f"/proof/tile/0/000.p/{signed.size}")
    assert len(tile.content) == 32 * signed.size
    assert "immutable" in tile["Cache-Control"]


@pytest.mark.parametrize(
    "place",
    [
        "0/001",
        "64/000",
        "0/1",
        "0/000.p/256",
        "0/000.p/0",
        "../checkpoints",
        "0/x000/../000",
        "entries/000",
        "0/\u0660\u0660\u0660",
    ],
)
def test_what_is_no_tile_is_not_there(desk: Holdings, place: str):
    assert Client().get(f"/proof/tile/{place}").status_code in (302, 404)
    assert b"PRIVATE" not in Client().get(f"/proof/tile/{place}").content


def test_a_large_number_has_its_thousands():
    assert resolve("/proof/tile/1/x001/234").kwargs == {"place": "1/x001/234"}
    assert reverse("proof_tile", args=["0/x001/x002/003.p/255"]) == "/proof/tile/0/x001/x002/003.p/255"


def test_nothing_is_served_where_the_log_is_not_public(desk: Holdings, settings: Any):
    settings.PROOF_IS_PUBLIC = False
    for path in ("/proof/checkpoint", "/proof/tile/0/000"):
        assert Client().get(path).status_code == 404
