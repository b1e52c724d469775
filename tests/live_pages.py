"""A whole desk, a trader who is signed in, and a page of theirs that follows it."""

import time
from collections.abc import Callable, Iterator
from difflib import unified_diff
from itertools import count
from random import Random

import pytest
from playwright.sync_api import Page

from tests.conftest import new_database
from tests.live_desk import FINISHED, IN_PLAY, NOT_STARTED, LiveDesk, live_desk

BETWEEN_FRAMES_MS = 1500
fixture_ids = count(1001)
leagues = count(9001)


@pytest.fixture(scope="module")
def running(migrated_template: str, redis_url: str, amqp_url: str) -> Iterator[LiveDesk]:
    with new_database(migrated_template) as url, live_desk(url, redis_url, amqp_url) as made:
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
    """Open a page, marked so that a reload would show."""
    page.goto(address)
    page.wait_for_selector("#socket[data-state=live]", timeout=20_000)
    page.evaluate("window.isSamePage = true")


def wait_for_price(page: Page, pk: int, price: str, seconds: float = 10) -> None:
    page.wait_for_selector(f"#row-{pk} .px__price:has-text('{price}')", timeout=seconds * 1000)


def wait_until(page: Page, is_so: Callable[[], bool], seconds: float = 10) -> None:
    """Wait for something that events of the browser cause."""
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, f"it did not happen within {seconds} s"
        page.wait_for_timeout(20)


class Changes:
    """Changes of a few fixtures: mostly prices, some scores, now and then a start or an end."""

    def __init__(self, running: LiveDesk, league: int, rng: Random) -> None:
        self.running, self.league, self.rng = running, league, rng
        self.fixtures = [next(fixture_ids) for _ in range(6)]
        for pk in self.fixtures:
            running.fixture(pk, league=league)
            running.price(pk, "2.1")

    def make_one(self) -> None:
        pk, kind = self.rng.choice(self.fixtures), self.rng.random()
        if kind < 0.7:
            market, name = self.rng.choice(((1, "1X2"), (2, "Under/Over"), (52, "12")))
            self.running.price(pk, f"{self.rng.uniform(1.2, 9):.2f}", market=market, name=name)
        elif kind < 0.9:
            self.running.score(pk, self.rng.randrange(9), self.rng.randrange(9))
        else:
            self.running.fixture(pk, self.rng.choice((NOT_STARTED, IN_PLAY, FINISHED)), league=self.league)

    def run_for(self, page: Page, seconds: float) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self.make_one()
            page.wait_for_timeout(40)


#: The page's main part, or that of another document, without what a browser adds by itself as time goes by.
MAIN = """(html) => {
  const from = html ? new DOMParser().parseFromString(html, "text/html") : document;
  const isOurs = (name) => !name.startsWith("data-js-") && name !== "data-htmx-powered";
  const write = (node) => {
    if (node.nodeType === Node.TEXT_NODE) return node.nodeValue.replace(/\\s+/g, " ").trim();
    const isLeftOut = () => node.matches("button.news, .people, [type=time], [name=csrfmiddlewaretoken]");
    if (node.nodeType !== Node.ELEMENT_NODE || isLeftOut()) return "";
    const names = node.getAttributeNames().filter(isOurs).sort();
    const inside = node.matches("time, .clock, .age") ? "" : [...node.childNodes].map(write).join("");
    return `\\n<${node.localName}${names.map((name) => ` ${name}="${node.getAttribute(name)}"`).join("")}>${inside}`;
  };
  return write(from.getElementById("main"));
}"""


def becomes_current(page: Page, running: LiveDesk, seconds: float) -> None:
    """The page says that it is live, and shows what a page that is opened now shows, within so many seconds.

    Who looks at a fixture is left out, since processes report it only each 5 s; so is the time in a form.
    """
    deadline = time.monotonic() + seconds
    path = page.evaluate("location.pathname + location.search")
    while True:
        fresh = page.evaluate(MAIN, running.get(path).text)
        shown = page.evaluate(MAIN, None)
        if shown == fresh and page.evaluate("document.documentElement.dataset.link") == "live":
            break
        if time.monotonic() > deadline:
            assert shown == fresh, "\n".join(
                unified_diff(fresh.splitlines(), shown.splitlines(), "fresh", "shown", n=1)
            )
            assert page.evaluate("document.documentElement.dataset.link") == "live"
        page.wait_for_timeout(20)
    assert page.evaluate("window.isSamePage")
