"""A scoreboard that says beside its status how the match ended, or that nobody watches it: nothing of it looks open."""

# ruff: noqa: F811 - tests ask for the fixtures that are imported

from typing import Any

import pytest
from django.test import Client

from feed.codes import COVERAGE_LOST, ENDINGS, FINAL_PERIODS, PAUSES
from feed.models import Fixture

from .test_case_kinds import (
    FINISHED,
    IN_PLAY,
    Supplier,
    part,
    reasons,
    supplier,  # noqa: F401 - a fixture
    trader,  # noqa: F401 - a fixture
    words,
)

pytestmark = pytest.mark.django_db

NOT_STARTED, ABOUT_TO_START = 1, 9
#: Statuses beside which LSports says how it ended.
OPEN_STATUSES = [0, NOT_STARTED, IN_PLAY, ABOUT_TO_START]


@pytest.mark.parametrize("status", OPEN_STATUSES)
@pytest.mark.parametrize("description", sorted(ENDINGS))
def test_a_match_that_is_said_to_have_ended_has_no_open_price(
    supplier: Supplier, status: int, description: int
) -> None:
    supplier.score(IN_PLAY)
    supplier.score(status, Description=description)

    assert Fixture.objects.get().status == FINISHED
    assert reasons() == {11: ["fixture_over"]}


@pytest.mark.parametrize("period", [*sorted(FINAL_PERIODS), "100"])
def test_a_match_whose_final_result_is_there_has_no_open_price(supplier: Supplier, trader: Client, period: Any) -> None:
    supplier.score(CurrentPeriod=period)

    assert reasons() == {11: ["fixture_over"]}
    assert "Finished" in words(part(trader, "scoreboard"))


@pytest.mark.parametrize("description", sorted(PAUSES - {COVERAGE_LOST}))
def test_a_match_that_goes_on_after_full_time_is_not_over(supplier: Supplier, description: int) -> None:
    supplier.score(CurrentPeriod=100, Description=description)

    assert reasons() == {11: []}


def test_prices_are_closed_while_nobody_covers_the_match(supplier: Supplier, trader: Client) -> None:
    supplier.score(Description=COVERAGE_LOST)

    assert reasons() == {11: ["fixture_paused"]}
    assert "Coverage lost" in words(part(trader, "scoreboard"))
    assert not part(trader, "scoreboard").xpath(".//*[@data-runs]")


@pytest.mark.parametrize(
    "beside", [{"Description": 3}, {"CurrentPeriod": 100}, {"Description": COVERAGE_LOST}], ids=str
)
@pytest.mark.parametrize("kind", ["fixture", "short", "snapshot"])
def test_a_description_that_repeats_the_status_does_not_bring_a_match_back(
    supplier: Supplier, beside: dict[str, Any], kind: str
) -> None:
    supplier.score(**beside)
    closed = reasons()
    assert closed[11]
    stated = {"Status": IN_PLAY, "LastUpdate": supplier.sent_at.isoformat()}
    if kind == "fixture":
        supplier.describe(IN_PLAY)
    elif kind == "short":
        supplier.send(3, {"Fixture": stated})
    else:
        board = {"Status": IN_PLAY, "CurrentPeriod": 10} | beside
        supplier.send(36, {"Fixture": stated, "Livescore": {"Scoreboard": board}})

    assert reasons() == closed


@pytest.mark.parametrize(
    "beside", [{"Description": 3}, {"CurrentPeriod": 101}, {"Description": COVERAGE_LOST}], ids=str
)
def test_a_match_goes_on_once_its_scoreboard_says_so(
    supplier: Supplier, trader: Client, beside: dict[str, Any]
) -> None:
    supplier.score(**beside)
    supplier.score(CurrentPeriod=20)

    assert reasons() == {11: []}
    assert "2nd half" in words(part(trader, "scoreboard"))


def test_what_a_newer_description_contradicts_is_not_said(supplier: Supplier, trader: Client) -> None:
    supplier.score(FINISHED, Description=3, CurrentPeriod=100)
    supplier.describe(IN_PLAY)
    shown = words(part(trader, "scoreboard"))

    assert reasons() == {11: []}
    assert "In progress" in shown
    assert "retired" not in shown
    assert "Full time" not in shown


@pytest.mark.parametrize("clock", [{"Status": 1, "Seconds": 2700}, {"Status": "Running", "Seconds": "2700"}, None])
@pytest.mark.parametrize("period", [80, "80", -1])
def test_clock_and_words_agree_where_the_period_is_none_of_play(
    supplier: Supplier, trader: Client, clock: Any, period: Any
) -> None:
    supplier.score(CurrentPeriod=period, Clock=clock)
    board = part(trader, "scoreboard")

    assert bool(board.xpath(".//*[@data-runs]")) == (period == -1)
    assert ("Break" in words(board)) == (period != -1)
    assert "Not started" not in words(board)
