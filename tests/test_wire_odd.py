"""Other fields, types, nesting and clocks than LSports documents: what closes a price is never read as nothing."""

from datetime import UTC, datetime
from typing import Any

import pytest

from feed.codes import MessageType
from feed.wire import decode
from feed.wire.messages import Market, Message

from .wire_messages import body

PRICE = {"Id": 11, "Name": "1", "Status": 2, "Price": "2.00"}
MARKET = {"Id": 1, "Bets": [PRICE]}
NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


def markets_of(markets: Any) -> Message:
    return decode(body(MessageType.MARKET, {"Events": [{"FixtureId": 7, "Markets": markets}]}))


def only_market(markets: Any) -> Market:
    (market,) = markets_of(markets).events[0].markets or ()
    return market


@pytest.mark.parametrize(
    "markets",
    [
        MARKET,
        {"Market": MARKET},
        {"Market": [MARKET]},
        [[MARKET]],
        [{"Id": 1, "Bets": PRICE}],
        [{"Id": 1, "Bets": {"Bet": PRICE}}],
        [{"Id": 1, "Bets": {"Bet": [PRICE]}}],
    ],
    ids=str,
)
def test_a_list_may_be_one_thing_or_lie_in_a_wrapper(markets: Any) -> None:
    assert [(bet.id, bet.status) for bet in only_market(markets).bets or ()] == [(11, 2)]


@pytest.mark.parametrize("markets", [{"Book": {"Odds": 2}}, [{"MarketId": 1, "Bets": [PRICE]}], [{"Odds": [PRICE]}]])
def test_markets_that_are_not_recognised_are_lost_and_not_nothing(markets: Any) -> None:
    message = markets_of(markets)
    assert message.events[0].lost_markets == [""]
    assert [part.decides for part in message.set_aside] == [True]


@pytest.mark.parametrize("status", [True, False, "true", " False "])
def test_yes_and_no_are_no_status(status: Any) -> None:
    bet, beside = only_market({"Id": 1, "Bets": [PRICE | {"Status": status}, PRICE | {"Id": 12}]}).bets or ()
    assert (bet.unreadable, beside.unreadable, beside.status) == (True, False, 2)


BLANKS = ["0001-01-01T00:00:00", "0001-01-01T00:00:00Z", "1970-01-01T00:00:00Z", 0, "", None]


@pytest.mark.parametrize("blank", BLANKS)
def test_a_blank_time_of_a_bet_is_none(blank: Any) -> None:
    (bet,) = only_market({"Id": 1, "Bets": [PRICE | {"LastUpdate": blank}]}).bets or ()
    assert (bet.last_update, bet.unreadable) == (None, False)


@pytest.mark.parametrize("blank", [1, -5, True, *BLANKS])
def test_a_blank_time_of_a_header_is_none(blank: Any) -> None:
    header = decode(body(MessageType.HEARTBEAT, ServerTimestamp=blank, CreationDate=blank)).header
    assert (header.sent_at, header.created_at) == (None, None)


@pytest.mark.parametrize("factor", [1, 1000, 10**6, 10**9])
def test_a_timestamp_may_count_thousandths_of_thousandths(factor: int) -> None:
    assert decode(body(MessageType.HEARTBEAT, ServerTimestamp=int(NOON.timestamp()) * factor)).header.sent_at == NOON


@pytest.mark.parametrize("stated", ["markets", [{"Id": 1}], {"Markets": True}, ["a"]])
def test_an_interruption_that_cannot_be_read_is_one(stated: Any) -> None:
    heartbeat = decode(body(MessageType.HEARTBEAT, {"FeedInterrupted": stated})).heartbeat
    assert heartbeat is not None
    assert heartbeat.feed_interrupted


@pytest.mark.parametrize("stated", [None, [], {}, 0, "0", "", [None]])
def test_no_interruption_is_none(stated: Any) -> None:
    heartbeat = decode(body(MessageType.HEARTBEAT, {"FeedInterrupted": stated})).heartbeat
    assert heartbeat is not None
    assert heartbeat.feed_interrupted == []
