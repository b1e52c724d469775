"""Searching the board: any word of a fixture, without accents, and soon enough to follow the fingers."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from feed.models import Fixture, League, Location, Participant
from feed.pages.board.chips import chips
from feed.pages.board.places import places
from feed.pages.board.query import BoardQuery, parse_query
from feed.pages.board.search import folded
from tests.rows import NOW, make_fixture, make_trader

pytestmark = pytest.mark.django_db
FIXTURES = 5000


def found(text: str) -> list[int]:
    return [place.fixture_id for place in places(BoardQuery(text=text), NOW)]


@pytest.fixture
def ann(client: Client) -> Client:
    client.force_login(make_trader())
    return client


def test_accents_and_capitals_do_not_count():
    assert folded("São LÍRIO Łódź Brøndby") == "sao lirio lodz brondby"


@pytest.mark.parametrize(
    "text",
    ["sao lirio", "São", "atletico", "Lírio Atlético", "primera", "spain atletico", "4711", "471155"],
    ids=lambda text: text.replace(" ", "_"),
)
def test_a_fixture_is_found_by_its_sides_league_location_and_number(text: str):
    Location.objects.create(id=1, name="Spain")
    League.objects.create(id=1, name="Primera División")
    make_fixture(471155, "São Lírio", "Atlético Norte", league_id=1, location_id=1)
    make_fixture(8, "Eastham", "Westbury")
    assert found(text) == [471155]


def test_every_word_must_be_found():
    make_fixture(7, "Northfield", "Southport")
    assert found("north south") == [7]
    assert found("north nobody") == []


def test_a_side_that_is_renamed_is_found_by_its_new_name():
    fixture = make_fixture(7, "To be decided", "Southport")
    assert found("eastham") == []
    Participant.objects.filter(fixture=fixture, position=1).update(name="Eastham")
    Fixture.objects.filter(pk=7).update(fixture_revision=2)
    assert found("eastham") == [7]
    assert found("decided") == []


def test_each_filter_that_is_on_can_be_taken_off_alone():
    make_fixture(7)
    on = chips(parse_query("show=in_play&sport=6046&league=67&location=243&market=1&q=north"))
    assert [(chip.word, chip.value) for chip in on] == [
        ("text", "north"),
        ("location_id", "England"),
        ("league_id", "First League"),
        ("market_id", "1X2"),
    ]
    assert on[0].without == "show=in_play&sport=6046&location=243&league=67&market=1"


def test_the_palette_offers_favourites_and_what_is_in_play_first(ann: Client):
    for pk, status in ((7, 1), (8, 2), (9, 1)):
        make_fixture(pk, f"Northfield {pk}", status=status)
    ann.post("/favourites/9/")
    answer = ann.get("/find/", {"q": "northf"}).json()["fixtures"]
    assert [(row["address"], row["isFavourite"], row["isLive"]) for row in answer] == [
        ("/fixtures/9/", True, False),
        ("/fixtures/8/", False, True),
        ("/fixtures/7/", False, False),
    ]
    assert ann.get("/find/").json() == {"fixtures": []}


def test_the_board_of_a_search_comes_without_its_page_and_names_its_address(ann: Client):
    make_fixture(7, "Northfield", "Southport")
    answer = ann.get("/board/", {"q": "northf", "show": "in_play"})
    assert answer["HX-Replace-Url"] == "/?show=in_play&q=northf"
    assert answer.content.decode().lstrip().startswith('<div id="board"')


def test_a_search_among_5000_fixtures_asks_the_database_as_often_as_among_a_few(ann: Client):
    rows = [
        Fixture(pk=pk, sport_id=6046, league_id=67, location_id=243, start_at=NOW, status=2 if pk % 9 else 3)
        for pk in range(10_000, 10_000 + FIXTURES)
    ]
    make_fixture(7)
    Fixture.objects.bulk_create(rows)
    sides = ((row.pk, n, f"Sidé {row.pk % 700} of town {n}") for row in rows for n in (1, 2))
    Participant.objects.bulk_create(
        Participant(fixture_id=pk, participant_id=pk * 10 + n, name=name, position=n) for pk, n, name in sides
    )
    ann.get("/board/", {"q": "town"})
    with CaptureQueriesContext(connection) as few:
        assert ann.get("/board/", {"q": "nobody"}).status_code == 200
    with CaptureQueriesContext(connection) as many:
        assert ann.get("/board/", {"q": "side 105 tow"}).status_code == 200
    assert len(many) <= len(few) + 8
