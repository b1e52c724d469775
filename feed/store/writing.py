"""The end of a batch: what changed goes to the database, each row once, removals first."""

from collections.abc import Iterable

from .bets import STATE
from .book import Book, Pending
from .database import Statements
from .partitions import make_partitions
from .tables import (
    BETS,
    FIXTURES,
    INCIDENTS,
    MARKETS,
    PARTICIPANTS,
    PERIODS,
    PLAYER_STATISTICS,
    PRICE_TICKS,
    PROVIDER_MARKETS,
    SCORE_TICKS,
    SCOREBOARDS,
    STATISTICS,
)

#: What any change of a fixture changes of its own row.
FIXTURE_STATE = (
    "status",
    "status_at",
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
)


def write(books: Iterable[Book], pending: Pending, database: Statements) -> None:
    """Write the changed books and all that is pending."""
    fixtures = [book for book in books if book.touches]
    if described := [book.fixture for book in fixtures if book.is_described_anew]:
        database.write(FIXTURES, described)
    if others := [book.fixture for book in fixtures if not book.is_described_anew]:
        database.update(FIXTURES, FIXTURE_STATE, others)
    for table in PARTS:
        if removed := pending.removed.get(table):
            database.delete(table, list(removed.values()))
        if rows := pending.whole.get(table):
            database.write(table, list(rows.values()))
    if pending.new_bets:
        database.write(BETS, list(pending.new_bets.values()))
    if moved := [row for row in pending.bets if id(row) not in pending.new_bets]:
        database.update(BETS, STATE, moved)
    for table, ticks in ((PRICE_TICKS, pending.price_ticks), (SCORE_TICKS, pending.score_ticks)):
        if ticks:
            make_partitions(table, {tick.received_at for tick in ticks})
            database.append(table, ticks)
