"""Topic names: written and read in one place."""

from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feed.live.parts.board.board import BOARD
from feed.live.parts.board.row import ROW
from feed.live.parts.feed_line import FEED_LINE
from feed.live.parts.fixture.scoreboard import SCOREBOARD
from feed.live.parts.markets.market import MARKET
from feed.live.parts.markets.markets import MARKETS
from feed.live.parts.part import PageTopic
from feed.live.parts.registry import parse_topic
from feed.pages.board.query import MOST_FAVOURITES, parse_query
from feed.pages.display import Display
from feed.pages.markets.groups import parse_markets


@pytest.mark.parametrize(
    "topic",
    [
        FEED_LINE.topic(),
        ROW.topic(7),
        MARKET.topic(7, 1),
        BOARD.topic(query="show=in_play&sport=6046"),
        BOARD.topic(),
        SCOREBOARD.topic(2**63 - 1),
    ],
)
def test_a_topic_reads_back_as_it_was_written(topic: PageTopic):
    assert parse_topic(str(topic)) == topic


@pytest.mark.parametrize(
    "name", ["", "row", "row:", "row:x", "row:7:1", "market:7", "feed:7", "rows:7", "row:99999999999999999999", "row:0"]
)
def test_a_name_that_no_page_has_is_refused(name: str):
    with pytest.raises(ValueError, match="is not a topic"):
        parse_topic(name)


def test_an_element_is_named_by_kind_fixture_and_market():
    assert MARKET.topic(7, 1).element_id == "market-7-1"
    assert BOARD.topic(query="show=in_play").element_id == "board"


TEXTS = st.text(max_size=100)


@given(text=TEXTS, zone=TEXTS, pins=st.lists(st.integers(1, 2**62), max_size=80))
def test_whatever_text_a_board_accepts_its_topic_accepts(text: str, zone: str, pins: list[int]):
    query = parse_query(urlencode({"q": text, "zone": zone, "show": "today"}, errors="replace"))
    board = BOARD.topic(query=query.but(favourites=tuple(pins)[:MOST_FAVOURITES]).words)
    assert parse_topic(str(board)) == board
    row = ROW.topic(7, query=query.row_words)
    assert parse_topic(str(row)) == row


@given(text=TEXTS, pins=st.lists(st.integers(1, 10**18), max_size=30), opened=TEXTS)
def test_whatever_text_a_search_of_markets_accepts_its_topic_accepts(text: str, pins: list[int], opened: str):
    display = Display("american", tuple(pins), tuple(pins), 8)
    query = parse_markets(urlencode({"find": text, "open": opened}, errors="replace"), pins, display)
    markets = MARKETS.topic(7, query=query.words)
    assert parse_topic(str(markets)) == markets


@pytest.mark.parametrize("text", ["~x", "*", "a'b", "100 %", "Škoda", "\u202e", "&q=", "a b+c", '"', "<i>"])
def test_a_board_that_is_searched_for_odd_text_can_be_followed(text: str):
    board = BOARD.topic(query=parse_query(urlencode({"q": text})).words)
    assert parse_topic(str(board)) == board
