"""What a page that follows by its socket shows and reports, in Chromium, with real processes behind it."""

import json
import os
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

import pytest
from playwright.sync_api import Page, WebSocket

from tests.conftest import missing, new_database
from tests.example_programs import RunningFollower
from tests.live_desk import FINISHED, IN_PLAY, NOT_STARTED, LiveDesk, OwnRedis, live_desk
from tests.proxy import Proxy

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]
#: LIVE_CUTS=20 and LIVE_HIDDEN_SECONDS=600 for what the desk promises.
CUTS = int(os.environ.get("LIVE_CUTS", "3"))
HIDDEN_SECONDS = float(os.environ.get("LIVE_HIDDEN_SECONDS", "3"))
CUT_SECONDS, BACK_WITHIN_SECONDS, RESTARTED_WITHIN_SECONDS = 2.0, 3.0, 5.0
BETWEEN_FRAMES_MS = 1500
fixture_ids = count(1001)
leagues = count(9001)
#: The page's main part, or that of another document, without what a browser adds by itself as time goes by.
MAIN = """(html) => {
  const from = html ? new DOMParser().parseFromString(html, "text/html") : document;
  const isOurs = (name) => !name.startsWith("data-js-") && name !== "data-htmx-powered";
  const write = (node) => {
    if (node.nodeType === Node.TEXT_NODE) return node.nodeValue.replace(/\\s+/g, " ").trim();
    if (node.nodeType !== Node.ELEMENT_NODE || node.matches("button.news, [name=csrfmiddlewaretoken]")) return "";
    const names = node.getAttributeNames().filter(isOurs).sort();
    const inside = node.matches("time, .clock, .age") ? "" : [...node.childNodes].map(write).join("");
    return `\\n<${node.localName}${names.map((name) => ` ${name}="${node.getAttribute(name)}"`).join("")}>${inside}`;
  };
  return write(from.getElementById("main"));
}"""
HIDE = """(isHidden) => {
  Object.defineProperty(document, "hidden", { configurable: true, get: () => isHidden });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


@pytest.fixture(scope="module")
def running(redis_url: str, amqp_url: str) -> Iterator[LiveDesk]:
    with new_database() as url, live_desk(url, redis_url, amqp_url) as made:
        yield made


@pytest.fixture
def trader(page: Page, running: LiveDesk) -> Page:
    """A page of a trader who is signed in."""
    running.sign_in(page.context)
    return page


@pytest.fixture
def match(running: LiveDesk) -> int:
    """A fixture in play of this test alone, with a price of 2.10."""
    pk = next(fixture_ids)
    running.fixture(pk)
    running.price(pk, "2.1")
    return pk


def open_live(page: Page, address: str) -> None:
    """Open a page that will tell whether it was ever loaded again."""
    page.goto(address)
    page.wait_for_selector("#socket[data-state=live]", timeout=20_000)
    page.evaluate("window.isSamePage = true")


def wait_for_price(page: Page, pk: int, price: str, seconds: float = 10) -> None:
    page.wait_for_selector(f"#row-{pk} .px__price:has-text('{price}')", timeout=seconds * 1000)


def wait_until(page: Page, is_so: Callable[[], bool], seconds: float = 10) -> None:
    """Wait for what the browser's own events bring about."""
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, f"it did not come to pass within {seconds} s"
        page.wait_for_timeout(20)


def becomes_current(page: Page, running: LiveDesk, seconds: float) -> None:
    """The page says that it is live, and shows what a page that is opened now shows, within so many seconds."""
    deadline = time.monotonic() + seconds
    path = page.evaluate("location.pathname + location.search")
    while True:
        fresh = page.evaluate(MAIN, running.get(path).text)
        shown = page.evaluate(MAIN, None)
        if shown == fresh and page.evaluate("document.documentElement.dataset.link") == "live":
            break
        if time.monotonic() > deadline:
            assert shown == fresh
            assert page.evaluate("document.documentElement.dataset.link") == "live"
        page.wait_for_timeout(20)
    assert page.evaluate("window.isSamePage")


def reported_paints(page: Page) -> list[float]:
    """Milliseconds that the page says its frames took, filled as its acknowledgements leave."""
    paints: list[float] = []

    def listen(socket: WebSocket) -> None:
        socket.on("framesent", lambda text: paints.extend(json.loads(text).get("paint", [])))

    page.on("websocket", listen)
    return paints


def test_a_frame_is_reported_as_painted_from_its_own_coming(trader: Page, running: LiveDesk, match: int):
    paints = reported_paints(trader)
    open_live(trader, running.address)
    wait_for_price(trader, match, "2.10")
    for price in ("2.2", "2.3", "2.4"):
        trader.wait_for_timeout(BETWEEN_FRAMES_MS)
        running.price(match, price)
        wait_for_price(trader, match, f"{price}0")
    wait_until(trader, lambda: len(paints) >= 3)
    assert max(paints) < BETWEEN_FRAMES_MS / 2


class Stir:
    """Changes of a few fixtures: prices mostly, scores, now and then one that begins or ends."""

    def __init__(self, running: LiveDesk, league: int, rng: Random) -> None:
        self.running, self.league, self.rng = running, league, rng
        self.fixtures = [next(fixture_ids) for _ in range(6)]
        for pk in self.fixtures:
            running.fixture(pk, league=league)
            running.price(pk, "2.1")

    def once(self) -> None:
        pk, kind = self.rng.choice(self.fixtures), self.rng.random()
        if kind < 0.7:
            market, name = self.rng.choice(((1, "1X2"), (2, "Under/Over"), (52, "12")))
            self.running.price(pk, f"{self.rng.uniform(1.2, 9):.2f}", market=market, name=name)
        elif kind < 0.9:
            self.running.score(pk, self.rng.randrange(9), self.rng.randrange(9))
        else:
            self.running.fixture(pk, self.rng.choice((NOT_STARTED, IN_PLAY, FINISHED)), league=self.league)

    def go_on(self, page: Page, seconds: float) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self.once()
            page.wait_for_timeout(40)


@pytest.mark.parametrize("lose", [Proxy.cut, Proxy.hold], ids=["ends connections", "swallows all"])
def test_after_each_loss_of_the_network_page_and_program_are_current_within_3_seconds(
    trader: Page, running: LiveDesk, lose: Callable[[Proxy], None]
):
    rng = Random(20)
    league = next(leagues)
    stir = Stir(running, league, rng)
    open_live(trader, f"{running.address}/?league={league}")
    took = []
    with RunningFollower(running.stream, running.token, leagues=[league]) as program:
        for _ in range(CUTS):
            stir.go_on(trader, rng.uniform(0.1, 1.5))
            lose(running.way)
            stir.go_on(trader, CUT_SECONDS)
            running.way.mend()
            back = time.monotonic()
            becomes_current(trader, running, BACK_WITHIN_SECONDS)
            took.append(round(time.monotonic() - back, 2))
            snapshot = running.get(f"/api/v1/fixtures/?league={league}").json()["fixtures"]
            expected = {state["id"]: state for state in snapshot}
            wait_until(trader, lambda e=expected: program.states() == e, back + BACK_WITHIN_SECONDS - time.monotonic())  # type: ignore[misc]
    assert max(took) < BACK_WITHIN_SECONDS


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGKILL], ids=["as planned", "killed"])
def test_after_a_restart_of_the_web_process_the_page_is_current_within_5_seconds(
    trader: Page, running: LiveDesk, end: int
):
    league = next(leagues)
    stir = Stir(running, league, Random(end))
    open_live(trader, f"{running.address}/?league={league}")
    stir.go_on(trader, 0.5)
    running.restart_web(end)
    stir.go_on(trader, 0.5)
    becomes_current(trader, running, RESTARTED_WITHIN_SECONDS)


def test_while_redis_restarts_the_page_follows_by_the_sweep(page: Page, amqp_url: str, tmp_path: Path):
    if (server := shutil.which("redis-server")) is None:
        missing("redis-server")
    own = OwnRedis(server, tmp_path)
    try:
        with new_database() as url, live_desk(url, own.url, amqp_url) as running:
            running.sign_in(page.context)
            league = next(leagues)
            stir = Stir(running, league, Random(1))
            open_live(page, f"{running.address}/?league={league}")
            stir.go_on(page, 0.5)
            own.stop()
            stir.go_on(page, 3)
            becomes_current(page, running, RESTARTED_WITHIN_SECONDS)
            own.start()
            stir.go_on(page, 1)
            becomes_current(page, running, RESTARTED_WITHIN_SECONDS)
    finally:
        own.stop()


def test_a_page_in_the_background_costs_nothing_and_comes_back_current(trader: Page, running: LiveDesk):
    league = next(leagues)
    stir = Stir(running, league, Random(3))
    open_live(trader, f"{running.address}/?league={league}")
    stir.go_on(trader, 0.5)
    trader.evaluate(HIDE, True)
    tab = trader.context.new_cdp_session(trader)
    tab.send("Page.setWebLifecycleState", {"state": "frozen"})
    until = time.monotonic() + HIDDEN_SECONDS
    while time.monotonic() < until:
        stir.once()
        time.sleep(min(0.5, HIDDEN_SECONDS / 10))
    tab.send("Page.setWebLifecycleState", {"state": "active"})
    trader.evaluate(HIDE, False)
    becomes_current(trader, running, RESTARTED_WITHIN_SECONDS)


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
