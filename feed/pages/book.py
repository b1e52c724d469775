"""A bookmaker's book on a market: what margin it takes, and what prices would be without one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import fmean
from typing import Generic, TypeVar

from feed.codes import BetStatus
from feed.models import Bet
from feed.models.market import CALCULATED

Outcome = TypeVar("Outcome")
#: Outcomes that exclude each other have chances that add up to about 1; double chance adds up to 2 and has no margin.
MOST_SUM = 1.6
LEAST_OUTCOMES = 2


@dataclass(frozen=True, slots=True)
class Book(Generic[Outcome]):
    """`margins`: by bookmaker, 0.05 for a book of 105 per cent. `fair`: by outcome, the price without a margin."""

    margins: dict[int, float]
    fair: dict[Outcome, Decimal]


def book_of(outcomes: Mapping[Outcome, Sequence[Bet]], up: frozenset[int]) -> Book[Outcome]:
    """The books of the bookmakers whose prices for all outcomes are open; the fair price is their consensus."""
    priced: dict[int, dict[Outcome, float]] = {}
    for outcome, bets in outcomes.items():
        for bet in bets:
            if bet.provider_id != CALCULATED and is_open(bet, up):
                priced.setdefault(bet.provider_id, {})[outcome] = 1 / float(bet.price or 0)
    complete = {
        provider: chances
        for provider, chances in priced.items()
        if len(chances) == len(outcomes) >= LEAST_OUTCOMES and sum(chances.values()) < MOST_SUM
    }
    if not complete:
        return Book({}, {})
    fair = {
        outcome: fmean(chances[outcome] / sum(chances.values()) for chances in complete.values())
        for outcome in outcomes
    }
    return Book(
        {provider: sum(chances.values()) - 1 for provider, chances in complete.items()},
        {outcome: Decimal(f"{1 / chance:.6f}") for outcome, chance in fair.items()},
    )


def is_open(bet: Bet, up: frozenset[int]) -> bool:
    """Whether the price can be traded on."""
    return bet.status == BetStatus.OPEN and bet.price is not None and bet.price > 1 and bet.source_id in up
