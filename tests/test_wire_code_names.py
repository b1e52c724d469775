"""Codes by their names: a status in LSports' own word is read like its number, and no word opens a price."""

import json
from collections.abc import Callable
from enum import IntEnum
from typing import Any

import pytest

from feed.codes import (
    BetStatus,
    ClockStatus,
    Confirmation,
    DangerStatus,
    DangerType,
    FixtureStatus,
    OutrightScoreStatus,
    SubscriptionStatus,
    SubscriptionType,
)
from feed.wire import decode
from feed.wire.messages import Event, Message

PLACE = {"Id": 4, "Name": "Nowhere"}


def message(event: dict[str, Any], kind: int = 1) -> Message:
    body = {"Events": [{"FixtureId": 7, **event}]}
    return decode(json.dumps({"Header": {"Type": kind, "MsgSeq": 1}, "Body": body}).encode())


#: Where a code lies: the message with it, and how to read it back.
Kind = tuple[type[IntEnum], Callable[[Any], dict[str, Any]], Callable[[Any], Any]]
KINDS: list[Kind] = [
    (FixtureStatus, lambda x: {"Fixture": {"Sport": PLACE, "Status": x}}, lambda e: e.fixture.status),
    (FixtureStatus, lambda x: {"Livescore": {"Scoreboard": {"Status": x}}}, lambda e: e.livescore.scoreboard.status),
    (OutrightScoreStatus, lambda x: {"OutrightScore": {"Status": x}}, lambda e: e.outright_score.status),
    (
        SubscriptionStatus,
        lambda x: {"Fixture": {"Sport": PLACE, "Subscription": {"Status": x}}},
        lambda e: e.fixture.subscription.status,
    ),
    (
        SubscriptionType,
        lambda x: {"Fixture": {"Sport": PLACE, "Subscription": {"Type": x}}},
        lambda e: e.fixture.subscription.type,
    ),
    (
        ClockStatus,
        lambda x: {"Livescore": {"Scoreboard": {"Status": 2, "Clock": {"Status": x}}}},
        lambda e: e.livescore.scoreboard.clock.status,
    ),
    (
        Confirmation,
        lambda x: {"Livescore": {"CurrentIncident": {"Id": 9, "Confirmation": x}}},
        lambda e: e.livescore.current_incident.confirmation,
    ),
    (
        DangerType,
        lambda x: {"Livescore": {"DangerTriggers": [{"Type": x}]}},
        lambda e: e.livescore.danger_triggers[0].type,
    ),
    (
        DangerStatus,
        lambda x: {"Livescore": {"DangerTriggers": [{"Type": 1, "Status": x}]}},
        lambda e: e.livescore.danger_triggers[0].status,
    ),
]
CODES = [(code, event, read) for codes, event, read in KINDS for code in codes]


def written(code: IntEnum) -> list[str]:
    """A code's name in the ways of different writers: NOT_STARTED, not started, NotStarted, notStarted."""
    pascal = "".join(word.capitalize() for word in code.name.split("_"))
    return [code.name, code.name.lower().replace("_", " "), pascal, pascal[0].lower() + pascal[1:], f" {pascal} "]


@pytest.mark.parametrize(
    ("code", "event", "read"), CODES, ids=lambda part: str(part) if isinstance(part, IntEnum) else ""
)
def test_a_name_is_read_like_the_number(
    code: IntEnum, event: Callable[[Any], dict[str, Any]], read: Callable[[Event], Any]
):
    for name in written(code):
        found = message(event(name))
        assert read(found.events[0]) == code == read(message(event(int(code))).events[0])
        assert found.set_aside == []


@pytest.mark.parametrize(("name", "code"), [("NSY", FixtureStatus.NOT_STARTED), ("nsy", FixtureStatus.NOT_STARTED)])
def test_lsports_own_word_for_a_fixture_that_has_not_begun(name: str, code: FixtureStatus):
    assert message({"Fixture": {"Sport": PLACE, "Status": name}}).events[0].fixture.status == code  # type: ignore[union-attr]


def test_lsports_own_word_for_an_incident_under_review():
    event = message({"Livescore": {"CurrentIncident": {"Id": 9, "Confirmation": "TBD"}}}, kind=2).events[0]
    assert event.livescore.current_incident.confirmation == Confirmation.TO_BE_DECIDED  # type: ignore[union-attr]


def test_a_word_that_names_no_status_is_set_aside_and_closes_the_fixture():
    found = message({"Fixture": {"Sport": PLACE, "Status": "Brewing"}})
    assert found.events[0].fixture.unreadable  # type: ignore[union-attr]
    assert [part.place for part in found.set_aside] == ["Body.Events[0].Fixture.Status"]


@pytest.mark.parametrize("code", BetStatus)
def test_no_word_opens_a_price(code: BetStatus):
    for name in written(code):
        bet = {"Id": 5, "Name": "1", "Status": name, "Price": "1.5"}
        found = message({"Markets": [{"Id": 1, "Name": "1X2", "Bets": [bet]}]}, kind=3)
        assert found.events[0].markets[0].bets[0].unreadable  # type: ignore[index]
