"""Scores, periods, incidents and statistics."""

from datetime import datetime

from .base import ExtraData, Int64, Result, Text, WireStruct


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
    name: Text | None = None


class Incident(WireStruct):
    """Something that happened in a period: a goal, a card. `seconds` is -1 where unknown."""

    period: Int64 | None = None
    incident_type: Int64 | None = None
    seconds: Int64 | None = None
    participant_position: Int64 | None = None
    player_id: Int64 | None = None
    player_name: Text | None = None
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
    name: Text | None = None
    value: Text | None = None


class PlayerStatistic(WireStruct):
    player_id: Int64
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
    """All scores and statistics of a fixture, whole each time: what is not in it is gone."""

    scoreboard: Scoreboard | None = None
    periods: list[Period] | None = None
    statistics: list[Statistic] | None = None
    player_statistics: list[PlayerStatistic] | None = None
    livescore_extra_data: list[ExtraData] | None = None
    current_incident: CurrentIncident | None = None
    danger_triggers: list[DangerTrigger] | None = None
