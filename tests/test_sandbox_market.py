"""The simulated market is one that a trader believes: bookmakers agree, what is certain is 1.01, seasons are new."""

from collections.abc import Collection
from datetime import UTC, datetime

import pytest

from feed.codes import BetStatus
from sandbox.bet import Bet
from sandbox.bookmakers import prices_of
from sandbox.outgoing import Outgoing
from sandbox.schedule import season_year
from sandbox.sports import SPORTS
from sandbox.supplier import Supplier
from tests.sandbox_matches import KICK_OFF, make_match, make_offer
from tests.sandbox_supplied import after, make_supplier

#: Markets of which one outcome alone wins.
EXCLUSIVE = {"Winner", "WinnerOfTwo", "UnderOver", "Handicap"}
STEP_MS = 5000
#: Sports in which one rally follows the other.
RALLIED = {"Badminton", "Table Tennis", "Tennis", "Volleyball"}


def best_prices(bets: list[Bet]) -> list[float]:
    """Of each outcome of a line the best open price of any bookmaker; fewer where one is not offered."""
    open_prices = [
        [quote.price for book, quote in bet.quotes.items() if book and quote.status == BetStatus.OPEN] for bet in bets
    ]
    return [max(prices) for prices in open_prices if prices]


def arbitrages(supplier: Supplier, sports: Collection[str] = ()) -> list[bool]:
    """Of each whole line that is open now, in these sports or all, whether its best prices are an arbitrage."""
    found = []
    for coverage in supplier.coverages.values():
        if sports and coverage.contest.card.sport.name not in sports:
            continue
        for market in coverage.offer.markets[:3] if coverage.offer.is_open else ():
            if type(market).__name__ not in EXCLUSIVE:
                continue
            lines: dict[float | None, list[Bet]] = {}
            for bet in coverage.offer.bets[market.id].values():
                lines.setdefault(bet.line, []).append(bet)
            for bets in lines.values():
                prices = best_prices(bets)
                if len(prices) == len(bets):
                    found.append(sum(1 / price for price in prices) < 1)
    return found


def test_arbitrage_among_ten_bookmakers_is_rare_and_the_shortest_price_exists():
    supplier = make_supplier(fixtures=10, seed=3)
    found: list[bool] = []
    last = 0
    message: Outgoing
    for message in supplier.advance(after(1200)):
        if message.at - last >= STEP_MS:
            last = message.at
            found += arbitrages(supplier)
    assert len(found) > 5000
    assert sum(found) / len(found) < 0.02
    offers = [coverage.offer for coverage in supplier.coverages.values()]
    assert 1.01 in {quote.price for offer in offers for bet in offer for quote in bet.quotes.values()}


def test_arbitrage_is_rare_too_where_the_next_point_is_seconds_away():
    supplier = make_supplier(fixtures=20, seed=1)
    found: list[bool] = []
    last = 0
    for message in supplier.advance(after(600)):
        if message.at - last >= 1000:
            last = message.at
            found += arbitrages(supplier, RALLIED)
    assert len(found) > 5000
    assert sum(found) / len(found) < 0.015


def test_four_nil_in_the_85th_minute_looks_so():
    match = make_match(SPORTS[0], 1)
    offer = make_offer(SPORTS[0], match)
    match.begin(10, clock=0.0)
    for _ in range(4):
        match.add(1)
    match.finish(10)
    match.begin(20, clock=85 * 60.0)
    offer.quote(offer.books, KICK_OFF)
    bets = {name: bet for (_, name), bet in offer.bets[offer.markets[0].id].items()}
    assert {quote.price for quote in bets["1"].quotes.values()} == {1.01}
    for name in ("X", "2"):
        assert all(30 <= quote.price <= 67 for quote in bets[name].quotes.values())


@pytest.mark.parametrize("fairs", [[0.999, 0.001], [0.985, 0.01, 0.005], [0.5, 0.5], [0.0, 1.0], [0.96, 0.03, 0.01]])
@pytest.mark.parametrize("margin", [0.025, 0.05, 0.09])
def test_a_book_holds_also_where_one_outcome_is_as_good_as_certain(fairs: list[float], margin: float):
    prices = [price for price in prices_of(fairs, margin) if price is not None]
    assert len(prices) == len(fairs)
    assert sum(1 / price for price in prices) > 1


@pytest.mark.parametrize(
    ("moment", "year"), [(datetime(2026, 1, 10, tzinfo=UTC), 2025), (datetime(2026, 8, 1, tzinfo=UTC), 2026)]
)
def test_a_season_is_of_its_own_time(moment: datetime, year: int):
    assert season_year(int(moment.timestamp() * 1000)) == year
