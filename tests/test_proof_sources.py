"""How a feed stood is signed, and proved beside the messages of a fixture: it says whether prices could look open."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from bench.tampering import Holdings
from feed.models import FeedSource, JournalEntry, LeafBatch
from feed.proof import leaves
from feed.proof.bundle import make_bundle
from feed.proof.leaves import read_leaf
from feed.proof.log import Log
from feed.proof.notes import new_key, read_signer
from feed.proof.verify import read_zip
from feed.proof.walk import Walk
from feed.store import store_batch
from feed.store.sources import record_source
from feed.transport import Delivery
from tests.provable import holdings, scope_of
from tests.received import a_source, beat

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("either_database")]
Part = JournalEntry.Part


@pytest.fixture
def desk(tmp_path: Path) -> Holdings:
    return holdings(tmp_path)


def walked(desk: Holdings) -> Walk:
    walk = Walk(desk.folder, desk.signer, desk.recordings)
    walk.run()
    return walk


def test_the_part_has_the_same_number_in_leaves_and_in_the_journal():
    assert leaves.OF_SOURCES == Part.SOURCE


def test_each_word_of_how_a_feed_stands_is_a_leaf_with_its_number_and_a_minus(desk: Holdings):
    source = FeedSource.objects.get()
    FeedSource.objects.update(state=FeedSource.State.DOWN, state_reason="No connection.")
    record_source(source.pk)
    batch = LeafBatch.objects.order_by("first").last()
    assert batch is not None
    (line,) = leaves.unpacked(batch.leaves)
    entry = JournalEntry.objects.filter(part=Part.SOURCE).latest("revision")
    assert read_leaf(line).digests.keys() == {-source.pk}
    assert read_leaf(line).digests[-source.pk][0] == entry.revision
    record_source(source.pk)
    assert LeafBatch.objects.latest("first") == batch


def test_the_check_finds_another_word_of_how_a_feed_stood(desk: Holdings):
    assert walked(desk).faults == []
    entry = JournalEntry.objects.filter(part=Part.SOURCE).earliest("revision")
    JournalEntry.objects.filter(pk=entry.pk).update(received_at=entry.received_at - timedelta(hours=1))
    (fault,) = walked(desk).faults
    assert fault.startswith(f"The journal of source {entry.market_id} of ")
    assert fault.endswith("is not as it was written.")


def test_the_check_finds_a_word_that_is_gone(desk: Holdings):
    JournalEntry.objects.filter(part=Part.SOURCE).earliest("revision").delete()
    (fault,) = walked(desk).faults
    assert fault.endswith("is gone.")


def test_words_from_before_they_were_signed_are_counted_and_none_since(tmp_path: Path, settings: Any):
    signer, source = read_signer(new_key("test.example/log")), a_source()
    message = beat(1)
    delivery = Delivery(body=b"x", received_at=message.received_at, tag=1)
    store_batch(source, [msgspec.structs.replace(message, delivery=delivery)])
    for is_signed, state in ((False, "down"), (True, "up"), (False, "late")):
        settings.PROOF = is_signed
        FeedSource.objects.update(state=state)
        record_source(source.pk)
    Log(tmp_path / "proof", signer).grow()
    walk = Walk(tmp_path / "proof", signer, tmp_path)
    walk.run()
    assert "1 rows say how feeds stood before such rows were signed." in walk.notes
    (fault,) = walk.faults
    assert fault.endswith("is in no leaf.")


def test_a_bundle_proves_how_the_feeds_stood_in_its_time(desk: Holdings):
    content, sentences = make_bundle(desk.folder, desk.signer, scope_of(desk))
    files = read_zip(content)
    number = next(line.split(" ")[0] for line in files["leaves"].decode().splitlines() if " -" in line)
    assert b"journal" in files["leaves"]
    assert f"journal/{number}" in files
    assert any("how one of its feeds stood" in sentence for sentence in sentences)
