"""Markets, and bets with their prices."""

from datetime import datetime
from typing import ClassVar

import msgspec

from .base import Code, Fraction, Identity, Int64, PlayerId, Price, Text, Volume, WireStruct


class PredictionData(WireStruct):
    """What is wagered at a prediction market, and from when to when it runs; a market itself has its volume alone."""

    volume: Volume | None = None
    liquidity: Volume | None = None
    start_date: datetime | None = None
    end_date: datetime | None = None


class Bet(WireStruct, kw_only=True):
    """One outcome at one bookmaker, or calculated by LSports. `id` is unique only within a fixture's market.

    `unreadable`: a field that decides could not be read, so nothing that it says may look open (`Message.set_aside`).

    The fields stand in the order in which messages have them, since that is the quickest to decode. The serialized ones
    are twins that nobody reads: they are here so that msgspec can say that a bet has no field but these.
    """

    PARTS: ClassVar[frozenset[str]] = frozenset({"Price", "Status", "Settlement", "Name"})

    probability: Fraction | None = None
    calculated_margin: Fraction | None = None
    serialized_calculated_margin: Text | None = None
    id: Identity
    name: Text | None = None
    line: Text | None = None
    base_line: Text | None = None
    status: Code | None = None
    start_price: Volume | None = None
    price: Price | None = None
    price_in: Text | None = msgspec.field(default=None, name="PriceIN")
    price_us: Text | None = msgspec.field(default=None, name="PriceUS")
    price_uk: Text | None = msgspec.field(default=None, name="PriceUK")
    price_ma: Text | None = msgspec.field(default=None, name="PriceMA")
    price_hk: Text | None = msgspec.field(default=None, name="PriceHK")
    lay_price: Volume | None = None
    price_volume: Volume | None = None
    lay_price_volume: Volume | None = None
    settlement: Code | None = None
    suspension_reason: Int64 | None = None
    provider_bet_id: Text | None = None
    last_update: datetime | None = None
    serialized_last_update: Text | None = None
    order: Int64 | None = None
    participant_id: Int64 | None = None
    player_id: PlayerId | None = None
    player_name: Text | None = None
    prediction_data: PredictionData | None = None
    unreadable: bool = False


class ProviderMarket(WireStruct, kw_only=True):
    """A bookmaker's (provider's) own bets in a market. `lost_bets` are the names of those without a readable id.

    `status` is what some write for `market_status`, which `normalise` makes of it.
    """

    id: Identity
    name: Text | None = None
    last_update: datetime | None = None
    serialized_last_update: Text | None = None
    market_status: Code | None = None
    status: Code | None = None
    provider_fixture_id: Text | None = None
    provider_league_id: Text | None = None
    provider_market_id: Text | None = None
    bets: list[Bet] | None = None
    prediction_data: PredictionData | None = None
    unreadable: bool = False
    lost_bets: list[Text] | None = None


class Market(WireStruct, kw_only=True):
    """A market's changed bets: LSports' calculated ones in `bets`, the bookmakers' in `provider_markets`.

    `unreadable`: its status could not be read. `lost_bets` and `lost_providers` are the names of bets and of bookmakers
    without a readable id, each "" where the name cannot be read either.
    """

    id: Identity
    name: Text | None = None
    main_line: Text | None = None
    status: Code | None = None
    bets: list[Bet] | None = None
    provider_markets: list[ProviderMarket] | None = None
    prediction_data: PredictionData | None = None
    unreadable: bool = False
    lost_bets: list[Text] | None = None
    lost_providers: list[Text] | None = None
