"""A fixture's metadata."""

from datetime import datetime
from typing import ClassVar

from .base import Code, ExtraData, Int64, Label, Named, PlayerId, Text, WireStruct


class Shirt(WireStruct):
    """A shirt's colours; older messages have one text instead."""

    primary: Text | None = None
    number: Text | None = None
    outline: Text | None = None


class League(WireStruct):
    id: Code
    name: Text | None = None
    tour: Label | Text | None = None
    age_category: Int64 | None = None
    gender: Int64 | None = None
    type: Int64 | None = None
    number_of_periods: Int64 | None = None
    sport_category: Label | Int64 | Text | None = None


class Venue(WireStruct):
    id: Int64 | None = None
    name: Text | None = None
    capacity: Int64 | None = None
    attendance: Int64 | None = None
    court_surface_type: Text | None = None
    environment: Text | None = None
    assignment: Text | None = None
    country: Label | None = None
    state: Label | None = None
    city: Label | None = None


class Subscription(WireStruct):
    type: Int64 | None = None
    status: Int64 | None = None


class Player(WireStruct):
    """Who a fixture player is."""

    id: PlayerId | None = None
    name: Text | None = None
    team_id: Int64 | None = None
    nationality_id: Int64 | None = None
    national_team_id: Int64 | None = None
    birth_date: Text | None = None
    type: Int64 | None = None


class FixturePlayer(WireStruct):
    """A player in a participant's line-up."""

    player_id: PlayerId | None = None
    shirt_number: Text | None = None
    is_captain: bool | None = None
    is_starting_lineup: bool | None = None
    position: Label | Int64 | Text | None = None
    state: Label | Int64 | Text | None = None
    player: Player | None = None


class Participant(WireStruct):
    """A team, player or runner; array order says nothing, `position` does.

    `id` is 0 where the participant is not known yet ("TBD") or the id cannot be read; nothing depends on it.
    """

    id: Int64 = 0
    name: Text | None = None
    position: Int64 | None = None
    rotation_id: Int64 | None = None
    is_active: Int64 | bool | None = None
    form: Text | None = None
    formation: Text | None = None
    shirt_color: Shirt | Text | None = None
    goal_keeper_shirt_color: Shirt | Text | None = None
    gender: Int64 | None = None
    age_category: Int64 | None = None
    type: Int64 | None = None
    extra_data: list[ExtraData] | None = None
    fixture_players: list[FixturePlayer] | None = None


class Fixture(WireStruct):
    """A fixture's metadata, also that of an outright fixture or outright league (see `Event.kind`).

    In a livescore message it is short: no location, league, start or status (captured, type 2). `unreadable`: a field
    that decides could not be read (`Message.set_aside` has it).
    """

    IS_WHOLE: ClassVar[bool] = True

    fixture_name: Text | None = None
    sport: Named | None = None
    location: Named | None = None
    league: League | None = None
    start_date: datetime | None = None
    end_date: datetime | None = None
    last_update: datetime | None = None
    status: Code | None = None
    participants: list[Participant] | None = None
    fixture_extra_data: list[ExtraData] | None = None
    extra_data: list[ExtraData] | None = None
    external_fixture_id: Text | None = None
    external_provider_id: Text | None = None
    subscription: Subscription | None = None
    venue: Venue | None = None
    stage: Label | None = None
    round: Label | None = None
    season: Label | None = None
    unreadable: bool = False
