"""Two sides are two, however a description writes who stands where; runners keep their names, too."""

# ruff: noqa: F811 - tests ask for the fixtures that are imported

from typing import Any

import pytest
from django.test import Client

from feed.models import Fixture, Participant

from .test_case_kinds import (
    Supplier,
    part,
    reasons,
    supplier,  # noqa: F401 - a fixture
    trader,  # noqa: F401 - a fixture
    words,
)

pytestmark = pytest.mark.django_db


def at(home: Any, away: Any, first: Any = 1, second: Any = 2) -> list[dict[str, Any]]:
    """Two participants at these positions."""
    return [
        {"Id": first, "Name": "Harbour Town", "Position": home},
        {"Id": second, "Name": "Northgate", "Position": away},
    ]


SIDES: dict[str, Any] = {
    "numbers": at(1, 2),
    "in words": at("Home", "Away"),
    "in words of lower case": at("home", "away"),
    "one in words": at("1", "Away"),
    "letters": at("H", "A"),
    "objects": at({"Id": 1}, {"Id": 2}),
    "lists": at(["1"], [2]),
    "yes and a number": at(True, "2"),
    "fractions": at("1.0", 2.0),
    "blanks": at(" 1 ", "2 "),
    "both home": at("1", "1"),
    "none": at(None, None),
    "empty": at("", ""),
    "unset": at("-1", "-1"),
    "one none": at("1", None),
    "the first one none": at(None, "2"),
    "one unreadable": at("1", "?"),
    "one too large": at("1", 10**30),
    "one beyond": at("1", 3),
    "nobody's ids": at("1", "1", None, None),
    "ids in words": at(None, None, "x", "y"),
    "names alone": ["Harbour Town", "Northgate"],
    "by number": {"1": {"Id": 1, "Name": "Harbour Town"}, "2": {"Id": 2, "Name": "Northgate"}},
    "by side": {"Home": {"Id": 1, "Name": "Harbour Town"}, "Away": {"Id": 2, "Name": "Northgate"}},
    "twice": at("1", "2") * 2,
}


@pytest.mark.parametrize("name", SIDES)
def test_both_sides_have_their_names(trader: Client, name: str) -> None:
    supplier = Supplier()
    supplier.describe(Participants=SIDES[name])
    supplier.offer()
    supplier.score(Results=[{"Position": "1", "Value": "1"}, {"Position": "2", "Value": "0"}])

    assert "Harbour Town v Northgate" in words(part(trader, "scoreboard"))
    assert list(Participant.objects.order_by("position").values_list("position", "name")) == [
        (1, "Harbour Town"),
        (2, "Northgate"),
    ]
    assert reasons() == {11: []}


@pytest.mark.parametrize("given", [None, [], "", {}, at("1", "2")[:1], [True], [None]], ids=str)
def test_a_side_that_a_description_leaves_out_stays(supplier: Supplier, trader: Client, given: Any) -> None:
    supplier.describe(Participants=given)

    assert Participant.objects.count() == 2
    assert "Harbour Town v Northgate" in words(part(trader, "scoreboard"))


@pytest.mark.parametrize(
    ("given", "title"),
    [
        (at("2", "1"), "Northgate v Harbour Town"),
        ([{"Id": 9, "Name": "Ninth", "Position": "1"}, at("1", "2")[1]], "Ninth v Northgate"),
        ([{"Id": 9, "Name": "Ninth", "Position": "1"}], "Ninth v Northgate"),
        ([{"Id": 1, "Name": "Harbour Town FC", "Position": "1"}, at("1", "2")[1]], "Harbour Town FC v Northgate"),
        ([{"Id": 8, "Name": "A", "Position": "1"}, {"Id": 9, "Name": "B", "Position": "2"}], "A v B"),
    ],
    ids=str,
)
def test_sides_are_swapped_renamed_and_replaced(supplier: Supplier, trader: Client, given: Any, title: str) -> None:
    supplier.describe(Participants=given)

    assert title in words(part(trader, "scoreboard"))
    assert Participant.objects.count() == 2


def race(supplier: Supplier, *runners: dict[str, Any]) -> None:
    sport = {"Id": 687888, "Name": "Horse Racing"}
    described = {"Sport": sport, "Status": 1, "LastUpdate": supplier.sent_at.isoformat(), "Participants": list(runners)}
    supplier.send(37, {"OutrightFixture": described})


@pytest.mark.parametrize("position", ["scratched", "2A", None, "1", 0, -1, {"a": 1}], ids=str)
@pytest.mark.parametrize("number", [0, None, "x"])
def test_every_runner_is_there_and_gives_the_race_no_name(position: Any, number: Any) -> None:
    race(Supplier(), *({"Id": number, "Name": name, "Position": position} for name in ("Copper Lane", "Dry Stone")))

    assert set(Participant.objects.values_list("name", flat=True)) == {"Copper Lane", "Dry Stone"}
    assert Fixture.objects.get().name == ""


@pytest.mark.parametrize("given", [False, 0, "0", "false", "No", "no"])
def test_a_runner_that_does_not_run_is_told_by_every_word(given: Any) -> None:
    race(Supplier(), {"Id": 1, "Name": "Copper Lane", "Position": "1", "IsActive": given})

    assert not Participant.objects.get().is_active


@pytest.mark.parametrize("score", ["x", 5, {"Status": "?"}, {"Status": [3, 4]}, {"Status": True}], ids=str)
def test_a_result_that_cannot_be_read_closes_its_race(score: Any) -> None:
    supplier = Supplier()
    race(supplier, {"Id": 1, "Name": "Copper Lane", "Position": "1"})
    supplier.send(41, {"Markets": [{"Id": 274, "Name": "Winner", "Bets": [supplier.bet()]}]})
    assert reasons() == {11: []}
    supplier.send(39, {"OutrightScore": score})

    assert reasons() == {11: ["unreadable"]}


@pytest.mark.parametrize("results", [{"1": 2}, {"1": "2"}, [{"ParticipantId": "1", "Result": 2}]], ids=str)
def test_places_are_read_by_participant(results: Any) -> None:
    supplier = Supplier()
    race(supplier, {"Id": 1, "Name": "Copper Lane", "Position": "7"})
    supplier.send(39, {"OutrightScore": {"Status": 2, "ParticipantResults": results}})

    assert Participant.objects.get().result == "2"
