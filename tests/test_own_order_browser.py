"""The trader's own order in a browser: sorted by buttons, keys and dragging, and a sport folded."""

from datetime import timedelta

import pytest
from django.db.models import F
from django.utils import timezone
from playwright.sync_api import Page, expect

from feed.models import Fixture, Sport
from tests.served import Served

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]
SPORTS = {54094: "Tennis", 35232: "Ice Hockey", 6046: "Football"}


@pytest.fixture
def desk(page: Page, served: Served) -> Served:
    """Signed in where there is a match of each sport."""
    with served.rows():
        for pk, name in SPORTS.items():
            Sport.objects.get_or_create(pk=pk, defaults={"name": name})
    for pk in SPORTS:
        served.match(sport_id=pk)
    served.sign_in(page)
    return served


def order(page: Page) -> list[str]:
    return page.locator(".sorted__name").all_inner_texts()


def test_sports_are_sorted_by_buttons_and_keys_and_stand_so_on_the_board(page: Page, desk: Served):
    desk.open(page, "/preferences/")
    first, second, third, *others = order(page)
    page.get_by_role("button", name=f"{second} up").click()
    expect(page.get_by_role("button", name=f"{second} up")).to_be_focused()
    page.get_by_role("button", name=f"{third} down").focus()
    page.keyboard.press("Alt+ArrowUp")
    page.keyboard.press("Alt+ArrowUp")
    assert order(page) == [third, second, first, *others]
    items = page.locator(".sorted__item")
    items.first.drag_to(items.nth(1), target_position={"x": 20, "y": 25})
    assert order(page) == [second, third, first, *others]
    page.get_by_role("button", name="Save").click()
    desk.open(page, "/")
    bar = [name.rsplit(" ", 1)[0] for name in page.locator(".board > .sports a").all_inner_texts()[1:]]
    assert bar == [name for name in [second, third, first, *others] if name in bar]


def test_a_sport_is_folded_with_shift_and_stays_so(page: Page, desk: Served):
    desk.open(page, "/")
    league = page.locator(".league").first
    sport = league.get_attribute("data-sport")
    league.locator("[data-fold]").click(modifiers=["Shift"])
    expect(page.locator(f".league[data-sport='{sport}']:not([data-js-folded])")).to_have_count(0)
    desk.open(page, "/")
    expect(page.locator(f".league[data-sport='{sport}'] [data-fold]").first).to_have_attribute("aria-expanded", "false")


def test_by_last_change_no_row_moves_before_the_reader_asks(page: Page, desk: Served):
    early, late = (desk.match(sport_id=54094, received_at=timezone.now() + timedelta(seconds=n)).pk for n in (60, 120))
    desk.open(page, "/?order=change&sport=54094")
    ids = page.locator("#section-in_play .row")
    names = "(rows) => rows.map((row) => row.id)"
    before = ids.evaluate_all(names)
    assert before.index(f"row-{late}") < before.index(f"row-{early}")
    with desk.rows():
        newer = {"received_at": timezone.now() + timedelta(seconds=180), "markets_revision": F("markets_revision") + 1}
        Fixture.objects.filter(pk=early).update(revision=F("revision") + 1, **newer)
    ask = page.get_by_role("button", name="1 changed its place: order again")
    expect(ask).to_be_visible(timeout=20_000)
    assert ids.evaluate_all(names) == before
    ask.click()
    expect(ask).to_be_hidden()
    after = ids.evaluate_all(names)
    assert after == [f"row-{early}", *(name for name in before if name != f"row-{early}")]
