"""The movers in a browser: their rows keep their places while somebody is at them, and the page says that they wait."""

import pytest
from playwright.sync_api import Page, expect

from tests.served import Served

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]
#: Whether the lists would be asked for now.
ASKS = """() => document.getElementById("movers").dispatchEvent(
  new CustomEvent("htmx:before:request", { bubbles: true, cancelable: true, detail: {} }))"""
WORDS = "Paused while you point here"


@pytest.fixture
def movers(page: Page, served: Served) -> Page:
    served.sign_in(page)
    served.open(page, "/movers/")
    return page


def test_the_lists_are_renewed_while_nobody_is_at_them(movers: Page):
    movers.mouse.move(0, 0)
    assert movers.evaluate(ASKS)
    expect(movers.get_by_text(WORDS)).to_be_hidden()
    with movers.expect_request("**/movers/lists/**", timeout=15_000):
        pass


def test_they_wait_while_the_pointer_is_in_them_and_say_so(movers: Page):
    movers.locator("#movers .panel").first.hover()
    expect(movers.get_by_text(WORDS)).to_be_visible()
    assert not movers.evaluate(ASKS)
    movers.mouse.move(0, 0)
    expect(movers.get_by_text(WORDS)).to_be_hidden()
    assert movers.evaluate(ASKS)


def test_the_panel_beside_the_board_waits_too(page: Page, served: Served):
    served.sign_in(page)
    served.open(page)
    page.locator("#drawer summary").click()
    lists = page.locator("#movers-panel-lists")
    expect(lists).to_be_visible()
    expect(lists.get_by_text(WORDS)).to_be_hidden()
    lists.hover()
    expect(lists.get_by_text(WORDS)).to_be_visible()
    page.mouse.move(0, 0)
    lists.get_by_role("link", name="All movers").focus()
    expect(lists.get_by_text(WORDS)).to_be_visible()


def test_the_panel_comes_though_the_pointer_waits_where_it_will_be(page: Page, served: Served):
    served.sign_in(page)
    served.open(page)
    page.mouse.move(1200, 300)
    page.locator("#drawer summary").press("Enter")
    expect(page.locator("#movers-panel-lists")).to_be_visible()
