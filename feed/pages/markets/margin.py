"""A bookmaker's book on a market: what margin it takes, and what prices would be without one.

The margin is taken off by the power method: the chances that a book's prices imply are raised to the one power at which
they add up to 1. It takes more off long prices than off short ones, as bookmakers put it on (favourite-longshot bias;
Clarke, Kovalchik and Ingram, "Adjusting bookmaker's odds to allow for overround", 2017).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import log
from statistics import median
from typing import Generic, TypeVar

from feed.models import Bet
from feed.models.market import CALCULATED
from feed.vouching.market import MarketVouching

Outcome = TypeVar("Outcome")
#: The chances of outcomes that exclude each other add up to about 1. Those of a double chance add up to 2, those of a
#: book without one of its outcomes to less: neither has a margin.
MOST_SUM = 1.6
LEAST_SUM = 0.98
LEAST_OUTCOMES = 2
#: Newton's method is within a billionth after these.
STEPS = 8


@dataclass(frozen=True, slots=True)
class Book(Generic[Outcome]):
    """`margins`: by bookmaker, 0.05 for a book of 105 per cent. `fair`: by outcome, the price without a margin."""

    margins: dict[int, float]
    fair: dict[Outcome, Decimal]


def book_of(outcomes: Mapping[Outcome, Sequence[Bet]], vouching: MarketVouching) -> Book[Outcome]:
    """The books of the bookmakers whose prices for all outcomes are open; the fair price is the median of theirs."""
    priced: dict[int, dict[Outcome, float]] = {}
    for outcome, bets in outcomes.items():
        for bet in bets:
            if bet.provider_id != CALCULATED and vouching.is_open(bet):
                priced.setdefault(bet.provider_id, {})[outcome] = 1 / float(bet.price or 0)
    complete = {
        provider: chances
        for provider, chances in priced.items()
        if len(chances) == len(outcomes) >= LEAST_OUTCOMES and LEAST_SUM < sum(chances.values()) < MOST_SUM
    }
    if not complete:
        return Book({}, {})
    margins = {provider: sum(chances.values()) - 1 for provider, chances in complete.items()}
    return Book(margins, fair_prices([without_margin(chances) for chances in complete.values()]))


def without_margin(chances: Mapping[Outcome, float]) -> dict[Outcome, float]:
    """The chances raised to the power at which they add up to 1, by Newton's method; each is below 1."""
    power = 1.0
    for _ in range(STEPS):
        raised = [chance**power for chance in chances.values()]
        slope = sum(value * log(chance) for value, chance in zip(raised, chances.values(), strict=True))
        power -= (sum(raised) - 1) / slope
    return {outcome: chance**power for outcome, chance in chances.items()}


def fair_prices(books: Sequence[Mapping[Outcome, float]]) -> dict[Outcome, Decimal]:
    """The price of each outcome at the median chance of all books, which are made to add up to 1 again."""
    middle = {outcome: median(book[outcome] for book in books) for outcome in books[0]}
    whole = sum(middle.values())
    return {outcome: Decimal(f"{whole / chance:.6f}") for outcome, chance in middle.items()}
