"""Words that are not LSports' and may say that a price is closed: the quick way of reading does not pass over them."""

from typing import Any

import msgspec
import pytest

from feed.wire import decode
from feed.wire.fields.meaning import CLOSES_IF_FALSE
from feed.wire.formats.envelopes import FOREIGN_NAMES
from feed.wire.left_out import left_out
from feed.wire.messages import Bet


def message(**levels: Any) -> bytes:
    """A market with a bet of LSports' and one of a bookmaker's, both open, and what is added at each level."""
    own = {"Id": 11, "Name": "1", "Status": 1, "Price": "2.0", **levels.get("bet", {})}
    theirs = {"Id": 21, "Name": "1", "Status": 1, "Price": "2.1", **levels.get("priced", {})}
    book = {"Id": 8, "Name": "A", "MarketStatus": 1, "Bets": [theirs], **levels.get("book", {})}
    market = {"Id": 1, "Name": "1X2", "Status": 1, "Bets": [own], "ProviderMarkets": [book], **levels.get("market", {})}
    event = {"FixtureId": 7, "Markets": [market]}
    header = {
        "Type": 3,
        "MsgSeq": 1,
        "MsgGuid": "5f4e1c52-93a5-4d0e-8d7a-0f1c7a3e9b21",
        "ServerTimestamp": 1795199407982,
    }
    return msgspec.json.encode({"Header": header, "Body": {"Events": [event]}})


def unreadable(body: bytes) -> list[bool]:
    """Whether the market, the bookmaker, LSports' bet and the bookmaker's are marked as such."""
    (market,) = decode(body).events[0].markets or []
    (book,) = market.provider_markets or []
    return [bool(part.unreadable) for part in (market, book, *(market.bets or []), *(book.bets or []))]


@pytest.mark.parametrize("place", ["market", "book", "bet", "priced"])
@pytest.mark.parametrize("name", sorted(FOREIGN_NAMES))
def test_a_foreign_word_that_closes_is_noticed_wherever_there_are_prices(name: str, place: str):
    says_closed = name.lower().removeprefix("is") not in CLOSES_IF_FALSE
    value = 2 if name.lower() == "state" else says_closed
    number = ["market", "book", "bet", "priced"].index(place)
    assert unreadable(message(**{place: {name: value}}))[number]


@pytest.mark.parametrize("name", sorted(FOREIGN_NAMES))
def test_a_foreign_word_that_says_open_closes_nothing(name: str):
    says_open = name.lower().removeprefix("is") in CLOSES_IF_FALSE
    value = 1 if name.lower() == "state" else says_open
    assert not any(unreadable(message(bet={name: value}, book={name: value})))


def test_foreign_words_are_no_fields_of_ours():
    assert left_out(message(bet={"IsOpen": True})) == ["Bet.IsOpen"]
    assert "Price" in {field.encode_name for field in msgspec.structs.fields(Bet)} - FOREIGN_NAMES
