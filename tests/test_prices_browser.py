"""A price on the screen: what its tooltip tells, how its age shows, why it is suspended, how it was settled."""

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from feed.models import Bet, Fixture, Market
from tests.rows import make_bet, make_market
from tests.served import Served

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]


class Priced:
    """A match in play with a 1X2 at two bookmakers, the first of them with the best price on 1."""

    def __init__(self, served: Served) -> None:
        self.served = served
        self.fixture: Fixture = served.match()
        self.path = f"/fixtures/{self.fixture.pk}/"
        with served.rows():
            self.market: Market = make_market(self.fixture, revision=1)
            own: dict[str, Any] = {"start_price": Decimal(2), "previous_price": Decimal("2.2")}
            self.best: Bet = make_bet(self.market, "1", "2.5", 8, moves=2, last_update=timezone.now(), **own)
            self.other: Bet = make_bet(self.market, "1", "2.4", 31, last_update=timezone.now(), **own)


@pytest.fixture
def priced(served: Served) -> Priced:
    return Priced(served)


def cell(page: Page, column: int = 0) -> Locator:
    return page.locator(".grid__row").first.locator(".px").nth(column)


def lines(page: Page) -> dict[str, str]:
    """The tooltip's list."""
    tip = page.locator("#tip")
    return dict(zip(tip.locator("dt").all_inner_texts(), tip.locator("dd").all_inner_texts(), strict=True))


def test_a_price_that_is_pointed_at_tells_its_opening_its_last_and_its_present_value(page: Page, priced: Priced):
    priced.served.tick(priced.best, "2.00", timezone.now() - timedelta(minutes=2))
    priced.served.tick(priced.best, "2.50", timezone.now() - timedelta(minutes=1))
    priced.served.sign_in(page)
    complaints = priced.served.open(page, priced.path)
    cell(page).hover()
    expect(page.locator("#tip")).to_contain_text("Book 8")
    shown = lines(page)
    assert {name: shown[name] for name in ("Opening", "Previous", "Now")} == {
        "Opening": "2.00",
        "Previous": "2.20",
        "Now": "2.50",
    }
    assert "Changed" in shown
    page.wait_for_function("() => document.querySelector('#tip img').naturalWidth > 0")
    page.mouse.move(0, 0)
    expect(page.locator("#tip")).to_be_hidden()
    assert complaints == []


def test_the_pointer_may_go_into_a_tooltip_which_closes_once_it_is_elsewhere(page: Page, priced: Priced):
    priced.served.sign_in(page)
    priced.served.open(page, priced.path)
    cell(page).hover()
    tip = page.locator("#tip")
    tip.hover()
    page.wait_for_timeout(600)
    expect(tip).to_be_visible()
    page.mouse.move(5, 5)
    expect(tip).to_be_hidden()


def test_a_tooltip_that_is_open_follows_its_price(page: Page, priced: Priced):
    priced.served.sign_in(page)
    priced.served.open(page, priced.path)
    cell(page).hover()
    priced.served.change(priced.best, price=Decimal("2.75"), previous_price=Decimal("2.5"), moves=3)
    expect(page.locator("#tip")).to_contain_text("2.75", timeout=10_000)
    assert (lines(page)["Previous"], lines(page)["Now"]) == ("2.50", "2.75")


def test_with_the_keyboard_a_row_tells_its_best_price_and_the_arrows_go_on_to_the_others(page: Page, priced: Priced):
    priced.served.sign_in(page)
    priced.served.open(page, priced.path)
    link = page.locator(".grid__row th a").first
    link.focus()
    expect(page.locator("#tip")).to_contain_text("Book 8")
    assert link.get_attribute("aria-describedby") == "tip"
    page.keyboard.press("ArrowRight")
    expect(page.locator("#tip")).to_contain_text("Book 31")
    expect(page.locator("#announcement")).to_contain_text("Book 31, Opening 2.00, Previous 2.20, Now 2.40, Changed")
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#tip")).to_contain_text("Book 8")
    page.keyboard.press("Escape")
    expect(page.locator("#tip")).to_be_hidden()
    assert link.get_attribute("aria-describedby") is None


def test_in_play_a_price_that_nobody_touched_for_minutes_is_dimmed_in_two_stages(page: Page, priced: Priced):
    now = timezone.now()
    priced.served.change(priced.best, last_update=now - timedelta(seconds=90))
    priced.served.change(priced.other, last_update=now - timedelta(minutes=10))
    priced.served.sign_in(page)
    priced.served.open(page, priced.path)
    expect(cell(page, 0)).to_have_attribute("data-js-age", "1")
    expect(cell(page, 1)).to_have_attribute("data-js-age", "2")
    lines = "(cell) => getComputedStyle(cell.querySelector('.px__price')).textDecorationLine"
    assert [cell(page, column).evaluate(lines) for column in (0, 1)] == ["none", "underline"]


def test_a_price_that_ages_while_the_page_is_open_is_dimmed_without_a_push(page: Page, priced: Priced):
    priced.served.sign_in(page)
    priced.served.change(priced.best, last_update=timezone.now() - timedelta(seconds=50))
    priced.served.open(page, priced.path)
    version = page.locator(".market").get_attribute("data-version")
    expect(cell(page)).to_have_attribute("data-js-age", "0")
    expect(cell(page)).to_have_attribute("data-js-age", "1", timeout=15_000)
    assert page.locator(".market").get_attribute("data-version") == version


def test_before_the_start_an_old_price_is_as_good_as_a_new_one(page: Page, served: Served):
    upcoming = Priced(served)
    with served.rows():
        Fixture.objects.filter(pk=upcoming.fixture.pk).update(status=1)
        upcoming.fixture.scoreboard.delete()
    served.change(upcoming.best, last_update=timezone.now() - timedelta(hours=2))
    served.sign_in(page)
    served.open(page, upcoming.path)
    expect(cell(page)).to_have_class("px px--open px--best")
    assert cell(page).get_attribute("data-js-age") is None


def test_a_suspended_price_says_why_and_a_market_of_such_prices_too(page: Page, priced: Priced):
    priced.served.sign_in(page)
    priced.served.open(page, priced.path)
    for bet in (priced.best, priced.other):
        priced.served.change(bet, status=2, suspension_reason=6)
    expect(page.locator(".market .tag--suspended")).to_have_text("Suspended: score inconsistent", timeout=10_000)
    expect(cell(page)).to_contain_text("Suspended: score inconsistent")
    cell(page).hover()
    expect(page.locator("#tip")).to_contain_text("Suspended: score inconsistent")


def test_a_settlement_that_was_taken_back_is_told(page: Page, priced: Priced):
    priced.served.sign_in(page)
    priced.served.change(priced.best, status=3, settlement=2)
    priced.served.tick(priced.best, "2.5", timezone.now(), status=3, settlement=2)
    priced.served.open(page, priced.path)
    expect(cell(page)).to_contain_text("Won")
    priced.served.tick(priced.best, "2.5", timezone.now(), status=3, settlement=1)
    priced.served.change(priced.best, status=3, settlement=1)
    expect(cell(page)).to_contain_text("Lost. Settlement withdrawn; it was: Won", timeout=10_000)
    priced.served.change(priced.best, status=1, settlement=None)
    expect(cell(page)).to_contain_text("Settlement withdrawn", timeout=10_000)


@pytest.mark.parametrize("state", [{"status": 3, "settlement": 2}, {"status": 2, "suspension_reason": 6}])
def test_no_arrow_stands_on_the_mark_of_a_price_that_is_not_open(page: Page, priced: Priced, state: dict[str, int]):
    arrow = "(cell) => getComputedStyle(cell, '::before').content"
    priced.served.sign_in(page, density="dense")
    priced.served.open(page)
    shown = page.locator(f"#row-{priced.fixture.pk} .px").first
    assert shown.get_attribute("data-move") == "up"
    assert "▲" in shown.evaluate(arrow)
    priced.served.change(priced.best, **state)
    priced.served.change(priced.other, **state)
    expect(shown).to_have_class(re.compile("px--(settled|suspended)"), timeout=10_000)
    assert shown.evaluate(arrow) == "none"
