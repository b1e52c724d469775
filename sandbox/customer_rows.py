"""Parts of what the Customers API answers, as LSports' own clients read them (docs/protocol.md, Customers API)."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from .card import Card
from .coverage import Coverage
from .dialects.fixture_bodies import city as city_of

Json = dict[str, Any]
#: LSports' number of English, of which alone the simulated supplier has names.
ENGLISH = 4


def pascal(members: Json) -> Json:
    """The members under names as LSports answers with; its clients write the first letter small, some of them."""
    return {name[:1].upper() + name[1:]: value for name, value in members.items()}


def named(part: Any) -> Json:
    return {"Id": part.id, "Name": part.name}


def sport(one: Coverage) -> Json:
    return named(one.contest.card.sport)


def location(one: Coverage) -> Json:
    return named(one.contest.card.league.location)


def league(one: Coverage) -> Json:
    card = one.contest.card
    own = {"Season": "2026", "SportId": card.sport.id, "LocationId": card.league.location.id}
    return {**named(card.league), **own}


def is_in(one: Coverage, area: Json) -> bool:
    """Whether a fixture is in what was named: every id that is given has to be its own."""
    card = one.contest.card
    own = {
        "SportId": card.sport.id,
        "LocationId": card.league.location.id,
        "LeagueId": card.league.id,
        "CompetitionId": card.league.id,
        "FixtureId": one.fixture_id,
    }
    return all(own.get(name, value) == value for name, value in area.items() if value)


def wire_time(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat().replace("+00:00", "Z")


def venue(one: Coverage) -> Json | None:
    card = one.contest.card
    if card.venue is None:
        return None
    own = {"VenueId": card.venue.id, "Name": card.venue.name, "Country": named(card.league.location)}
    found = city_of(card.venue)
    return {
        **own,
        "State": state_of(card),
        "City": named(found),
    }


def city(one: Coverage) -> Json | None:
    card = one.contest.card
    if card.venue is None:
        return None
    found = city_of(card.venue)
    return {"CityId": found.id, "Name": found.name, "Country": named(card.league.location), "State": state_of(card)}


def state(one: Coverage) -> Json | None:
    card = one.contest.card
    if card.league.state is None:
        return None
    own = card.league.state
    return {"StateId": own.id, "Name": own.name, "Country": named(card.league.location)}


def state_of(card: Card) -> Json | None:
    return None if card.league.state is None else named(card.league.state)


def tour(one: Coverage) -> Json | None:
    card = one.contest.card
    found = card.league.tour
    if found is None:
        return None
    own = {"SportId": card.sport.id, "SportName": card.sport.name}
    return {"TourId": found.id, "TourName": found.name, **own}


def season(one: Coverage) -> Json | None:
    found = one.contest.card.season
    return None if found is None else {"SeasonId": found.id, "SeasonName": found.name}


def scheduled(one: Coverage) -> Json:
    card = one.contest.card
    return {
        "FixtureId": one.fixture_id,
        "Sport": named(card.sport),
        "Location": named(card.league.location),
        "League": league(one),
        "StartDate": wire_time(card.start),
        "LastUpdate": wire_time(card.changed or card.start),
        "Status": int(one.contest.status),
        "Participants": [
            {"Id": side.id, "Position": place, "Name": side.name} for place, side in enumerate(card.sides, 1)
        ],
    }


def subscribed(one: Coverage) -> Json:
    card = one.contest.card
    return {
        "FixtureId": one.fixture_id,
        "FixtureName": " v ".join(side.name for side in card.sides[:2]),
        "StartDate": wire_time(card.start),
        "LastUpdate": wire_time(card.changed or card.start),
        "SportId": card.sport.id,
        "LocationId": card.league.location.id,
        "LeagueId": card.league.id,
        "FixtureStatus": int(one.contest.status),
        "Participants": [{"ParticipantId": side.id, "ParticipantName": side.name} for side in card.sides],
    }


def translated(rows: Iterable[Json], ids: Any) -> Json:
    chosen = [row for row in rows if ids and row["Id"] in ids]
    return {str(row["Id"]): [{"LanguageId": ENGLISH, "Value": row["Name"]}] for row in chosen}


def paged(rows: list[Json]) -> Json:
    return {"Data": rows, "TotalItems": len(rows)}
