"""Rows as the store holds them while it works: plain structs, one for each table, a field for each column.

As JSON they leave out what is at its default. A model instance costs 15 us to make and a struct 0.3 us, and a busy
second has 90,000 of them. A row is compared by all of its fields; those that do not count as a difference are made
equal first.
"""

from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec

Json = dict[str, Any]


class Row(msgspec.Struct, gc=False, omit_defaults=True):
    """A row of a fixture; `revision` is the fixture's, in the batch that last changed the row."""

    fixture_id: int


class EpochsRow(msgspec.Struct, gc=False):
    """Where a source's chain of heartbeats stands, and how its messages were numbered."""

    id: int
    epoch: int
    epoch_from: datetime | None
    link_at: datetime | None
    stray_at: datetime | None
    last_heartbeat_at: datetime | None
    break_due: str
    numbered: int
    skips: int
    heartbeat_sent_at: datetime | None = None


class SourceRow(msgspec.Struct, gc=False):
    """What a batch may change of its source."""

    id: int
    consumer: str
    consumer_seen_at: datetime | None = None
    last_message_at: datetime | None = None
    last_sent_at: datetime | None = None
    last_heartbeat_at: datetime | None = None
    heartbeat_sent_at: datetime | None = None
    last_keep_alive_at: datetime | None = None
    keep_alives: Json = {}
    active_fixtures: list[int] = []
    feed_interrupted: list[int] = []
    has_heartbeat: bool = True
    epoch: int = 0
    epoch_from: datetime | None = None
    link_at: datetime | None = None
    stray_at: datetime | None = None
    break_due: str = ""
    numbered: int = 0
    skips: int = 0
    hole_confirmed_at: datetime | None = None


class FixtureRow(msgspec.Struct, gc=False, omit_defaults=True):
    id: int
    kind: str = "match"
    name: str = ""
    sport_id: int | None = None
    location_id: int | None = None
    league_id: int | None = None
    competition_id: int | None = None
    start_at: datetime | None = None
    end_at: datetime | None = None
    status: int = 0
    status_at: datetime | None = None
    status_from: str = ""
    unreadable: bool = False
    charge: str = ""
    has_two_sides: bool = False
    non_runners: str = ""
    external_fixture_id: str = ""
    external_provider_id: str = ""
    extra_data: Json = {}
    details: Json = {}
    last_update: datetime | None = None
    described_at: datetime | None = None
    placed_at: datetime | None = None
    source_id: int | None = None
    sent_at: datetime | None = None
    received_at: datetime | None = None
    stored_at: datetime | None = None
    revision: int = 0
    fixture_revision: int = 0
    scoreboard_revision: int = 0
    periods_revision: int = 0
    incidents_revision: int = 0
    statistics_revision: int = 0
    markets_revision: int = 0


class LockedRow(msgspec.Struct, gc=False):
    """A fixture, locked: enough to tell whether its rows in the cache are still what the database has."""

    id: int
    revision: int
    stored_at: datetime | None


class ParticipantRow(Row):
    """`slot` is the position, or 0 where none is stated."""

    slot: int
    participant_id: int
    name: str = ""
    position: int | None = None
    rotation_id: int | None = None
    is_active: bool = True
    result: str = ""
    extra_data: Json = {}
    details: Json = {}
    revision: int = 0


class ScoreboardRow(Row):
    received_at: datetime
    status: int = 0
    description: int | None = None
    current_period: int | None = None
    time: int | None = None
    clock_status: int | None = None
    clock_seconds: int | None = None
    scores: Json = {}
    extra_data: Json = {}
    current_incident: Json | None = None
    danger_triggers: list[Json] = []
    corrected_from: Json | None = None
    corrected_at: datetime | None = None
    source_id: int | None = None
    sent_at: datetime | None = None
    seq: int | None = None
    revision: int = 0


class PeriodRow(Row):
    type: int
    is_finished: bool = False
    is_confirmed: bool = False
    sequence: int | None = None
    scores: Json = {}
    sub_periods: list[Json] = []
    revision: int = 0


class IncidentRow(Row):
    parent: str
    parent_type: int
    ordinal: int
    period: int | None = None
    type: int | None = None
    seconds: int | None = None
    position: int | None = None
    player_id: str = ""
    player_name: str = ""
    scores: Json = {}
    players: list[Json] = []
    name: str = ""
    kind: str = ""
    state: str = ""
    confidence: float | None = None
    is_cancelled: bool = False
    is_retraction: bool = False
    correction: Json | None = None
    sent_at: datetime | None = None
    revision: int = 0


class StatisticRow(Row):
    type: int
    values: Json = {}
    revision: int = 0


class PlayerStatisticRow(Row):
    player_id: str
    player_name: str = ""
    team_id: int | None = None
    has_played: bool | None = None
    values: Json = {}
    revision: int = 0


class MarketRow(Row):
    market_id: int
    name: str = ""
    main_line: str = ""
    status: int | None = None
    sent_at: datetime | None = None
    unreadable: bool = False
    status_revision: int = 0
    side: str = ""
    seq: int | None = None
    settled_seq: int | None = None
    numbered_at: datetime | None = None
    numbered_by: int | None = None
    numbered_epoch: int = 0
    missing: str = ""
    skipped_at: datetime | None = None
    gap_since: datetime | None = None
    keyframe_revision: int = 0
    keyframe_at: datetime | None = None
    entries: int = 0
    prediction: str = ""
    revision: int = 0


class ProviderMarketRow(Row):
    market_id: int
    provider_id: int
    status: int | None = None
    provider_fixture_id: str = ""
    provider_league_id: str = ""
    provider_market_id: str = ""
    last_update: datetime | None = None
    unreadable: bool = False
    side: str = ""
    revision: int = 0


class WaitingMarketRow(Row):
    side: str
    market_id: int
    rows: Json = {}


class BetRow(Row):
    market_id: int
    provider_id: int
    bet_id: int
    received_at: datetime
    name: str = ""
    line: str = ""
    base_line: str = ""
    status: int = 0
    start_price: Decimal | None = None
    price: Decimal | None = None
    previous_price: Decimal | None = None
    lay_price: Decimal | None = None
    price_volume: Decimal | None = None
    lay_price_volume: Decimal | None = None
    settlement: int | None = None
    suspension_reason: int | None = None
    probability: float | None = None
    calculated_margin: float | None = None
    provider_bet_id: str = ""
    participant_id: int | None = None
    player_id: str = ""
    player_name: str = ""
    order: int | None = None
    last_update: datetime | None = None
    sent_at: datetime | None = None
    moves: int = 0
    unreadable: bool = False
    source_id: int | None = None
    epoch: int = 0
    extra: str = ""
    revision: int = 0


class JournalEntryRow(Row):
    market_id: int
    revision: int
    keyframe_revision: int
    received_at: datetime
    committed_at: datetime
    source_id: int | None
    part: int
    settles: bool
    blob: bytes


class WrittenEntry(JournalEntryRow):
    """An entry that is being written, with the JSON that its blob holds."""

    text: bytes


class PartKeyframe(msgspec.Struct, gc=False):
    """The journal's newest entry with the whole of a part, and how many came after it; a market's row has the same."""

    keyframe_revision: int = 0
    keyframe_at: datetime | None = None
    entries: int = 0
