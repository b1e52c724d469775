"""What traders once found wrong, in a browser: two windows, tooltips at the edge, messages that outlive their cause."""

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from feed.models import Fixture
from tests.rows import make_bet, make_market
from tests.served import Served

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]


def match(served: Served) -> Fixture:
    """A match in play with a price."""
    fixture = served.match()
    with served.rows():
        make_bet(make_market(fixture, revision=1), "1", "2.5", last_update=timezone.now())
    return fixture


def test_a_favourite_of_one_window_is_one_in_the_other(page: Page, served: Served):
    fixture = match(served)
    served.sign_in(page)
    served.open(page)
    other = page.context.new_page()
    served.open(other, f"/fixtures/{fixture.pk}/")
    page.locator(f"#row-{fixture.pk} .star").click()
    star = other.get_by_role("button", name="Favourite")
    expect(star).to_have_attribute("aria-pressed", "true", timeout=10_000)
    star.click()
    expect(page.locator(f".section--favourites #row-{fixture.pk}")).to_have_count(0, timeout=10_000)


def test_a_tooltip_is_never_out_of_the_window(page: Page, served: Served):
    fixture = match(served)
    served.sign_in(page)
    page.set_viewport_size({"width": 640, "height": 260})
    served.open(page, f"/fixtures/{fixture.pk}/")
    price = page.locator(".grid [data-tip]").first
    price.scroll_into_view_if_needed()
    price.hover()
    box = page.locator("#tip").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 640
    assert box["y"] >= 0
    assert box["y"] + box["height"] <= 260


def test_that_the_desk_does_not_answer_is_told_until_it_does(page: Page, served: Served):
    fixture = match(served)
    served.sign_in(page)
    served.open(page)
    page.route("**/favourites/**", lambda route: route.abort())
    page.locator(f"#row-{fixture.pk} .star").click()
    toast = page.locator(".toast", has_text="The desk is not responding.")
    expect(toast).to_have_count(1)
    expect(toast).to_have_count(0, timeout=15_000)


def test_a_pinned_market_says_unpin(page: Page, served: Served):
    fixture = match(served)
    served.sign_in(page, pinned_markets=[1])
    served.open(page, f"/fixtures/{fixture.pk}/")
    expect(page.get_by_role("button", name="Unpin 1X2")).to_be_visible()


@pytest.mark.parametrize("path", ["/alerts/", "/preferences/", "/shift/", "HISTORY"])
def test_no_page_is_wider_than_a_phone(page: Page, served: Served, path: str):
    fixture = served.match(home="A side with a very long name indeed", away="Another one whose name is no shorter")
    with served.rows():
        make_bet(make_market(fixture, 1729, "Double Chance - Extra Time And Then Some More"), "1X", "2.5")
    served.sign_in(page)
    page.set_viewport_size({"width": 390, "height": 844})
    served.open(page, f"/fixtures/{fixture.pk}/history/" if path == "HISTORY" else path)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("path", ["/at/2026-11-26T20:14/", "/fixtures/987654321/"])
def test_pages_of_the_past_and_of_errors_are_no_wider_than_a_phone(page: Page, served: Served, path: str):
    served.sign_in(page)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(served.address + path)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    rights = page.locator(".top a").evaluate_all("(links) => links.map((link) => link.getBoundingClientRect().right)")
    assert max(rights) <= 380
