"""More inputs of the kinds behind odd messages that close no price, from the wire to REST and the pages."""

# ruff: noqa: F811 - tests ask for the fixtures that are imported

from typing import Any

import lxml.html
import pytest
from django.test import Client

from feed.models import Fixture, Participant, Period, RejectedMessage, Scoreboard

from .test_case_kinds import (
    FINISHED,
    IN_PLAY,
    TENNIS,
    Supplier,
    part,
    reasons,
    supplier,  # noqa: F401 - a fixture
    trader,  # noqa: F401 - a fixture
    words,
)

pytestmark = pytest.mark.django_db


def scores(home: Any, away: Any) -> list[dict[str, Any]]:
    return [{"Position": "1", "Value": str(home)}, {"Position": "2", "Value": str(away)}]


def play(supplier: Supplier, *incidents: dict[str, Any]) -> None:
    board = {"Status": IN_PLAY, "CurrentPeriod": 10, "Time": "600", "Results": scores(0, 2)}
    period = {"Type": 10, "Results": scores(0, 2), "Incidents": list(incidents)}
    supplier.send(2, {"Livescore": {"Scoreboard": board, "Periods": [period]}})


# 09: what is not recognised never means "nothing"


@pytest.mark.parametrize("livescore", [{"Foo": 1}, {"Foo": [1]}, "none", 5], ids=str)
def test_a_livescore_that_is_not_recognised_removes_nothing_and_closes_its_prices(
    supplier: Supplier, livescore: Any
) -> None:
    play(supplier)
    supplier.send(2, {"Livescore": livescore})

    assert Period.objects.count() == 1
    assert Scoreboard.objects.get().scores == {"1": "0", "2": "2"}
    assert reasons() == {11: ["unreadable"]}
    play(supplier)
    assert reasons() == {11: []}


@pytest.mark.parametrize("livescore", [{}, [], "", None, {"Scoreboard": {}}], ids=str)
def test_a_livescore_that_holds_nothing_leaves_the_score(supplier: Supplier, livescore: Any) -> None:
    play(supplier)
    supplier.send(2, {"Livescore": livescore})

    assert Scoreboard.objects.get().scores == {"1": "0", "2": "2"}
    assert reasons() == {11: []}


@pytest.mark.parametrize("board", [{"Foo": 1}, "half", 7], ids=str)
def test_a_scoreboard_that_is_not_recognised_leaves_the_score_and_closes_its_prices(
    supplier: Supplier, board: Any
) -> None:
    play(supplier)
    supplier.send(2, {"Livescore": {"Scoreboard": board}})

    assert Scoreboard.objects.get().scores == {"1": "0", "2": "2"}
    assert reasons() == {11: ["unreadable"]}


@pytest.mark.parametrize("described", [{"Foo": 1}, "Harbour Town v Northgate", {}, [], None], ids=str)
def test_a_description_that_says_nothing_known_removes_no_side(supplier: Supplier, described: Any) -> None:
    supplier.send(1, {"Fixture": described})

    assert Participant.objects.count() == 2
    assert Fixture.objects.get().league_id == 67
    assert reasons() == {11: ["unreadable"] if described and described != [] else []}


# 10, 11: descriptions


@pytest.mark.parametrize(
    "stated",
    [
        *({"Description": number} for number in (1, "1", " 1 ", "01", 1.0, 2, 5, 16, 32, 41, 58)),
        {"description": 1},
        {"Description": 1, "CurrentPeriod": "20"},
        {"Description": 1, "CurrentPeriod": None},
        {"Description": 1, "Clock": {"Status": 1, "Seconds": 2700}},
        {"CurrentPeriod": "80"},
    ],
    ids=str,
)
def test_a_clock_stands_in_every_pause_on_every_page(
    supplier: Supplier, trader: Client, stated: dict[str, Any]
) -> None:
    supplier.score(Time="2700")
    assert part(trader, "scoreboard").xpath(".//*[@data-runs]")
    supplier.score(**({"Time": "2700"} | stated))
    row = lxml.html.fromstring(trader.get("/").content).get_element_by_id("row-7")

    assert not part(trader, "scoreboard").xpath(".//*[@data-runs]")
    assert not row.xpath(".//*[@data-runs]")


@pytest.mark.parametrize(
    ("description", "how"),
    [(3, "home retired"), ("3", "home retired"), (4, "away retired"), (11, "away walkover"), (70, "no contest")],
)
def test_how_it_ended_stays_said_when_a_description_follows(
    supplier: Supplier, trader: Client, description: Any, how: str
) -> None:
    supplier.describe(Sport=TENNIS)
    supplier.score(str(FINISHED), Description=description, CurrentPeriod=100, Time="-1")
    supplier.describe(FINISHED, Sport=TENNIS)

    assert f"Finished, {how}" in words(part(trader, "scoreboard"))


# 16: within one second the score orders


def goal(home: Any, away: Any, **fields: Any) -> dict[str, Any]:
    known = {"IncidentType": 27, "Seconds": 180, "ParticipantPosition": "2", "Results": scores(home, away)}
    return known | fields


ORDERS: dict[str, tuple[list[dict[str, Any]], list[str]]] = {
    "as it was": ([goal(0, 1), goal(0, 2)], ["0–2", "0–1"]),
    "three in disorder": ([goal(0, 2), goal(0, 3), goal(0, 1)], ["0–3", "0–2", "0–1"]),
    "seconds as texts": ([goal(0, 2, Seconds="180"), goal(0, 1, Seconds="180")], ["0–2", "0–1"]),
    "no seconds": ([goal(0, 2, Seconds=None), goal(0, 1, Seconds=None)], ["0–2", "0–1"]),
    "seconds unknown": ([goal(0, 2, Seconds=-1), goal(0, 1, Seconds=-1)], ["0–2", "0–1"]),
    "one for each": ([goal(1, 1, ParticipantPosition="1"), goal(0, 1)], ["1–1", "0–1"]),
    "beyond nine": ([goal(0, 10), goal(0, 9)], ["0–10", "0–9"]),
    "a clock that was corrected": ([goal(0, 2, Seconds=170), goal(0, 1)], ["0–2", "0–1"]),
}


@pytest.mark.parametrize("name", ORDERS)
def test_the_newer_of_two_goals_stands_above(supplier: Supplier, trader: Client, name: str) -> None:
    incidents, wanted = ORDERS[name]
    play(supplier, *incidents)
    listed = words(part(trader, "incidents"))
    places = [listed.index(score) for score in wanted]

    assert places == sorted(places)
    assert not RejectedMessage.objects.exists()


# 18: both players


@pytest.mark.parametrize(
    "players",
    [
        {"item2": [{"PlayerId": 9, "Name": "Fern B."}], "item1": [{"PlayerId": 7, "Name": "Moss A."}]},
        {"Item1": ["Moss A."], "Item2": ["Fern B."]},
        {"Item1": "Moss A.", "Item2": "Fern B."},
        {"Item1": [{"Id": 7, "Name": "Moss A."}], "Item2": [{"Id": "x", "PlayerName": "Fern B."}]},
        [{"Item1": {"Name": "Moss A."}, "Item2": {"Name": "Fern B."}}],
        [[{"Name": "Moss A."}], [{"Name": "Fern B."}]],
    ],
    ids=str,
)
def test_both_players_are_named_however_they_are_written(supplier: Supplier, trader: Client, players: Any) -> None:
    play(supplier, {"IncidentType": 40, "Seconds": 180, "ParticipantPosition": "1", "Players": players})

    shown = words(part(trader, "incidents"))
    assert "Moss A." in shown
    assert "Fern B." in shown
