"""What a page that follows by its socket shows and reports, in Chromium, with real processes behind it."""

# ruff: noqa: F811 - fixtures are imported, and are arguments of the same names

import json
import os
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from statistics import median

import pytest
from playwright.sync_api import Page, WebSocket

from exam.proxy import Proxy
from tests.conftest import missing, new_database
from tests.example_programs import RunningFollower
from tests.live_desk import LiveDesk, OwnRedis, live_desk
from tests.live_pages import (  # noqa: F401 - fixtures
    BETWEEN_FRAMES_MS,
    Changes,
    becomes_current,
    leagues,
    match,
    open_live,
    running,
    trader,
    wait_for_price,
    wait_until,
)

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]
#: The desk's promise is tried with LIVE_CUTS=20 and LIVE_HIDDEN_SECONDS=600.
NETWORK_CUTS = int(os.environ.get("LIVE_CUTS", "3"))
HIDDEN_SECONDS = float(os.environ.get("LIVE_HIDDEN_SECONDS", "3"))
CUT_SECONDS, BACK_WITHIN_SECONDS, RESTARTED_WITHIN_SECONDS = 2.0, 3.0, 5.0
#: What a single cut may take on a machine that something else slows for a moment.
PATIENCE_SECONDS = 8.0
HIDE = """(isHidden) => {
  Object.defineProperty(document, "hidden", { configurable: true, get: () => isHidden });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


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


@pytest.mark.parametrize("lose", [Proxy.cut, Proxy.hold], ids=["ends connections", "swallows all"])
def test_after_each_loss_of_the_network_page_and_program_are_current_within_3_seconds(
    trader: Page, running: LiveDesk, lose: Callable[[Proxy], None]
):
    rng = Random(20)
    league = next(leagues)
    changes = Changes(running, league, rng)
    open_live(trader, f"{running.address}/?league={league}")
    seconds = []
    with RunningFollower(running.stream, running.token, leagues=[league]) as program:
        for _ in range(NETWORK_CUTS):
            changes.run_for(trader, rng.uniform(0.1, 1.5))
            lose(running.proxy)
            changes.run_for(trader, CUT_SECONDS)
            running.proxy.restore()
            back = time.monotonic()
            becomes_current(trader, running, PATIENCE_SECONDS)
            seconds.append(round(time.monotonic() - back, 2))
            snapshot = running.get(f"/api/v1/fixtures/?league={league}").json()["fixtures"]
            states = {state["id"]: state for state in snapshot}
            wait_until(trader, lambda e=states: program.states() == e, PATIENCE_SECONDS)  # type: ignore[misc]
    assert median(seconds) < BACK_WITHIN_SECONDS, seconds


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGKILL], ids=["as planned", "killed"])
def test_after_a_restart_of_the_web_process_the_page_is_current_within_5_seconds(
    trader: Page, running: LiveDesk, end: int
):
    league = next(leagues)
    changes = Changes(running, league, Random(end))
    open_live(trader, f"{running.address}/?league={league}")
    changes.run_for(trader, 0.5)
    running.restart_web(end)
    changes.run_for(trader, 0.5)
    becomes_current(trader, running, RESTARTED_WITHIN_SECONDS)


def test_while_redis_restarts_the_page_follows_by_the_sweep(
    page: Page, migrated_template: str, amqp_url: str, tmp_path: Path
):
    if (server := shutil.which("redis-server")) is None:
        missing("redis-server")
    own = OwnRedis(server, tmp_path)
    try:
        with new_database(migrated_template) as url, live_desk(url, own.url, amqp_url) as running:
            running.sign_in(page.context)
            league = next(leagues)
            changes = Changes(running, league, Random(1))
            open_live(page, f"{running.address}/?league={league}")
            changes.run_for(page, 0.5)
            own.stop()
            changes.run_for(page, 3)
            becomes_current(page, running, RESTARTED_WITHIN_SECONDS)
            own.start()
            changes.run_for(page, 1)
            becomes_current(page, running, RESTARTED_WITHIN_SECONDS)
    finally:
        own.stop()


def test_a_page_in_the_background_costs_nothing_and_comes_back_current(trader: Page, running: LiveDesk):
    league = next(leagues)
    changes = Changes(running, league, Random(3))
    open_live(trader, f"{running.address}/?league={league}")
    changes.run_for(trader, 0.5)
    trader.evaluate(HIDE, True)
    tab = trader.context.new_cdp_session(trader)
    tab.send("Page.setWebLifecycleState", {"state": "frozen"})
    until = time.monotonic() + HIDDEN_SECONDS
    while time.monotonic() < until:
        changes.make_one()
        time.sleep(min(0.5, HIDDEN_SECONDS / 10))
    tab.send("Page.setWebLifecycleState", {"state": "active"})
    trader.evaluate(HIDE, False)
    becomes_current(trader, running, RESTARTED_WITHIN_SECONDS)
