"""A page that is paused or offline: it says so across the page, veils every price, and still says how the feed is."""

import pytest
from django.utils import timezone
from playwright.sync_api import Page, WebSocket, expect

from feed.models import FeedSource, Fixture, FixtureClaim
from tests.rows import make_bet, make_market
from tests.served import Served

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

PRICE = ".grid__row .px__price"
CLOCK = ".scoreboard .clock"
STYLE = "(element) => { const style = getComputedStyle(element); return [style.color, style.fontWeight].join(); }"


def opened(page: Page, served: Served) -> list[str]:
    """A fixture's page with one open price."""
    fixture = served.match()
    with served.rows():
        make_bet(make_market(fixture), "1", "2.5", last_update=timezone.now())
    served.sign_in(page)
    return served.open(page, f"/fixtures/{fixture.pk}/")


def test_a_paused_page_says_so_with_its_age_and_veils_every_price(page: Page, served: Served):
    complaints = opened(page, served)
    banner, price = page.locator("#banner"), page.locator(PRICE).first
    tradable = price.evaluate(STYLE)
    expect(banner).to_be_hidden()
    page.locator("#pause").click()
    expect(banner).to_contain_text("Paused")
    expect(banner).to_contain_text("for 2 s", timeout=5_000)
    assert price.evaluate(STYLE) != tradable
    page.locator("#pause").click()
    expect(banner).to_be_hidden()
    assert price.evaluate(STYLE) == tradable
    assert complaints == []


def test_a_paused_page_goes_on_saying_how_the_feed_is(page: Page, served: Served):
    opened(page, served)
    page.locator("#pause").click()
    try:
        with served.rows():
            FeedSource.objects.update(state="down", state_reason="The broker has fallen silent.")
        expect(page.locator("#feed")).to_have_attribute("data-state", "down", timeout=10_000)
        expect(page.locator("#feed")).to_contain_text("It is not connected")
    finally:
        with served.rows():
            FeedSource.objects.update(state="up", state_reason="")


def test_who_looks_at_a_paused_page_or_takes_it_is_no_change_that_waits(page: Page, served: Served):
    sockets: list[WebSocket] = []
    page.on("websocket", lambda socket: sockets.append(socket))
    fixture = served.match()
    user = served.sign_in(page)
    served.open(page, f"/fixtures/{fixture.pk}/")
    page.locator("#pause").click()
    is_taken = sockets[-1].expect_event("framereceived", lambda frame: "Taken by" in str(frame), timeout=20_000)
    with is_taken, served.rows():
        FixtureClaim.objects.create(fixture=fixture, user=user, taken_at=timezone.now())
        Fixture.objects.filter(pk=fixture.pk).update(revision=fixture.revision + 1)
    with sockets[-1].expect_event("framereceived", lambda frame: "#scoreboard-" in str(frame), timeout=20_000):
        served.score(fixture, 2, 0)
    expect(page.locator("#pause-text")).to_have_text("Resume (1 change waiting)")
    page.locator("#pause").click()
    expect(page.locator(f"#people-{fixture.pk}")).to_contain_text(user.username)


def test_an_offline_page_says_so_at_once_and_its_clocks_stand(page: Page, served: Served):
    opened(page, served)
    price = page.locator(PRICE).first
    tradable = price.evaluate(STYLE)
    page.context.set_offline(True)
    expect(page.locator("#banner")).to_contain_text("Offline", timeout=1_000)
    expect(page.locator("html")).to_have_attribute("data-link", "lost", timeout=1_000)
    assert price.evaluate(STYLE) != tradable
    stood = page.locator(CLOCK).first.inner_text()
    expect(page.locator("#banner")).to_contain_text("for 3 s", timeout=6_000)
    assert page.locator(CLOCK).first.inner_text() == stood
    page.context.set_offline(False)
    expect(page.locator("html")).to_have_attribute("data-link", "live", timeout=20_000)
    expect(page.locator("#banner")).to_be_hidden()
    assert price.evaluate(STYLE) == tradable
