"""Change: which parts of which fixture are different now, at which revision."""

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
