"""Behind proxies that websockets do not pass, pages follow by polling, and by a websocket once one passes."""

# ruff: noqa: F811 - fixtures are imported, and are arguments of the same names

import signal
from contextlib import ExitStack
from random import Random

import pytest
from playwright.sync_api import Page

from tests.live_desk import LiveDesk
from tests.live_pages import (  # noqa: F401 - fixtures
    Changes,
    becomes_current,
    leagues,
    match,
    open_live,
    running,
    trader,
    wait_for_price,
)
from tests.no_websockets import Cutter, Way

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
FOUND_WITHIN_MS = 10_000
#: What a change takes by the next poll, and by another way after a loss, on a machine that does other things.
PATIENCE_SECONDS = 10.0
#: Steps of 6 s that a websocket has to last before a page trusts it whose websockets were cut.
HELD_STEPS = 5
WATCH_BADGE = """
window.badgeTexts = [];
const badge = document.getElementById("socket");
const note = () => window.badgeTexts.push(`${badge.dataset.state}: ${badge.textContent}`);
new MutationObserver(note).observe(badge, { attributes: true, childList: true, characterData: true, subtree: true });
"""


def test_however_websockets_are_cut_pages_find_out_within_10_seconds(trader: Page, running: LiveDesk, match: int):
    with ExitStack() as stack:
        pages = []
        for way in (Way.DEAF, Way.SWALLOWED, Way.CUT, Way.REFUSED):
            page = trader.context.new_page()
            page.goto(stack.enter_context(Cutter(running.direct, way)).url)
            pages.append(page)
        for page in pages:
            page.wait_for_selector("#socket[data-state=live]", timeout=FOUND_WITHIN_MS)
            assert page.inner_text("#socket") == "Live by polling"
        running.price(match, "3.3")
        for page in pages:
            wait_for_price(page, match, "3.30")
            page.close()


def test_a_page_that_polls_shows_what_a_new_one_shows_also_after_a_loss_of_the_network(trader: Page, running: LiveDesk):
    league = next(leagues)
    changes = Changes(running, league, Random(7))
    with Cutter(running.direct, Way.CUT) as cutter:
        open_live(trader, f"{cutter.url}/?league={league}")
        changes.run_for(trader, 2)
        becomes_current(trader, running, PATIENCE_SECONDS)
        cutter.cut()
        trader.wait_for_selector("#socket[data-state=lost]", timeout=PATIENCE_SECONDS * 1000)
        changes.run_for(trader, 1)
        cutter.restore()
        becomes_current(trader, running, PATIENCE_SECONDS)
        assert trader.inner_text("#socket") == "Live by polling"


def test_a_page_that_polls_tries_a_websocket_now_and_then(trader: Page, running: LiveDesk, match: int):
    trader.clock.install()
    with Cutter(running.direct, Way.CUT) as cutter:
        open_live(trader, cutter.url)
        assert trader.inner_text("#socket") == "Live by polling"
        cutter.way = Way.PASSES
        for price in ("3.1", "3.2", "3.3", "3.4"):  # the clock may not pass the 9 s after which a page gives up
            running.price(match, price)
            wait_for_price(trader, match, f"{price}0")
            trader.clock.fast_forward(6_000)
        trader.wait_for_selector("#socket:text-is('Live')", timeout=PATIENCE_SECONDS * 1000)
        running.price(match, "4.4")
        wait_for_price(trader, match, "4.40")


def test_a_page_whose_websockets_are_cut_after_seconds_polls_and_stays_with_it(
    trader: Page, running: LiveDesk, match: int
):
    with Cutter(running.direct, Way.BRIEF) as cutter:
        open_live(trader, cutter.url)
        trader.wait_for_selector("#socket:text-is('Live by polling')", timeout=3 * FOUND_WITHIN_MS)
        trader.evaluate(WATCH_BADGE)
        for cents in range(10, 90, 5):
            running.price(match, f"3.{cents}")
            wait_for_price(trader, match, f"3.{cents}")
        assert set(trader.evaluate("window.badgeTexts")) <= {"live: Live by polling"}


def test_a_page_whose_websocket_falls_silent_later_notices_within_10_seconds_and_polls(
    trader: Page, running: LiveDesk, match: int
):
    with Cutter(running.direct, Way.MUTED) as cutter:
        open_live(trader, cutter.url)
        assert trader.inner_text("#socket") == "Live"
        cutter.mute()
        trader.wait_for_selector("#socket[data-state=lost]", timeout=FOUND_WITHIN_MS)
        trader.wait_for_selector("#socket:text-is('Live by polling')", timeout=2_000)
        running.price(match, "3.3")
        wait_for_price(trader, match, "3.30")


def test_a_page_whose_desk_stood_still_follows_by_a_websocket_again(trader: Page, running: LiveDesk, match: int):
    open_live(trader, running.address)
    running.web.send_signal(signal.SIGSTOP)
    try:
        trader.wait_for_selector("#socket[data-state=lost]", timeout=FOUND_WITHIN_MS)
    finally:
        running.web.send_signal(signal.SIGCONT)
    trader.wait_for_selector("#socket:text-is('Live')", timeout=2 * FOUND_WITHIN_MS)
    running.price(match, "3.4")
    wait_for_price(trader, match, "3.40")


def test_once_such_websockets_last_the_page_follows_by_one_again(trader: Page, running: LiveDesk, match: int):
    trader.clock.install()
    with Cutter(running.direct, Way.BRIEF) as cutter:
        open_live(trader, cutter.url)
        trader.wait_for_selector("#socket:text-is('Live by polling')", timeout=3 * FOUND_WITHIN_MS)
        cutter.way = Way.PASSES
        texts = []
        for cents in range(10, 35):
            running.price(match, f"3.{cents}")
            wait_for_price(trader, match, f"3.{cents}")
            texts.append(trader.inner_text("#socket"))
            if texts[-1] == "Live":
                break
            trader.clock.fast_forward(6_000)
        assert texts[-1] == "Live"
        assert len(texts) > HELD_STEPS
