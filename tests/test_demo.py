"""The demo: one command, one process, a live page; and what it says when it cannot start."""

import contextlib
import re
import signal
import socket
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import ConsoleMessage, Page

from exam.processes import Desk, collected_static, free_port, until

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def demo() -> Iterator[tuple[Desk, str]]:
    """A running demo and its address."""
    with tempfile.TemporaryDirectory(prefix="desk-demo-") as folder:
        desk, port = Desk(Path(folder)), free_port()
        (desk.folder / "static").symlink_to(collected_static())
        process = desk.start("manage.py", "demo", "--port", str(port))
        yield desk, desk.wait_for(process, f"http://127.0.0.1:{port}")
        desk.close()


@pytest.fixture
def complaints(page: Page) -> list[str]:
    """All that the browser complains of: errors, refused resources, missing files."""
    found: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            found.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: found.append(str(error)))
    page.on("response", lambda answer: answer.status >= 400 and found.append(f"{answer.status} {answer.url}"))
    return found


def test_it_prints_where_it_is_and_who_may_sign_in(demo: tuple[Desk, str]):
    desk, address = demo
    printed = desk.log(desk.started[0])
    assert f"{address}/" in printed
    assert "demo-trader" in printed
    assert "/admin/" in printed


def test_scores_and_prices_change_on_an_open_board_without_a_reload(
    demo: tuple[Desk, str], page: Page, complaints: list[str]
):
    page.goto(demo[1])
    page.wait_for_selector("#socket[data-state=live]")
    page.wait_for_selector(".row .px--open")
    page.evaluate("window.sameDocument = true")
    for what in (".c-score", ".px__price"):
        before = page.evaluate(TEXTS, what)
        page.wait_for_function(f"([what, before]) => ({TEXTS})(what) !== before", arg=[what, before], timeout=15_000)
    assert page.evaluate("window.sameDocument")
    assert complaints == []


TEXTS = "(what) => [...document.querySelectorAll(what)].map((element) => element.innerText).join('|')"


def test_a_fixture_page_opens_from_the_board(demo: tuple[Desk, str], page: Page, complaints: list[str]):
    page.goto(demo[1])
    page.locator(".row .c-fixture a").first.click()
    page.wait_for_selector("#socket[data-state=live]")
    assert page.locator(".scoreboard").count() == 1
    assert page.locator(".market").count() > 0
    assert complaints == []


def test_a_fault_that_is_started_on_the_suppliers_page_reaches_the_desk(demo: tuple[Desk, str]):
    desk, _ = demo
    faults = re.search(r"http://127\.0\.0\.1:\d+/faults", desk.log(desk.started[0]))
    assert faults is not None
    assert "Faults of the simulated supplier" in httpx.get(faults[0], trust_env=False).text
    for switch in ("start", "stop"):
        answer = httpx.post(f"{faults[0]}/{switch}", data={"fault": "garbage"}, trust_env=False)
        assert answer.status_code == 303
        until(lambda: rejected(desk), what="a rejected message")


def rejected(desk: Desk) -> int:
    with contextlib.closing(sqlite3.connect(desk.folder / "desk.sqlite3")) as database:
        return int(database.execute("SELECT count(*) FROM feed_rejectedmessage").fetchone()[0])


def test_a_page_whose_server_is_gone_says_so_and_nothing_on_it_looks_tradable(page: Page):
    with tempfile.TemporaryDirectory(prefix="desk-demo-") as folder:
        desk, port = Desk(Path(folder)), free_port()
        (desk.folder / "static").symlink_to(collected_static())
        process = desk.start("manage.py", "demo", "--port", str(port), "--fixtures", "12")
        page.goto(desk.wait_for(process, f"http://127.0.0.1:{port}"))
        page.wait_for_selector("#socket[data-state=live]")
        desk.close()
        page.wait_for_selector("html[data-link=lost]")
        assert re.search(r"Not connected since \d\d:\d\d:\d\d", page.inner_text("#socket"))


@pytest.fixture
def stopped(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path)
    yield desk
    desk.close()


def test_ctrl_c_ends_it_within_three_seconds(stopped: Desk):
    (stopped.folder / "static").symlink_to(collected_static())
    port = free_port()
    process = stopped.start("manage.py", "demo", "--port", str(port))
    stopped.wait_for(process, f"http://127.0.0.1:{port}")
    until(lambda: "Ctrl-C" in stopped.log(process))
    begun = time.monotonic()
    process.send_signal(signal.SIGINT)
    process.wait(10)
    assert time.monotonic() - begun < 3
    assert "Traceback" not in stopped.log(process)


def test_a_port_that_is_taken_gets_one_plain_line(stopped: Desk):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        output = stopped.run("demo", "--port", str(taken.getsockname()[1]), code=1)
    assert re.fullmatch(
        r"CommandError: Port \d+ cannot be used \(Address already in use\)\. Choose another.*\n", output
    )


@pytest.mark.parametrize("by", ["DATABASE_URL", "DATABASE_URL_FILE"])
def test_it_refuses_a_database_that_was_named_for_something_else(stopped: Desk, by: str):
    url = f"sqlite:///{stopped.folder}/production.sqlite3"
    (stopped.folder / "url").write_text(url)
    stopped.env[by] = url if by == "DATABASE_URL" else f"{stopped.folder}/url"
    printed = stopped.run("demo", "--port", str(free_port()), code=1)
    assert printed.startswith("CommandError: DATABASE_URL is set, and the demo writes invented fixtures.")
    with contextlib.closing(sqlite3.connect(stopped.folder / "production.sqlite3")) as database:
        assert database.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)


def test_it_refuses_a_database_with_a_real_feed(stopped: Desk):
    stopped.migrate()
    create = "from feed.models import FeedSource; FeedSource.objects.create(name='North', kind='queue')"
    stopped.run("shell", "--verbosity", "0", "--command", create)
    printed = stopped.run("demo", "--port", str(free_port()), code=1)
    assert "desk.sqlite3 has a real feed, North, and the demo writes invented fixtures." in printed
    assert "Traceback" not in printed


def test_without_collected_static_files_it_says_what_to_do_instead_of_serving_pages_that_fail(stopped: Desk):
    printed = stopped.run("demo", "--port", str(free_port()), code=1)
    assert "has no collected styles and scripts. `make run` collects them" in printed


def test_a_fault_that_is_none_is_said_so(stopped: Desk):
    assert "'fire' is no fault: there are silence," in stopped.run("demo", "--fault", "fire", code=1)


@pytest.mark.parametrize("address", ["0.0.0.0", "192.0.2.1", "::"])  # noqa: S104 - it must refuse them
def test_it_refuses_to_listen_where_others_could_reach_it(stopped: Desk, address: str):
    output = stopped.run("demo", "--bind", address, code=1)
    assert "listens on loopback only" in output
    assert "Traceback" not in output
