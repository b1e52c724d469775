"""Operations in Chromium: a package added, switched on, snapshot and off, with real processes and the real broker."""

import re
import secrets
import subprocess
import sys
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import httpx
import pika
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Page, expect

from exam.processes import ROOT, Desk, desk, free_port, until

# A desk, a supplier and a browser begin with the test, on a machine that may be busy; the default guards short tests.
pytestmark = pytest.mark.timeout(180)
PASSWORD = "a long enough word"
MAKE_PEOPLE = """
from django.contrib.auth.models import Group, User
for role in ("trader", "operator"):
    User.objects.create_user(role, password="a long enough word").groups.add(Group.objects.get(name=role))
"""


class Supplier:
    """The simulated supplier as a process: a package of its own, published to the broker, switched over HTTP."""

    def __init__(self, made: Desk, amqp_url: str) -> None:
        broker = urlsplit(amqp_url)
        self.package_id = 500_000 + secrets.randbelow(400_000)
        self.user, self.password = broker.username or "guest", broker.password or "guest"
        self.host, self.port = broker.hostname or "", broker.port or 5672
        self.queues = [f"{feed}_{self.package_id}_" for feed in ("StmInPlay", "StmPreMatch")]
        self.amqp_url = amqp_url
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        package = f"{self.package_id}:{self.user}:{self.password}"
        process = made.start(
            "manage.py", "sandbox", "--amqp", amqp_url, "--amqp-vhost-as-is", "--http", f"127.0.0.1:{port}",
            "--package", package, "--start-inactive", "--fixtures", "12",
        )  # fmt: skip

        def answers() -> bool:
            assert process.poll() is None, made.log(process)
            try:
                return httpx.get(self.url).status_code == 200
            except httpx.TransportError:
                return False

        until(answers, 30, "the supplier")

    def delete_queues(self) -> None:
        with pika.BlockingConnection(pika.URLParameters(self.amqp_url)) as connection:
            for queue in self.queues:
                connection.channel().queue_delete(queue)


@pytest.fixture
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with desk() as made:
        made.run("shell", "--command", MAKE_PEOPLE)
        yield made


@pytest.fixture
def supplier(running: Desk, amqp_url: str) -> Iterator[Supplier]:
    made = Supplier(running, amqp_url)
    yield made
    running.close()
    made.delete_queues()


@pytest.fixture
def complaints(page: Page) -> list[str]:
    """What the browser complains of: errors, and each breach of the page's content policy."""
    found: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            found.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: found.append(str(error)))
    return found


def sign_in(page: Page, address: str, name: str, wanted: str) -> None:
    page.goto(address + wanted)
    page.fill("#id_username", name)
    page.fill("#id_password", PASSWORD)
    page.click("button:has-text('Sign in')")
    page.wait_for_url(address + wanted)


def add_package(page: Page, supplier: Supplier) -> None:
    page.click("text=Add package")
    page.fill("#id_name", "In-play")
    page.select_option("#id_product", "trade_in_play")
    page.fill("#id_package_id", str(supplier.package_id))
    page.fill("#id_user_name", supplier.user)
    page.fill("#id_new_password", supplier.password)
    for summary in page.locator("summary").all():
        summary.click()
    page.fill("#id_api_base", supplier.url)
    page.fill("#id_snapshot_base", supplier.url)
    page.fill("#id_amqp_host", supplier.host)
    page.fill("#id_amqp_port", str(supplier.port))
    page.fill("#id_virtual_hosts", "/")
    page.fill("#id_queue_name", "StmInPlay_{id}_")
    page.click("input[name=_continue]")


def activate_all(page: Page, address: str) -> str:
    """Activate from the list; returns the message. LSports takes the same call once in 5 s."""
    page.goto(f"{address}/admin/packages_admin/package/")
    page.check("#action-toggle")
    page.select_option("select[name=action]", "activate_selected")
    page.click("button[name=index]")
    return page.locator(".messagelist").inner_text()


def tells_active(running: Desk, supplier: Supplier) -> bool:
    """Whether the command has LSports' answer; it ends with 4 while the consumer has asked just before."""
    command = [sys.executable, "manage.py", "package", "status", str(supplier.package_id)]
    done = subprocess.run(command, cwd=ROOT, env=running.env, capture_output=True, text=True)
    assert done.returncode in (0, 4), done.stderr
    return done.stdout == "LSports: the package is active.\n"


@pytest.mark.browser
@pytest.mark.rabbitmq
def test_an_operator_switches_a_package_on_and_off_and_the_pages_say_so(
    page: Page, running: Desk, supplier: Supplier, complaints: list[str]
):
    address = running.serve()
    sign_in(page, address, "operator", "/admin/packages_admin/package/")
    add_package(page, supplier)
    running.start("manage.py", "consume_feed")
    facts = page.locator("[data-refresh]")
    expect(facts).to_contain_text("Not known yet.")

    page.click(".object-tools button:has-text('Activate')")
    expect(page.locator(".messagelist")).to_have_text("In-play: LSports: Distribution is: Active.")
    expect(facts.locator(".state.good", has_text="up")).to_be_visible(timeout=30_000)

    page.click(".object-tools button:has-text('Request a snapshot')")
    expect(page.locator(".messagelist")).to_contain_text("In-play: LSports sent a snapshot; its fixtures are stored: ")
    expect(facts).to_contain_text(re.compile(r"[1-9]\d* fixtures new or changed"))
    in_play = page.context.new_page()
    in_play.goto(address)
    expect(in_play.locator("#feed")).to_have_attribute("data-state", "up", timeout=15_000)

    page.click(".object-tools button:has-text('Deactivate')")
    expect(page.locator(".confirm")).to_contain_text("in play")
    page.click("button.danger")
    expect(page.locator(".messagelist")).to_have_text("In-play: LSports: Distribution is: Inactive.")
    expect(facts.locator(".state", has_text="off")).to_be_visible(timeout=30_000)
    expect(facts).to_contain_text("Switched off by operator.")
    expect(in_play.locator("#feed")).to_have_attribute("data-state", "off", timeout=15_000)
    expect(in_play.locator("#feed")).to_contain_text("In-play: It is switched off")

    until(lambda: "Distribution is: Active" in activate_all(page, address), what="the second activation")
    until(lambda: tells_active(running, supplier), what="a status")
    expect(in_play.locator("#feed")).to_have_attribute("data-state", "up", timeout=30_000)

    page.goto(f"{address}/admin/packages_admin/packagecall/")
    for action in ("activate", "deactivate", "snapshot", "status"):
        expect(page.locator("#result_list")).to_contain_text(action)
    assert complaints == []


@pytest.fixture(scope="module")
def furnished() -> Iterator[str]:
    """The address of a desk with something on each page; only looked at."""
    with desk() as made:
        made.run("shell", "--command", MAKE_PEOPLE + MAKE_THINGS)
        yield made.serve()


@pytest.fixture
def operations(page: Page, furnished: str) -> str:
    """The same, where the page's operator has signed in."""
    sign_in(page, furnished, "operator", "/admin/")
    return furnished


@pytest.mark.browser
def test_every_operations_page_keeps_its_content_policy(page: Page, operations: str, complaints: list[str]):
    for path in PAGES:
        assert page.goto(operations + path).status == 200  # type: ignore[union-attr]
    assert page.locator("img[alt^='QR code']").evaluate("picture => picture.naturalWidth") > 0
    assert complaints == []


WCAG = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}
CONTRAST = {"type": "rule", "values": ["color-contrast"]}


@pytest.mark.browser
@pytest.mark.parametrize(("scheme", "rules"), [("dark", WCAG), ("light", CONTRAST)], ids=["dark", "light"])
def test_every_operations_page_is_open_to_all(page: Page, operations: str, scheme: Any, rules: dict[str, Any]):
    page.emulate_media(color_scheme=scheme)
    for path in PAGES:
        page.goto(operations + path)
        assert (path, barriers(page, rules)) == (path, [])


def barriers(page: Page, rules: dict[str, Any]) -> list[tuple[str, list[str]]]:
    """What axe finds against these rules, with the places. What it finds well it tells in such detail that carrying it
    here took most of a minute for all pages, so that is left out.
    """
    found = Axe().run(page, options={"runOnly": rules, "resultTypes": ["violations"]}).response["violations"]
    return [(rule["id"], [str(node["target"]) for node in rule["nodes"]]) for rule in found]


PAGES = (
    "/admin/",
    "/admin/packages_admin/package/",
    "/admin/packages_admin/package/add/",
    "/admin/packages_admin/package/1/change/",
    "/admin/packages_admin/packagecall/",
    "/admin/feed/rejectedmessage/",
    "/admin/feed/rejectedmessage/1/change/",
    "/admin/feed/feedsource/",
    "/admin/feed/fixture/",
    "/admin/feed/unknowncode/",
    "/password/",
    "/admin/enrol/",
)
MAKE_THINGS = """
from django.contrib.auth.models import User
from django.utils import timezone
from accounts.phones import Phone
from feed.models import FeedSource, RejectedMessage
from packages_admin.models import Package
Phone.make(User.objects.get(username="operator"))
package = Package(name="North", product="hyper", package_id=1, user_name="ops")
package.set_password("s3cret", timezone.now())
package.save()
package.name_sources()
RejectedMessage.objects.create(
    source=FeedSource.objects.first(), received_at=timezone.now(), kind="syntax", reason="r", body=b"{", digest="d"
)
"""
