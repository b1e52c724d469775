"""Bookmakers: each with its own margin, lag and opinion. Their names are invented."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import isclose
from random import Random

#: The bookmaker that is a prediction market: it tells what is wagered.
PREDICTION_MARKET = 590
#: The one that is a betting exchange: its customers lay bets too, and it tells what waits at a price.
EXCHANGE = 545
#: The one that writes its prices in every notation, each with the chance that it was made from.
WELL_SPOKEN = 574
MOST_CERTAIN = 0.99
LONGEST_PRICE = 501.0
#: What is as good as certain, and the most that is paid for anything beside it: so that the book holds.
SHORTEST_PRICE = 1.01
LONGEST_BESIDE = 67.0


@dataclass(frozen=True, slots=True)
class Bookmaker:
    """`margin` is what the prices of a two-way market exceed 100 % by; `lag` seconds pass before it reacts;
    `noise` is how far its opinion strays from the model's. `reach` is how many of a sport's markets it offers."""

    id: int
    name: str
    margin: float
    lag: float
    noise: float
    reach: int = 99


#: LSports' own calculated price has id 0 (`ProviderBetId` "0").
CALCULATED = Bookmaker(0, "Calculated", 0.05, 0.0, 0.0)
BOOKMAKERS = (
    Bookmaker(508, "Harbourline", 0.045, 0.8, 0.003),
    Bookmaker(507, "Tipwell", 0.065, 2.5, 0.005),
    Bookmaker(531, "Kestrel Bets", 0.055, 1.6, 0.0045),
    Bookmaker(513, "Bet Meridian", 0.05, 1.2, 0.004),
    Bookmaker(574, "Oddsworth", 0.08, 4.0, 0.008, reach=6),
    Bookmaker(575, "Redpenny", 0.07, 3.0, 0.006),
    Bookmaker(545, "Sharpe & Co", 0.025, 0.5, 0.002, reach=5),
    Bookmaker(522, "Laurel Sports", 0.06, 2.0, 0.005),
    Bookmaker(566, "Nordwette", 0.055, 3.5, 0.005, reach=7),
    Bookmaker(590, "Penny Lane", 0.09, 6.0, 0.009, reach=4),
)


class Opinion:
    """How a bookmaker sees both sides' strength, as two factors near 1 that wander."""

    __slots__ = ("away", "home")

    def __init__(self) -> None:
        self.home = 1.0
        self.away = 1.0

    def wander(self, bookmaker: Bookmaker, rng: Random) -> None:
        """Drift: the new opinion is half the old one, half new."""
        self.home = 1.0 + (self.home - 1.0) / 2 + rng.gauss(0, bookmaker.noise)
        self.away = 1.0 + (self.away - 1.0) / 2 + rng.gauss(0, bookmaker.noise)


def price_of(fair: float, margin: float) -> float | None:
    """The price for a fair chance, rounded down to the ladder so that a book always sums to more than 100 %.

    None where there is nothing to offer: an outcome as good as certain (whose price would have to fall below 1.01
    for the book to hold) or impossible.
    """
    if fair <= 0.0 or fair * (1 + margin) > MOST_CERTAIN:
        return None
    return _ladder(min(LONGEST_PRICE, 1 / (fair * (1 + margin))))


def prices_of(fairs: Sequence[float], margin: float) -> list[float | None]:
    """The prices of a line's outcomes. One that is as good as certain is 1.01, and beside it nothing is very long.

    Where outcomes do not exclude each other, one as good as certain takes the whole line off: no price could keep the
    book above 100 %.
    """
    if all(fair * (1 + margin) <= MOST_CERTAIN for fair in fairs):
        return [price_of(fair, margin) for fair in fairs]
    if not isclose(sum(fairs), 1, abs_tol=0.01):
        return [None] * len(fairs)
    return [
        SHORTEST_PRICE
        if fair * (1 + margin) > MOST_CERTAIN
        else min(price_of(fair, margin) or LONGEST_BESIDE, LONGEST_BESIDE)
        for fair in fairs
    ]


def _ladder(price: float) -> float:
    for limit, steps in ((3.0, 100), (6.0, 20), (20.0, 10), (50.0, 2)):
        if price < limit:
            return int(price * steps + 1e-9) / steps
    return float(int(price))


@lru_cache(maxsize=4096)
def formats(price: float) -> dict[str, str]:
    """A decimal price in LSports' other formats: Indonesian, American, fractional, Malay, Hong Kong."""
    profit = price - 1
    american = round(profit * 100) if price >= 2 else -round(100 / profit)
    numerator, denominator = _fraction(profit)
    return {
        "PriceIN": f"{profit:.4g}" if price >= 2 else f"{-1 / profit:.4g}",
        "PriceUS": str(american),
        "PriceUK": f"{numerator}/{denominator}",
        "PriceMA": f"{profit:.4g}" if price < 2 else f"{-1 / profit:.4g}",
        "PriceHK": f"{profit:.4g}",
    }


def _fraction(profit: float) -> tuple[int, int]:
    for denominator in (1, 2, 4, 5, 10, 20, 25, 50):
        if abs(round(profit * denominator) - profit * denominator) < 1e-6:
            return round(profit * denominator), denominator
    return round(profit * 100), 100
