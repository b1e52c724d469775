"""What a fixture is before anything happens in it: sport, league, sides, start."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Named:
    id: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class League:
    """A league with what differs between leagues of one sport; `periods` is LSports' NumberOfPeriods, if told."""

    id: int
    name: str
    location: Named
    gender: int = 1
    periods: int | None = None
    minutes: float | None = None
    surface: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """A team or a player, with the people who score for it: (player id, name)."""

    id: int
    name: str
    players: tuple[tuple[int, str], ...] = ()


@dataclass(slots=True, kw_only=True)
class Card:
    """A fixture's metadata. Times are UTC, in milliseconds since 1970; `sides` stand home first."""

    fixture_id: int
    sport: Named
    league: League
    start: int
    sides: tuple[Side, Side]
    changed: int = 0
    extra: dict[str, str] = field(default_factory=dict)
