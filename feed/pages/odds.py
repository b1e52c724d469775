"""Prices as text."""

from decimal import Decimal


def decimal_text(price: Decimal) -> str:
    """Decimal odds with two places, three below 1.1 where the third one counts: 2.10, 17.06, 1.015."""
    if price < Decimal("1.1") and price != price.quantize(Decimal("0.01")):
        return f"{price:.3f}"
    return f"{price:.2f}"


def exact_text(price: Decimal | None) -> str | None:
    """The price without trailing zeros, as programs get it: "1.9", "17.0579"."""
    if price is None:
        return None
    return f"{price.normalize():f}"
