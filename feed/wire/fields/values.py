"""Single values as the rest of the desk wants them: times in UTC, prices that the database gives back equal."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from math import inf, isfinite

from feed.wire.errors import DecodeError

NUMBER = re.compile(r"[+-]?(\d{1,400}(\.\d{0,400})?|\.\d{1,400})([eE][+-]?\d{1,3})?", re.ASCII)
#: What nearly every price looks like: as it is, the database gives it back.
PLAIN_PRICE = re.compile(r"\d{1,8}(\.\d{1,6})?", re.ASCII)
#: Texts that say that there is no value, where no text is due.
NOTHING = frozenset({"", "null"})
PRICE_LIMIT = Decimal(10) ** 12
MILLIONTH = Decimal("0.000001")
PRICE_DECIMALS = range(-6, 1)
#: Prices in the cache, since they repeat; each takes some 150 bytes.
CACHED_PRICES = 16_384
#: A timestamp above this is in milliseconds (docs/protocol.md, Envelope); a thousand times that, in microseconds.
MILLISECONDS_FROM = 10**11
#: The first year of which a message may tell. Earlier times are .NET's and Unix's ways to write that there is none.
FIRST_YEAR = 2000
SHOWN = 40


def utc(moment: datetime | None) -> datetime | None:
    """The same moment in UTC; all of LSports' times are UTC, with or without a Z. None for one that is a blank."""
    if moment is None or moment.year < FIRST_YEAR:
        return None
    if moment.tzinfo is UTC:
        return moment
    if moment.tzinfo is None:
        return moment.replace(tzinfo=UTC)
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise DecodeError("time", f"the time {moment.isoformat()} is outside the years 1 to 9999 in UTC") from None


def epoch(number: float) -> datetime:
    """A count of seconds since 1970, or of thousandths of them, as a time."""
    seconds = number
    while MILLISECONDS_FROM < abs(seconds) < inf:
        seconds /= 1000
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        raise DecodeError("time", f"the timestamp {shown(number)} is outside the years 1 to 9999") from None


@lru_cache(maxsize=CACHED_PRICES)
def price(value: str | float) -> Decimal | None:
    """A price as it is written, rounded to 6 decimals, as far as the database keeps them; None for an empty one."""
    written = value.strip() if isinstance(value, str) else repr(value)
    if PLAIN_PRICE.fullmatch(written):
        return Decimal(written)
    if written.lower() in NOTHING:
        return None
    if not NUMBER.fullmatch(written):
        raise DecodeError("number", f"the price {shown(value)} is not a number")
    exact = Decimal(written)
    if -PRICE_LIMIT < exact < PRICE_LIMIT:
        rounded = exact if exact.as_tuple().exponent in PRICE_DECIMALS else exact.quantize(MILLIONTH)
        if -PRICE_LIMIT < rounded < PRICE_LIMIT:
            return rounded
    raise DecodeError("number", f"the price {shown(value)} is too large; prices are below 10^12")


def real(value: float | None) -> float | None:
    """The number; NaN and the infinities, which .NET writes for want of a value, are none."""
    return value if value is None or isfinite(value) else None


def shown(value: object) -> str:
    """The value as an operator can read it: short, and named where it is not a scalar."""
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return f"a list of {len(value)}"
    written = f'"{value}"' if isinstance(value, str) else str(value)
    return written if len(written) <= SHOWN else f"{written[:SHOWN]}..."
