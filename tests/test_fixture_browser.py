"""The fixture's page in a browser: prices first on a small window, folded lines, a race card of one line a runner."""

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from feed.models import Participant
from tests.rows import make_bet, make_market
from tests.served import Served

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]


@pytest.mark.parametrize(("width", "height"), [(390, 844), (720, 450)], ids=["phone", "1440 at 200 per cent"])
def test_prices_come_before_statistics_on_a_small_window(page: Page, served: Served, width: int, height: int):
    fixture = served.match()
    with served.rows():
        make_bet(make_market(fixture, revision=1), "1", "2.5", last_update=timezone.now())
    served.sign_in(page)
    page.set_viewport_size({"width": width, "height": height})
    served.open(page, f"/fixtures/{fixture.pk}/")
    tops = [page.locator(part).bounding_box() for part in (".market", ".statistics", ".note-form")]
    heights = [box["y"] for box in tops if box is not None]
    assert len(heights) == 3
    assert heights == sorted(heights)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_closed_lines_are_folded_and_stay_as_the_reader_left_them(page: Page, served: Served):
    fixture = served.match()
    with served.rows():
        market = make_market(fixture, 2, "Under/Over", main_line="2.5", revision=1)
        shut = {"line": "0.5", "base_line": "0.5", "status": 2, "last_update": timezone.now()}
        make_bet(market, "Over", "1.1", **shut)
        bet = make_bet(market, "Over", "1.9", line="2.5", base_line="2.5", last_update=timezone.now())
    served.sign_in(page)
    complaints = served.open(page, f"/fixtures/{fixture.pk}/")
    expect(page.locator(".grid__dead .px").first).to_be_hidden()
    page.locator(".grid__dead summary").click()
    served.change(bet, price="2.05", moves=1)
    expect(page.locator(".grid__row--main .px__price").first).to_have_text("2.05", timeout=10_000)
    expect(page.locator(".grid__dead .px").first).to_be_visible()
    assert complaints == []


def test_a_race_card_has_a_line_of_28_pixels_a_runner(page: Page, served: Served):
    race = served.match(kind="outright", name="Harbour Stakes")
    facts = {
        "Jockey": "Ilmarin A.",
        "TrainerName": "Quist B.",
        "JockeyWeight": "57.5",
        "Form": "1-4-2",
        "Blinkers": "no",
    }
    with served.rows():
        race.participants.all().delete()
        for number in range(1, 13):
            own = {"participant_id": number, "position": number, "name": f"Quiet Meadow {number}"}
            Participant.objects.create(fixture=race, extra_data=facts | {"Sire": "A long name of a sire"}, **own)
    served.sign_in(page)
    served.open(page, f"/fixtures/{race.pk}/")
    heights = page.evaluate(
        "[...document.querySelectorAll('.runner')].map((row) => row.getBoundingClientRect().height)"
    )
    assert len(heights) == 12
    assert max(heights) <= 29
    runner = page.locator(".runner").first
    assert "Form 1-4-2" in runner.inner_text()
    assert "Blinkers" not in runner.inner_text()
