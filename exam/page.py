"""Fixture pages in Chromium, sampled five times a second from within: what is painted, the page's own veil included."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Browser, Page, sync_playwright

from .processes import CHROMIUM
from .sample import View
from .truth import Key

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"]
#: So tall that every market is on the screen: what is not is not followed.
WINDOW = {"width": 1920, "height": 8000}
EVERY_MS = 200
#: Notes [epoch ms, address of the bet's history, price | "" | null] whenever a cell looks otherwise than before. A
#: price looks open where its cell says so and the page's veil, as the styles paint it, does not lie over it.
SAMPLE = """
(every) => {
  window.views = [];
  window.lookedAt = 0;
  let shown = new Map();
  const veiled = (cell) => {
    const price = cell.querySelector(".px__price");
    return document.documentElement.dataset.link === "lost" && getComputedStyle(price).textDecorationLine !== "none";
  };
  const sample = () => {
    const at = Date.now();
    const now = new Map();
    const cells = document.querySelectorAll("[data-topic]:not([data-js-unseen]) td.px[data-history]");
    const first = [...cells].find((cell) => cell.matches(".px--open"));
    const isVeiled = first !== undefined && veiled(first);
    for (const cell of cells) {
      const isOpen = cell.matches(".px--open") && !isVeiled;
      now.set(cell.dataset.history, isOpen ? cell.querySelector(".px__price").textContent : "");
    }
    for (const [key, text] of now) if (shown.get(key) !== text) window.views.push([at, key, text]);
    for (const key of shown.keys()) if (!now.has(key)) window.views.push([at, key, null]);
    [shown, window.lookedAt] = [now, at];
  };
  sample();
  setInterval(sample, every);
}
"""


class SampledPage:
    """A fixture's page. `views` grows with each `drain`; `until` is when it was last sampled."""

    def __init__(self, page: Page, name: str, address: str) -> None:
        self.page = page
        self.name = name
        self.views: list[View] = []
        self.until = 0.0
        page.goto(address)
        page.wait_for_selector("#socket[data-state=live]", timeout=60_000)
        page.wait_for_selector("td.px[data-history]", timeout=60_000)
        page.evaluate(SAMPLE, EVERY_MS)

    def drain(self) -> None:
        """Fetch what was seen since the last time."""
        views, until = self.page.evaluate("() => [window.views.splice(0), window.lookedAt]")
        self.views += (View(at / 1000, key_of(history), text) for at, history, text in views)
        self.until = until / 1000


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


def sampled_page(browser: Browser, address: str, path: str, cookies: Mapping[str, str]) -> SampledPage:
    """The page of somebody who is signed in, live, and sampled from now on."""
    context = browser.new_context(viewport=WINDOW, locale="en-GB")  # type: ignore[arg-type]
    given: list[Any] = [{"name": name, "value": value, "url": address} for name, value in cookies.items()]
    context.add_cookies(given)
    return SampledPage(context.new_page(), f"page {path}", address + path)


def key_of(history: str) -> Key:
    """The bet that `/fixtures/7/history/?market=1&outcome=1&line=&provider=8` leads to."""
    parts = urlsplit(history)
    query = {name: values[0] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
    fixture = int(parts.path.split("/")[2])
    return Key(fixture, int(query["market"]), int(query["provider"]), query["outcome"], query["line"])
