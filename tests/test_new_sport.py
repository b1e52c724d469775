"""A new sport is one record: periods, score, clock, axis, columns and situation follow it."""

import pytest

from feed.codes import SPORTS, ClockWay, FixtureStatus, Sport, period_is_known, period_label
from feed.models import Fixture, Period, Scoreboard
from feed.pages.fixture.clock import clock_of
from feed.pages.fixture.incidents import axis_seconds
from feed.pages.fixture.sides import sides_of
from feed.pages.fixture.situation import situation_of
from feed.pages.markets.main_markets import labels_of
from tests.feed_messages import NOON

PELOTA = 999_001


@pytest.fixture
def pelota(monkeypatch: pytest.MonkeyPatch) -> int:
    """A sport in sets with a clock that counts up, which can be drawn."""
    record = Sport(PELOTA, periods={1: "1st set"}, counts_sets=True, clock=ClockWay.UP, minutes=70, can_be_drawn=True)
    monkeypatch.setattr("feed.codes.sports.SPORTS", {**SPORTS, PELOTA: record})
    return PELOTA


def scoreboard(**fields: object) -> Scoreboard:
    values = {"status": FixtureStatus.IN_PROGRESS, "current_period": 1, "time": 600, "received_at": NOON, "scores": {}}
    return Scoreboard(**{**values, **fields})


def test_its_periods_have_names(pelota: int):
    assert period_label(pelota, 1) == "1st set"
    assert period_is_known(pelota, 1)


def test_its_clock_runs(pelota: int):
    clock = clock_of(Fixture(sport_id=pelota, status=FixtureStatus.IN_PROGRESS), scoreboard())
    assert clock is not None
    assert clock.runs


def test_its_axis_is_as_long_as_a_match(pelota: int):
    assert axis_seconds(pelota, None) == 70 * 60


def test_its_board_has_a_column_for_the_draw(pelota: int):
    assert labels_of(pelota) == ("1", "X", "2")


def test_its_row_shows_the_set_under_way(pelota: int):
    fixture = Fixture(pk=7, sport_id=pelota)
    home, away = sides_of(fixture, scoreboard(), [], [Period(type=1, scores={"1": "9", "2": "4"})])
    assert (home.period, away.period) == ("9", "4")
    assert home.periods == ("9",)


def test_a_sport_without_a_record_is_shown_without_assumptions():
    assert period_label(PELOTA, 1) == "Period 1"
    clock = clock_of(Fixture(sport_id=PELOTA, status=FixtureStatus.IN_PROGRESS), scoreboard())
    assert clock is not None
    assert not clock.runs
    assert labels_of(PELOTA) == ("1", "", "2")


def test_extra_data_of_a_sport_reads_in_its_order():
    assert situation_of(scoreboard(extra_data={"Outs": "2", "Balls": "1"})) == "Balls 1 · Outs 2"
