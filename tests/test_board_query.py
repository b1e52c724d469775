"""Which fixtures a board shows, and its address."""

from datetime import UTC, datetime, timedelta

import pytest

from feed.pages.board.lists import Board
from feed.pages.board.memory import read_places
from feed.pages.board.places import places
from feed.pages.board.query import BoardQuery, parse_query
from tests.rows import NOW, make_bet, make_fixture, make_market, make_source

pytestmark = pytest.mark.django_db


def board(query: BoardQuery) -> Board:
    return read_places().list_of(query, NOW).board(query.favourites)


def shown(words: str, now: datetime = NOW) -> list[int]:
    return [place.fixture_id for place in places(parse_query(words), now)]


@pytest.mark.parametrize(
    "words",
    [
        "",
        "show=in_play",
        "sport=6046&q=north",
        "show=today&zone=Europe%2FLondon",
        "pins=7,8&odds=american",
        "order=start&density=dense&columns=none",
        "columns=totals,age",
    ],
)
def test_a_query_reads_back_as_it_was_written(words: str):
    query = parse_query(words)
    assert parse_query(query.words) == query


def test_what_a_link_says_of_how_it_is_shown_is_no_filter_and_no_nonsense_is_taken():
    query = parse_query("order=start&density=dense&columns=age,totals,x")
    assert query.address == "order=start&density=dense&columns=totals,age"
    assert not query.is_narrowed
    assert parse_query("order=x&density=x").address == ""
    assert parse_query("density=dense").row_words == ""


def test_what_is_the_readers_is_no_part_of_the_address():
    assert parse_query("show=in_play&pins=7&odds=malay&first=8").address == "show=in_play"


def test_readers_whose_bookmakers_differ_share_a_board_and_its_rows():
    query = parse_query("pins=7&market=1&odds=malay&first=8&hide=145&stay=31")
    assert (query.words, query.row_words) == ("market=1&pins=7&odds=malay", "market=1&odds=malay")


def test_in_play_comes_before_upcoming_and_favourites_before_all():
    for pk, status in ((7, 3), (8, 1), (9, 2), (10, 1)):
        make_fixture(pk, status=status)
    assert shown("pins=10") == [10, 9, 8, 7]


def test_a_tab_shows_its_section_alone():
    for pk, status in ((7, 3), (8, 1), (9, 2)):
        make_fixture(pk, status=status)
    assert [shown(f"show={word}") for word in ("in_play", "upcoming", "finished")] == [[9], [8], [7]]


def test_the_search_finds_teams_and_leagues():
    make_fixture(7, "Northfield", "Southport")
    make_fixture(8, "Eastham", "Westbury")
    assert shown("q=eASTh") == [8]
    assert shown("q=first") == [7, 8]
    assert shown("q=nobody") == []


def test_bookmaker_and_market_narrow_the_board():
    make_source()
    make_bet(make_market(make_fixture(7)), "1", "2.0", provider_id=31)
    make_bet(make_market(make_fixture(8), 2), "Over", "2.0", provider_id=8)
    assert shown("provider=31") == [7]
    assert shown("market=2") == [8]


def test_today_is_the_readers_day():
    make_fixture(7, status=1, start_at=datetime(2026, 11, 21, 23, 30, tzinfo=UTC))
    make_fixture(8, status=1, start_at=datetime(2026, 11, 22, 5, 30, tzinfo=UTC))
    assert shown("show=today") == [7]
    assert shown("show=today&zone=America%2FNew_York", NOW + timedelta(hours=5)) == [7]
    assert shown("show=today&zone=Asia%2FTokyo") == [7, 8]


def test_the_numbers_beside_tabs_and_sports_count_what_they_lead_to():
    for pk, status in ((7, 3), (8, 1), (9, 2)):
        make_fixture(pk, status=status)
    tally = board(BoardQuery(show="upcoming")).tally
    assert tally.tabs == {"in_play": 1, "today": 3, "upcoming": 1, "finished": 1, "all": 3}
    assert [(sport.name, sport.number) for sport in tally.sports] == [("Football", 1)]


def test_the_version_differs_when_a_fixture_moves_and_not_otherwise():
    make_fixture(7)
    before = board(BoardQuery()).version
    assert board(BoardQuery()).version == before
    make_fixture(8, status=1)
    assert board(BoardQuery()).version != before
