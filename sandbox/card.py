"""A fixture before anything happens in it: sport, league, participants and start."""

from dataclasses import dataclass, field
from zlib import crc32

from feed.codes import AgeCategory, Gender, ParticipantType


@dataclass(frozen=True, slots=True)
class Named:
    """An id with its name: a sport, location, ground, round, season."""

    id: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class League:
    """A league (or track) with what differs between those of one sport; `periods` is LSports' NumberOfPeriods, if told.

    `minutes` is the length of a match where it is not the sport's usual one; `rotates`: its sides have rotation
    numbers.
    """

    id: int
    name: str
    location: Named
    gender: int = Gender.MEN
    periods: int | None = None
    minutes: float | None = None
    surface: str | None = None
    indoors: bool = False
    rotates: bool = False
    age_category: int = AgeCategory.REGULAR
    type: int = ParticipantType.CLUB
    tour: Named | None = None
    state: Named | None = None


@dataclass(slots=True, kw_only=True)
class Side:
    """A team, a player or a runner, with the people who score for it: (player id, name)."""

    id: int
    name: str
    players: tuple[tuple[int, str], ...] = ()
    active: bool = True
    extra: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class Card:
    """A fixture's metadata. Times are UTC, in milliseconds since 1970; in a match `sides` are home and away."""

    fixture_id: int
    sport: Named
    league: League
    start: int
    sides: tuple[Side, ...]
    changed: int = 0
    extra: dict[str, str] = field(default_factory=dict)
    venue: Named | None = None
    stage: Named | None = None
    round: Named | None = None
    season: Named | None = None
    ends: int | None = None


def side_id(name: str) -> int:
    """Derived from the name, so that a side has the same id wherever it appears."""
    return 50_000_000 + crc32(name.encode()) % 9_000_000
