"""Change: which parts of which fixture are different now, at which revision."""

from collections.abc import Collection
from enum import StrEnum

import msgspec


class Part(StrEnum):
    """A part of a fixture that a page shows on its own."""

    FIXTURE = "fixture"
    SCOREBOARD = "scoreboard"
    PERIODS = "periods"
    INCIDENTS = "incidents"
    STATISTICS = "statistics"
    MARKETS = "markets"
    COMPETITION = "competition"


#: The column of a fixture in which each part keeps its revision. A competition's change has none of its own.
REVISION_COLUMNS = {
    Part.FIXTURE: "fixture_revision",
    Part.SCOREBOARD: "scoreboard_revision",
    Part.PERIODS: "periods_revision",
    Part.INCIDENTS: "incidents_revision",
    Part.STATISTICS: "statistics_revision",
    Part.MARKETS: "markets_revision",
    Part.COMPETITION: "fixture_revision",
}


def revision_columns(parts: Collection[Part]) -> tuple[str, ...]:
    """The columns with the revisions of these parts, each once, in the order of Part."""
    return tuple(dict.fromkeys(column for part, column in REVISION_COLUMNS.items() if part in parts))


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """Fixture `fixture_id` is at `revision`, and these parts are why. A hint: the database is the truth.

    `markets` holds the LSports market ids whose bets changed; `moved` is true when the fixture may belong to another
    board now (it is new, or its status, start, sport, league or participants changed).
    """

    fixture_id: int
    revision: int
    parts: frozenset[Part]
    markets: tuple[int, ...] = ()
    moved: bool = False
