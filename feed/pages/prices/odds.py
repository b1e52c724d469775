"""Prices as text, in the six notations that traders read: the decimal price, and five that are worked out from it."""

from bisect import bisect_left
from collections.abc import Callable, Iterable
from decimal import ROUND_HALF_UP, Decimal

ONE, TWO, HUNDRED, THOUSAND = Decimal(1), Decimal(2), Decimal(100), Decimal(1000)
CENT = Decimal("0.01")

#: The fractions that bookmakers print; a price is written as the nearest of them.
BOOK_FRACTIONS = (  # noqa: SIM905 - a list of a hundred strings would be a page long
    """
1/100 1/66 1/50 1/40 1/33 1/25 1/20 1/18 1/16 1/14 1/12 1/11 1/10 1/9 1/8 2/15 1/7 2/13 1/6 2/11 1/5 2/9 1/4 2/7 3/10
1/3 4/11 2/5 4/9 1/2 8/15 4/7 8/13 4/6 8/11 4/5 5/6 10/11 1/1 21/20 11/10 6/5 5/4 11/8 6/4 13/8 7/4 15/8 2/1 21/10
85/40 11/5 9/4 12/5 5/2 13/5 11/4 3/1 10/3 7/2 4/1 9/2 5/1 11/2 6/1 13/2 7/1 15/2 8/1 17/2 9/1 10/1 11/1 12/1 14/1 16/1
18/1 20/1 22/1 25/1 28/1 33/1 40/1 50/1 66/1 80/1 100/1 125/1 150/1 200/1 250/1 300/1 400/1 500/1 750/1 1000/1
"""
).split()


def decimal_text(price: Decimal) -> str:
    """Decimal odds with two places, three below 1.1 where the third counts, none from 1000 on: 2.10, 1.015, 1001."""
    if price >= THOUSAND:
        return f"{price:.0f}"
    if price < Decimal("1.1") and price != price.quantize(CENT):
        return f"{price:.3f}"
    return f"{price:.2f}"


def exact_text(price: Decimal | None) -> str | None:
    """The price without trailing zeros, as programs get it: "1.9", "17.0579"."""
    if price is None:
        return None
    return f"{price.normalize():f}"


def fraction_values(fractions: Iterable[str]) -> list[Decimal]:
    """The fractions' values, in their order."""
    return [Decimal(above) / Decimal(below) for above, _, below in (text.partition("/") for text in fractions)]


FRACTION_VALUES = fraction_values(BOOK_FRACTIONS)


def fractional_text(price: Decimal) -> str:
    """The bookmakers' fraction nearest to the profit on one: 2.5 is 6/4, 1.91 is 10/11; past the table "1500/1"."""
    profit = price - ONE
    if profit > FRACTION_VALUES[-1]:
        return f"{profit:.0f}/1"
    place = bisect_left(FRACTION_VALUES, profit)
    near = [index for index in (place - 1, place) if 0 <= index < len(FRACTION_VALUES)]
    return BOOK_FRACTIONS[min(near, key=lambda index: abs(FRACTION_VALUES[index] - profit))]


def american_text(price: Decimal) -> str:
    """The profit on 100 (+150), or what must be staked to win 100 (-200)."""
    amount = (price - ONE) * HUNDRED if price >= TWO else HUNDRED / (ONE - price)
    return f"{amount.quantize(ONE, ROUND_HALF_UP):+f}"


def hong_kong_text(price: Decimal) -> str:
    """The profit on one: 2.5 is 1.50."""
    return decimal_text(price - ONE)


def malay_text(price: Decimal) -> str:
    """The profit on one up to evens (0.50); above, minus the stake that wins one (-0.67)."""
    profit = price - ONE
    return f"{profit if profit <= ONE else -ONE / profit:.2f}"


def indonesian_text(price: Decimal) -> str:
    """American odds divided by 100: 2.5 is 1.50, 1.5 is -2.00."""
    profit = price - ONE
    return f"{profit if profit >= ONE else -ONE / profit:.2f}"


NOTATIONS: dict[str, Callable[[Decimal], str]] = {
    "decimal": decimal_text,
    "fractional": fractional_text,
    "american": american_text,
    "hong_kong": hong_kong_text,
    "malay": malay_text,
    "indonesian": indonesian_text,
}


def odds_text(price: Decimal, notation: str) -> str:
    """The price in a notation; one that pays nothing (1 and below) is written as a decimal in all of them."""
    return NOTATIONS[notation](price) if price > ONE else decimal_text(price)
