"""Which of the fields that LSports sends are not read."""

import json
from typing import Any

import pytest

from feed.wire.left_out import left_out


def message(event: dict[str, Any]) -> bytes:
    return json.dumps({"Header": {"Type": 1}, "Body": {"Events": [{"FixtureId": 7, **event}]}}).encode()


WHO = {"Id": 1, "Name": "A", "Type": 0}
PLAYER = WHO | {"TeamId": 2, "NationalityId": 3, "NationalTeamId": 4, "BirthDate": "1999-01-02"}
SHIRT = {"Primary": "red", "Number": "white", "Outline": "black"}
IN_LINE_UP = {"PlayerId": 1, "ShirtNumber": "9", "IsCaptain": True, "IsStartingLineup": True, "State": 2, "Position": 3}
SIDE = {
    "Id": 5,
    "Name": "B",
    "Position": "1",
    "RotationId": 12,
    "IsActive": 1,
    "Form": "WWL",
    "Formation": "4-4-2",
    "ShirtColor": SHIRT,
    "GoalKeeperShirtColor": SHIRT,
    "Gender": 1,
    "AgeCategory": 0,
    "Type": 1,
    "FixturePlayers": [IN_LINE_UP | {"Player": PLAYER}],
}
PLACE = {"Id": 1, "Name": "C"}
LEAGUE = {"Tour": PLACE, "AgeCategory": 0, "Gender": 1, "Type": 1, "NumberOfPeriods": 2, "SportCategory": PLACE}
VENUE = {
    "Capacity": 50_000,
    "Attendance": 40_000,
    "CourtSurfaceType": 1,
    "Environment": 0,
    "Assignment": 2,
    "Country": PLACE,
    "State": PLACE,
    "City": PLACE,
}
FIXTURE = {
    "FixtureName": "B v C",
    "Sport": PLACE,
    "Location": PLACE,
    "League": PLACE | LEAGUE,
    "StartDate": "2026-01-10T15:00:00Z",
    "LastUpdate": "2026-01-10T15:00:00Z",
    "Status": 1,
    "Participants": [SIDE],
    "FixtureExtraData": [{"Name": "WithInPlay", "Value": "true"}],
    "ExternalFixtureId": "e",
    "Subscription": {"Type": 1, "Status": 1},
    "Venue": PLACE | VENUE,
    "Stage": PLACE,
    "Round": PLACE,
    "Season": PLACE,
}
BET = {
    "Id": 1,
    "Name": "Over",
    "Line": "2.5",
    "BaseLine": "2.5",
    "Status": 1,
    "StartPrice": "1.8",
    "Price": "1.9",
    "PriceIN": "0.9",
    "PriceUS": "-111",
    "PriceUK": "9/10",
    "PriceMA": "0.9",
    "PriceHK": "0.9",
    "PriceVolume": "10",
    "Settlement": 2,
    "SuspensionReason": 1,
    "LastUpdate": "2026-01-10T15:00:00Z",
    "SerializedLastUpdate": "2026-01-10T15:00:00Z",
    "Probability": 0.5,
    "ParticipantId": 5,
    "PlayerId": "1",
    "PlayerName": "A",
    "Order": 1,
    "ProviderBetId": "0",
    "CalculatedMargin": 3.2,
}
BOOK = {"Id": 8, "Name": "Bet Eight", "LastUpdate": "2026-01-10T15:00:00Z", "MarketStatus": 1, "Bets": [BET]}
MARKET = {"Id": 2, "Name": "Under/Over", "MainLine": "2.5", "Status": 1, "Bets": [BET], "ProviderMarkets": [BOOK]}


FIGURES = {"PredictionData": {"Volume": 1, "Liquidity": 2, "StartDate": "2026-01-10", "EndDate": "2026-01-10"}}
PREDICTED = MARKET | FIGURES | {"ProviderMarkets": [BOOK | FIGURES], "Bets": [BET | FIGURES]}


@pytest.mark.parametrize(
    "event",
    [{"Fixture": FIXTURE}, {"Markets": [MARKET]}, {"Markets": [PREDICTED]}],
    ids=["fixture", "market", "prediction market"],
)
def test_nothing_that_lsports_documents_is_left_out(event: dict[str, Any]):
    assert left_out(message(event)) == []


def test_what_is_new_is_named_once_with_what_it_belongs_to():
    side, book = SIDE | {"Anthem": "x", "Mascot": None}, BOOK | {"Bets": [BET | {"Silk": "blue"}] * 2}
    event = {"Fixture": FIXTURE | {"Participants": [side, side]}, "Markets": [MARKET | {"ProviderMarkets": [book]}]}
    assert left_out(message(event)) == ["Participant.Anthem", "Bet.Silk"]


@pytest.mark.parametrize("body", [b"<Event/>", b"{", b"[]", b'{"header": {}}'], ids=["XML", "cut", "a list", "Hyper"])
def test_what_is_written_otherwise_is_not_looked_at(body: bytes):
    assert left_out(body) == []


def test_a_name_that_stands_twice_is_read_once() -> None:
    body = message({"Livescore": {"Scoreboard": {"Status": 2, "Results": [], "Time": "9"}}})
    twice = body.replace(b'"Time": "9"', b'"Time": "9", "Status": 2, "Time": "10"')

    assert left_out(body) == []
    assert left_out(twice) == ["Time of the same object twice"]
