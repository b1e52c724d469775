"""What a consumer counts, and how it says so."""

import pytest

from feed.ingest import tally as tally_module
from feed.ingest.tally import OTHER_REASONS, Tally


class Clock:
    """Stands in for `time`."""

    def __init__(self) -> None:
        self.now = 100.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(tally_module, "time", clock)
    return clock


def test_the_rate_is_of_the_last_five_seconds(clock: Clock) -> None:
    tally = Tally(started=clock.now)
    for messages in (1000, 500, 200):
        clock.now += 4
        tally.count_batch(messages, 0, None)
    assert tally.rate() == pytest.approx((500 + 200) / 5)
    clock.now += 6
    assert tally.rate() == 0


def test_the_rate_of_a_young_consumer_is_not_watered_down(clock: Clock) -> None:
    tally = Tally(started=clock.now)
    clock.now += 0.5
    tally.count_batch(300, 0, None)
    assert tally.rate() == pytest.approx(600)


def test_a_batch_without_times_keeps_the_last_lag() -> None:
    tally = Tally()
    tally.count_batch(1, 0, 12.0)
    tally.count_batch(1, 0, None)
    assert tally.lag_ms == 12.0


def test_a_flood_of_reasons_does_not_fill_the_memory() -> None:
    tally = Tally()
    for number in range(1000):
        tally.count_rejected(f"reason {number}", "_123_")
    assert len(tally.rejected) == len(tally.first_place) == 51
    assert tally.rejected[OTHER_REASONS] == 950
    assert tally.rejected.total() == 1000


def test_the_first_place_of_a_reason_is_kept() -> None:
    tally = Tally()
    tally.count_rejected("no Header", "a.json")
    tally.count_rejected("no Header", "b.json")
    assert tally.first_place == {"no Header": "a.json"}


def test_it_says_all_in_one_line(clock: Clock) -> None:
    tally = Tally(started=clock.now)
    tally.count_rejected("no Header", "a.json")
    clock.now += 2
    tally.count_batch(1234, 3, 1500.4)
    assert tally.line() == "1,234 messages (1 rejected), 617/s now, 1,500 ms after LSports sent the newest"
