"""Whatever is changed of what is held, `verify.py` or `proof check` finds it. `python -m bench.tamper` tries more."""

import random
from pathlib import Path

import pytest

from bench.tampering import WAYS, tamper
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
