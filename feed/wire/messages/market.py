"""Markets, and bets with their prices."""

from datetime import datetime

from .base import Int64, Price, Text, WireStruct


class Bet(WireStruct, kw_only=True):
    """One outcome at one bookmaker, or calculated by LSports. `id` is unique only within a fixture's market.

    The fields stand in the order in which messages have them, since that is the quickest to decode.
    """

    probability: float | None = None
    calculated_margin: float | None = None
    id: Int64
    name: Text | None = None
    line: Text | None = None
    base_line: Text | None = None
    status: Int64 | None = None
    start_price: Price | None = None
    price: Price | None = None
    lay_price: Price | None = None
    price_volume: Price | None = None
    lay_price_volume: Price | None = None
    settlement: Int64 | None = None
    suspension_reason: Int64 | None = None
    provider_bet_id: Text | None = None
    last_update: datetime | None = None
    order: Int64 | None = None
    participant_id: Int64 | None = None
    player_id: Int64 | None = None
    player_name: Text | None = None


class ProviderMarket(WireStruct):
    """A bookmaker's (provider's) own bets in a market."""

    id: Int64
    name: Text | None = None
    last_update: datetime | None = None
    market_status: Int64 | None = None
    provider_fixture_id: Text | None = None
    provider_league_id: Text | None = None
    provider_market_id: Text | None = None
    bets: list[Bet] | None = None


class Market(WireStruct):
    """A market's changed bets: LSports' calculated ones in `bets`, the bookmakers' in `provider_markets`."""

    id: Int64
    name: Text | None = None
    main_line: Text | None = None
    status: Int64 | None = None
    bets: list[Bet] | None = None
    provider_markets: list[ProviderMarket] | None = None
