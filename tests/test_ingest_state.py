"""What the loop says of its source: up, late, down, and why."""

# ruff: noqa: F811 - a fixture is imported, and is an argument of the same name

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from django.db import OperationalError

from feed.ingest.lease import SourceLease
from feed.ingest.loop import Ingest
from feed.ingest.source_state import StateWriter
from feed.models import FeedSource
from feed.pages.feed_line import FeedLine, feed_line
from feed.transport import Delivery
from feed.vouching.sources import read_vouching
from tests.feed_messages import ListTransport, fixture, heartbeat, hyper_fixture
from tests.ingesting import Announced, acked, ingest, raising, source  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db(transaction=True)
State = FeedSource.State


def test_its_source_goes_up_with_the_first_message_and_down_at_the_end(source: FeedSource) -> None:
    announced = Announced()
    now = datetime.now(UTC)
    ingest(source, None, heartbeat(now), None, heartbeat(now), None, announce=announced)
    assert announced.states == [State.DOWN, State.DOWN, State.UP, State.DOWN]
    source.refresh_from_db()
    assert (source.state, source.state_reason) == (State.DOWN, "The consumer was stopped.")
    assert source.state_since > now


def test_its_source_is_late_while_lsports_says_that_something_is_interrupted(source: FeedSource) -> None:
    states = []

    class Noting(Announced):
        def state_changed(self, source_id: int) -> None:
            states.append(FeedSource.objects.values_list("state", "state_reason").get(pk=source_id))

    now = datetime.now(UTC)
    ingest(source, heartbeat(now, [1]), None, heartbeat(now + timedelta(seconds=1)), None, announce=Noting())
    assert states[1:3] == [(State.LATE, "LSports reports that its feed is interrupted: markets."), (State.UP, "")]


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
        (State.DOWN, "Connected, but nothing has arrived yet."),
        (State.UP, ""),
    ]


class Connected(ListTransport):
    """A queue over a connection of its own; `states` are what stood at the source whenever nothing came."""

    def __iter__(self) -> Iterator[Delivery | None]:
        self.states: list[Any] = []
        connected_at = datetime.now(UTC)
        for delivery in super().__iter__():
            yield delivery and msgspec.structs.replace(delivery, connected_at=connected_at)
            if delivery is None:
                self.states.append(FeedSource.objects.values_list("state", "state_reason").get())


WAITS = (State.DOWN, "Connected; the next heartbeat will show whether something was lost.")


def a_link(source: FeedSource, ago: float) -> datetime:
    """The last heartbeat came so many seconds ago."""
    link_at = datetime.now(UTC) - timedelta(seconds=ago)
    FeedSource.objects.update(link_at=link_at, last_heartbeat_at=link_at)
    source.refresh_from_db()
    return link_at


def test_a_new_connection_after_which_a_heartbeat_may_be_missing_is_up_with_the_next_heartbeat(
    source: FeedSource,
) -> None:
    link_at = a_link(source, ago=6)
    queue = Connected([fixture(7, sent_at=link_at + timedelta(seconds=6)), None, heartbeat(datetime.now(UTC)), None])
    Ingest(queue, source).run()
    assert queue.states == [WAITS, (State.UP, "")]


def test_a_new_connection_that_goes_on_before_the_next_heartbeat_is_due_is_up_at_once(source: FeedSource) -> None:
    link_at = a_link(source, ago=2)
    queue = Connected([fixture(7, sent_at=link_at + timedelta(seconds=2)), None])
    Ingest(queue, source).run()
    assert queue.states == [(State.UP, "")]


def test_a_break_that_the_first_message_shows_needs_no_heartbeat(source: FeedSource) -> None:
    link_at = a_link(source, ago=8)
    queue = Connected([fixture(7, sent_at=link_at + timedelta(seconds=8)), None])
    Ingest(queue, source).run()
    assert queue.states == [(State.UP, "")]
    assert FeedSource.objects.get().epoch == 1


def test_the_link_is_that_of_the_consumer_before_where_this_one_stood_by(source: FeedSource) -> None:
    link_at = datetime.now(UTC)
    FeedSource.objects.update(link_at=link_at, last_heartbeat_at=link_at)
    source.link_at, source.last_heartbeat_at = link_at - timedelta(hours=1), link_at - timedelta(hours=1)
    queue = Connected([fixture(7, sent_at=link_at), None])
    Ingest(queue, source).run()
    assert queue.states == [(State.UP, "")]


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
    monkeypatch.setattr("feed.ingest.source_state.SIGN_SECONDS", 0)
    quiet = Quiet([])
    FeedSource.objects.update(
        state=State.UP,
        state_since=datetime.now(UTC) - timedelta(hours=2),
        last_message_at=datetime.now(UTC) - timedelta(hours=1),
    )
    Ingest(quiet, hyper_source).run()
    assert (quiet.seen.state, quiet.seen.text) == (State.UP, "Feed live")


def test_a_quiet_feed_is_known_to_have_no_heartbeat_by_its_first_message(
    source: FeedSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("feed.ingest.loop.IDLE_SECONDS", 0)
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
    monkeypatch.setattr("feed.ingest.loop.IDLE_SECONDS", 0)
    idle = Quiet(old)
    Ingest(idle, hyper_source).run()
    assert idle.seen.state == State.UP


def test_a_feed_without_a_connection_says_why_though_its_consumer_lives(hyper_source: FeedSource) -> None:
    quiet = Quiet([])
    quiet.trouble = "The broker at broker.example:5672 has fallen silent."
    Ingest(quiet, hyper_source).run()
    assert datetime.now(UTC) - quiet.row.consumer_seen_at < timedelta(seconds=5)
    assert quiet.seen.text == "Meadow in-play: The broker at broker.example:5672 has fallen silent"


def test_a_sign_of_life_that_the_database_does_not_take_is_given_later(
    hyper_source: FeedSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("feed.ingest.source_state.SIGN_SECONDS", 0)
    lease = SourceLease(hyper_source)
    lease.take()
    FeedSource.objects.update(consumer_seen_at=None)
    state = StateWriter(lease, lambda source_id: None)
    with monkeypatch.context() as context:
        context.setattr("django.db.models.query.QuerySet.update", raising(OperationalError("gone")))
        state.note_consuming()
    assert FeedSource.objects.get().consumer_seen_at is None
    state.note_consuming()
    assert FeedSource.objects.get().consumer_seen_at is not None
