"""Movers, the outrights' tree and a race as they were, each marked as the past, with the feed's line of that moment."""

# ruff: noqa: F811 - tests ask for the fixtures that are imported

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from feed.models import FeedSource, Fixture
from feed.store import Received, store_batch
from feed.store.sources import record_source

from .received import FIXTURE, a_source, at, bet, fixture_message, livescore_message, market_message
from .test_past_pages import PAGE, address, html, no_pasts, trader  # noqa: F401 - fixtures
from .test_store_outrights import race, runners, scored

pytestmark = pytest.mark.usefixtures("either_database")


@pytest.fixture
def source() -> FeedSource:
    """One that is up, and has no heartbeat to be silent with."""
    row = a_source()
    FeedSource.objects.update(state="up", state_since=at(-60), has_heartbeat=False)
    row.refresh_from_db()
    return row


def stored(source: FeedSource, *messages: Received) -> datetime:
    """Received now; when it was stored."""
    store_batch(source, [Received(message=message.message, received_at=timezone.now()) for message in messages])
    stored_at = Fixture.objects.get(pk=FIXTURE).stored_at
    assert stored_at is not None
    return stored_at


def price(text: str, sent: float, **fields: Any) -> Received:
    return market_message(bet(1, text, sent, start_price=Decimal("2.0"), **fields), sent=sent, provider=8)


@pytest.fixture
def moments(source: FeedSource) -> list[datetime]:
    """When each was stored: a match in play at 2.00, 1.25, and a goal."""
    match = fixture_message(0, start_date=timezone.now(), status=2), livescore_message(1, "0", "0")
    return [
        stored(source, *match, price("2.0", 1)),
        stored(source, price("1.25", 2)),
        stored(source, livescore_message(3, "1", "0")),
    ]


def test_movers_are_those_of_the_moment(trader: Client, moments: list[datetime]):
    before, moved, _ = (html(trader, address(moment, "/movers/?goals")) for moment in moments)
    assert ("+30.0" in before, "+30.0" in moved) == (False, True)
    assert f'href="{address(moments[1])}"' in moved, "a move leads to the fixture as it was"
    for page in (before, moved):
        assert "data-past" in page
        assert "every 5s" not in page
        assert "fixtures by start" in page
    assert "every 5s" in html(trader, "/movers/?goals")


def test_a_goal_that_came_later_explains_no_move(trader: Client, moments: list[datetime]):
    assert "+30.0" in html(trader, address(moments[1], "/movers/"))
    assert "+30.0" not in html(trader, address(moments[2], "/movers/"))


def test_movers_of_the_past_are_not_shared_with_the_present(trader: Client, moments: list[datetime]):
    html(trader, address(moments[0], "/movers/?goals"))
    assert "+30.0" in html(trader, "/movers/?goals")


@pytest.fixture
def races(source: FeedSource) -> list[datetime]:
    """When each was stored: a race that has not begun, and its result."""
    begins = timezone.now() + timedelta(minutes=5)
    return [
        stored(source, race(0, fixture=runners(fixture_name="Race 7", start_date=begins))),
        stored(source, race(5, outright_score=scored(r101="1"))),
    ]


def test_the_tree_has_the_outrights_as_they_were(trader: Client, races: list[datetime]):
    first, last = (html(trader, address(moment, "/competitions/")) for moment in races)
    assert ("Dock Park" in first, "Race 7" in first) == (True, True)
    assert ("Not started" in first, "Not started" in last) == (True, False)
    assert f'href="{address(races[0])}"' in first
    assert "data-past" in first and "data-socket" not in first  # noqa: PT018
    none = html(trader, address(races[0] - timedelta(seconds=1), "/competitions/"))
    assert "Race 7" not in none


def test_a_race_is_as_it_was(trader: Client, races: list[datetime]):
    first, last = (html(trader, address(moment)) for moment in races)
    assert "Runner 1" in first
    assert ("Not started" in first, "Not started" in last) == (True, False)
    assert 'id="player"' in first


def test_the_health_page_shows_how_the_feeds_stood_and_says_what_is_not_kept(trader: Client, moments: list[datetime]):
    source = FeedSource.objects.get()
    FeedSource.objects.update(state="down", state_since=timezone.now(), state_reason="The broker is gone.")
    record_source(source.pk)
    before, after = (html(trader, address(at, "/health/")) for at in (moments[2], timezone.now()))
    assert ('data-state="up"' in before, 'data-state="down"' in before) == (True, False)
    assert 'data-state="down"' in after
    for page in (before, after):
        assert "data-past" in page
        assert "every 5s" not in page
        assert "The past of nothing else on this page is stored" in page
        assert "Messages a minute" in page
    assert "The broker is gone" not in after, "stored reasons are for operators"


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/attention/", "What needed attention at that moment is not recorded"),
        ("/alerts/", "How rules stood at that moment is not recorded."),
    ],
)
def test_a_page_that_has_no_past_says_so(trader: Client, moments: list[datetime], path: str, words: str):
    page = html(trader, address(moments[0], path))
    assert words in page
    assert "data-past" in page
    assert f'href="{path}"' in page
    assert trader.get(address(timezone.now() + timedelta(hours=1), path)).status_code == 404


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/at/2026-02-29T10:00:00/", "2026-02-29T10:00:00 is no moment: there is no such day or time"),
        (f"/at/2016-12-31T23:59:60{PAGE}", "is no moment: there is no such day or time"),
        (f"/at/yesterday{PAGE}", "yesterday is no moment: a moment is written like 2026-11-26T20:14:03.250Z"),
        ("/at/2026-11-26T20:14:03/shift/", "There is no such page of the past."),
        (f"/at/2026-11-26T20:14:03{PAGE}beside/?day=2026-11-26&time=25:00", "is no moment: there is no such day"),
        ("/at/?day=2026-11-26&time=25:00", "2026-11-26T25:00 is no moment"),
        (f"/at/2026-11-26T20:14:03/fixtures/{2**63}/beside/2026-11-26T20:15/", "LSports has not sent a fixture"),
    ],
)
def test_what_cannot_be_found_in_the_past_is_said_in_words(trader: Client, path: str, words: str):
    answer = trader.get(path)
    assert answer.status_code == 404
    assert words in answer.content.decode()


@pytest.mark.parametrize("path", ["/", PAGE, "/movers/", "/competitions/", "/health/"])
def test_each_page_says_how_the_feed_stood_and_that_it_was_then(trader: Client, moments: list[datetime], path: str):
    then = html(trader, address(moments[0], path))
    assert "Then:" in then and 'id="feed"' in then  # noqa: PT018
    assert "Then:" not in html(trader, path)


@pytest.mark.parametrize("path", ["/movers/", "/competitions/"])
def test_its_pages_lead_to_each_other_and_not_to_what_has_no_past(trader: Client, moments: list[datetime], path: str):
    then = html(trader, address(moments[0], path))
    for name in ("/", "/movers/", "/competitions/"):
        assert f'href="{address(moments[0], name)}"' in then
    assert 'href="/alerts/"' not in then
    assert f'class="past__live" href="{path}"' in then
    assert trader.get(address(timezone.now() + timedelta(hours=1), path)).status_code == 404
