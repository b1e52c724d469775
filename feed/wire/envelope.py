"""A TRADE or OddService message as it lies on the wire: header, body, and what only the wire's shape knows.

`shape` makes a `Message` of it. Every dialect but JSON is first brought into this form.
"""

from datetime import datetime

from msgspec import UNSET, UnsetType

from .messages import (
    Competition,
    Fixture,
    Int64,
    Livescore,
    Market,
    OutrightScore,
    ProviderMarket,
    Text,
    WireStruct,
)


class RawHeader(WireStruct):
    """`server_timestamp` is in seconds or milliseconds; `msg_id` is the OddService name of `msg_seq`."""

    type: Int64
    msg_seq: Int64 | None = None
    msg_id: Int64 | None = None
    msg_guid: Text | None = None
    creation_date: datetime | None = None
    server_timestamp: Int64 | None = None


class RawMarket(Market):
    """`providers` is OddService's name of `provider_markets`."""

    providers: list[ProviderMarket] | None = None


class RawCompetition(Competition):
    """A node of the competition tree; any node may hold both further nodes and events."""

    competitions: "list[RawCompetition] | None" = None
    events: "list[RawEvent] | None" = None


class RawEvent(WireStruct):
    """An element of `Events` or of a `Body` array; in the latter it may be a competition tree instead."""

    fixture_id: Int64 | None = None
    fixture_name: Text | None = None
    fixture: Fixture | None = None
    livescore: Livescore | None = None
    markets: list[RawMarket] | None = None
    outright_fixture: Fixture | None = None
    outright_league: Fixture | None = None
    outright_score: OutrightScore | None = None
    competition: RawCompetition | list[RawCompetition] | None = None
    competitions: list[RawCompetition] | None = None


class RawKeepAlive(WireStruct):
    active_events: list[Int64] | None = None
    provider_id: Int64 | None = None


class RawBody(WireStruct):
    events: list[RawEvent] | None = None
    competition: RawCompetition | list[RawCompetition] | None = None
    competitions: list[RawCompetition] | None = None
    keep_alive: RawKeepAlive | UnsetType | None = UNSET
    feed_interrupted: Int64 | list[Int64] | None = None


class Envelope(WireStruct):
    """`body` is an array in answers of the snapshot API."""

    header: RawHeader
    body: RawBody | list[RawEvent] | None = None
    feed_interrupted: Int64 | list[Int64] | None = None
