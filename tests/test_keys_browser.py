"""The desk by keyboard and by ear: keys, the help, pause, focus, and the one line that a screen reader is told."""

from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from feed.models import Bet, Fixture, Statistic
from tests.rows import make_bet, make_market
from tests.served import Served

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]
PLACES = {"g f": "/", "g l": "/?show=in_play", "g n": "/attention/", "g m": "/movers/", "g h": "/health/"}


def priced(served: Served) -> tuple[Fixture, Bet]:
    """A match in play with one price."""
    fixture = served.match()
    with served.rows():
        bet = make_bet(make_market(fixture, revision=1), "1", "2.5", last_update=timezone.now())
    return fixture, bet


def press(page: Page, keys: str) -> None:
    for key in keys.split():
        page.keyboard.press(key)


@pytest.mark.parametrize("keys", PLACES)
def test_keys_lead_to_the_pages(page: Page, served: Served, keys: str):
    served.sign_in(page)
    served.open(page, "/alerts/")
    press(page, keys)
    page.wait_for_url(served.address + PLACES[keys])


def test_a_row_is_opened_by_j_and_enter(page: Page, served: Served):
    fixture, _ = priced(served)
    served.sign_in(page, favourites=[fixture.pk])
    served.open(page)
    press(page, "j Enter")
    page.wait_for_url(f"**/fixtures/{fixture.pk}/")


def test_the_key_s_shows_only_what_is_in_play_and_all_again(page: Page, served: Served):
    served.sign_in(page)
    served.open(page, "/?q=north")
    press(page, "s")
    page.wait_for_url("**/?q=north&show=in_play")
    press(page, "s")
    page.wait_for_url("**/?q=north")


def test_the_help_lists_every_key_and_gives_the_focus_back(page: Page, served: Served):
    served.sign_in(page)
    served.open(page)
    button = page.get_by_role("button", name="Help and keyboard shortcuts")
    button.focus()
    press(page, "Enter")
    dialog = page.get_by_role("dialog", name="Keyboard shortcuts and symbols")
    expect(dialog).to_be_visible()
    listed = {" ".join(item.locator("kbd").all_inner_texts()) for item in dialog.locator(".keys div").all()}
    assert listed == {"/", "j k", "← →", "Enter", *PLACES, *"nahfzZ", "Ctrl K", "o", "s", "p", "?", "Esc"}
    press(page, "Escape")
    expect(dialog).to_be_hidden()
    expect(button).to_be_focused()


def test_who_turned_the_keys_off_is_not_led_astray_by_them(page: Page, served: Served):
    served.sign_in(page, has_shortcuts=False)
    served.open(page, "/alerts/")
    press(page, "? g m")
    expect(page.locator("#help")).to_be_hidden()
    assert page.url.endswith("/alerts/")


def test_keys_do_nothing_while_something_is_typed_or_held_with_control(page: Page, served: Served):
    served.sign_in(page)
    served.open(page, "/alerts/")
    page.get_by_label("Name", exact=True).focus()
    page.keyboard.type("gm? p")
    assert page.get_by_label("Name", exact=True).input_value() == "gm? p"
    expect(page.locator("#pause")).to_have_attribute("aria-pressed", "false")


def test_every_control_of_the_board_is_reached_by_tab_and_shows_that_it_is(page: Page, served: Served):
    fixture, _ = priced(served)
    served.sign_in(page, favourites=[fixture.pk])
    served.open(page)
    reached = []
    for _ in range(60):
        press(page, "Tab")
        reached.append(page.evaluate(FOCUSED))
        if reached[-1]["text"] == "Pin or unpin Northfield v Southport":
            break
    names = [control["text"] for control in reached]
    wanted = ["Skip to content", "Board", "Pause", "Help and keyboard shortcuts", "Preferences", "Sign out"]
    wanted += ["Filters", "Movers"]
    assert [name for name in wanted if name not in names] == []
    assert [control["text"] for control in reached if not control["isMarked"]] == []


FOCUSED = """() => {
  const here = document.activeElement;
  const style = getComputedStyle(here);
  const text = here.getAttribute("aria-label") ?? here.innerText.trim().split("\\n")[0];
  return { text: text || here.tagName, isMarked: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 };
}"""


def test_the_first_tab_leads_past_the_navigation(page: Page, served: Served):
    served.sign_in(page)
    served.open(page)
    press(page, "Tab Enter")
    expect(page.locator("#main")).to_be_focused()


def test_pause_says_how_many_changes_wait_and_going_on_paints_the_newest(page: Page, served: Served):
    fixture, bet = priced(served)
    served.sign_in(page)
    complaints = served.open(page, f"/fixtures/{fixture.pk}/")
    price = page.locator(".grid__row .px__price").first
    expect(page.locator(".people")).to_contain_text("trader-", timeout=15_000)  # who looks is a change too
    press(page, "p")
    expect(page.get_by_role("button", name="Resume (0 changes waiting)")).to_be_visible()
    served.change(bet, price=Decimal("2.7"))
    expect(page.get_by_role("button", name="Resume (1 change waiting)")).to_be_visible(timeout=10_000)
    served.change(bet, price=Decimal("2.9"))
    served.score(fixture, 2, 0)
    expect(page.get_by_role("button", name="Resume (2 changes waiting)")).to_be_visible(timeout=10_000)
    expect(price).to_have_text("2.50")
    press(page, "p")
    expect(price).to_have_text("2.90")
    expect(page.locator(".scoreboard__score b").first).to_have_text("2")
    expect(page.get_by_role("button", name="Pause")).to_have_attribute("aria-pressed", "false")
    served.change(bet, price=Decimal("3.1"))
    expect(price).to_have_text("3.10", timeout=10_000)
    assert complaints == []


def test_the_focus_stays_on_a_price_row_that_is_pushed_anew(page: Page, served: Served):
    fixture, bet = priced(served)
    served.sign_in(page)
    served.open(page, f"/fixtures/{fixture.pk}/")
    row = page.locator(".grid__row th a").first
    row.focus()
    served.change(bet, price=Decimal("2.7"))
    expect(page.locator(".grid__row .px__price").first).to_have_text("2.70", timeout=10_000)
    expect(row).to_be_focused()


def test_a_screen_reader_is_told_a_score_in_one_sentence(page: Page, served: Served):
    fixture, _ = priced(served)
    served.sign_in(page)
    served.open(page, f"/fixtures/{fixture.pk}/")
    announcement = page.locator("#announcement")
    assert announcement.get_attribute("role") == "status"
    expect(announcement).to_have_text("")
    served.score(fixture, 2, 0)
    expect(announcement).to_contain_text("Northfield v Southport. 2 to", timeout=15_000)


def test_a_red_card_is_told_too(page: Page, served: Served):
    fixture, _ = priced(served)
    served.sign_in(page)
    served.open(page, f"/fixtures/{fixture.pk}/")
    with served.rows():
        Statistic.objects.create(fixture=fixture, type=7, values={"1": "1", "2": "0"})
        Fixture.objects.filter(pk=fixture.pk).update(statistics_revision=9)
    expect(page.locator("#announcement")).to_contain_text("Northfield v Southport.", timeout=15_000)


@pytest.mark.parametrize(("spoken", "is_announced"), [("off", False), ("scores", False), ("all", True)])
def test_a_suspension_is_told_to_those_who_want_all(page: Page, served: Served, spoken: str, is_announced: bool):
    fixture, bet = priced(served)
    served.sign_in(page, spoken=spoken)
    served.open(page, f"/fixtures/{fixture.pk}/")
    served.change(bet, status=2, suspension_reason=6)
    expect(page.locator(".market--suspended")).to_have_count(1, timeout=10_000)
    if is_announced:
        expect(page.locator("#announcement")).to_contain_text("Suspended: 1X2", timeout=10_000)
    else:
        expect(page.locator("#announcement")).to_have_text("")


def test_prices_are_never_read_out_and_only_announcements_and_the_banner_are_live_regions(page: Page, served: Served):
    fixture, bet = priced(served)
    served.sign_in(page, spoken="all")
    served.open(page, f"/fixtures/{fixture.pk}/")
    served.change(bet, price=Decimal("2.7"))
    expect(page.locator(".grid__row .px__price").first).to_have_text("2.70", timeout=10_000)
    expect(page.locator("#announcement")).to_have_text("")
    regions = "() => [...document.querySelectorAll('[role=status], [aria-live]')].map((each) => each.id)"
    assert page.evaluate(regions) == ["announcement", "banner-text"]
    assert page.evaluate("() => [...document.querySelectorAll('[role=alert]')].map((each) => each.id)") == ["alarm"]


def test_a_connection_that_stays_lost_is_an_alarm(page: Page, served: Served):
    page.clock.install()
    served.sign_in(page)
    served.open(page)
    page.context.set_offline(True)
    page.evaluate("() => { document.documentElement.dataset.link = 'lost'; }")
    page.clock.run_for(5_000)
    expect(page.locator("#alarm")).to_have_text("")
    page.clock.run_for(7_000)
    expect(page.locator("#alarm")).to_have_text("The connection has been lost. Prices on this page are out of date.")


def test_the_filters_are_closed_by_escape_and_by_a_press_elsewhere(page: Page, served: Served):
    served.sign_in(page)
    served.open(page)
    filters = page.locator("#filters")
    filters.locator("summary").press("Enter")
    page.get_by_label("Save this board as").focus()
    press(page, "Escape")
    expect(filters).not_to_have_attribute("open", "")
    expect(filters.locator("summary")).to_be_focused()
    filters.locator("summary").click()
    expect(filters).to_have_attribute("open", "")
    page.locator("h1").first.click()
    expect(filters).not_to_have_attribute("open", "")


def test_groups_of_markets_are_opened_and_searched_without_losing_the_focus(page: Page, served: Served):
    fixture, _ = priced(served)
    with served.rows():
        make_bet(make_market(fixture, 11, "Total Corners", revision=1), "Over", "1.9")
    served.sign_in(page)
    complaints = served.open(page, f"/fixtures/{fixture.pk}/")
    group = page.locator("#group-other")
    group.focus()
    press(page, "Enter")
    expect(group).to_have_attribute("aria-expanded", "true")
    expect(page.locator(".market h3")).to_have_text(["1X2", "Total Corners"])
    expect(group).to_be_focused()
    assert "open=" in page.url
    press(page, "/")
    page.keyboard.type("corn")
    expect(page.locator(".market h3")).to_have_text(["Total Corners"], timeout=10_000)
    expect(page.locator("#search")).to_be_focused()
    page.locator("#search").fill("nothing like it")
    expect(page.locator(".markets")).to_contain_text("No market has that name.", timeout=10_000)
    assert complaints == []
