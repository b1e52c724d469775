"""What a page says in a browser when the desk fails, does not answer, or does not know its user any more."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, Route, expect

from feed.models import Fixture
from tests.served import Served

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]
HOW: dict[str, tuple[Callable[[Route], Any], str]] = {
    "fails": (lambda route: route.fulfill(status=500, body="<h1>Broken</h1>"), "The desk could not do this."),
    "is away": (lambda route: route.abort(), "The desk is not responding."),
}


@pytest.mark.parametrize(
    ("path", "part", "how"), [("/movers/", "movers", "fails"), ("/health/", "health", "is away")], ids=["500", "away"]
)
def test_a_part_that_cannot_renew_itself_is_marked_as_old_until_it_can(
    page: Page, served: Served, path: str, part: str, how: str
):
    answer, reason = HOW[how]
    served.sign_in(page)
    served.open(page, path)
    shown = page.locator(f"#{part} h2").all_inner_texts()
    pattern = f"**{path}**"
    page.route(pattern, answer)
    note = page.locator(f"#old-{part}")
    expect(note).to_contain_text("Not updated since", timeout=15_000)
    expect(note).to_contain_text(reason)
    assert page.locator(f"#{part} h2").all_inner_texts() == shown
    page.unroute(pattern)
    expect(note).to_have_count(0, timeout=15_000)


def test_a_pin_that_was_not_taken_is_told(page: Page, served: Served):
    fixture: Fixture = served.match()
    served.sign_in(page)
    served.open(page, f"/fixtures/{fixture.pk}/")
    page.route("**/favourites/**", lambda route: route.abort())
    button = page.get_by_role("button", name="Favourite")
    button.click()
    expect(page.locator(".toast")).to_contain_text("The desk is not responding.")
    button.click()
    expect(page.locator(".toast")).to_have_count(1)
    assert button.get_attribute("aria-pressed") == "false"
    page.unroute("**/favourites/**")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")


def test_a_page_whose_user_was_signed_out_shows_no_sign_in_page_in_place_of_a_part(page: Page, served: Served):
    served.sign_in(page)
    served.open(page, "/movers/")
    with served.rows():
        Session.objects.all().delete()
    expect(page.locator("#old-movers")).to_contain_text("You are signed out", timeout=15_000)
    expect(page.locator("input[type=password]")).to_have_count(0)
    page.reload()
    expect(page.locator("input[type=password]")).to_have_count(1)


def test_the_filters_that_cannot_be_read_are_told_and_can_be_asked_for_again(page: Page, served: Served):
    served.sign_in(page)
    served.open(page)
    page.route("**/filters/**", lambda route: route.fulfill(status=500, body=""))
    page.locator("#filters summary").click()
    expect(page.locator(".toast")).to_contain_text("The desk could not do this.")
    page.unroute("**/filters/**")
    for _ in range(2):
        page.locator("#filters summary").click()
    expect(page.get_by_label("Save this board as")).to_be_visible()


@pytest.mark.parametrize("path", ["/nowhere/", "/fixtures/123456789/", "/views/"])
def test_a_page_for_what_is_not_there_leads_back_to_the_board_by_keyboard(page: Page, served: Served, path: str):
    served.sign_in(page)
    page.goto(served.address + path)
    page.get_by_role("link", name="To the board").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"{served.address}/")
