"""Finding by typing in a browser: the board follows the fingers, filters stand as chips, Ctrl-K finds everything."""

from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from feed.models import Desk, Fixture, League
from tests.rows import make_bet, make_market
from tests.served import Served

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]


def match(served: Served, home: str) -> Fixture:
    """A match in play between this side and Southport, with two markets."""
    fixture = served.match(home=home, markets_revision=1)
    with served.rows():
        for market_id, name, line in ((1, "1X2", ""), (2, "Under/Over", "2.5")):
            market = make_market(fixture, market_id, name, main_line=line, revision=1)
            for outcome in ("1", "2") if market_id == 1 else ("Over", "Under"):
                own = {"line": line, "base_line": line, "last_update": timezone.now(), "start_price": Decimal(2)}
                make_bet(market, outcome, "2.5", **own)
    return fixture


def test_the_board_follows_what_is_typed_without_enter_and_the_chip_takes_it_off(page: Page, served: Served):
    mine, other = match(served, "São Lírio"), match(served, "Eastham")
    served.sign_in(page)
    complaints = served.open(page)
    page.evaluate("window.isSamePage = true")
    page.keyboard.press("/")
    page.keyboard.type("sao li southp")
    expect(page.locator(f"#row-{other.pk}")).to_have_count(0)
    expect(page.locator(f"#row-{mine.pk}")).to_be_visible()
    page.wait_for_url("**/?q=sao+li+southp")
    served.score(mine, 4, 3)
    expect(page.locator(f"#row-{mine.pk} .c-score")).to_contain_text("4", timeout=10_000)
    assert page.evaluate("window.isSamePage")
    page.locator("#chip-text").click()
    page.wait_for_url(served.address + "/")
    expect(page.locator(f"#row-{other.pk}")).to_have_count(1)
    assert complaints == []


def test_the_palette_opens_a_fixture_a_page_and_a_view_and_acts(page: Page, served: Served):
    mine = match(served, "Łódź United")
    served.sign_in(page, views=[{"name": "My tennis", "words": "sport=54094"}])
    complaints = served.open(page)
    page.keyboard.press("Control+k")
    page.keyboard.type("lodz")
    expect(page.locator(".palette__entry[aria-selected=true]")).to_contain_text("Łódź United")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/fixtures/{mine.pk}/")
    for words, address in (("my ten", "/?sport=54094"), ("movers", "/movers/")):
        page.keyboard.press("Control+k")
        page.keyboard.type(words)
        expect(page.locator(".palette__entry[aria-selected=true]")).to_have_count(1)
        page.keyboard.press("Enter")
        page.wait_for_url(f"**{address}")
    page.get_by_role("button", name="Find").click()
    page.keyboard.type("dense")
    with page.expect_navigation():
        page.locator("#palette .palette__entry:visible").first.click()
    assert page.evaluate("document.documentElement.dataset.density") == "dense"
    assert complaints == []


def test_keys_go_through_the_prices_with_a_mark_on_the_cell_and_do_what_a_pointer_does(page: Page, served: Served):
    fixture = match(served, "Northfield")
    user = served.sign_in(page)
    served.open(page)
    page.locator(f"#row-{fixture.pk} a").focus()
    marked = page.locator("[data-js-marked]")
    expect(marked).to_have_count(1)
    assert "2px" in str(marked.evaluate("(cell) => getComputedStyle(cell).outlineWidth"))
    page.keyboard.press("n")
    assert "c-totals" in str(marked.get_attribute("class"))
    with page.expect_response(f"**/favourites/{fixture.pk}/"):
        page.keyboard.press("f")
    expect(page.locator(f".section--favourites #row-{fixture.pk}")).to_have_count(1)
    with served.rows():
        assert Desk.objects.get(user=user).favourites == [fixture.pk]
    page.keyboard.press("n")
    page.keyboard.press("h")
    page.wait_for_url(f"**/fixtures/{fixture.pk}/history/?market=2&outcome=Over&**")


def test_a_folded_league_stays_folded_on_the_next_page(page: Page, served: Served):
    with served.rows():
        league = League.objects.create(id=991, name="Folded League")
    fixture = served.match(league_id=league.pk)
    served.sign_in(page)
    served.open(page, "/?league=991")
    page.locator(f"#row-{fixture.pk} a").focus()
    with page.expect_response("**/leagues/991/fold/"):
        page.keyboard.press("z")
    expect(page.locator(f"#row-{fixture.pk}")).to_be_hidden()
    served.open(page, "/?league=991")
    expect(page.locator(f"#row-{fixture.pk}")).to_be_hidden()
    page.locator(".league__fold").click()
    expect(page.locator(f"#row-{fixture.pk}")).to_be_visible()
