"""How long a transport gathers before it says that nothing waits."""

import time

import pytest

from feed.transport.gathering import BURST_SECONDS, GATHER_SECONDS, Gathering


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time as a list of one number, which a test may change."""
    clock = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])
    return clock


def test_a_lone_message_after_a_quiet_moment_does_not_wait(now: list[float]):
    gathering = Gathering()
    gathering.pause()
    now[0] += 1
    assert gathering.seconds() == 0


def test_what_comes_just_after_a_pause_waits_for_others(now: list[float]):
    gathering = Gathering()
    gathering.pause()
    now[0] += 0.004
    assert gathering.seconds() == pytest.approx(GATHER_SECONDS - 0.004)


def test_a_burst_waits_a_little_for_more_of_it(now: list[float]):
    assert Gathering().seconds(at_once=5) == BURST_SECONDS
