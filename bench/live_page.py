"""One page in Chromium, and when each version of each of its parts was on the screen."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Page, sync_playwright

from .worker import serve

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"]
WINDOW = {"width": 1920, "height": 1080}
#: Notes [topic, version, epoch ms] after the paint that follows a change of a part: live.js reads the clock there too.
WATCH = """
() => {
  window.paints = [];
  let fresh = new Map();
  const afterPaint = () => requestAnimationFrame(() => setTimeout(() => {
    const now = performance.timeOrigin + performance.now();
    for (const [topic, version] of fresh) window.paints.push([topic, version, now]);
    fresh = new Map();
  }));
  const note = (element) => {
    if (!element.dataset?.topic) return;
    if (!fresh.size) afterPaint();
    fresh.set(element.dataset.topic, element.dataset.version);
  };
  new MutationObserver((records) => {
    for (const record of records) {
      if (record.type === "attributes") note(record.target);
      else record.addedNodes.forEach(note);
    }
  }).observe(document.body, { subtree: true, childList: true, attributeFilter: ["data-version"] });
}
"""
SHOWN = '() => [...document.querySelectorAll("[data-topic]:not([data-js-unseen])")].map((part) => part.dataset.topic)'


@contextmanager
def opened() -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser.new_page(viewport=WINDOW)
        browser.close()


class Browser:
    """The commands that this process is sent."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def open(self, address: str, cookie: str) -> list[str]:
        """Open the page, wait until it is live; the topics that can be seen on it."""
        name, _, value = cookie.partition("=")
        self.page.context.add_cookies([{"name": name, "value": value, "url": address}])
        self.page.goto(address)
        self.page.wait_for_selector("#socket[data-state=live]", timeout=30_000)
        self.page.evaluate(WATCH)
        shown: list[str] = self.page.evaluate(SHOWN)
        return shown

    def paints(self) -> list[tuple[str, str, float]]:
        """Topic, version and epoch ms of each paint since the last time it was asked."""
        return self.page.evaluate("() => window.paints.splice(0)")


def main() -> None:
    with opened() as page:
        browser = Browser(page)
        actions: dict[str, Any] = {"open": browser.open, "paints": browser.paints}
        serve(actions)


if __name__ == "__main__":
    main()
