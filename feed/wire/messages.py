"""What the feed says, one struct for each thing, the same for all dialects.

The attribute names are ours; `rename="pascal"` gives LSports' JSON names, so that TRADE JSON decodes straight into
these structs. Rules that hold for every message that leaves `wire`:

* every time is aware and UTC; every price is a finite `Decimal` or None; an absent or empty value is None;
* ids are ints within 64 bits; positions are ints (1 home, 2 away; in outrights the runner's number);
* results are `{position: value}` in `Scores`, values stay text, since LSports says nothing about their form;
* `fixture` and `livescore` are whole each time, `markets` are deltas (protocol.md section 5).
"""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

import msgspec

Int64 = Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)]


class Dialect(StrEnum):
    """Which of LSports' formats a message came in."""

    TRADE = "trade"
    ODDSERVICE = "oddservice"
    XML = "xml"
    HYPER = "hyper"


class FixtureKind(StrEnum):
    """A match of two, a race or other contest of many, or a question about a whole league's season."""

    MATCH = "match"
    OUTRIGHT = "outright"
    OUTRIGHT_LEAGUE = "outright_league"


class WireStruct(msgspec.Struct, rename="pascal", gc=False, kw_only=True):
    """Base of all that is read from a message: PascalCase outside, unknown fields ignored."""


class Named(WireStruct):
    """An id with its name: sport, location, city, stage, round, season."""

    id: Int64
    name: str | None = None


class ExtraData(WireStruct):
    """One name-value pair of FixtureExtraData, ParticipantExtraData or LivescoreExtraData (seed 002, Extra Data)."""

    name: str
    value: str | None = None


class Result(WireStruct):
    """The value that a participant has in a scoreboard, period, incident or statistic."""

    position: Int64
    value: str | None = None


class League(WireStruct):
    id: Int64
    name: str | None = None
    tour: str | None = None
    age_category: Int64 | None = None
    gender: Int64 | None = None
    type: Int64 | None = None
    number_of_periods: Int64 | None = None
    sport_category: Int64 | None = None


class Venue(WireStruct):
    id: Int64 | None = None
    name: str | None = None
    capacity: Int64 | None = None
    attendance: Int64 | None = None
    court_surface_type: str | None = None
    environment: str | None = None
    assignment: str | None = None
    country: Named | None = None
    state: Named | None = None
    city: Named | None = None


class Subscription(WireStruct):
    type: Int64 | None = None
    status: Int64 | None = None


class Player(WireStruct):
    """Who a fixture player is."""

    id: Int64 | None = None
    name: str | None = None


class FixturePlayer(WireStruct):
    """A player in a participant's line-up."""

    player_id: Int64 | None = None
    shirt_number: str | None = None
    is_captain: bool | None = None
    is_starting_lineup: bool | None = None
    position: Named | None = None
    state: Named | None = None
    player: Player | None = None


class Participant(WireStruct):
    """A team, player or runner; array order says nothing, `position` does."""

    id: Int64
    name: str | None = None
    position: Int64 | None = None
    rotation_id: Int64 | None = None
    is_active: Int64 | None = None
    form: str | None = None
    formation: str | None = None
    shirt_color: str | None = None
    extra_data: list[ExtraData] | None = None
    fixture_players: list[FixturePlayer] | None = None


class Fixture(WireStruct):
    """A fixture's metadata; of an outright fixture or outright league too (`Event.kind` tells).

    In a livescore message it is short: no location, league, start or status (captured, type 2).
    """

    fixture_name: str | None = None
    sport: Named | None = None
    location: Named | None = None
    league: League | None = None
    start_date: datetime | None = None
    end_date: datetime | None = None
    last_update: datetime | None = None
    status: Int64 | None = None
    participants: list[Participant] | None = None
    fixture_extra_data: list[ExtraData] | None = None
    extra_data: list[ExtraData] | None = None
    external_fixture_id: str | None = None
    external_provider_id: str | None = None
    subscription: Subscription | None = None
    venue: Venue | None = None
    stage: Named | None = None
    round: Named | None = None
    season: Named | None = None


class Clock(WireStruct):
    status: Int64 | None = None
    seconds: Int64 | None = None


class Scoreboard(WireStruct):
    """The state of play. `time` is in seconds, -1 where the sport has no clock (seed 002, Scoreboard)."""

    status: Int64 = 0
    description: Int64 | None = None
    current_period: Int64 | None = None
    time: Int64 | None = None
    clock: Clock | None = None
    results: list[Result] | None = None


class IncidentPlayer(WireStruct):
    id: Int64 | None = None
    name: str | None = None


class Incident(WireStruct):
    """Something that happened in a period: a goal, a card. `seconds` is -1 where unknown."""

    period: Int64 | None = None
    incident_type: Int64 | None = None
    seconds: Int64 | None = None
    participant_position: Int64 | None = None
    player_id: Int64 | None = None
    player_name: str | None = None
    results: list[Result] | None = None
    players: list[IncidentPlayer] | None = None


class Period(WireStruct):
    """A period's own score, not the running total (seed 002, Livescore important notes)."""

    type: Int64
    is_finished: bool = False
    is_confirmed: bool = False
    sequence_number: Int64 | None = None
    results: list[Result] | None = None
    incidents: list[Incident] | None = None
    sub_periods: "list[Period] | None" = None


class Statistic(WireStruct):
    type: Int64
    results: list[Result] | None = None
    incidents: list[Incident] | None = None


class PlayerStatisticValue(WireStruct):
    id: Int64
    name: str | None = None
    value: str | None = None


class PlayerStatistic(WireStruct):
    player_id: Int64
    player_name: str | None = None
    team_id: Int64 | None = None
    has_played: bool | None = None
    statistics: list[PlayerStatisticValue] | None = None


class CurrentIncident(WireStruct):
    id: Int64
    name: str | None = None
    last_update: datetime | None = None
    confirmation: Int64 | None = None


class DangerTrigger(WireStruct):
    type: Int64
    status: Int64 | None = None
    last_update: datetime | None = None


class Livescore(WireStruct):
    """All scores and statistics of a fixture, whole each time: what is not in it is gone."""

    scoreboard: Scoreboard | None = None
    periods: list[Period] | None = None
    statistics: list[Statistic] | None = None
    player_statistics: list[PlayerStatistic] | None = None
    livescore_extra_data: list[ExtraData] | None = None
    current_incident: CurrentIncident | None = None
    danger_triggers: list[DangerTrigger] | None = None


class Bet(WireStruct):
    """One outcome at one bookmaker, or calculated by LSports. `id` is unique only within a fixture's market."""

    id: Int64
    name: str | None = None
    line: str | None = None
    base_line: str | None = None
    status: Int64 | None = None
    start_price: Decimal | None = None
    price: Decimal | None = None
    lay_price: Decimal | None = None
    price_volume: Decimal | None = None
    lay_price_volume: Decimal | None = None
    settlement: Int64 | None = None
    suspension_reason: Int64 | None = None
    probability: float | None = None
    calculated_margin: float | None = None
    provider_bet_id: str | None = None
    participant_id: Int64 | None = None
    player_id: Int64 | None = None
    player_name: str | None = None
    order: Int64 | None = None
    last_update: datetime | None = None


class ProviderMarket(WireStruct):
    """A bookmaker's (provider's) own bets in a market."""

    id: Int64
    name: str | None = None
    last_update: datetime | None = None
    market_status: Int64 | None = None
    provider_fixture_id: str | None = None
    provider_league_id: str | None = None
    provider_market_id: str | None = None
    bets: list[Bet] | None = None


class Market(WireStruct):
    """A market's changed bets: LSports' calculated ones in `bets`, the bookmakers' in `provider_markets`."""

    id: Int64
    name: str | None = None
    main_line: str | None = None
    status: Int64 | None = None
    bets: list[Bet] | None = None
    provider_markets: list[ProviderMarket] | None = None


class ParticipantResult(WireStruct):
    """Where a participant of an outright came in."""

    participant_id: Int64
    name: str | None = None
    result: str | None = None


class OutrightScore(WireStruct):
    status: Int64 | None = None
    participant_results: list[ParticipantResult] | None = None


class Competition(WireStruct):
    """One step of the path from the competition tree's root to an outright (track, league, season ...)."""

    id: Int64
    name: str | None = None
    type: Int64 | None = None
    next_fixture_start_time: datetime | None = None


class HyperPlayer(WireStruct):
    id: Int64 | None = None
    team_id: Int64 | None = None
    name: str | None = None


class HyperIncident(WireStruct):
    """One happening of Hyper Livescore: a delta, unlike TRADE's livescore. `values` hold for the period alone.

    `kind` and `status` are a `HyperKind` and `HyperStatus` where known, however written; unknown words as they came.
    """

    id: Int64
    name: str = ""
    kind: str = ""
    status: str | None = None
    values: list[Result] | None = None
    score_type: Int64 | None = None
    initiator_position: Int64 | None = None
    seconds: Int64 | None = None
    period: Named | None = None
    players: list[HyperPlayer] | None = msgspec.field(default=None, name="PlayerList")
    confidence: float | None = None


class Event(msgspec.Struct, gc=False, kw_only=True):
    """All that one message says of one fixture; a part that it does not speak of is None."""

    fixture_id: Int64
    kind: FixtureKind = FixtureKind.MATCH
    fixture_name: str | None = None
    fixture: Fixture | None = None
    livescore: Livescore | None = None
    markets: list[Market] | None = None
    outright_score: OutrightScore | None = None
    competitions: list[Competition] | None = None
    incident: HyperIncident | None = None


class KeepAlive(msgspec.Struct, gc=False, kw_only=True):
    """Ids of the fixtures that LSports has live just now; the old feed sends one list for each provider."""

    active_events: list[Int64]
    provider_id: Int64 | None = None


class Heartbeat(msgspec.Struct, gc=False, kw_only=True):
    """The feed lives. `feed_interrupted` names what does not ([1] is markets); empty is healthy."""

    feed_interrupted: list[Int64]


class Header(msgspec.Struct, gc=False, kw_only=True):
    """`sent_at` is ServerTimestamp; `seq` is MsgSeq (a counter for fixture, type and market) or the old MsgId."""

    type: Int64
    seq: Int64 | None = None
    guid: str | None = None
    sent_at: datetime | None = None
    created_at: datetime | None = None


class Message(msgspec.Struct, gc=False, kw_only=True):
    """A decoded delivery: events, or a keep-alive, or a heartbeat."""

    dialect: Dialect
    header: Header
    events: list[Event]
    keep_alive: KeepAlive | None = None
    heartbeat: Heartbeat | None = None
