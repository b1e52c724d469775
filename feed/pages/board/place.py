"""Where a fixture stands on boards. Pure: no query, no clock."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.utils.translation import gettext

from feed.models import Fixture
from feed.pages.fixture.sides import side_names

from .query import SECTIONS, section_of
from .search import folded

FAVOURITES = "favourites"
RANKS = {section.word: rank for rank, section in enumerate(SECTIONS)}


class Place(NamedTuple):
    """Where a fixture stands on the board, and what it is called until its row is rendered: two sides, or else `name`.

    `own_section` is where it would stand if nobody had pinned it.
    """

    section: str
    sport_id: int | None
    sport: str
    location: str
    league: str
    league_id: int | None
    fixture_id: int
    home: str
    away: str
    name: str
    start_at: datetime | None
    own_section: str

    @property
    def sides(self) -> tuple[str, str]:
        """The two sides' names, as the row will have them."""
        return side_names(self.home, self.away, self.name)


class Entry(NamedTuple):
    """A fixture as boards are made from it: its place while it is not pinned, and what the filters look at.

    `sport` is "" where LSports gives none; `text` holds all the names that a search looks through, folded; boards are
    sorted by `order`.
    """

    place: Place
    is_match: bool
    location_id: int | None
    sport: str
    text: str
    order: tuple[Any, ...]

    @property
    def pinned(self) -> Place:
        """Its place among the favourites."""
        return self.place._replace(section=FAVOURITES)

    @property
    def pinned_order(self) -> tuple[Any, ...]:
        """Favourites are sorted by sport and league, then the earliest start first, finished ones too."""
        return self.order[1], start_order(self.place.start_at, is_over=False), self.place.fixture_id


class FixtureNames(NamedTuple):
    """A fixture as the database describes it, with the names of what it belongs to (None where there are none)."""

    pk: int
    kind: str
    status: int
    name: str
    start_at: datetime | None
    sport_id: int | None
    sport: str | None
    location_id: int | None
    location: str | None
    league_id: int | None
    league: str | None


def entry_of(fixture: FixtureNames, participants: Sequence[tuple[int | None, str]]) -> Entry:
    """The entry of a fixture. `participants` are (position, name); of two with one position the first counts."""
    section = section_of(fixture.status)
    sides = dict(reversed(participants))
    place = Place(
        section,
        fixture.sport_id,
        fixture.sport or gettext("Unknown sport"),
        fixture.location or "",
        fixture.league or gettext("Unknown league"),
        fixture.league_id,
        fixture.pk,
        sides.get(1, ""),
        sides.get(2, ""),
        fixture.name,
        fixture.start_at,
        section,
    )
    is_match = fixture.kind == Fixture.Kind.MATCH
    names = (fixture.name, *(name for _, name in participants), fixture.sport, fixture.location, fixture.league)
    text = folded("\n".join(filter(None, names))) if is_match else ""
    return Entry(place, is_match, fixture.location_id, fixture.sport or "", text, board_order(fixture, section))


def board_order(fixture: FixtureNames, section: str) -> tuple[Any, ...]:
    """What boards are sorted by: section, sport, league, start (the latest first in "finished"), id."""
    league = name_order(fixture.league), fixture.league_id is None, fixture.league_id or 0
    start = start_order(fixture.start_at, is_over=section == "finished")
    return RANKS[section], (name_order(fixture.sport), league), start, fixture.pk


def name_order(name: str | None) -> tuple[bool, str, str]:
    """Sorts names without regard to capitals and accents, and what has no name last."""
    return name is None, folded(name or ""), name or ""


def start_order(start_at: datetime | None, *, is_over: bool) -> tuple[bool, float]:
    """Sorts the earliest first, or the latest if they are over, and what has no start last."""
    seconds = start_at.timestamp() if start_at else 0.0
    return start_at is None, -seconds if is_over else seconds
