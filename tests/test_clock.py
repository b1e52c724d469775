"""Clocks: where they stood, and whether a browser may count on."""

from typing import Any

import pytest

from feed.codes import FixtureStatus
from feed.models import Fixture, Scoreboard
from feed.pages.fixture.clock import clock_of
from feed.pages.fixture.play import phase_of
from tests.rows import NOW

FOOTBALL, BASKETBALL, TENNIS = 6046, 48242, 54094


def board(**fields: Any) -> Scoreboard:
    return Scoreboard(**{"status": 2, "current_period": 10, "time": 754, "sent_at": NOW, "received_at": NOW, **fields})


def play(sport_id: int, status: int = FixtureStatus.IN_PROGRESS) -> Fixture:
    return Fixture(sport_id=sport_id, status=status)


def test_a_football_clock_runs_from_where_it_stood_when_lsports_sent_it():
    clock = clock_of(play(FOOTBALL), board())
    assert clock is not None
    assert (clock.text, clock.runs, clock.at) == ("12:34", True, int(NOW.timestamp() * 1000))


@pytest.mark.parametrize("fields", [{"current_period": 80}, {"description": 1}, {"clock_status": 0}])
def test_it_stands_in_breaks_and_when_lsports_stops_it(fields: dict[str, Any]):
    clock = clock_of(play(FOOTBALL), board(**fields))
    assert clock is not None
    assert not clock.runs


def test_a_basketball_clock_stands_between_messages_since_it_may_count_either_way():
    clock = clock_of(play(BASKETBALL), board())
    assert clock is not None
    assert not clock.runs


def test_tennis_has_no_clock():
    assert clock_of(play(TENNIS), board(time=-1)) is None


@pytest.mark.parametrize("status", [3, 4, 7, 8])
def test_it_stands_by_the_newest_statement_of_the_status_whichever_message_had_it(status: int):
    clock = clock_of(play(FOOTBALL, status), board(status=2))
    assert clock is not None
    assert not clock.runs


@pytest.mark.parametrize(
    ("description", "words"), [(1, "Half-time"), (0, "1st half"), (13, "1st half, Ball mark inspection")]
)
def test_a_break_is_said_instead_of_the_period(description: int, words: str):
    assert phase_of(play(FOOTBALL), board(description=description)) == words


def test_how_it_ended_is_part_of_the_result():
    assert phase_of(play(TENNIS, FixtureStatus.FINISHED), board(description=3)) == "Finished, home retired"


def test_abandoned_by_a_fixture_message_is_abandoned_though_the_scoreboard_says_in_progress():
    assert phase_of(play(FOOTBALL, FixtureStatus.ABANDONED), board(status=2)) == "Abandoned"
