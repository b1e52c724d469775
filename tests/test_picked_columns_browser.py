"""Columns of a sport are picked in the board's panel, by keys too, and stand on the board uncut."""

import pytest
from playwright.sync_api import Page, expect

from feed.models import Fixture
from tests.rows import make_bet, make_market
from tests.served import Served
from tests.test_dense_browser import AXE, CUT, RULES

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]
TENNIS, SET_WINNER = 54094, 41


@pytest.fixture
def fixture(served: Served) -> Fixture:
    """A match of tennis with a market that no board shows by itself."""
    match = served.match(sport_id=TENNIS)
    with served.rows():
        market = make_market(match, SET_WINNER, "1st Period Winner")
        for name in ("1", "2"):
            make_bet(market, name, "101.00")
    return match


def test_a_column_is_picked_by_keys_for_one_sport_and_is_there_at_once(page: Page, served: Served, fixture: Fixture):
    served.sign_in(page)
    served.open(page, f"/?sport={TENNIS}")
    page.locator("#columns > summary").focus()
    page.keyboard.press("Enter")
    second = page.get_by_label("In place of the total")
    second.focus()
    page.keyboard.type("1st")
    page.keyboard.press("Enter")
    page.locator("#columns-panel").get_by_role("button", name="Show").click()
    cells = page.locator(f"#row-{fixture.pk} .px.c-totals")
    expect(cells).to_have_text(["1 101.00Book 8", "2 101.00Book 8"])
    expect(page.locator("th.c-place").first).to_have_text("1st Period Winner")
    expect(page).to_have_url(f"{served.address}/?sport={TENNIS}")


@pytest.mark.parametrize("density", ["dense", "normal"])
def test_no_price_of_a_picked_market_is_cut_and_axe_finds_nothing(
    page: Page, served: Served, fixture: Fixture, density: str
):
    served.sign_in(page, density=density)
    served.open(page, f"/?sport={TENNIS}&picks={TENNIS}.{SET_WINNER}.{SET_WINNER}.{SET_WINNER}")
    expect(page.locator(f"#row-{fixture.pk} .px__outcome").first).to_be_visible()
    assert page.evaluate(CUT) == []
    expect(page.locator(f"#row-{fixture.pk} .c-third")).to_be_hidden()
    lefts = [f"#row-{fixture.pk} td.px.c-totals", "thead .c-place.c-totals"]
    price, head = (page.locator(where).first.evaluate("cell => cell.getBoundingClientRect().x") for where in lefts)
    assert abs(price - head) < 2, "heads stand over their prices"
    page.locator("#columns > summary").click()
    expect(page.get_by_label("In place of the total")).to_have_value(str(SET_WINNER))
    page.evaluate(AXE.read_text())
    assert page.evaluate(RULES)["violations"] == []
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_another_sports_markets_are_offered_once_it_is_chosen(page: Page, served: Served, fixture: Fixture):
    served.match(sport_id=6046)
    served.sign_in(page)
    served.open(page)
    page.locator("#columns > summary").click()
    panel = page.locator("#columns-panel")
    panel.get_by_label("Sport").select_option(str(TENNIS))
    expect(panel.locator("[name=market]").first.locator("option", has_text="1st Period Winner")).to_have_count(1)
    expect(panel.get_by_label("Sport")).to_be_focused()
