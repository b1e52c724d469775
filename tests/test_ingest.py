"""The loop: store, then acknowledge; a bad message hurts nobody else; a lost database is waited for."""

# ruff: noqa: F811 - a fixture is imported, and is an argument of the same name

import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError, connection

from exam.proxy import Proxy
from feed.changes import Change
from feed.ingest import storing
from feed.ingest.loop import Ingest, batches
from feed.ingest.tally import Tally
from feed.models import Bet, FeedSource, Fixture, JournalEntry, RejectedMessage, Scoreboard
from feed.store import Received, store_batch
from feed.transport import Delivery, TransportClosed
from tests.conftest import default_database
from tests.emptying import empty_database
from tests.feed_messages import ListTransport, fixture, heartbeat, livescore, market
from tests.ingesting import Announced, acked, ingest, raising, source  # noqa: F401 - a fixture
from tests.journal_rows import all_prices
from tests.polling import poll

pytestmark = pytest.mark.django_db(transaction=True)
State = FeedSource.State


def test_what_comes_is_stored_acknowledged_and_announced(source: FeedSource) -> None:
    announced = Announced()
    loop = ingest(source, fixture(7), livescore(7, 1, 0), market(7, "1.8"), announce=announced)
    assert Scoreboard.objects.get(fixture_id=7).scores == {"1": "1", "2": "0"}
    assert str(Bet.objects.get(fixture_id=7).price.normalize()) == "1.8"
    assert acked(loop) == [3]
    assert [(change.fixture_id, change.revision) for change in announced.changes] == [(7, 1)]


def test_it_acknowledges_after_the_commit(source: FeedSource) -> None:
    seen = []

    class Watching(ListTransport):
        def ack(self, last: Delivery) -> None:
            thread = threading.Thread(target=read)
            thread.start()
            thread.join()

    def read() -> None:
        seen.append(Fixture.objects.filter(pk=7).exists())
        connection.close()

    Ingest(Watching([fixture(7)]), source).run()
    assert seen == [True]


def test_a_message_that_cannot_be_read_is_kept_whole_and_the_queue_moves_on(source: FeedSource) -> None:
    loop = ingest(source, fixture(7), b"\xffnonsense", fixture(8))
    rejected = RejectedMessage.objects.get()
    assert bytes(rejected.body) == b"\xffnonsense"
    assert rejected.queue == "_123_"
    assert rejected.reason
    assert sorted(Fixture.objects.values_list("pk", flat=True)) == [7, 8]
    assert acked(loop) == [3]
    assert loop.tally.understood == 2
    assert loop.tally.rejected.total() == 1


def test_a_message_that_makes_the_store_fail_is_rejected_alone(
    source: FeedSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    def store(source: FeedSource, received: Sequence[Received], rejected: Any, consumer: str) -> list[Change]:
        if any(event.fixture_id == 13 for one in received for event in one.message.events):
            raise IntegrityError("fixture 13\nis unlucky")
        return store_batch(source, received, rejected, consumer)

    monkeypatch.setattr(storing, "store_batch", store)
    loop = ingest(source, *[fixture(number) for number in range(10, 20)])
    assert sorted(Fixture.objects.values_list("pk", flat=True)) == [10, 11, 12, 14, 15, 16, 17, 18, 19]
    rejected = RejectedMessage.objects.get()
    assert bytes(rejected.body) == fixture(13)
    assert rejected.reason == "understood, but it cannot be stored: IntegrityError: fixture 13"
    assert acked(loop) == [10]


def test_a_failure_that_is_no_messages_fault_ends_the_loop_unacknowledged(
    source: FeedSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    def store(*args: Any) -> list[Change]:
        raise RuntimeError("our own fault")

    monkeypatch.setattr(storing, "store_batch", store)
    loop = Ingest(ListTransport([fixture(7)]), source)
    with pytest.raises(RuntimeError, match="our own fault"):
        loop.run()
    assert acked(loop) == []
    source.refresh_from_db()
    assert (source.state, source.state_reason) == (State.DOWN, "The consumer failed.")


def test_a_database_that_comes_back_gets_the_batch_that_waited(
    source: FeedSource, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    failures = iter([OperationalError("server closed the connection"), OperationalError("again")])

    def store(*args: Any) -> list[Change]:
        if failure := next(failures, None):
            raise failure
        return store_batch(*args)

    monkeypatch.setattr(storing, "store_batch", store)
    monkeypatch.setattr(storing, "full_jitter", lambda failures, most: 0)
    loop = ingest(source, fixture(7), b"nonsense")
    assert Fixture.objects.filter(pk=7).exists()
    assert RejectedMessage.objects.count() == loop.tally.rejected.total() == 1
    assert acked(loop) == [2]
    assert caplog.text.count("The database does not take the batch, its 2 messages wait") == 1
    assert "The database is back" in caplog.text


def test_it_stops_while_it_waits_for_the_database_without_acknowledging(
    source: FeedSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    def store(*args: Any) -> list[Change]:
        loop.stop()
        raise OperationalError("the server is not there")

    monkeypatch.setattr(storing, "store_batch", store)
    loop = Ingest(ListTransport([fixture(7)]), source)
    loop.run()
    assert acked(loop) == []


def test_a_crash_between_commit_and_acknowledgement_loses_and_doubles_nothing(source: FeedSource) -> None:
    class Dying(ListTransport):
        def ack(self, last: Delivery) -> None:
            raise KeyboardInterrupt

    bodies = [fixture(7), livescore(7, 1, 0), market(7, "1.8"), market(7, "1.9", seconds=1), b"nonsense"]
    with pytest.raises(KeyboardInterrupt):
        Ingest(Dying(bodies), source).run()
    before = everything()
    loop = ingest(source, *bodies)
    assert acked(loop) == [5]
    assert everything() == before
    assert [str(state.price) for state in all_prices()] == ["1.8", "1.9"]


def everything() -> list[list[Any]]:
    """All rows that messages made, whole; not how the feed stood meanwhile, nor what came again for nothing."""
    marks = (JournalEntry.Part.SOURCE, JournalEntry.Part.UNCHANGED)
    of_fixtures = JournalEntry.objects.exclude(part__in=marks)
    kinds: list[Any] = [Fixture.objects, Scoreboard.objects, Bet.objects, of_fixtures, RejectedMessage.objects]
    return [list(kind.order_by("pk").values()) for kind in kinds]


def test_stop_finishes_the_batch_in_hand(source: FeedSource) -> None:
    class Stopping(Announced):
        def changed(self, changes: Sequence[Change]) -> None:
            loop.stop()

    loop = Ingest(ListTransport([fixture(7), fixture(8), None, fixture(9), None]), source, Stopping())
    loop.run()
    assert sorted(Fixture.objects.values_list("pk", flat=True)) == [7, 8]
    assert acked(loop) == [2]


def test_a_transport_that_gives_up_leaves_its_reason(source: FeedSource) -> None:
    class GivingUp(ListTransport):
        def __iter__(self) -> Iterator[Delivery | None]:
            yield None
            raise TransportClosed("The broker refuses the password.")

    with pytest.raises(TransportClosed):
        Ingest(GivingUp([]), source).run()
    source.refresh_from_db()
    assert (source.state, source.state_reason) == (State.DOWN, "The broker refuses the password.")


def test_a_recording_is_over_at_its_end(either_database: str) -> None:
    source = FeedSource.objects.create(name="Friday", kind=FeedSource.Kind.RECORDING)
    announced = Announced()
    ingest(source, heartbeat(), None, announce=announced)
    source.refresh_from_db()
    assert announced.states[1:] == [State.UP, State.DOWN]
    assert source.state_reason == "The recording has ended."
    assert datetime.now(UTC) - source.last_message_at < timedelta(minutes=1)


def test_it_counts_what_it_did(source: FeedSource) -> None:
    tally = Tally(fixtures=set())
    now = datetime.now(UTC)
    ingest(source, fixture(7), b"x", None, livescore(8, 1, 0), heartbeat(now - timedelta(seconds=3)), tally=tally)
    assert (tally.messages, tally.understood, tally.batches, tally.fixtures) == (4, 3, 2, {7, 8})
    assert tally.lag_ms == pytest.approx(3000, abs=500)
    assert tally.line().startswith("4 messages (1 rejected), ")


def test_a_batch_is_full_or_all_there_is(settings: Any) -> None:
    settings.FEED_BATCH_MESSAGES = 3
    transport = ListTransport([b"1", b"2", b"3", b"4", None, None, b"5"])
    assert [[one.body for one in batch] for batch in batches(transport)] == [
        [b"1", b"2", b"3"], [b"4"], [], [b"5"]
    ]  # fmt: skip


def test_a_batch_does_not_grow_older_than_its_limit(settings: Any) -> None:
    settings.FEED_BATCH_MILLISECONDS = 0
    assert [len(batch) for batch in batches(ListTransport([b"1", b"2", b"3"]))] == [1, 1, 1]


@pytest.mark.postgresql
def test_a_postgresql_that_goes_away_and_comes_back_costs_nothing(migrated_postgresql: str) -> None:
    arrivals: list[bytes | None] = [fixture(7), None]
    more = threading.Event()

    class Waiting(ListTransport):
        def __iter__(self) -> Iterator[Delivery | None]:
            yield from super().__iter__()
            while not more.wait(0.01):
                yield None
            yield from ListTransport([fixture(8), livescore(7, 1, 0)])

    with Proxy(migrated_postgresql) as proxy, default_database(proxy.url):
        source = FeedSource.objects.create(name="Meadow in-play", kind=FeedSource.Kind.QUEUE)
        loop = Ingest(Waiting(arrivals), source)
        thread = threading.Thread(target=run_and_close, args=[loop.run])
        thread.start()
        poll(lambda: Fixture.objects.filter(pk=7).exists())
        connection.close()
        proxy.cut()
        more.set()
        poll(lambda: loop.storer.lost_at is not None)
        assert acked(loop) == [1]
        proxy.restore()
        thread.join(20)
        assert not thread.is_alive()
        assert sorted(Fixture.objects.values_list("pk", flat=True)) == [7, 8]
        assert acked(loop) == [1, 2]
        empty_database()


def run_and_close(run: Callable[[], None]) -> None:
    run()
    connection.close()
