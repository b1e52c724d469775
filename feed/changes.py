"""Change: which aspects of which fixture are different now, at which revision."""

from collections.abc import Collection
from enum import StrEnum

import msgspec


class Aspect(StrEnum):
    """A side of a fixture that changes by itself, and so has a revision of its own."""

    FIXTURE = "fixture"
    SCOREBOARD = "scoreboard"
    PERIODS = "periods"
    INCIDENTS = "incidents"
    STATISTICS = "statistics"
    MARKETS = "markets"
    COMPETITION = "competition"


#: The column of a fixture in which the revision of each aspect is. A competition's change has none of its own.
REVISION_COLUMNS = {
    Aspect.FIXTURE: "fixture_revision",
    Aspect.SCOREBOARD: "scoreboard_revision",
    Aspect.PERIODS: "periods_revision",
    Aspect.INCIDENTS: "incidents_revision",
    Aspect.STATISTICS: "statistics_revision",
    Aspect.MARKETS: "markets_revision",
    Aspect.COMPETITION: "fixture_revision",
}


def revision_columns(aspects: Collection[Aspect]) -> tuple[str, ...]:
    """The columns with the revisions of these aspects, each once, in the order of Aspect."""
    return tuple(dict.fromkeys(column for aspect, column in REVISION_COLUMNS.items() if aspect in aspects))


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """Fixture `fixture_id` is at `revision`, and these aspects of it are why. A hint: the database is the truth.

    `markets` holds the LSports market ids whose bets changed; `moved` is true when the fixture may belong to another
    board now (it is new, or its status, start, sport, league or participants changed).
    """

    fixture_id: int
    revision: int
    aspects: frozenset[Aspect]
    markets: tuple[int, ...] = ()
    moved: bool = False
