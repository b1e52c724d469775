"""A fixture's metadata."""

from datetime import datetime

from .base import ExtraData, Int64, Named, Text, WireStruct


class League(WireStruct):
    id: Int64
    name: Text | None = None
    tour: Text | None = None
    age_category: Int64 | None = None
    gender: Int64 | None = None
    type: Int64 | None = None
    number_of_periods: Int64 | None = None
    sport_category: Int64 | None = None


class Venue(WireStruct):
    id: Int64 | None = None
    name: Text | None = None
    capacity: Int64 | None = None
    attendance: Int64 | None = None
    court_surface_type: Text | None = None
    environment: Text | None = None
    assignment: Text | None = None
    country: Named | None = None
    state: Named | None = None
    city: Named | None = None


class Subscription(WireStruct):
    type: Int64 | None = None
    status: Int64 | None = None


class Player(WireStruct):
    """Who a fixture player is."""

    id: Int64 | None = None
    name: Text | None = None


class FixturePlayer(WireStruct):
    """A player in a participant's line-up."""

    player_id: Int64 | None = None
    shirt_number: Text | None = None
    is_captain: bool | None = None
    is_starting_lineup: bool | None = None
    position: Named | None = None
    state: Named | None = None
    player: Player | None = None


class Participant(WireStruct):
    """A team, player or runner; array order says nothing, `position` does."""

    id: Int64
    name: Text | None = None
    position: Int64 | None = None
    rotation_id: Int64 | None = None
    is_active: Int64 | None = None
    form: Text | None = None
    formation: Text | None = None
    shirt_color: Text | None = None
    extra_data: list[ExtraData] | None = None
    fixture_players: list[FixturePlayer] | None = None


class Fixture(WireStruct):
    """A fixture's metadata; of an outright fixture or outright league too (`Event.kind` tells).

    In a livescore message it is short: no location, league, start or status (captured, type 2).
    """

    fixture_name: Text | None = None
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
    external_fixture_id: Text | None = None
    external_provider_id: Text | None = None
    subscription: Subscription | None = None
    venue: Venue | None = None
    stage: Named | None = None
    round: Named | None = None
    season: Named | None = None
