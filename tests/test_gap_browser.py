"""What the desk did not receive, from a real broker to the pixel: a missing message, and a break that it recovers from.

Each is seen by a page in Chromium, over REST, and by the documents' example client of the stream.
"""

# ruff: noqa: F811 - fixtures are imported, and are arguments of the same names

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from exam.processes import until
from feed.vouching.reasons import Reason
from tests.conftest import new_database
from tests.example_programs import RunningFollower
from tests.live_desk import LiveDesk, live_desk
from tests.live_pages import fixture_ids, open_live, trader  # noqa: F401 - a fixture

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]
OPEN = re.compile(r"\bpx--open\b")
RECOVERY_SECONDS = 12
LSPORTS_CAN_BE_ASKED = 'from feed.models import FeedSource; FeedSource.objects.update(snapshots="answered")'


@pytest.fixture(scope="module")
def running(migrated_template: str, redis_url: str, amqp_url: str) -> Iterator[LiveDesk]:
    settings = {"FEED_RECOVERY_SECONDS": str(RECOVERY_SECONDS)}
    with new_database(migrated_template) as url, live_desk(url, redis_url, amqp_url, **settings) as made:
        yield made


@pytest.fixture
def watched(trader: Page, running: LiveDesk) -> "Iterator[Watched]":
    """A page and a program that follow a fixture with two markets, each with the bets "1" and "2"."""
    pk = next(fixture_ids)
    running.beat()
    running.fixture(pk)
    for market in (1, 2):
        offer(running, pk, market, "1", "2")
    page = f"{running.direct}/fixtures/{pk}/"
    until(lambda: f"market-{pk}-2" in httpx.get(page, cookies=running.cookies, timeout=20).text, 20, "the markets")
    open_live(trader, f"{running.address}/fixtures/{pk}/")
    with RunningFollower(running.stream, running.token, fixtures=[pk]) as program:
        yield Watched(trader, running, program, pk)


class Watched:
    """The bets "1" and "2" of the markets of a fixture, as who watches them sees them."""

    def __init__(self, page: Page, running: LiveDesk, program: RunningFollower, pk: int) -> None:
        self.page, self.running, self.program, self.pk = page, running, program, pk

    def cells(self, market: int) -> Locator:
        return self.page.locator(f"#market-{self.pk}-{market} td.px[data-history]")

    def is_open(self, market: int) -> None:
        """Both bets look open to everybody."""
        self.are(market, [])
        expect(self.cells(market)).to_have_class([OPEN, OPEN], timeout=10_000)

    def is_closed(self, market: int, *reasons: Reason) -> None:
        """Neither bet looks open to anybody, and everybody is told these reasons."""
        for cell in self.cells(market).all():
            expect(cell).not_to_have_class(OPEN, timeout=10_000)
        self.are(market, list(reasons))

    def are(self, market: int, reasons: list[Reason]) -> None:
        wanted = [reasons, reasons]
        until(lambda: reasons_of(self.program.states().get(self.pk, {}), market) == wanted, 20, f"{reasons}")
        answer = httpx.get(
            f"{self.running.direct}/api/v1/fixtures/{self.pk}/",
            headers={"Authorization": f"Bearer {self.running.token}"},
            timeout=20,
        )
        assert reasons_of(answer.json(), market) == wanted


def reasons_of(state: dict, market: int) -> list[list[str]]:  # type: ignore[type-arg]
    bets = state.get("markets", {}).get(str(market), {}).get("providers", {}).get("8", {}).get("bets", {})
    return [bet["closed_because"] for bet in bets.values()]


def offer(running: LiveDesk, pk: int, market: int, *names: str, price: str = "2.1") -> None:
    """These bets of a market."""
    at = datetime.now(UTC).isoformat()
    bets = [
        {"Id": pk * 1000 + market * 10 + int(name), "Name": name, "Status": 1, "Price": price, "LastUpdate": at}
        for name in names
    ]
    provider = {"Id": 8, "Name": "Bet Eight", "Bets": bets}
    markets = [{"Id": market, "Name": f"Market {market}", "ProviderMarkets": [provider]}]
    running.publish(3, {"FixtureId": pk, "Markets": markets})


def test_a_missing_message_closes_its_market_alone_until_all_of_it_is_told_again(watched: Watched) -> None:
    running, pk = watched.running, watched.pk
    watched.is_open(1)
    running.sent[3, pk, 1] += 1  # it got lost
    offer(running, pk, 1, "1", price="2.2")
    watched.is_closed(1, Reason.GAP)
    watched.is_open(2)
    offer(running, pk, 1, "1", "2")
    watched.is_open(1)


def test_a_break_is_recovered_from_and_what_nobody_named_stays_closed(watched: Watched) -> None:
    running, pk = watched.running, watched.pk
    watched.is_open(1)
    running.made.run("shell", "--command", LSPORTS_CAN_BE_ASKED)
    running.beat(after=30)
    expect(watched.page.locator("#feed")).to_contain_text("Catching up after a break: 0 of", timeout=10_000)
    watched.is_closed(1, Reason.SOURCE_RECOVERING, Reason.UNCONFIRMED)
    watched.is_closed(2, Reason.UNCONFIRMED)
    offer(running, pk, 1, "1", "2")
    watched.is_open(1)
