"""Every condition of an open price, from LSports' bytes to the pixel, and back to open once it ends.

A whole desk takes the messages from a real broker; Chromium, REST and the documents' example client see what comes of
them: the cell, the market's head, the board, the codes. By hand, for it takes four minutes: `make conditions`.
"""

# ruff: noqa: F811 - fixtures are imported, and are arguments of the same names

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from exam.processes import until
from feed.vouching.reasons import Reason
from tests.conditions import BOOKMAKER, CONDITIONS, Beats, Match
from tests.conftest import new_database
from tests.example_programs import RunningFollower
from tests.live_desk import LiveDesk, live_desk
from tests.live_pages import fixture_ids, open_live, trader  # noqa: F401 - a fixture

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]
OPEN = re.compile(r"\bpx--open\b")
#: A recovery that nobody answers ends after so long.
RECOVERY_SECONDS = 25
#: The longest way to a reason: silence until the feed is down; back: a recovery that nobody answers.
SEEN_SECONDS = 50
COLOUR = "(cell) => getComputedStyle(cell.querySelector('.px__price')).color"


@pytest.fixture(scope="module")
def running(redis_url: str, amqp_url: str) -> Iterator[LiveDesk]:
    silence = {"FEED_LATE_SECONDS": "9", "FEED_DOWN_SECONDS": "11", "FEED_RECOVERY_SECONDS": str(RECOVERY_SECONDS)}
    with new_database() as url, live_desk(url, redis_url, amqp_url, **silence) as made:
        yield made


@pytest.fixture(scope="module")
def beats(running: LiveDesk) -> Iterator[Beats]:
    made = Beats(running.broker.url, running.broker.queue)
    yield made
    made.end()


class Watched:
    """Bet "1" of a match as a fixture's page, a board, REST and a program see it."""

    def __init__(self, page: Page, board: Page, program: RunningFollower, match: Match) -> None:
        self.page, self.board, self.program, self.match = page, board, program, match
        self.cell = page.locator(f"#market-{match.pk}-1 td.px").first
        self.row = board.locator(f"#row-{match.pk} td.px[data-tip]").first
        self.head = page.locator(f"#market-{match.pk}-1 .market__head .tag")
        self.fixture_head = page.locator(".markets__closed .tag")
        self.link = page.locator(f"#market-{match.pk}-1 th[scope=row] a").first
        self.tip = page.locator("#tip")

    def codes(self) -> list[Any]:
        """Whether it is open and why not, as the stream has told it, and as REST tells it."""
        running, pk = self.match.running, self.match.pk
        headers = {"Authorization": f"Bearer {running.token}"}
        answer = httpx.get(f"{running.direct}/api/v1/fixtures/{pk}/", headers=headers, timeout=20)
        bets = bet_of(self.program.states().get(pk, {}), pk), bet_of(answer.json(), pk)
        return [(bet.get("open"), bet.get("closed_because")) for bet in bets]

    def become(self, reasons: list[Reason]) -> None:
        """Programs are told these reasons, in this order."""
        wanted = [(not reasons, reasons)] * 2
        with suppress(AssertionError):
            until(lambda: self.codes() == wanted, SEEN_SECONDS)
        assert self.codes() == wanted

    def is_open(self) -> None:
        self.become([])
        for cell in (self.cell, self.row):
            expect(cell).to_have_class(OPEN, timeout=10_000)
        expect(self.head).to_have_count(0)
        expect(self.fixture_head).to_have_count(0)

    def is_closed(self, reasons: list[Reason], words: str, colours: list[str]) -> None:
        """Nobody takes it for open, and everybody is told why."""
        self.become(reasons)
        for cell, colour in zip((self.cell, self.row), colours, strict=True):
            expect(cell.locator(".hidden")).to_contain_text(words, timeout=10_000)
            expect(cell).not_to_have_class(OPEN)
            assert cell.evaluate(COLOUR) != colour

    def is_explained_at_the_cell(self, words: str) -> None:
        """While the pointer is on it, and while its row has the focus."""
        if not self.cell.is_visible():
            self.page.locator(".grid__dead summary").click()
        self.cell.hover()
        expect(self.tip).to_contain_text(words)
        self.page.mouse.move(0, 0)
        expect(self.tip).to_be_hidden()
        self.link.focus()
        expect(self.tip).to_contain_text(words)
        self.link.blur()


def bet_of(state: dict[str, Any], pk: int) -> dict[str, Any]:
    for key in ("markets", "1", "providers", str(BOOKMAKER), "bets", str(pk * 10 + 1)):
        state = state.get(key, {})
    return state


def reads(head: Locator, words: str) -> None:
    expect(head).to_have_count(1 if words else 0)
    if words:
        expect(head).to_have_text(words)


@pytest.fixture
def watched(trader: Page, running: LiveDesk, beats: Beats) -> Iterator[Watched]:
    match = Match(running, beats, next(fixture_ids))
    address = f"/fixtures/{match.pk}/"
    stored = running.direct + address
    until(lambda: f"market-{match.pk}-1" in httpx.get(stored, cookies=running.cookies).text, 20, "the market")
    board = trader.context.new_page()
    open_live(trader, running.address + address)
    open_live(board, f"{running.address}/?q={match.pk}")
    with RunningFollower(running.stream, running.token, fixtures=[match.pk]) as program:
        yield Watched(trader, board, program, match)


def test_every_code_is_the_strongest_of_a_condition() -> None:
    assert {condition.reasons[0] for condition in CONDITIONS.values()} == set(Reason)


@pytest.mark.parametrize("name", CONDITIONS)
def test_a_price_is_closed_everywhere_until_it_may_be_open(watched: Watched, name: str) -> None:
    condition = CONDITIONS[name]
    watched.is_open()
    colours = [cell.evaluate(COLOUR) for cell in (watched.cell, watched.row)]
    condition.happens(watched.match)
    watched.is_closed(condition.reasons, condition.words, colours)
    reads(watched.head, condition.words if condition.head is None else condition.head)
    reads(watched.fixture_head, condition.fixture_head)
    watched.is_explained_at_the_cell(condition.words)
    condition.ends(watched.match)
    watched.is_open()
