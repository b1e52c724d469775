"""Clocks: where they stood, and whether a browser may count on."""

from typing import Any

import pytest

from feed.codes import FixtureStatus
from feed.codes.brief import DESCRIPTIONS as BRIEF_DESCRIPTIONS
from feed.codes.brief import PASSING
from feed.codes.livescore import DESCRIPTIONS
from feed.models import Fixture, Scoreboard
from feed.pages.fixture.clock import clock_of
from feed.pages.fixture.play import IN_BRIEF, phase_of
from feed.pages.labels import description_in_brief
from tests.rows import NOW

FOOTBALL, BASKETBALL, TENNIS, BASEBALL = 6046, 48242, 54094, 154914


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


@pytest.mark.parametrize(
    ("sport_id", "fields", "words"),
    [
        (FOOTBALL, {"current_period": 20}, "2H"),
        (FOOTBALL, {"current_period": 80, "description": 1}, "HT"),
        (FOOTBALL, {"current_period": 80}, "Break"),
        (FOOTBALL, {"description": 55}, "ET?"),
        (FOOTBALL, {"current_period": 77}, "Period 77"),
        (BASKETBALL, {"current_period": 4, "description": 7}, "Q4 TO 1"),
        (BASKETBALL, {"description": 47}, "after Q2"),
        (TENNIS, {"current_period": 5, "description": 42}, "S5"),
        (TENNIS, {"current_period": 5, "description": 3}, "S5"),
        (BASEBALL, {"current_period": 9, "description": 72}, "In9 bot."),
    ],
)
def test_in_brief_it_is_as_short_as_followers_write_it(sport_id: int, fields: dict[str, Any], words: str):
    assert phase_of(play(sport_id), board(**fields), IN_BRIEF) == words


@pytest.mark.parametrize(
    ("status", "description", "words"),
    [(3, 0, "Ended"), (3, 3, "Ended ret. 1"), (3, 68, "Ended KO 1"), (4, 10, "Cancelled W/o 1"), (6, 0, "Interr.")],
)
def test_an_end_in_brief_says_how(status: int, description: int, words: str):
    assert phase_of(play(TENNIS, status), board(description=description), IN_BRIEF) == words


def test_every_description_has_a_short_word_or_passes_by():
    for code in DESCRIPTIONS:
        assert len(description_in_brief(code, TENNIS)) <= 9
    assert {code for code in PASSING if code in BRIEF_DESCRIPTIONS or code not in DESCRIPTIONS} == set()
