"""Scores, periods, incidents and statistics."""

from datetime import datetime
from typing import ClassVar

from .base import Code, ExtraData, Int64, PlayerId, Result, Text, WireStruct


class Clock(WireStruct):
    ALONE: ClassVar[str] = "Status"

    status: Int64 | None = None
    seconds: Int64 | None = None


class Scoreboard(WireStruct):
    """The state of play. `time` is in seconds, -1 where the sport has no clock (docs/protocol.md, Livescore).

    `unreadable`: its status could not be read, or its description, which may say that it is over.
    """

    IS_WHOLE: ClassVar[bool] = True

    status: Code = 0
    description: Code | None = None
    current_period: Int64 | None = None
    time: Int64 | None = None
    clock: Clock | None = None
    results: list[Result] | None = None
    unreadable: bool = False


class IncidentPlayer(WireStruct):
    """Who took part in an incident.

    LSports writes `Id` or `PlayerId`, and `Name` or `PlayerName`; `normalise` moves them all to `id` and `name`. In a
    substitution `item` says in which of its two lists the player stood (`PlayerPair`). Where such a pair stands in
    a list, `normalise` puts its players there.
    """

    id: PlayerId | None = None
    name: Text | None = None
    player_id: PlayerId | None = None
    player_name: Text | None = None
    item: Int64 | None = None
    item1: "IncidentPlayer | list[IncidentPlayer] | None" = None
    item2: "IncidentPlayer | list[IncidentPlayer] | None" = None


class PlayerPair(WireStruct, forbid_unknown_fields=True):
    """The two sides of a substitution, a .NET pair; LSports does not say which of them left the field.

    An object with other names is no pair: players by number, or a single one.
    """

    item1: IncidentPlayer | list[IncidentPlayer] | None = None
    item2: IncidentPlayer | list[IncidentPlayer] | None = None


class Incident(WireStruct):
    """Something that happened in a period: a goal, a card. `seconds` is -1 where unknown."""

    period: Int64 | None = None
    incident_type: Int64 | None = None
    seconds: Int64 | None = None
    participant_position: Int64 | None = None
    player_id: PlayerId | None = None
    player_name: Text | None = None
    results: list[Result] | None = None
    players: list[IncidentPlayer] | PlayerPair | None = None


class Period(WireStruct):
    """A period's own score, not the running total (docs/protocol.md, Livescore)."""

    type: Code
    is_finished: bool = False
    is_confirmed: bool = False
    sequence_number: Int64 | None = None
    results: list[Result] | None = None
    incidents: list[Incident] | None = None
    sub_periods: "list[Period] | None" = None


class Statistic(WireStruct):
    type: Code
    results: list[Result] | None = None
    incidents: list[Incident] | None = None


class PlayerStatisticValue(WireStruct):
    id: Int64
    name: Text | None = None
    value: Text | None = None


class PlayerStatistic(WireStruct):
    player_id: PlayerId
    player_name: Text | None = None
    team_id: Int64 | None = None
    has_played: bool | None = None
    statistics: list[PlayerStatisticValue] | None = None


class CurrentIncident(WireStruct):
    id: Int64
    name: Text | None = None
    last_update: datetime | None = None
    confirmation: Int64 | None = None


class DangerTrigger(WireStruct):
    type: Int64
    status: Int64 | None = None
    last_update: datetime | None = None


class Livescore(WireStruct):
    """All scores and statistics of a fixture, whole each time: what is not in it is gone.

    `names_participants`: results of it name participants instead of positions.
    """

    IS_WHOLE: ClassVar[bool] = True

    scoreboard: Scoreboard | None = None
    periods: list[Period] | None = None
    statistics: list[Statistic] | None = None
    player_statistics: list[PlayerStatistic] | None = None
    livescore_extra_data: list[ExtraData] | None = None
    current_incident: CurrentIncident | None = None
    danger_triggers: list[DangerTrigger] | None = None
    unreadable: bool = False
    names_participants: bool = False
