"""Every condition that closes a price: from the message to the page, to REST, to a program that merges changes."""

from datetime import timedelta
from typing import Any

import lxml.html
import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feed.alerts.watch import AlertWatch
from feed.live.programs.state import Contents
from feed.models import AlertRule, ProviderMarket
from feed.vouching.reasons import Reason
from tests.closing import (
    ABANDONED,
    BOOKMAKER,
    CLOSING,
    FINISHED,
    INTERRUPTED,
    LOST_COVERAGE,
    MARKET,
    OTHER_MARKET,
    Feed,
    numbers,
)
from tests.rows import make_trader
from tests.told import Program, fresh, known

pytestmark = pytest.mark.django_db


@pytest.fixture
def feed() -> Feed:
    return Feed()


@pytest.fixture
def trader(client: Client) -> Client:
    client.force_login(make_trader())
    return client


def cell(trader: Client) -> Any:
    """The page's first price at the first bookmaker."""
    page = lxml.html.fromstring(trader.get("/fixtures/7/").content)
    return page.get_element_by_id("market-7-1").xpath('.//td[contains(@class, "px ")]')[0]


def test_with_nothing_against_it_a_price_is_open_everywhere(feed: Feed, trader: Client):
    assert Program().bet["open"] is True
    assert Program().bet["closed_because"] == []
    rest = trader.get("/api/v1/fixtures/7/").json()
    assert rest["markets"]["1"]["providers"]["8"]["bets"]["1080"]["open"] is True
    assert "px--open" in cell(trader).get("class")


def test_everything_that_can_close_a_price_is_tried_here_and_in_the_browser():
    assert {why for _, reasons in CLOSING.values() for why in reasons} == set(Reason)


@pytest.mark.parametrize("name", CLOSING)
def test_what_closes_a_price_closes_it_everywhere_and_says_so(feed: Feed, trader: Client, name: str):
    happen, reasons = CLOSING[name]
    program = Program()
    before = trader.get("/api/v1/fixtures/7/")
    assert program.bet["open"] is True
    happen(feed)
    program.take()
    assert (program.bet["open"], program.bet["closed_because"]) == (False, reasons)
    rest = trader.get("/api/v1/fixtures/7/", headers={"If-None-Match": before["ETag"]}).json()
    assert rest["markets"]["1"]["providers"]["8"]["bets"]["1080"]["closed_because"] == reasons
    price = cell(trader)
    assert "px--open" not in price.get("class")
    assert "px--best" not in price.get("class")
    words = price.xpath('.//span[@class="hidden"]')[0].text_content()
    assert words
    assert price.get("data-tip").endswith(words)


def test_a_market_of_which_nothing_is_open_says_why_at_its_head(feed: Feed, trader: Client):
    feed.state_market(2)
    page = lxml.html.fromstring(trader.get("/fixtures/7/").content)
    assert "Suspended" in page.get_element_by_id("market-7-1").xpath(".//header")[0].text_content()
    assert "Suspended" not in page.get_element_by_id("market-7-2").xpath(".//header")[0].text_content()


def test_a_fixture_that_is_over_says_so_above_all_of_its_markets(feed: Feed, trader: Client):
    def head() -> str:
        page = lxml.html.fromstring(trader.get("/fixtures/7/").content)
        return "".join(page.get_element_by_id("markets-7").xpath('./p/span[contains(@class, "tag")]/text()'))

    assert head() == ""
    feed.describe(ABANDONED)
    assert head() == "Closed: the fixture is over (abandoned)"


def test_a_market_that_is_suspended_as_a_whole_raises_an_alert(feed: Feed):
    watch, later = AlertWatch(timezone.now()), timedelta(seconds=61)
    rule = {"name": "Shut", "kind": "suspended", "seconds": 60, "repeat_seconds": 300, "made_at": timezone.now()}
    AlertRule.objects.create(user=User.objects.create_user("eve"), **rule)
    watch.check(timezone.now())
    feed.offer(MARKET, "2.1")
    watch.check(timezone.now())
    feed.state_market(2)
    watch.check(timezone.now())
    assert [alert.text for alert in watch.check(timezone.now() + later)] == ["1X2 has been suspended for 60 s"]


def test_a_price_in_a_suspended_market_raises_none(feed: Feed):
    watch = AlertWatch(timezone.now())
    rule = {"name": "Two", "kind": "price_passes", "amount": 2, "repeat_seconds": 300, "made_at": timezone.now()}
    AlertRule.objects.create(user=User.objects.create_user("eve"), **rule)
    watch.check(timezone.now())
    feed.offer(MARKET, "1.9")
    watch.check(timezone.now())
    feed.state_market(2)
    feed.offer(MARKET, "2.1")
    assert watch.check(timezone.now()) == []
    feed.state_market(1)
    feed.offer(MARKET, "2.2")
    assert watch.check(timezone.now())


def test_the_board_says_why_too(feed: Feed, trader: Client):
    feed.describe(INTERRUPTED)
    row = lxml.html.fromstring(trader.get("/").content).get_element_by_id("row-7")
    prices = row.xpath('.//td[contains(@class, "px--suspended")]')
    assert prices
    assert "not being played" in prices[0].text_content()
    assert not row.xpath('.//td[contains(@class, "px--best")]')


def test_a_suspended_market_is_sent_with_its_bets_alone(feed: Feed):
    program = Program()
    feed.state_market(2)
    change = program.take()
    assert set(change["markets"]) == {"1"}
    bets = change["markets"]["1"]["providers"]["8"]["bets"]
    assert bets["1080"] == {"open": False, "closed_because": ["market_suspended"]}


def test_a_moved_price_is_sent_without_the_other_bets(feed: Feed):
    program = Program()
    feed.move("2.2")
    change = program.take()
    assert [len(book["bets"]) for book in change["markets"]["1"]["providers"].values()] == [1]


def test_who_follows_scores_is_not_sent_what_closes_prices(feed: Feed):
    program = Program(contents=Contents(prices=False))
    feed.stand("late")
    assert program.take() == {}


STEPS = {
    "move": lambda feed, n: feed.move(f"{2 + n / 100}"),
    "offer": lambda feed, n: feed.offer(OTHER_MARKET, f"{2 + n / 100}", 1 + n % 3),
    "market": lambda feed, n: feed.state_market(1 + n % 3),
    "provider": lambda feed, n: feed.state_provider(1 + n % 3),
    "fixture": lambda feed, n: feed.describe((2, 2, FINISHED, INTERRUPTED)[n % 4]),
    "score": lambda feed, n: feed.score((2, 2, FINISHED, LOST_COVERAGE)[n % 4]),
    "source": lambda feed, n: feed.stand(("up", "late", "down", "off", "recovering")[n % 5]),
    "nothing": lambda feed, n: None,
}
steps = st.lists(st.tuples(st.sampled_from(sorted(STEPS)), st.integers(0, 59), st.booleans()), min_size=1, max_size=8)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps)
def test_who_merges_every_change_has_what_a_new_snapshot_has(happenings: list[tuple[str, int, bool]]):
    fixture_id = 1000 + next(numbers)
    feed = Feed(fixture_id)
    program, one_market = Program(fixture_id), Program(fixture_id, Contents(markets=(MARKET,)))
    for name, number, is_taken in happenings:
        STEPS[name](feed, number)
        if is_taken:
            for follower in (program, one_market):
                follower.take()
                assert known(follower.state) == known(fresh(fixture_id, follower.topic.contents))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps, st.booleans())
def test_who_comes_back_with_what_it_had_is_brought_to_the_same(
    happenings: list[tuple[str, int, bool]], says_vouching: bool
):
    fixture_id = 1000 + next(numbers)
    feed, program = Feed(fixture_id), Program(fixture_id)
    for name, number, _ in happenings:
        STEPS[name](feed, number)
    word = f" {program.state['vouching']}" if says_vouching else ""
    program.version = f"{program.state['revision']}{word}"
    program.take()
    assert known(program.state) == known(fresh(fixture_id))


def test_provider_markets_are_stored_as_they_are_stated(feed: Feed):
    feed.state_provider(2)
    assert ProviderMarket.objects.get(market_id=MARKET, provider_id=BOOKMAKER).status == 2
