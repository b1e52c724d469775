"""The watchers of a rolling restart: a board in Chromium, a program on the stream, and one that polls REST."""

import json
import ssl
import subprocess
import threading
import time
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import httpx
from playwright.sync_api import Browser

from exam.page import WINDOW
from exam.rig import NAME, PASSWORD

EVERY_SECONDS = 0.2
#: Notes [epoch ms, "fixture/provider/bet", price | "" | null] whenever a price on the board changes, even where
#: something covers it ("" for a price that is not open, null for a cell that is gone), and [epoch ms, the feed's state,
#: the page's link] whenever either of the two changes.
SAMPLE = """
(every) => {
  [window.views, window.lines, window.lookedAt] = [[], [], 0];
  let [shown, line] = [new Map(), ""];
  const sample = () => {
    const [at, now] = [Date.now(), new Map()];
    for (const cell of document.querySelectorAll("tr[data-topic^='row:']:not([data-js-unseen]) td.px[data-bet]")) {
      const fixture = cell.closest("tr").dataset.topic.slice(4).split("?")[0];
      const price = cell.matches(".px--open") ? cell.querySelector(".px__price").textContent : "";
      now.set(`${fixture}/${cell.dataset.bet}`, price);
    }
    for (const [key, text] of now) if (shown.get(key) !== text) window.views.push([at, key, text]);
    for (const key of shown.keys()) if (!now.has(key)) window.views.push([at, key, null]);
    const states = [document.getElementById("feed").dataset.state, document.getElementById("socket").dataset.state];
    if (states.join() !== line) window.lines.push([at, ...states]);
    [shown, line, window.lookedAt] = [now, states.join(), at];
  };
  sample();
  setInterval(sample, every);
}
"""


class Line(NamedTuple):
    """What a watcher read about the feed from `at` on; `link` is the state of its own connection then."""

    at: float
    state: str
    link: str = "live"


class Board:
    """The board of a trader who signed in through nginx."""

    def __init__(self, browser: Browser, address: str) -> None:
        context = browser.new_context(viewport=WINDOW, locale="en-GB", ignore_https_errors=True)  # type: ignore[arg-type]
        self.page = context.new_page()
        self.complaints: list[str] = []
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.goto(f"{address}/sign_in/")
        self.page.fill("[name=username]", NAME)
        self.page.fill("[name=password]", PASSWORD)
        self.page.press("[name=password]", "Enter")
        self.page.wait_for_selector("#socket[data-state=live]", timeout=60_000)
        self.page.wait_for_selector("#feed[data-state=up]", timeout=60_000)
        self.page.wait_for_selector("td.px--open[data-bet]", timeout=60_000)
        self.page.evaluate(SAMPLE, EVERY_SECONDS * 1000)

    def rest(self, seconds: float) -> None:
        self.page.wait_for_timeout(seconds * 1000)

    def seen(self) -> tuple[list[tuple[float, str, str | None]], list[Line], float]:
        """How prices were painted, what the page said about the feed, and when `SAMPLE` last ran."""
        views, lines, until = self.page.evaluate("() => [window.views, window.lines, window.lookedAt]")
        states = [Line(at / 1000, state, link) for at, state, link in lines]
        return [(at / 1000, key, text) for at, key, text in views], states, until / 1000


class StateRequests:
    """Asks REST for the feed's state five times a second; `refused` are the requests that failed."""

    def __init__(self, address: str, token: str, trusted: ssl.SSLContext) -> None:
        self.address = f"{address}/api/v1/feed/"
        self.client = httpx.Client(verify=trusted, headers={"Authorization": f"Bearer {token}"}, timeout=5)
        self.lines: list[Line] = []
        self.refused: list[str] = []
        self.longest = 0.0
        self.ending = threading.Event()
        self.thread = threading.Thread(target=self.run, name="asking", daemon=True)
        self.thread.start()

    def run(self) -> None:
        while not self.ending.wait(EVERY_SECONDS):
            begun = time.time()
            try:
                answer = self.client.get(self.address)
                answer.raise_for_status()
                self.lines.append(Line(time.time(), answer.json()["state"]))
            except httpx.HTTPError as error:
                self.refused.append(f"{begun:.1f}: {error!r}")
            self.longest = max(self.longest, time.time() - begun)

    def close(self) -> None:
        self.ending.set()
        self.thread.join()
        self.client.close()


class Program(NamedTuple):
    """What a program (`bench.rolling_program`) saw, and the bets that it held at the end, by their ids."""

    lines: list[Line]
    news: list[float]
    current: list[tuple[float, bool]]
    bets: dict[tuple[int, ...], tuple[int, str | None]]


def end_program(process: "subprocess.Popen[str]", log: Path) -> Program:
    process.terminate()
    process.wait(10)
    lines = [json.loads(line) for line in log.read_text().splitlines() if line.startswith("[")]
    of: dict[str, list[Any]] = {kind: [line[1:] for line in lines if line[0] == kind] for kind in KINDS}
    return Program(
        lines=[Line(at, state) for at, state in of["feed"]],
        news=[at for (at,) in of["news"]],
        current=[(at, is_current) for at, is_current in of["current"]],
        bets={tuple(ids): (status, price) for ids, status, price in of["bet"]},
    )


#: The kinds of line that a program prints.
KINDS = ("feed", "news", "current", "bet")


def not_up(lines: Sequence[Line], begin: float, end: float) -> list[tuple[str, float]]:
    """The states other than UP, with their seconds. What a watcher read last before `begin` still holds after it."""
    assert lines, "nobody read anything"
    ends = [one.at for one in lines[1:]] + [end]
    spans = [(one.state, min(until, end) - max(one.at, begin)) for one, until in zip(lines, ends, strict=True)]
    return [(state, seconds) for state, seconds in spans if state != "up" and seconds > 0]


def longest_gap(moments: Iterable[float], begin: float, end: float) -> float:
    """The longest time between two neighbouring moments, or between one of them and an end of the window."""
    within = [begin, *(at for at in moments if begin <= at <= end), end]
    return max(after - before for before, after in pairwise(within))
