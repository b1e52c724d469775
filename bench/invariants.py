"""What must hold for every message that leaves `wire` (`feed.wire.messages`), whatever it was made of."""

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from math import isfinite

import msgspec

from feed.wire.messages import MAX_TEXT, Message

PRICE_LIMIT = Decimal(10) ** 12


def broken(message: Message) -> list[str]:
    """The invariants that do not hold, each with the path of the value."""
    return [f"{path}: {what}" for path, value in values(message, "message") if (what := wrong(value))]


def values(value: object, path: str) -> Iterator[tuple[str, object]]:
    """Every scalar in the message, with its path."""
    if isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield from values(getattr(value, name), f"{path}.{name}")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from values(item, f"{path}[{index}]")
    else:
        yield path, value


def wrong(value: object) -> str:
    """What is wrong with a scalar; empty where nothing is."""
    if value is None or isinstance(value, bool):
        return ""
    check = CHECKS.get(type(value)) or next((check for kind, check in CHECKS.items() if isinstance(value, kind)), None)
    return check(value) if check else f"a {type(value).__name__} has no place here"


def wrong_time(value: datetime) -> str:
    return "" if value.tzinfo is UTC else "a time that is not in UTC"


def wrong_price(value: Decimal) -> str:
    if not value.is_finite() or abs(value) >= PRICE_LIMIT:
        return f"{value} is no price"
    return "" if value == round(value, 6) and value.as_tuple().exponent in range(-6, 1) else f"{value} is not rounded"


def wrong_float(value: float) -> str:
    return "" if isfinite(value) else f"{value} is not finite"


def wrong_int(value: int) -> str:
    return "" if -(2**63) <= value < 2**63 else f"{value} does not fit in 64 bits"


def wrong_text(value: str) -> str:
    if "\0" in value or len(value) > MAX_TEXT:
        return "a NUL, or too long"
    try:
        value.encode()
    except UnicodeEncodeError:
        return "half of a surrogate pair"
    return ""


CHECKS = {datetime: wrong_time, Decimal: wrong_price, float: wrong_float, int: wrong_int, str: wrong_text}
