"""Hyper Livescore JSON, an alpha: read tolerantly, unknown words kept (docs/protocol.md, Hyper Livescore messages)."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from feed.codes import HyperKind, HyperStatus
from feed.wire import decode
from feed.wire.messages import Dialect, HyperIncident, HyperPlayer, Message, Named, Result

from .wire_messages import trouble

GOAL = {"fixtureId": 7, "id": 1, "name": "Goal", "kind": "Score", "confidence": 0.9}


def hyper(kind: int, body: Any, **header: Any) -> Message:
    return decode(written(kind, body, **header))


def written(kind: int, body: Any, **header: Any) -> bytes:
    return json.dumps({"header": {"MessageType": kind} | header, "body": body}).encode()


def incident(**fields: Any) -> HyperIncident:
    found = hyper(2, GOAL | fields).events[0].incident
    assert found is not None
    return found


def test_a_fixture_is_the_same_thing_as_in_trade() -> None:
    sport = {"id": 6046, "name": "Football"}
    found = hyper(1, {"fixtureId": 7, "status": 1, "startDate": "2025-11-04T19:45:00", "sport": sport})
    fixture = {"Status": 1, "StartDate": "2025-11-04T19:45:00Z", "Sport": {"Id": 6046, "Name": "Football"}}
    twin = {"Header": {"Type": 1}, "Body": [{"FixtureId": 7, "Fixture": fixture}]}

    assert found.dialect is Dialect.HYPER
    assert found.events == decode(json.dumps(twin).encode()).events


def test_the_header_has_a_guid_and_a_time_and_no_sequence() -> None:
    header = hyper(2, GOAL, MessageId="d9e1a4e6", Timestamp="2025-11-04T20:45:00.1234567+01:00").header

    assert (header.type, header.guid, header.seq) == (2, "d9e1a4e6", None)
    assert header.sent_at == datetime(2025, 11, 4, 19, 45, 0, 123457, tzinfo=UTC)


def test_an_incident_has_all_that_the_table_names() -> None:
    assert incident(
        values=[{"position": 1, "value": "1"}, {"position": "2", "value": 0}],
        scoreType=1,
        initiatorPosition=1,
        seconds=625,
        period={"id": 10, "name": "1st Half"},
        playerList=[{"id": 501, "teamId": None, "name": "Saka"}],
    ) == HyperIncident(
        id=1,
        name="Goal",
        kind="Score",
        values=[Result(position=1, value="1"), Result(position=2, value="0")],
        score_type=1,
        initiator_position=1,
        seconds=625,
        period=Named(id=10, name="1st Half"),
        players=[HyperPlayer(id="501", team_id=None, name="Saka")],
        confidence=0.9,
    )


def test_null_and_absent_are_the_same() -> None:
    nothing = dict.fromkeys(("status", "values", "scoreType", "initiatorPosition", "seconds", "period", "playerList"))

    assert incident(**nothing) == incident()


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("Score", HyperKind.SCORE),
        ("ScoreChange", HyperKind.SCORE),
        ("score change", HyperKind.SCORE),
        ("PlayerStatistic", HyperKind.PLAYER_STATISTIC),
        ("Player Statistic", HyperKind.PLAYER_STATISTIC),
        ("var", HyperKind.VAR),
        ("FIXTURE_STATUS", HyperKind.FIXTURE_STATUS),
    ],
)
def test_a_kind_is_known_however_it_is_written(word: str, kind: HyperKind) -> None:
    assert incident(kind=word).kind is kind


def test_an_unknown_kind_and_an_unknown_status_are_kept() -> None:
    found = incident(kind="Weather", status="Maybe")

    assert (found.kind, found.status) == ("Weather", "Maybe")


@pytest.mark.parametrize(
    ("word", "status"), [("Cancelled", HyperStatus.CANCELLED), ("canceled", HyperStatus.CANCELLED)]
)
def test_a_status_is_known_however_it_is_written(word: str, status: HyperStatus) -> None:
    assert incident(status=word).status is status


def test_names_may_be_written_in_another_case() -> None:
    assert hyper(2, {name.upper(): value for name, value in GOAL.items()}) == hyper(2, GOAL)


def test_the_fixture_may_stand_in_the_header_alone() -> None:
    without = {name: value for name, value in GOAL.items() if name != "fixtureId"}

    assert hyper(2, without, Fixtureid="7").events == hyper(2, GOAL).events


def test_a_confidence_that_is_no_number_is_none() -> None:
    assert incident(confidence="NaN").confidence is None


@pytest.mark.parametrize(
    ("message", "kind", "part"),
    [
        (written(3, {}), "type", "Hyper messages of type 3 (tips) are not read"),
        (written(9, {}), "type", "Hyper messages of type 9 are not read"),
        (written(1, None), "shape", "fixtureId is missing"),
        (written(2, {"id": 1}), "shape", "fixtureId is missing"),
        (written(2, {"fixtureId": 7}), "shape", "body: Id is missing"),
        (written(2, []), "shape", "body: Id is missing"),
        (written(2, GOAL | {"seconds": "soon"}), "number", 'body.seconds: a whole number is due here, not "soon"'),
        (written(1, {"fixtureId": 7, "startDate": "tomorrow"}), "time", "body.startDate"),
        (written(2, GOAL, Timestamp="now"), "time", "header.Timestamp"),
    ],
)
def test_what_cannot_be_understood_is_refused_with_a_reason_that_helps(message: bytes, kind: str, part: str) -> None:
    found, why = trouble(message)

    assert found == kind
    assert part in why
