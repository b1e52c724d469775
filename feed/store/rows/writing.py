"""The end of a batch: what changed goes to the database, each row once, removals first."""

from collections.abc import Iterable

from feed.store.apply.bets import STATE
from feed.store.sql.database import Statements

from .fixture_rows import FixtureRows, Pending
from .tables import (
    BETS,
    FIXTURES,
    INCIDENTS,
    MARKETS,
    PARTICIPANTS,
    PERIODS,
    PLAYER_STATISTICS,
    PROVIDER_MARKETS,
    SCOREBOARDS,
    STATISTICS,
    WAITING_MARKETS,
)

#: What any change of a fixture changes of its own row.
FIXTURE_STATE = (
    "status",
    "status_at",
    "status_from",
    "unreadable",
    "charge",
    "has_two_sides",
    "placed_at",
    "source_id",
    "sent_at",
    "received_at",
    "stored_at",
    "revision",
    "fixture_revision",
    "scoreboard_revision",
    "periods_revision",
    "incidents_revision",
    "statistics_revision",
    "markets_revision",
)
PARTS = (
    PARTICIPANTS,
    SCOREBOARDS,
    PERIODS,
    INCIDENTS,
    STATISTICS,
    PLAYER_STATISTICS,
    MARKETS,
    PROVIDER_MARKETS,
    WAITING_MARKETS,
)


def write(fixtures: Iterable[FixtureRows], pending: Pending, database: Statements) -> None:
    """Write the fixtures that changed, and all that is pending."""
    changed = [rows for rows in fixtures if rows.touches]
    if described := [rows.fixture for rows in changed if rows.is_described_anew]:
        database.write(FIXTURES, described)
    if others := [rows.fixture for rows in changed if not rows.is_described_anew]:
        database.update(FIXTURES, FIXTURE_STATE, others)
    for table in PARTS:
        if removed := pending.removed.get(table):
            database.delete(table, list(removed.values()))
        if written := pending.whole.get(table):
            database.write(table, list(written.values()))
    if pending.new_bets:
        database.write(BETS, list(pending.new_bets.values()))
    if moved := [row for row in pending.bets if id(row) not in pending.new_bets]:
        database.update(BETS, STATE, moved)
