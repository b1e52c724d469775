"""The state of a source, in words: what its consumer wrote, and the silence since."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from feed.models import FeedSource
from feed.vouching.source_health import Health, state_of, turns_at

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
State = FeedSource.State


def source(**fields: Any) -> FeedSource:
    known: dict[str, Any] = {"kind": FeedSource.Kind.QUEUE, "state": State.UP, "last_message_at": NOON}
    return FeedSource(name="Meadow", **(known | {"state_since": NOON - timedelta(hours=1)} | fields))


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def test_a_source_that_no_consumer_ever_ran_for_is_down() -> None:
    fresh = FeedSource(name="new", kind=FeedSource.Kind.QUEUE)
    assert state_of(fresh, NOON) == Health(State.DOWN, None, "No consumer has run for this feed yet.")


def test_it_is_up_while_messages_come() -> None:
    health = state_of(source(), after(14.9))
    assert health == Health(State.UP, NOON - timedelta(hours=1))
    assert health.is_up


def test_it_is_late_after_15_silent_seconds_and_down_after_30() -> None:
    reason = "Nothing has arrived since 12:00:00 UTC."
    assert state_of(source(), after(15)) == Health(State.LATE, after(15), reason)
    assert state_of(source(), after(29.9)) == Health(State.LATE, after(15), reason)
    assert state_of(source(), after(30)) == Health(State.DOWN, after(30), reason)
    assert state_of(source(), after(3600)) == Health(State.DOWN, after(30), reason)


def test_the_limits_are_settings(settings: Any) -> None:
    settings.FEED_LATE_SECONDS, settings.FEED_DOWN_SECONDS = 60, 120
    assert state_of(source(), after(59)).state == State.UP
    assert state_of(source(), after(119)).state == State.LATE
    assert state_of(source(), after(120)).state == State.DOWN


@pytest.mark.parametrize("state", [State.RECOVERING, State.LATE])
def test_what_the_consumer_wrote_stands_while_messages_come(state: str) -> None:
    written = source(state=state, state_reason="as the consumer says")
    assert state_of(written, after(1)) == Health(State(state), written.state_since, "as the consumer says")


@pytest.mark.parametrize("state", [State.RECOVERING, State.LATE, State.UP])
def test_silence_is_worse_than_what_a_consumer_wrote_before_it_died(state: str) -> None:
    assert state_of(source(state=state, state_reason="as the consumer says"), after(30)).state == State.DOWN


def test_a_lost_connection_is_down_for_the_reason_that_the_consumer_gave() -> None:
    lost = source(state=State.DOWN, state_since=after(-5), state_reason="The broker has fallen silent.")
    assert state_of(lost, after(100)) == Health(State.DOWN, after(-5), "The broker has fallen silent.")


def test_silence_counts_from_the_connection_where_no_message_ever_came() -> None:
    recovering = source(state=State.RECOVERING, state_since=NOON, last_message_at=None)
    assert state_of(recovering, after(14)).state == State.RECOVERING
    assert state_of(recovering, after(15)).state == State.LATE


def test_a_recording_is_never_up_once_it_is_over() -> None:
    over = source(kind=FeedSource.Kind.RECORDING, state=State.DOWN, state_reason="The recording has ended.")
    assert state_of(over, NOON).reason == "The recording has ended."


def hyper(**fields: Any) -> FeedSource:
    """A source of Hyper Livescore, whose consumer was seen at noon: LSports sends no heartbeat on it."""
    return source(**{"has_heartbeat": False, "consumer": "h/1/7/a", "consumer_seen_at": NOON, **fields})


def test_a_quiet_feed_without_heartbeats_is_up_while_its_consumer_lives() -> None:
    last_message = NOON - timedelta(hours=1)
    quiet = state_of(hyper(last_message_at=last_message), after(4.9))
    assert (quiet.state, quiet.since) == (State.UP, last_message)
    assert quiet.reason == (
        "Nothing has arrived since 11:00:00 UTC. That alone is not a fault: this feed has no heartbeat."
    )
    assert state_of(hyper(last_message_at=after(-30)), after(4.9)).reason == ""


@pytest.mark.parametrize("has_heartbeat", [True, False])
@pytest.mark.parametrize("state", [State.UP, State.LATE, State.RECOVERING, State.DOWN])
def test_a_feed_is_down_when_its_consumer_is_gone_whatever_it_wrote(state: str, has_heartbeat: bool) -> None:
    reason = "The consumer of this feed has not been seen since 12:00:00 UTC."
    dead = source(consumer="h/1/7/a", consumer_seen_at=NOON, state=state, has_heartbeat=has_heartbeat)
    assert state_of(dead, after(4.9)).state == state
    assert state_of(dead, after(5)) == Health(State.DOWN, after(5), reason)
    assert state_of(dead, after(3600)) == Health(State.DOWN, after(5), reason)


def test_a_consumer_that_was_stopped_leaves_its_reason() -> None:
    stopped = source(state=State.DOWN, state_reason="The consumer was stopped.", consumer_seen_at=NOON)
    assert state_of(stopped, after(60)).reason == "The consumer was stopped."


def test_a_consumer_that_lives_makes_no_silent_heartbeat_good() -> None:
    assert state_of(source(consumer_seen_at=after(29)), after(30)).state == State.DOWN


@pytest.mark.parametrize("state", State)
def test_a_source_that_was_switched_off_is_off_whatever_its_consumer_wrote(state: str) -> None:
    switched = source(state=state, off_since=after(-5), off_reason="Switched off by olga.")
    assert state_of(switched, after(1)) == Health(State.OFF, after(-5), "Switched off by olga.")
    assert not state_of(switched, after(1)).is_up


def test_a_source_that_is_off_against_our_will_is_down() -> None:
    switched = source(off_since=after(-5), off_reason="LSports has switched the package off.", off_is_wanted=False)
    assert state_of(switched, after(1)) == Health(State.DOWN, after(-5), "LSports has switched the package off.")


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("seconds", [0, 16, 31])
def test_only_an_up_source_vouches_for_prices(state: str, seconds: int) -> None:
    health = state_of(source(state=state), after(seconds))
    assert health.is_up == (state == State.UP and seconds == 0)


SILENCES = {
    "a silence": (source(), [15, 30]),
    "a consumer that is gone": (source(consumer="h/1/7/a", consumer_seen_at=after(1)), [6, 15, 30]),
    "a feed without heartbeats": (hyper(), [5]),
    "a recovery": (hyper(consumer="", recovering_since=NOON), [1200]),
    "nothing that may change": (hyper(consumer=""), []),
    "a source that never ran": (FeedSource(name="new", kind=FeedSource.Kind.QUEUE), []),
}


@pytest.mark.parametrize(("silent", "turns"), SILENCES.values(), ids=SILENCES)
def test_it_is_known_when_a_state_becomes_another_though_nothing_is_written(
    silent: FeedSource, turns: list[float]
) -> None:
    now = NOON
    for turn in turns:
        assert turns_at(silent, now) == after(turn)
        assert state_of(silent, after(turn - 0.001)) == state_of(silent, now)
        now = after(turn)
    assert turns_at(silent, now) is None
