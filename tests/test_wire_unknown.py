"""Numbers without a name are found, each once, with the sport where it matters."""

import json
from typing import Any

from feed.wire import decode
from feed.wire.unknown import UnknownCode, unknown_codes

from .wire_messages import body

FOOTBALL, TENNIS, MARTIAN = {"Id": 6046}, {"Id": 54094}, {"Id": 999_999}
#: The numbers that nobody knows in a message of every kind of number.
KINDS = {
    90_001: "statistic",
    90_002: "status",
    90_003: "description",
    90_004: "period",
    90_005: "clock",
    90_006: "period",
    90_007: "statistic",
    90_008: "statistic",
    90_009: "statistic",
    90_010: "confirmation",
    90_011: "danger",
    90_012: "danger status",
    90_013: "status",
    90_014: "gender",
    90_015: "age category",
    90_016: "bet status",
    90_017: "settlement",
    90_018: "suspension reason",
    90_019: "market",
    90_020: "bet status",
    90_021: "outright score status",
    90_022: "player state",
    90_023: "player state",
    90_024: "player state",
    90_025: "subscription type",
    90_026: "subscription status",
    90_027: "gender",
    90_028: "age category",
    90_029: "participant type",
    90_030: "player type",
    90_031: "court surface",
    90_032: "venue environment",
    90_033: "venue assignment",
    90_034: "participant type",
}


def unknown(*events: dict[str, Any]) -> list[tuple[str, int, int, int]]:
    return [tuple(code)[:4] for code in unknown_codes(decode(body(36, [{"FixtureId": 7} | event for event in events])))]


def test_a_message_of_known_numbers_has_none() -> None:
    livescore = {"Scoreboard": {"Status": 2, "Description": 1, "CurrentPeriod": 10}, "Periods": [{"Type": 10}]}

    assert unknown({"Fixture": {"Status": 9, "Sport": FOOTBALL}, "Livescore": livescore}) == []


def test_a_period_is_unknown_in_one_sport_and_known_in_another() -> None:
    livescore = {"Periods": [{"Type": 60}]}

    assert unknown({"Fixture": {"Sport": FOOTBALL}, "Livescore": livescore}) == [("period", 60, 6046, 7)]
    assert unknown({"Fixture": {"Sport": TENNIS}, "Livescore": livescore}) == []


def test_a_period_of_a_fixture_whose_sport_is_not_told_is_left_alone() -> None:
    assert unknown({"Livescore": {"Periods": [{"Type": 60}]}}) == []


def test_a_sport_without_a_table_knows_only_what_every_sport_has() -> None:
    livescore = {"Scoreboard": {"CurrentPeriod": 80}, "Periods": [{"Type": 100}, {"Type": 3}]}

    assert unknown({"Fixture": {"Sport": MARTIAN}, "Livescore": livescore}) == [
        ("sport", 999_999, 0, 7),
        ("period", 3, 999_999, 7),
    ]


def test_every_kind_of_number_is_looked_at() -> None:
    incidents = [{"IncidentType": 90_001}]
    livescore = {
        "Scoreboard": {"Status": 90_002, "Description": 90_003, "CurrentPeriod": 90_004, "Clock": {"Status": 90_005}},
        "Periods": [{"Type": 10, "Incidents": incidents, "SubPeriods": [{"Type": 90_006}]}],
        "Statistics": [{"Type": 90_007, "Incidents": [{"IncidentType": 90_008}]}],
        "CurrentIncident": {"Id": 90_009, "Confirmation": 90_010},
        "DangerTriggers": [{"Type": 90_011, "Status": 90_012}],
    }
    league = {"Id": 1, "Gender": 90_014, "AgeCategory": 90_015, "Type": 90_034}
    fixture = {"Status": 90_013, "Sport": FOOTBALL, "League": league}
    fixture["Subscription"] = {"Type": 90_025, "Status": 90_026}
    fixture["Venue"] = {"CourtSurfaceType": 90_031, "Environment": "90032", "Assignment": 90_033}
    players = [{"State": {"Id": 90_022}}, {"State": "90023"}, {"State": 90_024}, {"State": "injured"}, {"State": 2}]
    players.append({"Player": {"Type": 90_030}})
    side = {"Id": 1, "Gender": 90_027, "AgeCategory": 90_028, "Type": 90_029}
    fixture["Participants"] = [side | {"FixturePlayers": players}]
    bets = [{"Id": 1, "Status": 90_016, "Settlement": 90_017, "SuspensionReason": 90_018}]
    markets = [{"Id": 90_019, "Status": 90_020, "ProviderMarkets": [{"Id": 8, "Bets": bets}]}]
    event = {"Fixture": fixture, "Livescore": livescore, "Markets": markets, "OutrightScore": {"Status": 90_021}}

    assert {code: kind for kind, code, _, _ in unknown(event)} == KINDS


def test_a_competition_type_is_looked_at() -> None:
    message = decode(body(37, {"Competition": {"Id": 1, "Type": 9, "Events": [{"FixtureId": 7}]}}))

    assert unknown_codes(message) == [UnknownCode("competition type", 9, 0, 7)]


def test_a_number_is_told_once_for_each_fixture() -> None:
    livescore = {"Statistics": [{"Type": 90_001}, {"Type": 90_001}]}

    assert unknown({"Livescore": livescore}, {"FixtureId": 8, "Livescore": livescore}) == [
        ("statistic", 90_001, 0, 7),
        ("statistic", 90_001, 0, 8),
    ]


def test_a_market_that_brings_its_name_is_known() -> None:
    assert unknown({"Markets": [{"Id": 90_001, "Name": "First Throw"}]}) == []


def test_a_heartbeat_has_no_numbers() -> None:
    assert unknown_codes(decode(body(32))) == []


def hyper(kind: str, status: str) -> list[UnknownCode]:
    incident = {"id": 1, "fixtureId": 7, "name": "Rain", "kind": kind, "status": status}
    return unknown_codes(decode(json.dumps({"header": {"MessageType": 2}, "body": incident}).encode()))


def test_a_word_of_hyper_that_nobody_knows_is_told() -> None:
    assert hyper("Weather", "Heavy") == [
        UnknownCode("incident kind", 0, 0, 7, "Weather"),
        UnknownCode("incident status", 0, 0, 7, "Heavy"),
    ]
    assert hyper("SCORE_CHANGE", "canceled") == []


def test_a_status_told_in_words_is_no_unknown_word() -> None:
    assert hyper("Status Description", "Half Time") == []
