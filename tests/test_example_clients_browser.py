"""The example clients as they are: the Python one as a process, the other in Chromium, through a cut and a restart."""

import signal
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any

import pytest
from playwright.sync_api import Page

from exam.processes import until
from exam.program import EXAMPLE
from tests.conftest import new_database
from tests.example_programs import RunningFollower
from tests.followers import example
from tests.live_desk import LiveDesk, live_desk
from tests.no_websockets import Cutter, Way

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]
fixture_ids = count(7001)
FOUND_WITHIN_MS = 10_000
#: A clock that goes twenty times as fast.
HURRIES = "const now = performance.now.bind(performance); performance.now = () => 20 * now();"
STATES = "JSON.stringify(Object.fromEntries(follower.states))"


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Nobody reads it."""


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[str]:
    """Where docs/examples is served, at another origin than the desk's."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(EXAMPLE.parent)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def running(migrated_template: str, redis_url: str, amqp_url: str, elsewhere: str) -> Iterator[LiveDesk]:
    """A desk whose API pages from elsewhere may ask."""
    with new_database(migrated_template) as url, live_desk(url, redis_url, amqp_url, API_ORIGINS=elsewhere) as made:
        yield made


@pytest.fixture
def match(running: LiveDesk) -> int:
    pk = next(fixture_ids)
    running.fixture(pk)
    running.price(pk, "2.1")
    return pk


def test_the_python_client_prints_what_happens_through_a_restart_and_a_cut(running: LiveDesk, match: int):
    running.made.env["DESK_TOKEN"] = running.token
    process = running.made.start(str(EXAMPLE), running.stream, "--fixtures", str(match))
    printed = partial(running.made.log, process)
    until(lambda: '"type": "current"' in printed(), 20, "the first snapshot")
    for n, happens in enumerate((lambda: None, lambda: running.restart_web(signal.SIGTERM), lambda: cut(running)), 2):
        happens()
        running.price(match, f"{n}.5")
        until(lambda n=n: printed().count(f"{match} at ") >= n - 1, 20, f"change {n}")  # type: ignore[misc]
    assert process.poll() is None


def cut(running: LiveDesk) -> None:
    running.proxy.cut()
    running.proxy.restore()


def test_the_python_client_says_why_it_ends(running: LiveDesk):
    running.made.env["DESK_TOKEN"] = "desk_wrong"
    process = running.made.start(str(EXAMPLE), running.stream)
    assert process.wait(20) == 1
    assert "Send a valid token" in running.made.log(process)


def test_the_browsers_client_has_what_rest_has_through_a_cut(page: Page, running: LiveDesk, elsewhere: str, match: int):
    page.goto(f"{elsewhere}/stream_client.html?url={running.stream}#{running.token}")
    page.wait_for_selector("#state:text('Current')", timeout=20_000)
    has_all = f"(expected) => {STATES} === JSON.stringify(expected)"
    page.wait_for_selector(f"td:text('Home {match} v Away {match}')")
    for home, happens in enumerate((lambda: None, lambda: cut(running)), 1):
        happens()
        running.score(match, home, 0)
        until(lambda home=home: state(running, match)["scoreboard"]["scores"]["1"] == str(home))  # type: ignore[misc]
        page.wait_for_selector(f"td:text('{home} : 0')", timeout=10_000)
        by_rest = {fixture["id"]: fixture for fixture in running.get("/api/v1/fixtures/?limit=100").json()["fixtures"]}
        page.wait_for_function(has_all, arg=by_rest, timeout=10_000)


def state(running: LiveDesk, pk: int) -> dict[str, Any]:
    """The fixture's state, with a scoreboard even before it has one."""
    answer: dict[str, Any] = running.get(f"/api/v1/fixtures/{pk}/").json()
    return {**answer, "scoreboard": answer["scoreboard"] or {"scores": {"1": ""}}}


def test_both_clients_are_behind_within_10_s_when_the_desk_stands_still(page: Page, running: LiveDesk, elsewhere: str):
    with RunningFollower(running.stream, running.token) as program:
        page.goto(f"{elsewhere}/stream_client.html?url={running.stream}#{running.token}")
        page.wait_for_selector("#state:text('Current')", timeout=20_000)
        until(lambda: program.follower.is_current)
        running.web.send_signal(signal.SIGSTOP)
        try:
            page.wait_for_selector("#state:text('Behind')", timeout=FOUND_WITHIN_MS)
            until(lambda: not program.follower.is_current, 2)
        finally:
            running.web.send_signal(signal.SIGCONT)
        page.wait_for_function("follower.isCurrent && !follower.isPolling", timeout=15_000)
        until(lambda: program.follower.is_current and not program.follower.is_polling, 15)


WAYS = [Way.DEAF, Way.SWALLOWED, Way.CUT, Way.REFUSED]


@pytest.mark.parametrize("way", WAYS, ids=[way.value for way in WAYS])
def test_both_clients_poll_within_10_s_where_websockets_do_not_pass(
    page: Page, running: LiveDesk, elsewhere: str, match: int, way: Way
):
    with Cutter(running.direct, way) as proxy:
        stream = running.stream.replace(running.address.removeprefix("http"), proxy.url.removeprefix("http"))
        with RunningFollower(stream, running.token, fixtures=[match]) as program:
            page.goto(f"{elsewhere}/stream_client.html?url={stream}#{running.token}")
            page.wait_for_selector("#state:text('Current')", timeout=FOUND_WITHIN_MS)
            until(lambda: program.follower.is_current, FOUND_WITHIN_MS / 1000)
            assert program.follower.is_polling
            assert page.evaluate("follower.isPolling")
            running.score(match, 1, 0)
            page.wait_for_selector(f"tr:has-text('Home {match} v') td:text('1 : 0')", timeout=FOUND_WITHIN_MS)
            until(lambda: program.states()[match]["scoreboard"]["scores"] == {"1": "1", "2": "0"}, 10)
            assert program.states() == {match: state(running, match)}


def test_both_clients_follow_by_a_websocket_again_once_one_passes(
    page: Page, running: LiveDesk, elsewhere: str, match: int, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(example, "FIRST_TRY_SECONDS", 1.0)
    page.add_init_script(HURRIES)
    with Cutter(running.direct, Way.REFUSED) as proxy:
        stream = running.stream.replace(running.address.removeprefix("http"), proxy.url.removeprefix("http"))
        with RunningFollower(stream, running.token, fixtures=[match]) as program:
            page.goto(f"{elsewhere}/stream_client.html?url={stream}#{running.token}")
            page.wait_for_function("follower.isPolling", timeout=FOUND_WITHIN_MS)
            until(lambda: program.follower.is_polling, FOUND_WITHIN_MS / 1000)
            proxy.way = Way.PASSES
            page.wait_for_function("!follower.isPolling && follower.isCurrent", timeout=2 * FOUND_WITHIN_MS)
            until(lambda: program.follower.is_current and not program.follower.is_polling, 20)
            running.score(match, 2, 0)
            page.wait_for_selector(f"tr:has-text('Home {match} v') td:text('2 : 0')", timeout=FOUND_WITHIN_MS)
            until(lambda: program.states()[match]["scoreboard"]["scores"] == {"1": "2", "2": "0"}, 10)


def test_both_clients_notice_within_10_s_that_a_websocket_has_fallen_silent_and_poll(
    page: Page, running: LiveDesk, elsewhere: str, match: int
):
    with Cutter(running.direct, Way.MUTED) as proxy:
        stream = running.stream.replace(running.address.removeprefix("http"), proxy.url.removeprefix("http"))
        with RunningFollower(stream, running.token, fixtures=[match]) as program:
            page.goto(f"{elsewhere}/stream_client.html?url={stream}#{running.token}")
            page.wait_for_function("follower.isCurrent", timeout=20_000)
            until(lambda: program.follower.is_current)
            proxy.mute()
            page.wait_for_function("!follower.isCurrent || follower.isPolling", timeout=FOUND_WITHIN_MS)
            until(lambda: program.follower.is_polling and program.follower.is_current, 4)
            page.wait_for_function("follower.isCurrent && follower.isPolling", timeout=4_000)


def test_a_poll_that_is_refused_ends_the_clients(page: Page, running: LiveDesk, elsewhere: str):
    with Cutter(running.direct, Way.REFUSED) as proxy:
        stream = running.stream.replace(running.address.removeprefix("http"), proxy.url.removeprefix("http"))
        page.goto(f"{elsewhere}/stream_client.html?url={stream}#desk_wrong")
        page.wait_for_selector("#state:has-text('token')", timeout=20_000)
        running.made.env["DESK_TOKEN"] = "desk_wrong"
        process = running.made.start(str(EXAMPLE), stream)
        assert process.wait(20) == 1
        assert "401" in running.made.log(process)


def test_the_browsers_client_says_why_it_ends(page: Page, running: LiveDesk, elsewhere: str):
    page.goto(f"{elsewhere}/stream_client.html?url={running.stream}#desk_wrong")
    page.wait_for_selector("#state:has-text('Send a valid token')", timeout=20_000)
