"""Pages as they were: the present's views on the past, marked as what they are, with ways on."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from feed.models import FeedSource, Fixture
from feed.past.board import board_opened
from feed.past.database import CACHE, OPENED, PLACES
from feed.past.moments import moment_text
from feed.store import store_batch
from livescore_site.people import BACKEND

from .received import FIXTURE, a_source, at, bet, fixture_message, livescore_message, market_message
from .rows import make_trader

pytestmark = pytest.mark.usefixtures("either_database")
PAGE = f"/fixtures/{FIXTURE}/"


@pytest.fixture(autouse=True)
def no_pasts() -> Iterator[None]:
    CACHE.clear()
    yield
    assert OPENED.past is None
    CACHE.clear()


@pytest.fixture
def trader(client: Client) -> Client:
    client.force_login(make_trader(), backend=BACKEND)
    return client


@pytest.fixture
def moments() -> list[datetime]:
    """When each was stored: 0:0 and 1.50, a suspension, 1:0, 9.50."""
    source = a_source()
    FeedSource.objects.update(state="up", state_since=at(-60), has_heartbeat=False)
    source.refresh_from_db()
    found = []
    for batch in (
        [fixture_message(0, start_date=timezone.now()), livescore_message(1, "0", "0"), price("1.5", 1)],
        [price("1.5", 2, status=2)],
        [livescore_message(3, "1", "0")],
        [price("9.5", 4)],
    ):
        store_batch(source, batch)
        stored_at = Fixture.objects.get(pk=FIXTURE).stored_at
        assert stored_at is not None
        found.append(stored_at)
    return found


def price(text: str, sent: float, **fields: Any) -> Any:
    return market_message(bet(1, text, sent, **fields), sent=sent)


def address(moment: datetime, page: str = PAGE) -> str:
    return f"/at/{moment_text(moment)}{page}"


def html(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def test_a_page_shows_what_it_showed_then(trader: Client, moments: list[datetime]):
    first, suspended, goal, last = (html(trader, address(moment)) for moment in moments)
    assert "px--open" in first and "px--open" not in suspended  # noqa: PT018
    assert [">1.50<" in page for page in (first, suspended, goal, last)] == [True, True, True, False]
    assert ["<b>1</b>" in page for page in (first, suspended, goal, last)] == [False, False, True, True]
    assert ">9.50<" in html(trader, PAGE)


def test_it_can_not_be_mistaken_for_the_present(trader: Client, moments: list[datetime]):
    past, present = html(trader, address(moments[0])), html(trader, PAGE)
    for mark in ("data-past", "As it was. Not live", moment_text(moments[0]).replace("T", " ")):
        assert (mark in past, mark in present) == (True, False)
    forms = ("/notes/", "/claim/", 'id="people-', "data-favourite=")
    for act in ("data-socket", *forms, "js/live", "js/alerts", "js/cells", 'id="pause"'):
        assert (act in past, act in present) == (False, True), act


def test_its_links_stay_in_the_past_and_one_leads_to_the_present(trader: Client, moments: list[datetime]):
    page, here = html(trader, address(moments[1]) + "?open=main"), address(moments[1], "")
    for way in (f'href="{here}/"', f'href="{here}{PAGE}go/goal/?open=main"', f'hx-get="{here}{PAGE}markets/?'):
        assert way in page
    assert f'class="past__live" href="{PAGE}?open=main"' in page
    second = timedelta(seconds=1)
    assert f'href="{address(moments[1] - second)}?open=main" rel="prev"' in page
    assert f'href="{PAGE}?open=main" rel="next"' in page, "a second later is the present"


@pytest.mark.parametrize(
    ("start", "turn", "end"),
    [(0, "suspension", 1), (0, "goal", 2), (1, "goal", 2), (0, "change", 1), (3, "before", 2), (1, "suspension", None)],
)
def test_it_leads_on_to_where_something_turned(
    trader: Client, moments: list[datetime], start: int, turn: str, end: int | None
):
    answer = trader.get(f"{address(moments[start])}go/{turn}/?open=main")
    query = "?open=main" if end is not None else f"?open=main&none={turn}"
    assert answer["Location"] == address(moments[start if end is None else end]) + query
    assert ("No suspension was found" in html(trader, answer["Location"])) == (end is None)


def test_the_markets_alone_are_of_the_same_moment(trader: Client, moments: list[datetime]):
    assert ">1.50<" in html(trader, f"{address(moments[0])}markets/?open=main")
    assert "<html" not in html(trader, f"{address(moments[0])}markets/?open=main")


def test_the_board_is_of_the_moment_too(trader: Client, moments: list[datetime]):
    first, last = html(trader, address(moments[0], "/")), html(trader, address(moments[-1], "/?show=in_play"))
    assert (">1.50<" in first, ">9.50<" in first, ">9.50<" in last) == (True, False, True)
    assert f'href="{address(moments[0])}"' in first
    assert "data-past" in first and "data-socket" not in first  # noqa: PT018


def test_the_board_leads_to_the_same_board_as_it_was(trader: Client):
    page = html(trader, "/?show=in_play&q=harbour")
    assert 'name="board" value="show=in_play&amp;q=harbour"' in page
    assert 'id="moment-day"' in page


def test_a_board_is_filtered_as_ever(trader: Client, moments: list[datetime]):
    for words, is_there in (
        ("q=harbour", True),
        ("q=nobody", False),
        ("market=1", True),
        ("market=99", False),
        ("provider=0", True),
        ("provider=8", False),
        ("league=67", True),
        ("league=68", False),
    ):
        found = html(trader, address(moments[0], f"/board/?{words}"))
        assert (f'id="row-{FIXTURE}"' in found) == is_there, words


def test_what_the_present_finds_by_a_word_is_not_changed_by_the_past(trader: Client, moments: list[datetime]):
    before = moments[0] - timedelta(seconds=1)
    assert f'id="row-{FIXTURE}"' not in html(trader, address(before, "/board/?q=harbour"))
    assert f'id="row-{FIXTURE}"' in html(trader, "/board/?q=harbour")
    with board_opened(before):
        assert not Fixture.objects.exists()


def test_a_moment_may_be_written_with_its_zone(trader: Client, moments: list[datetime]):
    assert "px--open" in html(trader, f"/at/{moment_text(moments[0])}Z{PAGE}")


def test_the_form_leads_to_the_moment(trader: Client, moments: list[datetime]):
    words = {"fixture": FIXTURE, "day": "2026-11-26", "time": "20:14:03.25"}
    assert trader.get("/at/", words)["Location"] == f"/at/2026-11-26T20:14:03.250{PAGE}"
    assert trader.get("/at/")["Location"] == "/"
    del words["fixture"]
    assert trader.get("/at/", words)["Location"] == "/at/2026-11-26T20:14:03.250/"
    there = trader.get("/at/", {**words, "board": "show=in_play&q=a b"})["Location"]
    assert there == "/at/2026-11-26T20:14:03.250/?show=in_play&q=a+b"
    assert trader.get("/at/", {"day": "x", "time": "y"}).status_code == 404


@pytest.mark.parametrize("moment", ["2999-01-01T00:00", "2000-01-01T00:00", "2026-02-30T10:00", "0" * 20])
def test_what_is_no_moment_or_none_of_the_journal_is_not_found(trader: Client, moments: list[datetime], moment: str):
    assert trader.get(f"/at/{moment}{PAGE}").status_code == 404


def test_before_there_was_anything_of_a_fixture_a_way_leads_to_its_beginning(trader: Client, moments: list[datetime]):
    answer = trader.get(address(moments[0] - timedelta(hours=1)))
    page = answer.content.decode()
    assert answer.status_code == 404
    assert f"The desk has nothing about fixture {FIXTURE} at" in page
    assert f'href="{address(moments[0])}"' in page
    assert "the first moment" not in trader.get(address(moments[0], "/fixtures/99/")).content.decode()


def test_who_finds_no_place_is_told_at_once_and_every_place_is_given_back(trader: Client, moments: list[datetime]):
    trader.raise_request_exception = False
    for path in (PAGE, "/fixtures/99/", "/") * 5:
        trader.get(address(moments[0], path))
    places = 0
    while PLACES.acquire(blocking=False):
        places += 1
    try:
        answer = trader.get(address(moments[0]))
        assert (answer.status_code, answer["Retry-After"]) == (503, "5")
        assert trader.get(PAGE).status_code == 200
    finally:
        PLACES.release(places)
    assert places == 4
    assert trader.get(address(moments[0])).status_code == 200
