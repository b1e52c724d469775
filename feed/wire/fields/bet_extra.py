"""What LSports sends of a bet beside its price: that price in other notations, and a prediction market's figures.

A notation that says the same price is not stored; one that contradicts it is, since then both are what LSports said.
Notations are rounded, so a number that is near enough, or a bookmakers' fraction that is, says the same price.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from math import inf
from typing import Any

import msgspec

from feed.wire.messages import Bet, PredictionData

from .values import CACHED_PRICES

#: A number says the same price where that lies within this distance of it. Prices are rounded by so much, and long
#: prices by so small a part of them.
NEIGHBOUR, ROUNDING, OF_A_LONG_ONE = 0.01, 0.0051, 0.001
#: Bookmakers' fractions are up to a seventh apart, so the nearest one is at most half of that away.
OF_A_FRACTION = 0.08
#: Longer texts are no prices, and do not belong in the cache.
LONGEST = 20


def bet_extra(bet: Bet) -> str:
    """What is stored beside the price, as JSON; empty where that is nothing, as for nearly every bet."""
    if (
        bet.price_us is None
        and bet.price_uk is None
        and bet.price_hk is None
        and bet.price_ma is None
        and bet.price_in is None
        and bet.prediction_data is None
    ):
        return ""
    texts = bet.price_us, bet.price_uk, bet.price_hk, bet.price_ma, bet.price_in
    is_short = sum(map(len, filter(None, texts))) <= LONGEST * len(texts)
    other = (contradicting if is_short else contradicting.__wrapped__)(bet.price, *texts)
    extra: dict[str, Any] = {"prices": dict(other)} if other else {}
    if bet.prediction_data is not None:
        extra["prediction"] = figures(bet.prediction_data)
    return msgspec.json.encode(extra).decode() if extra else ""


def figures(given: PredictionData) -> dict[str, str]:
    """A prediction market's figures as rows have them: numbers as text, so that they stay exact."""
    numbers = {"volume": given.volume, "liquidity": given.liquidity}
    times = {"start_at": given.start_date, "end_at": given.end_date}
    found = {name: f"{number.normalize():f}" for name, number in numbers.items() if isinstance(number, Decimal)}
    return found | {name: written(moment) for name, moment in times.items() if moment is not None}


def written(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


@lru_cache(maxsize=CACHED_PRICES)
def contradicting(
    price: Decimal | None, us: str | None, uk: str | None, hk: str | None, ma: str | None, ind: str | None
) -> tuple[tuple[str, str], ...]:
    """The notations that say another price, each with its name."""
    texts = ("american", us), ("fractional", uk), ("hong_kong", hk), ("malay", ma), ("indonesian", ind)
    return tuple((name, text) for name, text in texts if text and not is_same(price, name, text.strip()))


def is_same(price: Decimal | None, notation: str, text: str) -> bool:
    """Whether the text is the price in the notation. All notations write a price without profit in the same way."""
    try:
        least, most = READERS[notation](text)
    except (ValueError, ZeroDivisionError):
        return False
    if price is None:
        return False
    profit = float(price) - 1
    rounding = ROUNDING + OF_A_LONG_ONE * profit
    return least - rounding <= profit <= most + rounding or (profit <= 0 and is_decimal(price, text))


def is_decimal(price: Decimal, text: str) -> bool:
    return "/" not in text and abs(float(price) - float(text)) < ROUNDING


def of_american(text: str) -> tuple[float, float]:
    return of_signed(float(text) / 100)


def of_text(text: str) -> tuple[float, float]:
    return of_signed(float(text))


def of_signed(number: float) -> tuple[float, float]:
    """The least and the most profit on a stake of 1 that round to the number; below 0 it is minus the stake."""
    if number > 0:
        return max(number - NEIGHBOUR, 0), number + NEIGHBOUR
    return 1 / (NEIGHBOUR - number), -1 / (number + NEIGHBOUR) if number + NEIGHBOUR < 0 else inf


def of_fraction(text: str) -> tuple[float, float]:
    above, _, below = text.partition("/")
    profit = float(above) / float(below or 1)
    return profit * (1 - OF_A_FRACTION), profit * (1 + OF_A_FRACTION)


READERS: dict[str, Callable[[str], tuple[float, float]]] = {
    "american": of_american,
    "fractional": of_fraction,
    "hong_kong": of_text,
    "malay": of_text,
    "indonesian": of_text,
}
