"""Clocks: where they stood, and whether a browser may count on."""

import pytest

from feed.models import Scoreboard
from feed.pages.clock import clock_of
from tests.rows import NOW

FOOTBALL, BASKETBALL, TENNIS = 6046, 48242, 54094


def board(**fields) -> Scoreboard:
    return Scoreboard(**{"status": 2, "current_period": 10, "time": 754, "sent_at": NOW, "received_at": NOW, **fields})


def test_a_football_clock_runs_from_where_it_stood_when_lsports_sent_it():
    clock = clock_of(board(), FOOTBALL)
    assert clock is not None
    assert (clock.text, clock.runs, clock.at) == ("12:34", True, int(NOW.timestamp() * 1000))


@pytest.mark.parametrize("fields", [{"current_period": 80}, {"status": 3}, {"status": 8}, {"clock_status": 0}])
def test_it_stands_in_breaks_after_the_end_and_when_lsports_stops_it(fields):
    clock = clock_of(board(**fields), FOOTBALL)
    assert clock is not None
    assert not clock.runs


def test_a_basketball_clock_stands_between_messages_since_it_may_count_either_way():
    clock = clock_of(board(), BASKETBALL)
    assert clock is not None
    assert not clock.runs


def test_tennis_has_no_clock():
    assert clock_of(board(time=-1), TENNIS) is None
