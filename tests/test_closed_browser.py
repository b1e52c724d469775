"""Every condition of an open price, from LSports' bytes to the pixel: the cell in Chromium, REST, the stream."""

import re
from itertools import count
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from exam.processes import until
from tests.closing import CLOSING, Feed
from tests.example_programs import RunningFollower
from tests.served import Served
from tests.stream_client import make_token

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]
fixture_ids = count(880_001)
OPEN = re.compile(r"\bpx--open\b")


def bet_of(state: dict[str, Any]) -> dict[str, Any]:
    """Bet "1" of bookmaker 8 in a state; {} where it has none."""
    for key in ("markets", "1", "providers", "8", "bets", "1080"):
        state = state.get(key, {})
    return state


@pytest.mark.parametrize("name", CLOSING)
def test_what_closes_a_price_is_painted_and_sent(page: Page, served: Served, name: str):
    happen, reasons = CLOSING[name]
    pk = next(fixture_ids)
    with served.rows():
        feed = Feed(pk)
        feed.stand("up")
        _token, secret = make_token(name=f"screen {pk}")
    served.sign_in(page)
    served.open(page, f"/fixtures/{pk}/")
    cell = page.locator(f"#market-{pk}-1 td.px").first
    expect(cell).to_have_class(OPEN, timeout=10_000)
    open_style = cell.locator(".px__price").evaluate("(element) => getComputedStyle(element).color")
    stream = f"{served.address.replace('http', 'ws')}/ws/v1/stream"
    with RunningFollower(stream, secret, fixtures=[pk]) as program:
        until(lambda: pk in program.states(), 20, "the state")
        try:
            with served.rows():
                happen(feed)
            expect(cell).not_to_have_class(OPEN, timeout=10_000)
            assert cell.locator(".px__price").evaluate("(element) => getComputedStyle(element).color") != open_style
            assert cell.locator(".hidden").first.inner_text()
            until(lambda: bet_of(program.states().get(pk, {})).get("closed_because") == reasons, 10, "the reasons")
            answer = httpx.get(
                f"{served.address}/api/v1/fixtures/{pk}/", headers={"Authorization": f"Bearer {secret}"}, timeout=20
            )
            assert bet_of(answer.json())["closed_because"] == reasons
        finally:
            with served.rows():
                feed.stand("up")
