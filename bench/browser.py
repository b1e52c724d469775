"""Chromium on a busy desk: `python -m bench browser`. 500 fixtures, 40 of them in play, 300 messages a second.

For five minutes one page of the board stands open while on another a trader uses every control of every page, again and
again. Browser, web process, two consumers, supplier, PostgreSQL, Redis and RabbitMQ share this machine's cores.
"""

import os
import re
import sys
import time
from collections.abc import Sequence
from typing import Any

from playwright.sync_api import Browser, BrowserContext, sync_playwright

from exam.processes import CHROMIUM
from tests.board_load import Load, running_load
from tests.control_tour import ELSEWHERE, tour
from tests.watched_page import Watched, is_within

from .scratch import new_postgresql
from .side_by_side import row

REDIS_URL = os.environ.get("REDIS_TEST_URL", "redis://127.0.0.1:6379/15")
AMQP_URL = os.environ.get("AMQP_TEST_URL", "amqp://guest:guest@127.0.0.1:5672/%2F")
SECONDS = float(os.environ.get("BROWSER_SECONDS", "300"))
#: What is left after a collection in a page that has stood for half of the time is what the end is compared with.
WARM_SECONDS = SECONDS / 2
LONGEST_TASK_MS, LAYOUT_SHIFT, GROWTH = 200, 0.02, 1.2
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"]


def run() -> list[dict[str, Any]]:
    """A row for each thing that a busy board must not do, and one for how busy it was."""
    with new_postgresql() as url, running_load(url, REDIS_URL, AMQP_URL) as load, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        stored, begun = stored_messages(load), time.monotonic()
        standing, touring, memory = watched_for(SECONDS, browser, load)
        rate = (stored_messages(load) - stored) / (time.monotonic() - begun)
        tabs = load.tabs()
        browser.close()
    return rows(standing, touring, memory, rate, tabs)


def watched_for(seconds: float, browser: Browser, load: Load) -> tuple[Watched, Watched, list[dict[str, float]]]:
    """The page that stands, the page on which all is used, and the former's memory once it was warm and later."""
    until = time.monotonic() + seconds
    warm_at = until - seconds + WARM_SECONDS
    standing = Watched(signed_in(browser, load).new_page())
    standing.open(load.address)
    touring = Watched(signed_in(browser, load).new_page())
    memory: list[dict[str, float]] = []
    while time.monotonic() < until:
        for _part in tour(touring, load.address):
            standing.rest(0.5)
            if time.monotonic() > warm_at:
                memory.append(standing.memory())
            if time.monotonic() > until:
                break
    return standing, touring, memory


def signed_in(browser: Browser, load: Load) -> BrowserContext:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, color_scheme="dark", locale="en-GB")
    context.add_cookies([{"name": name, "value": value, "url": load.address} for name, value in load.cookies.items()])
    return context


def stored_messages(load: Load) -> int:
    """How many messages the consumers say that they have taken."""
    progress = [re.findall(r"([\d,]+) messages", load.desk.log(process)) for process in load.consumers]
    return sum(int(numbers[-1].replace(",", "")) for numbers in progress if numbers)


def rows(
    standing: Watched, touring: Watched, memory: list[dict[str, float]], rate: float, tabs: dict[str, int]
) -> list[dict[str, Any]]:
    both = (standing, touring)
    unused = [name for name in touring.unused() if name not in ELSEWHERE]
    complaints = [complaint for page in both for complaint in page.complaints]
    lost = [where for page in both for where in page.noted["lost"]]
    print(*unused, *complaints, *lost, *worst(both), sep="\n", file=sys.stderr)
    warm, last = memory[0], memory[-1]
    jumps = 1000 * max(page.layout_shift("/") for page in both)
    return [
        row("fixtures on the board", "fixtures", tabs["all"], goal=">= 500", holds=tabs["all"] >= 500),
        row("of them in play", "fixtures", tabs["in_play"], goal=">= 40", holds=tabs["in_play"] >= 40),
        row("stored while they were watched", "messages/s", rate, goal=">= 270", holds=rate >= 270),
        at_most("console errors and warnings", "", len(complaints), 0),
        at_most("losses of focus", "", len(lost), 0),
        at_most(f"of {len(touring.present)} controls not used", "", len(unused), 0),
        at_most("longest task", "ms", max(page.longest_task() for page in both), LONGEST_TASK_MS),
        at_most("layout shift of the board (CLS x 1,000)", "", jumps, LAYOUT_SHIFT * 1000),
        grown("the board's JavaScript, warm and at the end", "MB", warm["mb"], last["mb"]),
        grown("its nodes", "nodes", warm["nodes"], last["nodes"]),
        grown("its listeners", "listeners", warm["listeners"], last["listeners"]),
    ]


def worst(pages: Sequence[Watched]) -> list[list[Any]]:
    """The longest tasks with their frames, and the greatest jumps: [document, ms since it began, ms or shift, what]."""
    long = [task for page in pages for task in page.long_tasks() if task[2] > LONGEST_TASK_MS]
    frames = [frame for page in pages for frame in page.noted["frame"] if any(is_within(task, frame) for task in long)]
    jumps = [jump for page in pages for jump in page.noted["shift"] if LAYOUT_SHIFT / 4 < jump[2] < 1]
    return [*long, *frames, *jumps]


def at_most(what: str, unit: str, ours: float, goal: float) -> dict[str, Any]:
    return row(what, unit, ours, goal=f"<= {goal:g}", holds=ours <= goal)


def grown(what: str, unit: str, warm: float, last: float) -> dict[str, Any]:
    return row(what, unit, last, warm, last / warm, f"<= {GROWTH}", last <= GROWTH * warm)
