"""What a batch needs of the database: its fixtures, locked, and those of their parts that its messages speak of."""

from collections.abc import Iterable, Sequence
from typing import Any

from feed.wire.messages import Event

from .arrival import Received
from .book import Book, MarketBook
from .database import Statements
from .rows import FixtureRow, MarketRow
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
    keys = [(number,) for number in sorted(needs.fixtures)]
    if not keys:
        return {}
    fixtures = database.select(FIXTURES, ("id",), keys, lock=True)
    if len(fixtures) < len(keys):
        database.insert_missing(FIXTURES, [FixtureRow(id=number) for (number,) in keys])
        fixtures = database.select(FIXTURES, ("id",), keys, lock=True)
    books = {fixture.id: Book(fixture) for fixture in fixtures}
    load_participants(books, needs.participants, database)
    load_plays(books, needs.plays, database)
    load_markets(books, needs.markets, database)
    return books


def load_participants(books: dict[int, Book], wanted: Iterable[int], database: Statements) -> None:
    for row in of_fixtures(PARTICIPANTS, wanted, database):
        books[row.fixture_id].participants[row.participant_id] = row


def load_plays(books: dict[int, Book], wanted: Iterable[int], database: Statements) -> None:
    plays = {number: books[number].play for number in wanted}
    for row in of_fixtures(SCOREBOARDS, plays, database):
        plays[row.fixture_id].scoreboard = row
    for row in of_fixtures(PERIODS, plays, database):
        plays[row.fixture_id].periods[row.type] = row
    for row in of_fixtures(INCIDENTS, plays, database):
        plays[row.fixture_id].incidents[row.parent, row.parent_type, row.ordinal] = row
    for row in of_fixtures(STATISTICS, plays, database):
        plays[row.fixture_id].statistics[row.type] = row
    for row in of_fixtures(PLAYER_STATISTICS, plays, database):
        plays[row.fixture_id].player_statistics[row.player_id] = row


def of_fixtures(table: Any, wanted: Iterable[int], database: Statements) -> list[Any]:
    keys = [(number,) for number in wanted]
    return database.select(table, ("fixture_id",), keys) if keys else []


def load_markets(books: dict[int, Book], wanted: Iterable[tuple[int, int]], database: Statements) -> None:
    keys = list(wanted)
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
        books[row.fixture_id].markets[row.market_id].bets[row.provider_id, row.bet_id] = row
