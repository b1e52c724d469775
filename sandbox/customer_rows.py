"""Parts of what the Customers API answers, as LSports' own clients read them (docs/protocol.md, Customers API)."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from .coverage import Coverage

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
    return {**own, "State": None, "City": None}


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
