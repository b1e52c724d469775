"""The loop: store, then acknowledge; a bad message hurts nobody else; a lost database is waited for."""

import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, OperationalError, connection

from feed import keeper as keeper_module
from feed.changes import Change
from feed.ingest import Ingest, batches
from feed.models import Bet, FeedSource, Fixture, PriceTick, RejectedMessage, Scoreboard
from feed.pages.feed_line import FeedLine, feed_line
from feed.pages.vouching import read_vouching
from feed.source_state import SourceState
from feed.store import Received, store_batch
from feed.tally import Tally
from feed.transport import Delivery, TransportClosed
from tests.conftest import default_database
from tests.feed_messages import ListTransport, fixture, heartbeat, hyper_fixture, livescore, market
from tests.polling import poll
from tests.proxy import Proxy

pytestmark = pytest.mark.django_db(transaction=True)
State = FeedSource.State


class Announced:
    """Remembers what it was told."""

    def __init__(self) -> None:
        self.changes: list[Change] = []
        self.states: list[str] = []

    def changed(self, changes: Sequence[Change]) -> None:
        self.changes += changes

    def state_changed(self, source_id: int) -> None:
        self.states.append(FeedSource.objects.get(pk=source_id).state)


@pytest.fixture
def source(either_database: str) -> FeedSource:
    return FeedSource.objects.create(name="Meadow in-play", kind=FeedSource.Kind.QUEUE)


def ingest(source: FeedSource, *bodies: bytes | None, **options: Any) -> Ingest:
    loop = Ingest(ListTransport(bodies), source, **options)
    loop.run()
    return loop


def acked(loop: Ingest) -> list[int]:
    assert isinstance(loop.transport, ListTransport)
    return loop.transport.acked


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
            thread = threading.Thread(target=look)
            thread.start()
            thread.join()

    def look() -> None:
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
    def store(source: FeedSource, received: Sequence[Received], rejected: Any) -> list[Change]:
        if any(event.fixture_id == 13 for one in received for event in one.message.events):
            raise IntegrityError("fixture 13\nis unlucky")
        return store_batch(source, received, rejected)

    monkeypatch.setattr(keeper_module, "store_batch", store)
    loop = ingest(source, *[fixture(number) for number in range(10, 20)])
    assert sorted(Fixture.objects.values_list("pk", flat=True)) == [10, 11, 12, 14, 15, 16, 17, 18, 19]
    rejected = RejectedMessage.objects.get()
    assert bytes(rejected.body) == fixture(13)
    assert rejected.reason == "understood, but it cannot be stored: IntegrityError: fixture 13"
    assert acked(loop) == [10]


def test_a_message_that_the_living_database_never_takes_is_rejected_too(
    source: FeedSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    def store(source: FeedSource, received: Sequence[Received], rejected: Any) -> list[Change]:
        if received:
            raise OperationalError("index row size exceeds the maximum")
        return store_batch(source, received, rejected)

    monkeypatch.setattr(keeper_module, "store_batch", store)
    monkeypatch.setattr(keeper_module, "full_jitter", lambda failures, most: 0)
    loop = ingest(source, fixture(7))
    assert RejectedMessage.objects.get().reason.endswith("OperationalError: index row size exceeds the maximum")
    assert acked(loop) == [1]


def test_a_failure_that_is_no_messages_fault_ends_the_loop_unacknowledged(
    source: FeedSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    def store(*args: Any) -> list[Change]:
        raise RuntimeError("our own fault")

    monkeypatch.setattr(keeper_module, "store_batch", store)
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

    monkeypatch.setattr(keeper_module, "store_batch", store)
    monkeypatch.setattr(keeper_module, "full_jitter", lambda failures, most: 0)
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

    monkeypatch.setattr(keeper_module, "store_batch", store)
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
    assert PriceTick.objects.count() == 2


def everything() -> list[list[Any]]:
    """All rows that the feed wrote, whole."""
    kinds: list[Any] = [Fixture, Scoreboard, Bet, PriceTick, RejectedMessage]
    return [list(kind.objects.order_by("pk").values()) for kind in kinds]


def test_stop_finishes_the_batch_in_hand(source: FeedSource) -> None:
    class Stopping(Announced):
        def changed(self, changes: Sequence[Change]) -> None:
            loop.stop()

    loop = Ingest(ListTransport([fixture(7), fixture(8), None, fixture(9), None]), source, Stopping())
    loop.run()
    assert sorted(Fixture.objects.values_list("pk", flat=True)) == [7, 8]
    assert acked(loop) == [2]


def test_its_source_goes_up_with_the_first_message_and_down_at_the_end(source: FeedSource) -> None:
    announced = Announced()
    now = datetime.now(UTC)
    ingest(source, None, heartbeat(now), None, heartbeat(now), None, announce=announced)
    assert announced.states == [State.DOWN, State.DOWN, State.UP, State.DOWN]
    source.refresh_from_db()
    assert (source.state, source.state_reason) == (State.DOWN, "The consumer was stopped.")
    assert source.state_since > now


def test_its_source_is_late_while_lsports_says_that_something_is_interrupted(source: FeedSource) -> None:
    told = []

    class Told(Announced):
        def state_changed(self, source_id: int) -> None:
            told.append(FeedSource.objects.values_list("state", "state_reason").get(pk=source_id))

    now = datetime.now(UTC)
    ingest(source, heartbeat(now, [1]), None, heartbeat(now + timedelta(seconds=1)), None, announce=Told())
    assert told[1:3] == [(State.LATE, "LSports says that its feed is interrupted: markets."), (State.UP, "")]


def test_its_source_is_late_while_messages_come_long_after_they_were_sent(source: FeedSource) -> None:
    announced = Announced()
    now = datetime.now(UTC)
    ingest(source, heartbeat(now - timedelta(minutes=1)), None, heartbeat(now), None, announce=announced)
    assert announced.states[1:3] == [State.LATE, State.UP]


def test_an_old_message_among_fresh_ones_does_not_make_its_source_late(source: FeedSource) -> None:
    announced = Announced()
    now = datetime.now(UTC)
    ingest(source, heartbeat(now), None, fixture(7), None, heartbeat(now), None, announce=announced)
    assert announced.states == [State.DOWN, State.UP, State.DOWN]


def test_its_source_is_late_again_when_nothing_fresh_has_come_for_long(
    source: FeedSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    loop = Ingest(ListTransport([]), source)
    for now, lag, is_late in ((100, 60, True), (101, 1, False), (115, 60, False), (117, 60, True), (118, 14, False)):
        monkeypatch.setattr("feed.ingest.time.monotonic", lambda now=now: now)
        loop.note_lag(lag)
        assert loop.late == is_late


def test_its_source_says_why_there_is_no_connection(source: FeedSource) -> None:
    class Losing(ListTransport):
        def __iter__(self) -> Iterator[Delivery | None]:
            yield from ListTransport([heartbeat(datetime.now(UTC)), None])
            self.trouble = "The broker at broker.example:5672 has fallen silent."
            yield None
            states.append(FeedSource.objects.values_list("state", "state_reason").get(pk=source.pk))
            self.trouble = ""
            yield None
            states.append(FeedSource.objects.values_list("state", "state_reason").get(pk=source.pk))
            yield from ListTransport([heartbeat(datetime.now(UTC)), None])
            states.append(FeedSource.objects.values_list("state", "state_reason").get(pk=source.pk))

    states: list[Any] = []
    Ingest(Losing([]), source).run()
    assert states == [
        (State.DOWN, "The broker at broker.example:5672 has fallen silent."),
        (State.DOWN, "Connected; nothing has come yet."),
        (State.UP, ""),
    ]


class Quiet(ListTransport):
    """Brings its bodies, then nothing for a moment; `seen` is the feed line that a page shows then."""

    seen: FeedLine
    row: FeedSource

    def __iter__(self) -> Iterator[Delivery | None]:
        yield from super().__iter__()
        for _ in range(3):
            yield None
        self.row = FeedSource.objects.get()
        self.seen = feed_line(read_vouching(datetime.now(UTC)))


@pytest.fixture
def hyper_source(source: FeedSource) -> FeedSource:
    """A package's source of Hyper Livescore, of which it is known that it has no heartbeat."""
    FeedSource.objects.update(has_heartbeat=False)
    return FeedSource.objects.get()


def test_a_connected_feed_without_heartbeats_is_live_on_the_page_before_anything_comes(
    hyper_source: FeedSource,
) -> None:
    quiet = Quiet([])
    Ingest(quiet, hyper_source).run()
    assert (quiet.seen.state, quiet.seen.text) == (State.UP, "Feed live")
    assert datetime.now(UTC) - quiet.row.consumer_seen_at < timedelta(seconds=30)


def test_a_quiet_hour_of_a_feed_without_heartbeats_leaves_it_live_on_the_page(
    hyper_source: FeedSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("feed.source_state.SIGN_SECONDS", 0)
    quiet = Quiet([])
    FeedSource.objects.update(
        state=State.UP,
        state_since=datetime.now(UTC) - timedelta(hours=2),
        last_message_at=datetime.now(UTC) - timedelta(hours=1),
    )
    assert feed_line(read_vouching(datetime.now(UTC))).state == State.DOWN
    Ingest(quiet, hyper_source).run()
    assert (quiet.seen.state, quiet.seen.text) == (State.UP, "Feed live")


def test_a_quiet_feed_is_known_to_have_no_heartbeat_by_its_first_message(
    source: FeedSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("feed.ingest.IDLE_SECONDS", 0)
    quiet = Quiet([hyper_fixture(7, sent_at=datetime.now(UTC))])
    Ingest(quiet, source).run()
    assert not quiet.row.has_heartbeat
    assert quiet.row.consumer_seen_at is not None


def test_an_old_message_does_not_leave_a_feed_without_heartbeats_late_for_ever(
    hyper_source: FeedSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = [hyper_fixture(7, sent_at=datetime.now(UTC) - timedelta(hours=1))]
    busy = Quiet(old)
    Ingest(busy, hyper_source).run()
    assert busy.seen.state == State.LATE
    monkeypatch.setattr("feed.ingest.IDLE_SECONDS", 0)
    idle = Quiet(old)
    Ingest(idle, hyper_source).run()
    assert idle.seen.state == State.UP


def test_no_sign_of_life_is_given_without_a_connection(hyper_source: FeedSource) -> None:
    quiet = Quiet([])
    quiet.trouble = "The broker at broker.example:5672 has fallen silent."
    Ingest(quiet, hyper_source).run()
    assert quiet.row.consumer_seen_at is None
    assert quiet.seen.text == "Meadow in-play: The broker at broker.example:5672 has fallen silent."


def test_a_sign_of_life_that_the_database_does_not_take_is_given_later(
    hyper_source: FeedSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("feed.source_state.SIGN_SECONDS", 0)
    state = SourceState(hyper_source, lambda source_id: None)
    with monkeypatch.context() as context:
        context.setattr("django.db.models.query.QuerySet.update", raising(OperationalError("gone")))
        state.note_consuming()
    assert FeedSource.objects.get().consumer_seen_at is None
    state.note_consuming()
    assert FeedSource.objects.get().consumer_seen_at is not None


def raising(error: Exception) -> Callable[..., None]:
    def fail(*args: object, **options: object) -> None:
        raise error

    return fail


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
    assert source.state_reason == "The recording is over."
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
        poll(lambda: loop.keeper.lost_at is not None)
        assert acked(loop) == [1]
        proxy.mend()
        thread.join(20)
        assert not thread.is_alive()
        assert sorted(Fixture.objects.values_list("pk", flat=True)) == [7, 8]
        assert acked(loop) == [1, 2]
        call_command("flush", verbosity=0, interactive=False)


def run_and_close(run: Callable[[], None]) -> None:
    run()
    connection.close()
