"""A consumer caches the epoch of its source, and learns from its next write that the database has another."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from feed.models import Bet, Break, FeedSource
from feed.store import Received, store_batch
from feed.store import batch as batches
from feed.store.epochs import EpochsCache, expect_break
from feed.store.lease import Lease
from feed.store.sources import SourceTaken

from .received import a_source, at, beat, bet, market_message

OURS = Lease("ours")


@pytest.fixture
def reads(either_database: None, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """One for each reading of the source's row, after two batches of the consumer that holds the source."""
    found: list[int] = []
    read = batches.read_epochs
    monkeypatch.setattr(batches, "EPOCHS_CACHE", EpochsCache())
    monkeypatch.setattr(batches, "read_epochs", lambda *given: found.append(1) or read(*given))
    a_source()
    FeedSource.objects.update(consumer=OURS.consumer)
    store(beat(0), prices(1))
    store(prices(2))
    return found


def store(*messages: Received, lease: Lease = OURS) -> None:
    store_batch(a_source(), messages, lease=lease)


def prices(sent: float) -> Received:
    return market_message(bet(), sent=sent)


def epochs() -> tuple[int, int]:
    """The epoch of the source, and that of its bet."""
    return FeedSource.objects.get().epoch, Bet.objects.get().epoch


def test_it_reads_its_source_once(reads: list[int]) -> None:
    for second in (5, 10, 15):
        store(beat(second))
    assert len(reads) == 1
    source = FeedSource.objects.get()
    assert (source.link_at, source.heartbeat_sent_at, source.last_message_at) == (at(15), at(15), at(15.1))


def test_a_heartbeat_reads_nothing(reads: list[int]) -> None:
    source = a_source()
    with CaptureQueriesContext(connection) as made:
        store_batch(source, [beat(5)], lease=OURS)
    assert [query for query in made if query["sql"].startswith("SELECT")] == []
    assert len(reads) == 1


def test_a_break_that_somebody_else_expects_comes_with_the_very_next_message(reads: list[int]) -> None:
    expect_break([a_source().pk], "The package was off.")
    store(prices(3))
    assert (epochs(), Break.objects.get().reason) == ((1, 1), "The package was off.")


def test_a_database_that_was_set_back_is_believed(reads: list[int]) -> None:
    store(beat(10))
    FeedSource.objects.update(link_at=at(0))
    store(beat(20))
    assert epochs() == (1, 0)


def test_a_consumer_that_was_replaced_stores_nothing(reads: list[int]) -> None:
    FeedSource.objects.update(consumer="another")
    with pytest.raises(SourceTaken):
        store(beat(5), prices(6))
    assert FeedSource.objects.get().link_at == at(0)


def test_what_is_stored_without_a_lease_makes_it_read_again(reads: list[int]) -> None:
    store(beat(5), lease=Lease())
    store(beat(10))
    assert len(reads) == 3
    assert FeedSource.objects.get().link_at == at(10)


def test_a_batch_that_failed_is_not_remembered(reads: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*given: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as patched:
        patched.setattr(batches, "note_breaks", fail)
        with pytest.raises(RuntimeError):
            store(beat(100))
    store(beat(5), prices(6))
    assert epochs() == (0, 0)
