"""A TRADE or OddService message as it lies on the wire: header, body, and what only the wire's shape knows.

`assemble` makes a `Message` of it. Every dialect but JSON is first brought into this form.
"""

from datetime import datetime
from typing import Any, ClassVar

from msgspec import UNSET

from .messages import Code, Fixture, Int64, Livescore, Market, OutrightScore, ProviderMarket, Text, WireStruct


class RawHeader(WireStruct):
    """`server_timestamp` is in seconds or milliseconds; `msg_id` is the OddService name of `msg_seq`."""

    type: Code
    msg_seq: Int64 | None = None
    msg_id: Int64 | None = None
    msg_guid: Text | None = None
    creation_date: datetime | None = None
    server_timestamp: Int64 | None = None
    feed_interrupted: Int64 | list[Int64] | None = None


class RawMarket(Market):
    """`providers` is OddService's name of `provider_markets`."""

    PARTS: ClassVar[frozenset[str]] = frozenset({"Bets", "ProviderMarkets", "Providers", "Status", "MainLine"})

    providers: list[ProviderMarket] | None = None


class RawEvent(WireStruct):
    """What one element of a body says: a fixture's event, or a node of the competition tree with elements of its own.

    A node has no FixtureId; its Id, where it has one, belongs to the path that leads to its events.
    """

    PARTS: ClassVar[frozenset[str]] = frozenset(
        {"FixtureName", "Fixture", "Livescore", "Markets", "OutrightFixture", "OutrightLeague", "OutrightScore"}
    ) | {"Events", "Competition", "Competitions", "KeepAlive"}

    fixture_id: Code | None = None
    fixture_name: Text | None = None
    fixture: Fixture | None = None
    livescore: Livescore | None = None
    markets: list[RawMarket] | None = None
    outright_fixture: Fixture | None = None
    outright_league: Fixture | None = None
    outright_score: OutrightScore | None = None
    id: Code | None = None
    name: Text | None = None
    type: Int64 | None = None
    next_fixture_start_time: datetime | None = None
    events: "list[RawEvent] | None" = None
    competition: "RawEvent | list[RawEvent] | None" = None
    competitions: "list[RawEvent] | None" = None
    unreadable: bool = False
    lost_markets: list[Text] | None = None


class RawBody(RawEvent):
    """A body is an element like others, or has a heartbeat's or a keep-alive's own."""

    keep_alive: Any = UNSET
    feed_interrupted: Int64 | list[Int64] | None = None


class Envelope(WireStruct):
    """`body` is an array in answers of the snapshot API."""

    header: RawHeader
    body: RawBody | list[RawEvent] | None = None
    feed_interrupted: Int64 | list[Int64] | None = None
