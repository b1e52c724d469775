"""Livescores in words and shapes that LSports' documents do not promise, from the wire to the pages."""

# ruff: noqa: F811 - tests ask for the fixtures that are imported

from typing import Any

import pytest
from django.test import Client

from feed.models import Incident, Scoreboard, Statistic

from .test_case_kinds import (
    Supplier,
    part,
    reasons,
    supplier,  # noqa: F401 - a fixture
    trader,  # noqa: F401 - a fixture
    words,
)
from .test_case_scenes import goal, play, scores

pytestmark = pytest.mark.django_db


def runs(trader: Client) -> bool:
    return bool(part(trader, "scoreboard").xpath(".//*[@data-runs]"))


HALF_TIME = ["Half-time", "Half time", "HalfTime", "half_time", "HT", [1], ["1"], {"Id": 1, "Name": "HT"}, {"id": "1"}]


@pytest.mark.parametrize("description", HALF_TIME, ids=str)
def test_half_time_stops_the_clock_however_it_is_written(supplier: Supplier, trader: Client, description: Any) -> None:
    supplier.score(Time="2700")
    assert runs(trader)
    supplier.score(Time="2700", Description=description)

    assert not runs(trader)
    assert "Half-time" in words(part(trader, "scoreboard"))
    assert reasons() == {11: []}


PAUSED = [{"CurrentPeriod": name} for name in ("Half time", "HT", "Break", "break_time", [80], {"Id": 80})]
PAUSED += [{"Description": name} for name in ("TimeoutHomeTeam", "WaitingForPenalties", "Break after 1st period")]
PAUSED += [{"Clock": clock} for clock in ("Stopped", "paused", 0, "2", [{"Status": 0}], {"Status": "Stopped"})]


@pytest.mark.parametrize("stated", PAUSED, ids=str)
def test_a_pause_in_words_stops_the_clock(supplier: Supplier, trader: Client, stated: dict[str, Any]) -> None:
    supplier.score(**{"Time": "2700"} | stated)

    assert not runs(trader)
    assert reasons() == {11: []}


@pytest.mark.parametrize(
    "description", ["HomeRetired", "Home retired", "Fighter1KoTko", "NoContest", {"Id": 3}], ids=str
)
def test_an_ending_in_words_ends_it(supplier: Supplier, description: Any) -> None:
    supplier.score(Description=description)

    assert reasons() == {11: ["fixture_over"]}


@pytest.mark.parametrize("description", ["?", "Abandoned", True, 10**30, [1, 2], {"Foo": 3}], ids=str)
def test_a_description_that_cannot_be_read_may_be_an_ending(
    supplier: Supplier, trader: Client, description: Any
) -> None:
    supplier.score(Time="2700", Description=description)

    assert reasons() == {11: ["unreadable"]}
    assert not runs(trader)
    supplier.score(Time="2700")
    assert reasons() == {11: []}


CLOCKS = [("45:00", 2700), ("00:45:00", 2700), ("1:02:03", 3723), ("45'", 2700), ("45+2", 2820), (" 2700 ", 2700)]


@pytest.mark.parametrize(("time", "seconds"), [*CLOCKS, (2700.9, 2700)])
def test_a_time_is_read_as_clocks_show_it(supplier: Supplier, time: Any, seconds: int) -> None:
    supplier.score(Time=time, Clock={"Status": 1, "Seconds": time})
    board = Scoreboard.objects.get()

    assert (board.time, board.clock_seconds) == (seconds, seconds)


@pytest.mark.parametrize("time", [24 * 3600, 10**12, "-1", -500])
def test_a_clock_that_none_could_show_is_not_shown(supplier: Supplier, trader: Client, time: Any) -> None:
    supplier.score(Time=time)

    assert not runs(trader)


RESULTS: dict[str, Any] = {
    "by position": {"1": "1", "2": "2"},
    "by side": {"Home": 1, "Away": "2"},
    "sides in words": [{"Position": "Home", "Value": "1"}, {"Position": "away", "Value": 2}],
    "sides by a letter": [{"Position": "H", "Value": "1"}, {"Position": "A", "Value": "2"}],
    "positions in objects": [{"Position": {"Id": 1}, "Value": "1"}, {"Position": ["2"], "Value": "2"}],
    "by participant": [{"ParticipantId": 2, "Value": "2"}, {"ParticipantId": "1", "Value": "1"}],
    "by participant in lower case": [{"participantId": 2, "value": "2"}, {"participantId": 1, "value": "1"}],
    "by participant, the position null": [{"ParticipantId": n, "Position": None, "Value": str(n)} for n in (1, 2)],
    "a text": "1:2",
    "a text with blanks": " 1 - 2 ",
    "two numbers": [1, 2],
    "two texts": ["1", "2"],
    "blanks": [{"Position": " 1 ", "Value": " 1 "}, {"Position": "2", "Value": "2 "}],
    "fractions": [{"Position": 1.0, "Value": "1.0"}, {"Position": "2.0", "Value": 2.0}],
    "wrapped": {"Result": [{"Position": "1", "Value": "1"}, {"Position": "2", "Value": "2"}]},
    "with a null": [None, {"Position": "1", "Value": "1"}, {"Position": "2", "Value": "2"}],
}


@pytest.mark.parametrize("name", RESULTS)
def test_results_are_read_in_every_shape(supplier: Supplier, name: str) -> None:
    given = RESULTS[name]
    statistics = [{"Type": 1, "Results": given}]
    periods = [{"Type": 10, "Results": given, "Incidents": [goal(1, 2, Results=given)]}]
    board = {"Status": 2, "CurrentPeriod": 10, "Results": given}
    supplier.send(2, {"Livescore": {"Scoreboard": board, "Periods": periods, "Statistics": statistics}})
    wanted = {"1": "1", "2": "2"}

    assert Scoreboard.objects.get().scores == wanted
    assert Incident.objects.get().scores == wanted
    assert Statistic.objects.get().values == wanted
    assert reasons() == {11: []}


@pytest.mark.parametrize("given", [[{"Value": "1"}, {"Value": "2"}], "1:2:3", "abc", [1, 2, 3], {"x": 1}, 7], ids=str)
def test_results_whose_sides_nobody_can_tell_are_none(supplier: Supplier, given: Any) -> None:
    supplier.score(Results=given)

    assert Scoreboard.objects.get().scores == {}
    assert reasons() == {11: []}


@pytest.mark.parametrize(
    "kind", ["Goal", "goal", "Yellow card", "YellowCard", {"Id": 9, "Name": "Goal"}, [9], "9", " 9 "], ids=str
)
def test_what_happened_is_read_in_words(supplier: Supplier, trader: Client, kind: Any) -> None:
    play(supplier, goal(0, 1, IncidentType=kind, Seconds="3:00", ParticipantPosition="Away", Period="1st half"))
    shown = words(part(trader, "incidents"))

    assert ("Yellow card" if "ellow" in str(kind) else "Goal") in shown
    assert "4'" in shown
    assert "Northgate" in shown


def test_periods_and_statistics_are_read_in_words(supplier: Supplier, trader: Client) -> None:
    periods = [{"Type": "1st half", "Results": scores(0, 2), "Incidents": [goal(0, 2)]}, {"Type": "Second half"}]
    statistics = [{"Type": "Corners", "Results": scores(5, 6)}, {"Type": "?", "Results": scores(1, 1)}]
    supplier.send(2, {"Livescore": {"Scoreboard": {"Status": 2}, "Periods": periods, "Statistics": statistics}})

    assert "1st half" in words(part(trader, "periods"))
    assert "2nd half" in words(part(trader, "periods"))
    assert "Corners" in words(part(trader, "statistics"))
    assert "0–2" in words(part(trader, "incidents"))


MOSS, FERN = {"PlayerId": 7, "Name": "Moss A."}, {"PlayerId": 9, "Name": "Fern B."}
PLAYERS = [
    {"Item1": {"Player": MOSS}, "Item2": {"Player": FERN}},
    {"Item1": {"Player": [MOSS]}, "Item2": {"Player": [FERN]}},
    {"Item1": [{"Player": MOSS}], "Item2": [{"Player": FERN}]},
    [{"Player": MOSS}, {"Player": FERN}],
    {"Player": [MOSS, FERN]},
    {"Item1": {"PlayerId": {"Id": 7}, "Name": "Moss A."}, "Item2": FERN},
]


@pytest.mark.parametrize("players", PLAYERS, ids=str)
def test_players_are_named_in_every_wrapper(supplier: Supplier, trader: Client, players: Any) -> None:
    play(supplier, {"IncidentType": 10, "Seconds": 180, "ParticipantPosition": "1", "Players": players})
    shown = words(part(trader, "incidents"))

    assert "Moss A." in shown
    assert "Fern B." in shown


ITEM = '<Item{}><Player PlayerId="{}" Name="{}"/></Item{}>'
IN_XML = [
    ITEM.format(1, 7, "Moss A.", 1) + ITEM.format(2, 9, "Fern B.", 2),
    '<Item1 PlayerId="7" Name="Moss A."/><Item2 PlayerId="9" Name="Fern B."/>',
    "<Item1>Moss A.</Item1><Item2>Fern B.</Item2>",
    "<Item1><IncidentPlayer><PlayerId>7</PlayerId><Name>Moss A.</Name></IncidentPlayer></Item1><Item2>Fern B.</Item2>",
]


@pytest.mark.parametrize("players", IN_XML)
def test_xml_keeps_apart_who_came_and_who_went(players: str) -> None:
    from feed.wire import decode

    incident = f'<Incident IncidentType="10"><Players>{players}</Players></Incident>'
    body = f'<Period Type="20"><Incidents>{incident}</Incidents></Period>'
    header = "<Header><Type>2</Type></Header>"
    event = f'<Event FixtureId="7"><Livescore><Periods>{body}</Periods></Livescore></Event>'
    message = decode(f"<Message>{header}<Body><Events>{event}</Events></Body></Message>".encode())
    livescore = message.events[0].livescore
    assert livescore is not None
    found = [
        player for period in livescore.periods or [] for one in period.incidents or [] for player in one.players or []
    ]

    assert [(player.name, player.item) for player in found] == [("Moss A.", 1), ("Fern B.", 2)]
