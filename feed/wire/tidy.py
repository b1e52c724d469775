"""Structs made fit for the rest of the desk, in place: their times, prices and other fractions."""

from datetime import UTC
from typing import Any

from .errors import DecodeError
from .messages import Bet, Fixture, Livescore, Market, ProviderMarket
from .values import price, real, utc


def fixture(found: Fixture | None) -> Fixture | None:
    """Its times in UTC."""
    if found is not None:
        found.start_date = utc(found.start_date)
        found.end_date = utc(found.end_date)
        found.last_update = utc(found.last_update)
    return found


def livescore(found: Livescore | None) -> Livescore | None:
    """The few times that it has in UTC."""
    if found is not None:
        if found.current_incident is not None:
            found.current_incident.last_update = utc(found.current_incident.last_update)
        for trigger in found.danger_triggers or ():
            trigger.last_update = utc(trigger.last_update)
    return found


def market(found: Market) -> Market:
    """All of its bets tidied, LSports' own and those of each bookmaker."""
    if found.bets:
        _bets(found.bets)
    for provider in found.provider_markets or ():
        _provider_market(provider)
    return found


def _provider_market(found: ProviderMarket) -> None:
    found.last_update = utc(found.last_update)
    if found.bets:
        _bets(found.bets)


def _bets(found: list[Bet]) -> None:
    """Tidy each bet. This loop decides how fast markets are read, so it looks before it calls."""
    bet: Any
    for bet in found:
        try:
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
        except DecodeError as error:
            raise DecodeError(error.kind, f"bet {bet.id}: {error.reason}") from None
