"""TRADE and OddService JSON, with all that is odd about it (docs/protocol.md, TRADE messages)."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from feed.wire import decode
from feed.wire.formats.envelopes import DescribedEnvelope, NoticingEnvelope
from feed.wire.formats.json import read_envelope
from feed.wire.messages import Bet, Dialect

from .wire_messages import bet, body, event, events_of, reason, trouble


def test_a_server_timestamp_is_in_seconds_or_in_milliseconds() -> None:
    seconds, milliseconds = (
        decode(body(32, ServerTimestamp=1546570030)),
        decode(body(32, ServerTimestamp=1691049225443)),
    )

    assert seconds.header.sent_at == datetime(2019, 1, 4, 2, 47, 10, tzinfo=UTC)
    assert milliseconds.header.sent_at == datetime(2023, 8, 3, 7, 53, 45, 443000, tzinfo=UTC)


@pytest.mark.parametrize("nothing", [0, None])
def test_a_server_timestamp_that_is_not_set_is_none(nothing: int | None) -> None:
    assert decode(body(32, ServerTimestamp=nothing)).header.sent_at is None


def test_header_fields_may_be_texts() -> None:
    header = decode(body("32", MsgSeq="16", ServerTimestamp="1546570030")).header  # type: ignore[arg-type]

    assert (header.type, header.seq) == (32, 16)


def test_positions_are_texts_and_participants_may_come_away_first() -> None:
    sides = [{"Id": 2, "Name": "Away", "Position": "2"}, {"Id": 1, "Name": "Home", "Position": 1}]
    fixture = event(Fixture={"Participants": sides}).fixture

    assert fixture is not None
    assert [(participant.name, participant.position) for participant in fixture.participants or ()] == [
        ("Away", 2),
        ("Home", 1),
    ]


def test_a_scoreboard_may_have_no_clock() -> None:
    livescore = event(Livescore={"Scoreboard": {"Status": 2, "Time": "-1", "CurrentPeriod": 1}}).livescore

    assert livescore is not None
    assert livescore.scoreboard is not None
    assert livescore.scoreboard.time == -1


def test_the_serialized_twins_of_fields_are_left_alone() -> None:
    odd = bet(CalculatedMargin=8.05, SerializedCalculatedMargin="9", SerializedLastUpdate="never")

    assert (odd.calculated_margin, odd.last_update) == (8.05, None)


@pytest.mark.parametrize("wrap", [lambda m: [m], lambda m: {"Message": m}, lambda m: [{"Message": m}]])
def test_a_message_may_lie_in_an_array_of_one_or_under_message(wrap: Any) -> None:
    plain = {"Header": {"Type": "32"}}

    assert decode(json.dumps(wrap(plain)).encode()) == decode(json.dumps(plain).encode())


def test_several_messages_in_an_array_are_not_one() -> None:
    assert reason(json.dumps([{"Header": {"Type": 32}}] * 2).encode()) == (
        "shape",
        "there are 2 messages in one array; a delivery has one",
    )


def test_a_body_may_be_an_array_as_in_snapshots() -> None:
    events = [{"FixtureId": 7, "FixtureName": "A"}, {"FixtureId": 8}]

    assert events_of(body(36, events)) == events_of(body(36, {"Events": events}))
    assert decode(body(1, [])).events == []


def test_a_byte_order_mark_and_blanks_before_the_message_do_no_harm() -> None:
    assert decode(b"\xef\xbb\xbf \r\n" + body(32)) == decode(body(32))


@pytest.mark.parametrize(
    ("value", "interrupted"),
    [(None, []), (0, []), (1, [1]), ([1, 2], [1, 2]), ([], []), ("1", [1]), (True, [1]), ("", [])],
)
def test_a_heartbeat_says_what_is_interrupted_as_number_or_list_or_not_at_all(
    value: Any, interrupted: list[int]
) -> None:
    in_body = decode(body(32, {"FeedInterrupted": value})).heartbeat
    beside = decode(json.dumps({"Header": {"Type": 32}, "FeedInterrupted": value}).encode()).heartbeat

    assert in_body is not None
    assert in_body == beside
    assert in_body.feed_interrupted == interrupted


def test_a_keep_alive_without_fixtures_has_none() -> None:
    for content in ({"KeepAlive": {"ActiveEvents": None}}, {"KeepAlive": {}}, {"KeepAlive": None}):
        keep_alive = decode(body(31, content)).keep_alive
        assert keep_alive is not None
        assert keep_alive.active_events == []


ODDSERVICE = [
    body(2, {"Events": []}, MsgId=13),
    body(3, {"Events": [{"FixtureId": 7, "Markets": [{"Id": 1, "Providers": []}]}]}),
    body(31, {"KeepAlive": {"ActiveEvents": [], "ProviderId": 75}}),
    body(1, {"Competition": {"Id": 1, "Events": []}}),
]


@pytest.mark.parametrize("message", ODDSERVICE, ids=["MsgId", "Providers", "ProviderId", "outright as type 1"])
def test_the_old_feed_is_told_by_what_it_alone_writes(message: bytes) -> None:
    assert decode(message).dialect is Dialect.ODDSERVICE


@pytest.mark.parametrize("name", ["Providers", "ProviderMarkets"])
def test_providers_are_the_same_under_their_old_name_and_their_new_one(name: str) -> None:
    markets = event(
        Markets=[{"Id": 13, name: [{"Id": 8, "Name": "Bet365", "Bets": [{"Id": 1, "Price": "2.4"}]}]}]
    ).markets

    assert markets is not None
    assert markets[0].provider_markets is not None
    assert markets[0].provider_markets[0].bets == [Bet(id=1, price=Decimal("2.4"))]


@pytest.mark.parametrize(
    ("message", "kind", "part"),
    [
        (b"", "empty", "empty"),
        (b" \n ", "empty", "empty"),
        (b"hello", "syntax", "neither JSON nor XML"),
        (b'{"Header":', "syntax", "not JSON"),
        (b'{"Header":{"Type":3},"Body":{"Price":Nan}}', "syntax", "not JSON"),
        (b"{}", "shape", "no Header"),
        (b"[]", "shape", "no Header"),
        (b'{"Messages":[]}', "shape", "it has Messages"),
        (b'{"Header":{}}', "shape", "Header is missing"),
        (b'{"Header":{"MsgSeq":1}}', "shape", "Header: Type is missing"),
        (b'{"Header":{"Type":"x"}}', "number", 'Header.Type: a whole number is due here, not "x"'),
        (body(99), "type", "messages of type 99 are not read"),
        (body(5), "type", "messages of type 5 (sports) are not read"),
        (body(3), "shape", "type 3 (market) must have a Body with Events or a Competition"),
        (body(3, {}), "shape", "must have a Body with Events or a Competition"),
        (body(31), "shape", "KeepAlive"),
        (body(1, {"Events": [{"Fixture": {}}]}), "shape", "Body.Events[0] has no FixtureId"),
        (body(1, [{"Name": "x"}]), "shape", "Body[0] has neither a FixtureId nor a Competition"),
        (body(1, {"Events": "x"}), "shape", 'Body.Events[0]: an object is due here, not "x"'),
        (body(3, {"Events": [{"FixtureId": 7, "Markets": [{"Name": "x"}]}]}), "shape", "Markets[0]: Id is missing"),
        (body(2, {"Events": [{"FixtureId": 7, "Livescore": {"Periods": [{"Type": [1, 2]}]}}]}), "number", "list of 2"),
        (body(1, {"Events": [{"FixtureId": 7, "Fixture": "x"}]}), "shape", 'Fixture: an object is due here, not "x"'),
        (body(1, {"Events": [{"FixtureId": 7, "Fixture": {"StartDate": "0000-01-01"}}]}), "time", "years 1 to 9999"),
        (body(1, {"Events": [{"FixtureId": 7, "Fixture": {"StartDate": "9999-12-31T23:00:00-03:00"}}]}), "time", "UTC"),
        (body(1, {"Events": [{"FixtureId": 7, "Fixture": {"StartDate": "10000-01-01"}}]}), "time", "years 1 to 9999"),
        (body(1, {"Events": [{"FixtureId": 7, "FixtureName": "x" * 65_537}]}), "shape", "65536"),
    ],
)  # fmt: skip
def test_what_cannot_be_understood_is_refused_with_a_reason_that_helps(message: bytes, kind: str, part: str) -> None:
    found, why = trouble(message)

    assert found == kind
    assert part in why


def market_with(**fields: Any) -> bytes:
    bets = [{"Id": 1, "Name": "1", "Status": 1, "Price": "2.0"}]
    return body(3, {"Events": [{"FixtureId": 7, "Markets": [{"Id": 2, "Bets": bets, **fields}]}]})


def test_a_field_that_lsports_adds_to_markets_changes_nothing_and_needs_no_patience() -> None:
    known, added = market_with(), market_with(Added={"Status": 2})

    assert type(read_envelope(known)) is DescribedEnvelope
    assert type(read_envelope(added)) is NoticingEnvelope
    assert events_of(added) == events_of(known)


@pytest.mark.parametrize("name", ["status", "STATUS", "sTATUS"])
def test_a_status_in_other_letters_closes_a_market_that_has_an_added_field_too(name: str) -> None:
    (found,) = decode(market_with(Added=1, **{name: 2})).events[0].markets or []

    assert found.status == 2
