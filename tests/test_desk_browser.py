"""The trader's pages in a browser: nothing for axe to find in any theme, keys, focus, pause; no complaint."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import RequestFactory
from playwright.sync_api import Page

from exam.processes import Desk, collected_static, free_port, until
from feed.desk.broken import failed

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]
AXE = Path(__file__).resolve().parent.parent / "node_modules" / "axe-core" / "axe.min.js"
RULES = "axe.run(document, {runOnly: {type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']}})"
PAGES = (
    "/",
    "/?show=in_play&q=nobody",
    "FIXTURE",
    "HISTORY",
    "RACE",
    "/movers/",
    "/attention/",
    "/competitions/",
    "/alerts/",
    "/preferences/",
    "/health/",
    "/docs/stream/",
    "/password/",
    "/sign_in/",
    "NOT ALLOWED",
    "/none/",
    "BROKEN",
)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A demo of 60 fixtures at twenty times real speed."""
    desk, port = Desk(tmp_path_factory.mktemp("demo")), free_port()
    (desk.folder / "static").symlink_to(collected_static())
    process = desk.start("manage.py", "demo", "--port", str(port), "--fixtures", "30", "--speed", "4")
    try:
        yield desk.wait_for(process, f"http://127.0.0.1:{port}")
    finally:
        desk.close()


@pytest.fixture
def board(page: Page, address: str) -> Page:
    """A page that is connected and has prices; whatever the browser complains of fails the test."""
    complaints: list[str] = []
    page.on("console", lambda message: message.type in ("error", "warning") and complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(address)
    page.wait_for_selector("#socket[data-state=live]", timeout=20_000)
    page.wait_for_selector(".row .px--open", timeout=20_000)
    page.complaints = complaints  # type: ignore[attr-defined]
    return page


def named(page: Page, address: str, name: str) -> str:
    """The address of a page; a fixture in play, its history, a race, as this demo has them."""
    if name.startswith("/"):
        return address + name
    if name == "RACE":
        page.goto(f"{address}/competitions/")
        return address + str(page.locator(".tree__fixtures a").first.get_attribute("href"))
    page.goto(f"{address}/?sport=6046")
    fixture = address + str(page.locator(".row .c-fixture a").first.get_attribute("href"))
    return f"{fixture}history/" if name == "HISTORY" else fixture


def open_named(page: Page, address: str, name: str) -> None:
    """Also the pages that only a refused form and a failure of the desk lead to."""
    if name == "NOT ALLOWED":
        page.goto(f"{address}/preferences/")
        with page.expect_navigation():
            page.evaluate("document.querySelector('form.sheet [name=csrfmiddlewaretoken]').remove()")
            page.locator("form.sheet .tool--main").click()
    elif name == "BROKEN":
        made = failed(RequestFactory().get("/broken/"))
        page.route(f"{address}/broken/", lambda route: route.fulfill(body=made.content, content_type="text/html"))
        page.goto(f"{address}/broken/")
    else:
        page.goto(named(page, address, name))
    page.wait_for_selector("main h1", state="attached")


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_in_the_dark_the_light_and_the_high_contrast_theme(page: Page, address: str, name: str):
    page.emulate_media(reduced_motion="reduce")
    open_named(page, address, name)
    page.evaluate(AXE.read_text())
    for theme in ("dark", "light", "contrast"):
        page.evaluate("(theme) => { document.documentElement.dataset.theme = theme; }", theme)
        found = page.evaluate(RULES)["violations"]
        assert not found, [
            (theme, violation["id"], [node["html"][:200] for node in violation["nodes"]][:3]) for violation in found
        ]


def test_rows_far_below_are_not_watched_until_they_are_scrolled_to(board: Page):
    far = board.locator(".row[data-js-unseen]").last
    identity = far.get_attribute("id")
    assert identity is not None
    far.scroll_into_view_if_needed()
    row = board.locator(f"#{identity}")
    until(lambda: row.get_attribute("data-version") or None, 10, "the row")
    assert board.complaints == []  # type: ignore[attr-defined]


def test_keys_move_open_and_help(board: Page):
    board.keyboard.press("j")
    first = board.evaluate("document.activeElement.href")
    board.keyboard.press("j")
    assert board.evaluate("document.activeElement.href") != first
    board.keyboard.press("k")
    assert board.evaluate("document.activeElement.href") == first
    board.keyboard.press("?")
    assert board.locator("#help").is_visible()
    board.keyboard.press("Escape")
    assert not board.locator("#help").is_visible()
    board.keyboard.press("/")
    assert board.evaluate("document.activeElement.id") == "search"
    board.keyboard.type("jp?")
    assert board.locator("#search").input_value() == "jp?"
    assert board.complaints == []  # type: ignore[attr-defined]


def test_focus_is_kept_while_frames_come(board: Page):
    board.locator(".row .c-fixture a").first.focus()
    focused = board.evaluate("document.activeElement.href")
    moves = "[...document.querySelectorAll('.px')].map((cell) => cell.dataset.moves).join()"
    before = board.evaluate(moves)
    board.wait_for_function(f"(before) => {moves} !== before", arg=before, timeout=15_000)
    assert board.evaluate("document.activeElement.href") == focused


def test_pause_holds_changes_and_counts_them(board: Page):
    board.locator("#pause").click()
    prices = "[...document.querySelectorAll('.px__price')].map((cell) => cell.innerText).join()"
    before = board.evaluate(prices)
    board.wait_for_function("document.getElementById('pause-text').innerText.includes('waiting')", timeout=15_000)
    assert board.evaluate(prices) == before
    board.locator("#pause").click()
    board.wait_for_function(f"(before) => {prices} !== before", arg=before, timeout=15_000)
    assert board.locator("#pause-text").inner_text() == "Pause"
    assert board.complaints == []  # type: ignore[attr-defined]


def test_a_favourite_moves_to_the_top_without_a_reload(board: Page):
    board.evaluate("window.sameDocument = true")
    row = board.locator(".section--in_play .row").first.get_attribute("id")
    board.locator(f"#{row} .star").click()
    board.wait_for_selector(f".section--favourites #{row}", timeout=10_000)
    assert board.evaluate("window.sameDocument")
    board.locator(f"#{row} .star").click()
    board.wait_for_selector(".section--favourites", state="detached", timeout=10_000)


def test_filters_are_loaded_when_they_are_opened_and_narrow_the_board(board: Page):
    board.locator("#filters summary").click()
    choice = board.locator("#filters select[name=league] option").nth(1)
    choice.wait_for(state="attached")
    board.locator("#filters select[name=league]").select_option(index=1)
    board.locator("#filters button.tool--main").click()
    board.wait_for_url("**league=*")
    assert board.locator(".league").count() >= 1
