"""Markets picked for a sport's places of prices on the board: any, its outcomes named, for that sport alone."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from lxml import html

from feed.live.parts.board.row import ROW
from feed.live.parts.fragments import TopicHtml
from feed.models import Desk
from feed.pages.board.picks import parse_picks, picks_text
from feed.pages.board.query import parse_query
from tests.rows import NOW, make_bet, make_fixture, make_market, make_source, make_trader

pytestmark = pytest.mark.django_db
FOOTBALL, TENNIS = 6046, 54094
CORRECT_SCORE, BOTH_SCORE = 6, 17
BOARD = {"words": "show=all", "sport": FOOTBALL}


@pytest.fixture
def ann(client: Client) -> Client:
    make_source()
    for pk, sport_id in ((7, FOOTBALL), (8, TENNIS)):
        both = make_market(make_fixture(pk, sport_id=sport_id, received_at=NOW), BOTH_SCORE, "Both Teams To Score")
        make_bet(both, "Yes", "1.80", order=1)
        make_bet(both, "No", "2.05", order=2)
        make_bet(make_market(both.fixture), "1", "3.10")
    client.force_login(make_trader())
    return client


def pick(client: Client, *markets: object) -> None:
    assert client.post("/columns/pick/", {**BOARD, "market": markets}).status_code == 302


def row(client: Client, fixture_id: int, address: str = "/") -> str:
    page = html.fromstring(client.get(address).content)
    return " ".join(" ".join(page.get_element_by_id(f"row-{fixture_id}").itertext()).split())


def heads(client: Client) -> list[str]:
    return [head.text for head in html.fromstring(client.get("/").content).xpath("//th[contains(@class, 'c-place')]")]


def test_a_picked_market_stands_in_its_place_with_its_outcomes_named_for_that_sport_alone(ann: Client):
    assert "1.80" not in row(ann, 7)
    pick(ann, "", BOTH_SCORE, "")
    assert all(words in row(ann, 7) for words in ("Yes 1.80 Book 8", "No 2.05 Book 8"))
    assert "1.80" not in row(ann, 8)
    assert heads(ann) == ["Both Teams To Score"]


def test_the_usual_market_comes_back_and_another_sports_picks_stay(ann: Client):
    pick(ann, BOTH_SCORE, "", "")
    ann.post("/columns/pick/", {**BOARD, "sport": TENNIS, "market": ["", "", BOTH_SCORE]})
    pick(ann, "", "", "")
    assert "1.80" not in row(ann, 7)
    assert "Yes 1.80" in row(ann, 8)


def test_preferences_that_are_saved_leave_the_picks(ann: Client):
    pick(ann, BOTH_SCORE, "", "")
    wishes = {"odds": "decimal", "theme": "dark", "colours": "safe", "motion": "auto", "density": "normal"}
    assert ann.post("/preferences/", {**wishes, "spoken": "all"}).status_code == 302
    assert Desk.objects.get().sports["markets"] == {str(FOOTBALL): [BOTH_SCORE, 0, 0]}


def test_of_many_outcomes_the_likeliest_stand_there_the_shortest_price_first():
    make_source()
    score = make_market(make_fixture(7, received_at=NOW), CORRECT_SCORE, "Correct Score")
    for name, price in (("0-0", "9.00"), ("1-0", "6.50"), ("1-1", "6.00"), ("2-1", "8.50"), ("3-3", "51.00")):
        make_bet(score, name, price)
    make_bet(score, "0-1", "1.50", status=2)
    topic = ROW.topic(7, query=f"places={CORRECT_SCORE},0,0")
    text = " ".join(html.fromstring(TopicHtml([topic], NOW).fragment(topic).html).itertext()).split()
    assert [word for word in text if "-" in word] == ["1-1", "1-0", "2-1"]


def test_over_stands_before_under_in_whatever_order_they_were_sent():
    make_source()
    total = make_market(make_fixture(7, received_at=NOW), 21, "Under/Over 1st Period", main_line="1.5")
    for order, name in enumerate(("Under", "Over"), 1):
        make_bet(total, name, "1.90", order=order, line="1.5", base_line="1.5")
    topic = ROW.topic(7, query="places=0,21,0")
    text = TopicHtml([topic], NOW).fragment(topic).html
    assert text.index("Over") < text.index("Under")


def test_a_link_says_its_columns_and_beats_the_readers_own(ann: Client):
    pick(ann, CORRECT_SCORE, "", "")
    assert "Yes 1.80" in row(ann, 7, f"/?picks={FOOTBALL}.0.{BOTH_SCORE}.0")
    ann.post("/views/", {"name": "Scores", "words": ""})
    assert f"picks={FOOTBALL}.{CORRECT_SCORE}.0.0" in Desk.objects.get().views[0]["words"]


def test_picks_read_back_as_they_were_written_and_nonsense_is_left_out():
    picks = ((FOOTBALL, (17, 0, 52)), (TENNIS, (0, 0, 64)))
    assert parse_picks(picks_text(picks)) == picks
    assert parse_picks("x,6046,6046.1,6046.0.0.0,6046.1.2.three,,...") == ()
    assert parse_query(parse_query("places=17,0,52").row_words).places == (17, 0, 52)


def test_the_panel_offers_each_sports_markets_and_says_what_is_picked(ann: Client):
    make_market(make_fixture(9, sport_id=TENNIS), 52, "12 1st Period")
    pick(ann, "", BOTH_SCORE, "")
    panel = html.fromstring(ann.get("/columns/", {"of": FOOTBALL}).content)
    assert [option.text for option in panel.xpath("//*[@name='market']/*[@selected]")] == ["Both Teams To Score"]
    tennis = html.fromstring(ann.get("/columns/", {"of": TENNIS}).content)
    assert "Winner 1st Period" in {option.text for option in tennis.xpath("//*[@name='market']/option")}


def test_a_sport_that_is_none_is_told(ann: Client):
    assert ann.post("/columns/pick/", {"sport": "football"}).status_code == 400


def test_a_board_with_picks_asks_for_the_names_of_the_markets_alone(ann: Client):
    def queries_of_board() -> int:
        with CaptureQueriesContext(connection) as queries:
            ann.get("/")
        return len(queries)

    ann.get("/")
    usual = queries_of_board()
    pick(ann, "", BOTH_SCORE, "")
    assert queries_of_board() <= usual + 1
