"""What traders wish for their desk, in a browser: notations, zone, themes, colours, motion, density, columns, views."""

import re
from decimal import Decimal
from itertools import combinations
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from feed.models import Desk, Fixture
from tests.rows import make_bet, make_market
from tests.served import Served

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]
NOTATIONS = {
    "decimal": "2.50",
    "fractional": "6/4",
    "american": "+150",
    "hong_kong": "1.50",
    "malay": "-0.67",
    "indonesian": "1.50",
}
#: How people without red (protan), green (deutan) or blue (tritan) receptors see linear RGB: Machado, Oliveira and
#: Fernandes 2009, severity 1.0.
SIGHTS = {
    "protan": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deutan": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritan": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}


@pytest.fixture
def priced(served: Served) -> Fixture:
    """A match with a price of 2.50 that was 2.20."""
    fixture = served.match()
    with served.rows():
        market = make_market(fixture, revision=1)
        make_bet(market, "1", "2.5", 8, previous_price=Decimal("2.2"), moves=1, last_update=timezone.now())
        make_bet(market, "1", "2.4", 31, last_update=timezone.now())
        make_bet(market, "1", "2.3", 145, last_update=timezone.now())
    return fixture


@pytest.mark.parametrize("notation", NOTATIONS)
def test_prices_are_written_as_the_trader_reads_them_and_so_are_those_that_are_pushed(
    page: Page, served: Served, priced: Fixture, notation: str
):
    served.sign_in(page, odds=notation)
    served.open(page, f"/fixtures/{priced.pk}/")
    price = page.locator(".grid__row .px__price").first
    expect(price).to_have_text(NOTATIONS[notation])
    with served.rows():
        bet = priced.bets.get(provider_id=8)
    served.change(bet, price=Decimal("3.0"), moves=2)
    expect(price).not_to_have_text(NOTATIONS[notation], timeout=10_000)
    page.reload()
    pushed = {"decimal": "3.00", "fractional": "2/1", "american": "+200", "malay": "-0.50"}.get(notation, "2.00")
    expect(price).to_have_text(pushed)


def test_the_key_o_goes_on_to_the_next_notation_and_it_stays(page: Page, served: Served, priced: Fixture):
    user = served.sign_in(page)
    served.open(page, f"/fixtures/{priced.pk}/")
    page.keyboard.press("o")
    expect(page.locator(".grid__row .px__price").first).to_have_text("6/4")
    with served.rows():
        assert Desk.objects.get(user=user).odds == "fractional"


@pytest.mark.parametrize(("zone", "clock"), [("Asia/Tokyo", "04:30"), ("America/New_York", "14:30"), ("UTC", "19:30")])
def test_times_are_in_the_traders_zone(page: Page, served: Served, zone: str, clock: str):
    start = timezone.now().replace(month=1, day=10, hour=19, minute=30)
    with served.rows():
        fixture = Fixture.objects.get(pk=served.match().pk)
        fixture.scoreboard.delete()
        Fixture.objects.filter(pk=fixture.pk).update(start_at=start, status=1)
    served.sign_in(page, zone=zone)
    served.open(page, f"/fixtures/{fixture.pk}/")
    expect(page.locator(".scoreboard__phase time")).to_contain_text(clock)


def colours(page: Page, *names: str) -> list[tuple[float, ...]]:
    """The values of colour tokens, each as red, green and blue of 0 to 255."""
    read = """(names) => names.map((name) => {
        const probe = document.body.appendChild(document.createElement('i'));
        probe.style.color = `var(${name})`;
        const found = getComputedStyle(probe).color;
        probe.remove();
        return found;
    })"""
    return [tuple(float(part) for part in re.findall(r"[\d.]+", text)[:3]) for text in page.evaluate(read, list(names))]


def linear(channel: float) -> float:
    """An sRGB channel as light."""
    share = channel / 255
    return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4


def lab(light: list[float]) -> list[float]:
    """Linear RGB as CIE L*a*b* (D65)."""
    to_xyz = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
    xyz = [sum(a * b for a, b in zip(row, light, strict=True)) for row in to_xyz]
    x, y, z = (
        (part / white) ** (1 / 3) if part / white > 0.008856 else 7.787 * part / white + 16 / 116
        for part, white in zip(xyz, (0.95047, 1.0, 1.08883), strict=True)
    )
    return [116 * y - 16, 500 * (x - y), 200 * (y - z)]


def distance(one: tuple[float, ...], other: tuple[float, ...], vision: str = "") -> float:
    """How far apart two colours look: CIE76, of which 2.3 is just noticeable."""
    seen = []
    for colour in (one, other):
        light = [linear(channel) for channel in colour]
        if vision:
            light = [max(0.0, min(1.0, sum(a * b for a, b in zip(row, light, strict=True)))) for row in SIGHTS[vision]]
        seen.append(lab(light))
    return sum((a - b) ** 2 for a, b in zip(*seen, strict=True)) ** 0.5


@pytest.mark.parametrize("theme", ["dark", "light", "contrast"])
@pytest.mark.parametrize("vision", SIGHTS)
def test_longer_and_shorter_are_told_apart_without_red_green_or_blue_sight(
    page: Page, served: Served, theme: str, vision: str
):
    served.sign_in(page, theme=theme)
    served.open(page)
    longer, shorter = colours(page, "--up", "--down")
    assert distance(longer, shorter, vision) > 60


def test_a_trader_may_have_green_and_red_or_the_safe_colours_swapped(page: Page, served: Served):
    seen = {}
    for wish in ("safe", "classic", "swapped"):
        served.sign_in(page, colours=wish, theme="dark")
        served.open(page)
        seen[wish] = colours(page, "--up", "--down")
    assert seen["swapped"] == seen["safe"][::-1]
    assert not set(seen["classic"]) & set(seen["safe"])
    assert distance(*seen["classic"]) > 60


def test_a_move_is_told_by_an_arrow_too_and_not_by_colour_alone(page: Page, served: Served, priced: Fixture):
    served.sign_in(page)
    served.open(page, f"/fixtures/{priced.pk}/")
    moved = page.locator(".px[data-move=up]").first
    assert "▲" in moved.evaluate("(cell) => getComputedStyle(cell, '::before').content")


def test_each_theme_has_grounds_of_its_own(page: Page, served: Served):
    grounds = {}
    for theme in ("dark", "light", "contrast"):
        served.sign_in(page, theme=theme)
        served.open(page)
        grounds[theme] = colours(page, "--bg", "--text")
    assert all(one != other for one, other in combinations(grounds.values(), 2))
    assert distance(*grounds["contrast"]) > distance(*grounds["dark"])
    for scheme in ("dark", "light"):
        served.sign_in(page, theme="auto")
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        served.open(page)
        assert colours(page, "--bg", "--text") == grounds[scheme]


def test_rows_are_as_high_as_the_trader_wants_them(page: Page, served: Served, priced: Fixture):
    heights = []
    for density in ("dense", "compact", "normal", "roomy"):
        served.sign_in(page, density=density)
        served.open(page)
        box = page.locator(f"#row-{priced.pk}").bounding_box()
        assert box is not None
        heights.append(box["height"])
    assert heights == sorted(set(heights))


def test_columns_of_the_board_are_hidden_and_shown_by_the_form_of_wishes(page: Page, served: Served, priced: Fixture):
    served.sign_in(page, favourites=[priced.pk])  # first, however full other tests have made the board
    served.open(page, "/preferences/")
    page.get_by_label("Totals").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status").filter(has_text="Saved")).to_be_visible()
    page.set_viewport_size({"width": 1440, "height": 900})
    served.open(page)
    row = page.locator(f"#row-{priced.pk}")
    expect(row.locator(".c-totals").first).to_be_hidden()
    expect(row.locator(".c-last")).to_be_visible()


def test_bookmakers_columns_are_ordered_and_hidden_by_the_form_of_wishes(page: Page, served: Served, priced: Fixture):
    served.sign_in(page)
    served.open(page, f"/fixtures/{priced.pk}/")
    heads = page.locator(".grid__book")
    expect(heads).to_have_text(["Book 8", "Book 31", "Book 145"])
    page.goto(f"{served.address}/preferences/")
    page.locator("input[name=place_145]").fill("1")
    page.locator("input[name=hide_31]").check()
    page.get_by_role("button", name="Save").click()
    page.goto(f"{served.address}/fixtures/{priced.pk}/")
    expect(heads).to_have_text(["Book 145", "Book 8"])


def test_one_bookmakers_column_stays_in_view_while_the_others_are_scrolled(page: Page, served: Served, priced: Fixture):
    with served.rows():
        for provider in (1, 2, 3, 4):
            make_bet(priced.markets.get(), "1", "2.2", provider, last_update=timezone.now())
    served.sign_in(page)
    served.open(page, "/preferences/")
    page.get_by_label("Column that stays in view").select_option("Book 145")
    page.get_by_role("button", name="Save").click()
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(f"{served.address}/fixtures/{priced.pk}/")
    expect(page.locator(".grid__book").first).to_have_text("Book 145")
    parts = [".grid__book >> nth=0", ".grid td.px >> nth=0", ".grid th[scope=row] >> nth=0", ".grid__book >> nth=1"]
    before = [place_of(page, part) for part in parts]
    page.locator(".market .scroll").first.evaluate("area => (area.scrollLeft = area.scrollWidth)")
    *staying, other = (was - place_of(page, part) for was, part in zip(before, parts, strict=True))
    assert max(staying) < other / 2


def place_of(page: Page, part: str) -> float:
    """How far to the right it stands, in px."""
    box = page.locator(part).bounding_box()
    assert box is not None
    return box["x"]


def test_a_market_is_pinned_to_the_top_and_taken_off(page: Page, served: Served, priced: Fixture):
    with served.rows():
        make_bet(make_market(priced, 11, "Total Corners", revision=1), "Over", "1.9", 8)
    served.sign_in(page)
    complaints = served.open(page, f"/fixtures/{priced.pk}/?open=pinned,main,other")
    pin = page.get_by_role("button", name=re.compile("(Pin|Unpin) Total Corners"))
    with page.expect_navigation():
        pin.click()
    expect(page.locator("section[aria-labelledby=group-pinned]")).to_contain_text("Total Corners")
    with page.expect_navigation():
        pin.click()
    expect(page.locator("#group-pinned")).to_have_count(0)
    assert complaints == []


NAMES = ("Mine", "⚽ εκτός 'έδρας' & \"more\"", "<script>alert(1)</script>", "x" * 40)


@pytest.mark.parametrize("name", NAMES, ids=["plain", "signs", "script", "long"])
def test_a_board_is_saved_under_any_name_and_forgotten(page: Page, served: Served, name: str):
    served.sign_in(page)
    complaints = served.open(page, "/?show=upcoming&q=north")
    page.locator("#filters summary").click()
    page.get_by_label("Save this board as").fill(name)
    page.get_by_role("button", name="Save", exact=True).click()
    view = page.get_by_role("navigation", name="Your boards").get_by_role("link", name=name, exact=True)
    expect(view).to_have_attribute("aria-current", "true")
    page.goto(served.address)
    view.click()
    page.wait_for_url("**/?show=upcoming&q=north&*")
    page.locator("#filters summary").click()
    page.get_by_label("Save this board as").fill(name)
    page.get_by_role("button", name="Delete the tab of this name").click()
    expect(view).to_have_count(0)
    assert complaints == []


def test_reduced_motion_is_the_systems_or_the_traders_own(page: Page, served: Served):
    served.sign_in(page, motion="reduced")
    served.open(page)
    assert page.locator("html").get_attribute("data-motion") == "reduced"
    assert page.evaluate("() => document.getAnimations().length") == 0


def wishes_of(served: Served, user: Any) -> Desk:
    with served.rows():
        return Desk.objects.get(user=user)


def test_every_wish_of_the_form_is_kept(page: Page, served: Served):
    user = served.sign_in(page)
    served.open(page, "/preferences/")
    chosen = {
        "Odds format": ("odds", "malay"),
        "Time zone": ("zone", "Asia/Tokyo"),
        "Theme": ("theme", "contrast"),
        "Colours of price moves": ("colours", "classic"),
        "Row height": ("density", "roomy"),
        "Animation": ("motion", "reduced"),
        "Announce to screen readers": ("spoken", "all"),
    }
    for label, (_, value) in chosen.items():
        page.get_by_label(label, exact=True).select_option(value)
    page.get_by_label("Single-key shortcuts").uncheck()
    page.get_by_label("Play a sound for each alert whose rule has one").check()
    page.get_by_label("Show alerts as browser notifications").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status").filter(has_text="Saved")).to_be_visible()
    stored = wishes_of(served, user)
    assert {field: getattr(stored, field) for field, _ in chosen.values()} == dict(chosen.values())
    assert (stored.has_shortcuts, stored.has_sound, stored.has_notifications) == (False, True, True)
