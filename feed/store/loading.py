"""What a batch needs of the database: its fixtures, locked, and those of their parts that its messages speak of."""

from collections.abc import Iterable, Sequence
from typing import Any

from feed.wire.messages import Event

from .arrival import Received
from .book import Book, MarketBook
from .book_cache import CACHE
from .database import Statements
from .rows import FixtureRow, MarketRow
from .tables import (
    BETS,
    FIXTURES,
    INCIDENTS,
    LOCKED,
    MARKETS,
    PARTICIPANTS,
    PERIODS,
    PLAYER_STATISTICS,
    PROVIDER_MARKETS,
    SCOREBOARDS,
    STATISTICS,
    Table,
)


class Needs:
    """The fixtures of a batch, and what of each its messages speak of."""

    def __init__(self, batch: Sequence[Received]) -> None:
        self.fixtures: set[int] = set()
        self.participants: set[int] = set()
        self.plays: set[int] = set()
        self.markets: set[tuple[int, int]] = set()
        for received in batch:
            for event in received.message.events:
                self.add(event)

    def add(self, event: Event) -> None:
        if not says_something(event):
            return
        number = event.fixture_id
        self.fixtures.add(number)
        if event.fixture is not None or event.outright_score is not None:
            self.participants.add(number)
        if event.livescore is not None or event.incident is not None or event.outright_score is not None:
            self.plays.add(number)
        self.markets.update((number, market.id) for market in event.markets or ())


def says_something(event: Event) -> bool:
    """An event may name a fixture and tell nothing of it."""
    parts = event.fixture, event.livescore, event.outright_score, event.incident
    return any(part is not None for part in parts) or bool(event.markets or event.competitions)


def open_books(needs: Needs, database: Statements) -> dict[int, Book]:
    """The books of all fixtures of a batch, locked until the transaction ends, in the order of their ids.

    A fixture that is not known yet is created bare: every part of it may come first.
    """
    if not needs.fixtures:
        return {}
    keys = [(number,) for number in sorted(needs.fixtures)]
    locked = database.select(LOCKED, ("id",), keys, lock=True)
    if len(locked) < len(keys):
        database.insert_missing(FIXTURES, [FixtureRow(id=number) for (number,) in keys])
        locked = database.select(LOCKED, ("id",), keys, lock=True)
    books = {row.id: book for row in locked if (book := CACHE.take(row))}
    for fixture in of_fixtures(FIXTURES, "id", [row.id for row in locked if row.id not in books], database):
        books[fixture.id] = Book(fixture)
    for book in books.values():
        book.open_batch()
    load_participants([books[number] for number in needs.participants], database)
    load_plays([books[number] for number in needs.plays], database)
    load_markets(books, needs.markets, database)
    return books


def load_participants(books: list[Book], database: Statements) -> None:
    unread = {book.fixture.id: book for book in books if not book.knows_participants}
    for row in of_fixtures(PARTICIPANTS, "fixture_id", unread, database):
        unread[row.fixture_id].participants[row.participant_id] = row
    for book in unread.values():
        book.knows_participants = True


def load_plays(books: list[Book], database: Statements) -> None:
    unread = {book.fixture.id: book for book in books if not book.knows_play}
    for row in of_fixtures(SCOREBOARDS, "fixture_id", unread, database):
        unread[row.fixture_id].play.scoreboard = row
    for row in of_fixtures(PERIODS, "fixture_id", unread, database):
        unread[row.fixture_id].play.periods[row.type] = row
    for row in of_fixtures(INCIDENTS, "fixture_id", unread, database):
        unread[row.fixture_id].play.incidents[row.parent, row.parent_type, row.ordinal] = row
    for row in of_fixtures(STATISTICS, "fixture_id", unread, database):
        unread[row.fixture_id].play.statistics[row.type] = row
    for row in of_fixtures(PLAYER_STATISTICS, "fixture_id", unread, database):
        unread[row.fixture_id].play.player_statistics[row.player_id] = row
    for book in unread.values():
        book.knows_play = True


def of_fixtures(table: Table, column: str, numbers: Iterable[int], database: Statements) -> list[Any]:
    keys = [(number,) for number in numbers]
    return database.select(table, (column,), keys) if keys else []


def load_markets(books: dict[int, Book], wanted: Iterable[tuple[int, int]], database: Statements) -> None:
    keys = [(number, market_id) for number, market_id in wanted if market_id not in books[number].markets]
    if not keys:
        return
    by = ("fixture_id", "market_id")
    for fixture_id, market_id in keys:
        books[fixture_id].markets[market_id] = MarketBook(MarketRow(fixture_id, market_id))
    for row in database.select(MARKETS, by, keys):
        books[row.fixture_id].markets[row.market_id].row = row
    for row in database.select(PROVIDER_MARKETS, by, keys):
        books[row.fixture_id].markets[row.market_id].provider_rows[row.provider_id] = row
    for row in database.select(BETS, by, keys):
        books[row.fixture_id].markets[row.market_id].bets.setdefault(row.provider_id, {})[row.bet_id] = row
