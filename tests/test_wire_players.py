"""The players of an incident, in whatever form LSports writes a substitution."""

import json
from typing import Any

import pytest

from feed.wire import decode
from feed.wire.messages import Message

from .wire_messages import body


def players_of(message: Message) -> list[tuple[str | None, str | None, int | None]]:
    livescore = message.events[0].livescore
    assert livescore is not None
    (incident,) = (livescore.periods or ())[0].incidents or ()
    assert not hasattr(incident.players, "item1")
    return [(player.id, player.name, player.item) for player in incident.players or ()]  # type: ignore[union-attr]


MOSS, FERN = {"PlayerId": 7, "Name": "Moss A."}, {"Id": "9", "PlayerName": "Fern B."}


@pytest.mark.parametrize(
    "players",
    [
        {"Item1": MOSS, "Item2": FERN},
        {"item1": [MOSS], "item2": [FERN]},
        {"Item1": [[MOSS]], "Item2": [FERN]},
        [{"Item1": [MOSS], "Item2": [FERN]}],
    ],
    ids=json.dumps,
)
def test_both_players_of_a_substitution_are_read_in_whatever_form(players: Any) -> None:
    periods = [{"Type": 20, "Incidents": [{"IncidentType": 10, "Players": players}]}]
    message = decode(body(2, {"Events": [{"FixtureId": 7, "Livescore": {"Periods": periods}}]}))

    assert [(pk, name) for pk, name, _ in players_of(message)] == [("7", "Moss A."), ("9", "Fern B.")]


def test_a_player_may_be_a_bare_name() -> None:
    periods = [{"Type": 20, "Incidents": [{"IncidentType": 10, "Players": {"Item1": "Moss A.", "Item2": "Fern B."}}]}]
    message = decode(body(2, {"Events": [{"FixtureId": 7, "Livescore": {"Periods": periods}}]}))

    assert [(name, item) for _, name, item in players_of(message)] == [("Moss A.", 1), ("Fern B.", 2)]


@pytest.mark.parametrize(
    "players",
    [
        {"1": MOSS, "2": FERN},
        {"Player": [MOSS, FERN]},
        {"Players": {"Player": [MOSS, FERN]}},
        [MOSS, FERN],
        [[MOSS], [FERN]],
    ],
    ids=json.dumps,
)
def test_players_that_are_no_pair_are_read_in_whatever_form(players: Any) -> None:
    periods = [{"Type": 20, "Incidents": [{"IncidentType": 9, "Players": players}]}]
    message = decode(body(2, {"Events": [{"FixtureId": 7, "Livescore": {"Periods": periods}}]}))

    assert players_of(message) == [("7", "Moss A.", None), ("9", "Fern B.", None)]


@pytest.mark.parametrize("players", [MOSS, {"Player": MOSS}, {"1": MOSS}, [MOSS]], ids=json.dumps)
def test_a_single_player_is_read_in_whatever_form(players: Any) -> None:
    periods = [{"Type": 20, "Incidents": [{"IncidentType": 9, "Players": players}]}]
    message = decode(body(2, {"Events": [{"FixtureId": 7, "Livescore": {"Periods": periods}}]}))

    assert players_of(message) == [("7", "Moss A.", None)]
