"""Lists on a live page: matches and markets that come and go, rows that wait for the pointer, a page that is paused."""

# ruff: noqa: F811 - fixtures are imported, and are arguments of the same names

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.live_desk import FINISHED, IN_PLAY, NOT_STARTED, LiveDesk
from tests.live_pages import (  # noqa: F401 - fixtures
    becomes_current,
    fixture_ids,
    leagues,
    match,
    open_live,
    running,
    trader,
    wait_for_price,
)

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


def row_on(page: Page, pk: int) -> Any:
    return page.locator(f"#row-{pk}")


def test_a_match_appears_begins_and_ends_on_every_board_that_shows_it(trader: Page, running: LiveDesk):
    league, other = next(leagues), next(leagues)
    boards = {}
    for words in ("show=upcoming", "show=in_play", "show=finished", "show=all"):
        boards[words] = trader.context.new_page()
        open_live(boards[words], f"{running.address}/?{words}&league={league}")
    filtered = trader.context.new_page()
    open_live(filtered, f"{running.address}/?league={other}")
    pk = next(fixture_ids)
    for status, words in ((NOT_STARTED, "show=upcoming"), (IN_PLAY, "show=in_play"), (FINISHED, "show=finished")):
        running.fixture(pk, status, league=league)
        for board, page in boards.items():
            row_on(page, pk).wait_for(state="visible" if board in (words, "show=all") else "detached", timeout=10_000)
        page = boards["show=all"]
        page.wait_for_selector(
            f".section--{words.removeprefix('show=')} #row-{pk}[data-version]:not([data-version=''])"
        )
    assert row_on(filtered, pk).count() == 0
    for page in (*boards.values(), filtered):
        assert page.evaluate("window.isSamePage")
        page.close()


def test_a_new_market_appears_on_the_page_of_its_match(trader: Page, running: LiveDesk, match: int):
    open_live(trader, running.address)
    wait_for_price(trader, match, "2.10")
    open_live(trader, f"{running.address}/fixtures/{match}/")
    running.price(match, "1.87", market=2, name="Under/Over")
    trader.wait_for_selector(f"#market-{match}-2 .px__price:has-text('1.87')", timeout=10_000)
    becomes_current(trader, running, 5)


def test_rows_wait_while_the_pointer_is_among_them_and_a_bar_says_for_what(trader: Page, running: LiveDesk):
    league = next(leagues)
    here, new = next(fixture_ids), next(fixture_ids)
    running.fixture(here, league=league)
    open_live(trader, f"{running.address}/?league={league}")
    row_on(trader, here).wait_for(timeout=10_000)
    row_on(trader, here).hover()
    running.fixture(new, league=league)
    bar = trader.locator("button.news")
    bar.wait_for(state="visible", timeout=10_000)
    assert bar.inner_text() == "1 new"
    assert row_on(trader, new).count() == 0
    bar.click()
    row_on(trader, new).wait_for(timeout=5000)
    assert bar.is_hidden()


def test_a_paused_page_keeps_its_lists_and_shows_them_when_it_goes_on(trader: Page, running: LiveDesk):
    league = next(leagues)
    here, new = next(fixture_ids), next(fixture_ids)
    running.fixture(here, league=league)
    running.price(here, "2.1")
    open_live(trader, f"{running.address}/?league={league}")
    wait_for_price(trader, here, "2.10")
    trader.locator("#pause").click()
    running.fixture(new, league=league)
    running.price(here, "2.6")
    trader.wait_for_function("document.getElementById('pause-text').innerText.includes('waiting')", timeout=10_000)
    trader.locator("button.news").wait_for(state="visible", timeout=10_000)
    assert row_on(trader, new).count() == 0
    trader.locator("#pause").click()
    row_on(trader, new).wait_for(timeout=5000)
    wait_for_price(trader, here, "2.60")
    becomes_current(trader, running, 5)


def test_markets_that_a_request_brought_late_are_brought_up_to_date(trader: Page, running: LiveDesk, match: int):
    open_live(trader, running.address)
    wait_for_price(trader, match, "2.10")
    open_live(trader, f"{running.address}/fixtures/{match}/")
    price = f"#market-{match}-1 .px__price"

    def late(route: Any) -> None:
        """What the desk answered before the price changed comes after the socket has told of it."""
        answer = route.fetch()
        running.price(match, "2.7")
        trader.wait_for_selector(f"{price}:has-text('2.70')", timeout=10_000)
        route.fulfill(response=answer)

    trader.route("**/markets/?*", late)
    trader.locator("#search").fill("1x2")
    trader.wait_for_selector("#group-found", timeout=10_000)
    trader.wait_for_selector(f"{price}:has-text('2.70')", timeout=5000)


def test_a_page_that_the_browser_kept_aside_is_loaded_anew(trader: Page, running: LiveDesk):
    open_live(trader, running.address)
    with trader.expect_navigation():
        trader.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    trader.wait_for_selector("#socket[data-state=live]", timeout=20_000)


def test_a_frame_that_cannot_be_shown_is_told_and_comes_again(trader: Page, running: LiveDesk, match: int):
    open_live(trader, running.address)
    wait_for_price(trader, match, "2.10")
    trader.evaluate("""() => {
      const swap = htmx.swap;
      htmx.swap = () => { htmx.swap = swap; throw new Error("no room"); };
    }""")
    running.price(match, "2.9")
    trader.wait_for_selector("#socket[data-state=lost]:has-text('could not be shown')", timeout=10_000)
    wait_for_price(trader, match, "2.90")
    trader.wait_for_selector("#socket[data-state=live]", timeout=10_000)
