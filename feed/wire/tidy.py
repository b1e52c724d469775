"""Values made fit for the rest of the desk, in place: times in UTC, prices that the database gives back equal."""

from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from math import isfinite

from .errors import DecodeError
from .messages import Bet, Fixture, Livescore, Market, ProviderMarket

PRICE_LIMIT = Decimal(10) ** 12
MILLIONTH = Decimal("0.000001")
#: A price written this short has at most 6 decimals, unless it has an exponent.
SHORT_PRICE = 8
#: A ServerTimestamp above this is in milliseconds (protocol.md section 3).
MILLISECONDS_FROM = 10**11


def utc(moment: datetime | None) -> datetime | None:
    """The same moment in UTC; all of LSports' times are UTC, with or without a Z."""
    if moment is None or moment.tzinfo is UTC:
        return moment
    if moment.tzinfo is None:
        return moment.replace(tzinfo=UTC)
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise DecodeError("time", f"the time {moment.isoformat()} is outside the years 1 to 9999 in UTC") from None


def epoch(number: float) -> datetime:
    """A count of seconds or milliseconds since 1970 as a time."""
    try:
        return datetime.fromtimestamp(number / 1000 if abs(number) > MILLISECONDS_FROM else number, UTC)
    except (OverflowError, ValueError, OSError):
        raise DecodeError("time", f"the timestamp {str(number)[:40]} is outside the years 1 to 9999") from None


def price(value: Decimal) -> Decimal:
    """The price rounded to 6 decimals, as far as the database keeps them."""
    written = str(value)
    if not value.is_finite():
        raise DecodeError("number", f"the price {value} is not a number")
    if len(written) <= SHORT_PRICE and "E" not in written:
        return value
    rounded = value.quantize(MILLIONTH) if -PRICE_LIMIT < value < PRICE_LIMIT else value
    if not -PRICE_LIMIT < rounded < PRICE_LIMIT:
        raise DecodeError("number", f"the price {written[:20]} is too large; prices are below 10^12")
    return rounded


def real(value: float | None) -> float | None:
    """The number; NaN and the infinities, which .NET writes for want of a value, are none."""
    return value if value is None or isfinite(value) else None


def fixture(found: Fixture | None) -> Fixture | None:
    if found is not None:
        found.start_date = utc(found.start_date)
        found.end_date = utc(found.end_date)
        found.last_update = utc(found.last_update)
    return found


def livescore(found: Livescore | None) -> Livescore | None:
    if found is not None:
        if found.current_incident is not None:
            found.current_incident.last_update = utc(found.current_incident.last_update)
        for trigger in found.danger_triggers or ():
            trigger.last_update = utc(trigger.last_update)
    return found


def market(found: Market) -> Market:
    if found.bets:
        bets(found.bets)
    for provider in found.provider_markets or ():
        provider_market(provider)
    return found


def provider_market(found: ProviderMarket) -> None:
    found.last_update = utc(found.last_update)
    if found.bets:
        bets(found.bets)


def bets(found: Iterable[Bet]) -> None:
    """The one loop that decides how fast markets are read, so it looks before it calls."""
    for bet in found:
        if bet.last_update is not None and bet.last_update.tzinfo is not UTC:
            bet.last_update = utc(bet.last_update)
        if bet.price is not None:
            bet.price = price(bet.price)
        if bet.start_price is not None:
            bet.start_price = price(bet.start_price)
        if bet.lay_price is not None:
            bet.lay_price = price(bet.lay_price)
        if bet.price_volume is not None:
            bet.price_volume = price(bet.price_volume)
        if bet.lay_price_volume is not None:
            bet.lay_price_volume = price(bet.lay_price_volume)
        if bet.probability is not None:
            bet.probability = real(bet.probability)
        if bet.calculated_margin is not None:
            bet.calculated_margin = real(bet.calculated_margin)
