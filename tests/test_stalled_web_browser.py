"""A web process whose database or Redis takes everything and answers nothing: pages and programs say so in 10 s."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest
from playwright.sync_api import Page

from exam.processes import Desk, until
from exam.proxy import Proxy
from tests.broker import Broker
from tests.conftest import new_database
from tests.example_programs import RunningFollower
from tests.live_desk import LiveDesk

pytestmark = [pytest.mark.browser, pytest.mark.postgresql, pytest.mark.redis, pytest.mark.timeout(180)]

NOTICED_SECONDS = 10.0
MATCH = 7
QUIET = {"FEED_LAG_SECONDS": "36000", "FEED_LATE_SECONDS": "36000", "FEED_DOWN_SECONDS": "36000"}


class WebBehindProxies(Desk):
    """A desk of which only the web process reaches the database and Redis through proxies: `web` are its addresses."""

    web: dict[str, str]

    def serve(self, port: int | None = None) -> str:
        own = self.env
        self.env = {**own, **self.web}
        try:
            return super().serve(port)
        finally:
            self.env = own


class Stalling(NamedTuple):
    """A running desk and the ways of its web process to the database and to Redis."""

    desk: LiveDesk
    database: Proxy
    redis: Proxy


@pytest.fixture
def stalling(migrated_template: str, redis_url: str, amqp_url: str, tmp_path: Path) -> Iterator[Stalling]:
    broker = Broker(amqp_url)
    with new_database(migrated_template) as url, Proxy(url) as database, Proxy(redis_url) as redis:
        settings = {"REDIS_PREFIX": tmp_path.name, "AMQP_URL": amqp_url, "AMQP_QUEUE": broker.queue}
        made = WebBehindProxies(tmp_path, DATABASE_URL=url, REDIS_URL=redis_url, **settings, **QUIET)
        made.web = {"DATABASE_URL": database.url, "REDIS_URL": redis.url}
        try:
            desk = LiveDesk(made, broker)
            with desk.proxy:
                yield Stalling(desk, database, redis)
        finally:
            database.restore()
            redis.restore()
            made.close()
            broker.close()


def within(seconds: float, is_so: Callable[[], object], what: str) -> float:
    """After how many seconds it was so, at most that many."""
    begun = time.monotonic()
    until(is_so, seconds, what)
    return time.monotonic() - begun


def test_a_database_that_answers_nothing_is_noticed_by_pages_and_programs(page: Page, stalling: Stalling) -> None:
    desk = stalling.desk
    desk.fixture(MATCH)
    desk.price(MATCH, "2.1")
    desk.sign_in(page.context)
    with RunningFollower(desk.stream, desk.token) as program:
        until(lambda: MATCH in program.states(), 20, "the state")
        page.goto(f"{desk.address}/fixtures/{MATCH}/")
        page.wait_for_selector("#socket[data-state=live]", timeout=20_000)
        assert httpx.get(f"{desk.direct}/readyz", timeout=30).status_code == 200

        stalling.database.hold()
        begun = time.monotonic()
        within(NOTICED_SECONDS, lambda: not program.states(), "a program that clears what it has")
        left = NOTICED_SECONDS - (time.monotonic() - begun)
        page.wait_for_selector("html[data-link=lost]", timeout=left * 1000)
        assert httpx.get(f"{desk.direct}/readyz", timeout=30).status_code == 503
        desk.price(MATCH, "3.3")

        stalling.database.restore()
        within(30, lambda: MATCH in program.states(), "the program's recovery")
        page.wait_for_selector("html[data-link=live]", timeout=30_000)
        page.wait_for_selector(".px--open:has-text('3.30')", timeout=10_000)


def test_a_redis_that_answers_nothing_costs_a_sweep_and_nothing_is_lost(page: Page, stalling: Stalling) -> None:
    desk = stalling.desk
    desk.fixture(MATCH)
    desk.price(MATCH, "2.1")
    desk.sign_in(page.context)
    path = f"{desk.direct}/api/v1/fixtures/{MATCH}/"
    until(lambda: httpx.get(path, cookies=desk.cookies).status_code == 200, 20, "the fixture")
    page.goto(f"{desk.address}/fixtures/{MATCH}/")
    page.wait_for_selector(".px--open:has-text('2.10')", timeout=20_000)
    stalling.redis.hold()
    for price in ("2.2", "2.3", "2.4"):
        desk.price(MATCH, price)
        page.wait_for_selector(f".px--open:has-text('{price}0')", timeout=NOTICED_SECONDS * 1000)
    assert page.locator("html[data-link=live]").count() == 1
    assert httpx.get(f"{desk.direct}/readyz", timeout=30).status_code == 200
