"""The player in a browser: slider, keys, a chosen price, an address that follows, and the live page at the end."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from feed.models import Fixture
from feed.past.moments import moment_text
from feed.store import store_batch
from tests.received import a_source, bet, fixture_message, livescore_message, market_message
from tests.served import Served, numbers

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any) -> Iterator[Served]:
    """One of its own, since the journal's source is another than the one that other tests have."""
    made = Served(tmp_path_factory.mktemp("past"), django_db_blocker)
    yield made
    made.desk.close()


def played(served: Served) -> tuple[int, list[datetime]]:
    """A match, and when each was stored: 0:0 at 1.50, 1:0, 9.50."""
    number, found = next(numbers) + 500_000, []
    with served.rows():
        source = a_source("Played")
        for batch in (
            [
                fixture_message(0, number=number, start_date=timezone.now(), status=2),
                livescore_message(1, "0", "0", number=number),
                market_message(bet(1, "1.5", 1), sent=1, number=number),
            ],
            [livescore_message(2, "1", "0", number=number)],
            [market_message(bet(1, "9.5", 3), sent=3, number=number)],
        ):
            store_batch(source, batch)
            stored_at = Fixture.objects.get(pk=number).stored_at
            assert stored_at is not None
            found.append(stored_at)
    return number, found


def complaints_of(page: Page) -> list[str]:
    """All that the browser complains of from now on."""
    complaints: list[str] = []
    page.on("console", lambda message: message.type in ("error", "warning") and complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return complaints


def test_the_past_is_played_by_slider_and_keys_and_its_address_follows(page: Page, desk: Served):
    number, (first, goal, priced) = played(desk)
    desk.sign_in(page)
    complaints = complaints_of(page)
    page.goto(f"{desk.address}/at/{moment_text(first)}/fixtures/{number}/?open=main")
    page.evaluate("window.isSamePage = true")
    score, price = page.locator(".scoreboard__score"), page.locator(".px[data-bet]").first
    expect(score).to_contain_text("0 to")
    page.keyboard.press("g")
    expect(score).to_contain_text("1 to")
    page.wait_for_url(f"**/at/{moment_text(goal)}/fixtures/{number}/?open=main")
    expect(page.locator(".past__moment")).to_have_text(f"{moment_text(goal).replace('T', ' ')} UTC")
    page.keyboard.press("x")
    expect(page.locator("#player-note")).to_have_text("Choose a price on the page first.")
    price.click()
    page.keyboard.press("x")
    expect(price).to_contain_text("9.50")
    page.wait_for_url(f"**/at/{moment_text(priced)}/**")
    page.keyboard.press("x")
    expect(page.locator("#player-note")).to_have_text("Nothing of that kind was found.")

    page.locator("#player-time").fill(str(int(first.timestamp() * 1000) + 1))
    expect(score).to_contain_text("0 to")
    expect(price).to_contain_text("1.50")
    assert page.evaluate("window.isSamePage")

    back = datetime.fromtimestamp((int(first.timestamp() * 1000) + 1) / 1000, UTC)
    page.wait_for_url(f"**/at/{moment_text(back)}/**")
    other = page.context.new_page()
    other.goto(page.url)
    expect(other.locator(".scoreboard__score")).to_contain_text("0 to")
    other.close()

    page.locator("#player-speed").select_option("50")
    page.get_by_role("button", name="Play").click()
    page.wait_for_url(f"{desk.address}/fixtures/{number}/?open=main", timeout=60_000)
    expect(page.locator("#socket")).to_have_attribute("data-state", "live", timeout=20_000)
    expect(page.locator(".px[data-bet]").first).to_contain_text("9.50")
    assert complaints == []


def test_a_moment_that_is_not_to_be_had_leaves_the_page_where_it_was(page: Page, desk: Served):
    number, (first, *_) = played(desk)
    desk.sign_in(page)
    page.goto(f"{desk.address}/at/{moment_text(first)}/fixtures/{number}/")
    before = (first - timedelta(hours=1)).timestamp() * 1000
    page.evaluate(f"document.getElementById('player-time').min = {before:.0f}")
    page.locator("#player-time").fill(f"{before:.0f}")
    expect(page.locator("#player-note")).to_have_text("The desk has nothing of that moment.")
    assert moment_text(first).replace("T", " ") in page.locator(".past__moment").inner_text()
    expect(page.locator(".scoreboard__score")).to_contain_text("0 to")
