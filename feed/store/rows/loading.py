"""What a batch needs from the database: its fixtures, locked, and the parts of them that its messages are about."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from feed.codes import STATED_BESIDE
from feed.models import Fixture
from feed.store.arrival import Received
from feed.store.sql.database import Statements
from feed.wire.messages import Event

from .fixture_rows import FixtureRows, MarketRows
from .row_cache import CACHE
from .structs import FixtureRow, MarketRow
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
    """The fixtures of a batch with the parts of each that its messages are about, and others without any part."""

    def __init__(self, batch: Sequence[Received], others: Collection[int] = ()) -> None:
        self.fixtures: set[int] = set(others)
        self.participants: set[int] = set()
        self.described: set[int] = set()
        self.plays: set[int] = set()
        self.markets: set[tuple[int, int]] = set()
        self.all_markets: set[int] = set()
        for received in batch:
            for event in received.message.events:
                self.add(event)

    def add(self, event: Event) -> None:
        if not says_something(event):
            return
        number = event.fixture_id
        self.fixtures.add(number)
        if event.fixture is not None:
            self.described.add(number)
        if event.fixture is not None or event.outright_score is not None or names_participants(event):
            self.participants.add(number)
        if event.livescore is not None or event.incident is not None or event.outright_score is not None:
            self.plays.add(number)
        self.markets.update((number, market.id) for market in event.markets or ())
        if event.lost_markets:
            self.all_markets.add(number)


def says_something(event: Event) -> bool:
    """Whether the event says anything: it may name a fixture and no more."""
    parts = event.fixture, event.livescore, event.outright_score, event.incident
    has_parts = any(part is not None for part in parts) or bool(event.markets or event.competitions)
    return has_parts or event.unreadable or bool(event.lost_markets)


def open_fixture_rows(needs: Needs, database: Statements) -> dict[int, FixtureRows]:
    """The rows of all fixtures of a batch, locked until the transaction ends, in the order of their ids.

    A fixture that is not known yet is created bare: every part of it may come first.
    """
    if not needs.fixtures:
        return {}
    keys = [(number,) for number in sorted(needs.fixtures)]
    locked = database.select(LOCKED, ("id",), keys, lock=True)
    if len(locked) < len(keys):
        database.insert_missing(FIXTURES, [FixtureRow(id=number) for (number,) in keys])
        locked = database.select(LOCKED, ("id",), keys, lock=True)
    fixture_rows = {row.id: rows for row in locked if (rows := CACHE.take(row))}
    for fixture in of_fixtures(FIXTURES, "id", [row.id for row in locked if row.id not in fixture_rows], database):
        fixture_rows[fixture.id] = FixtureRows(fixture)
    for rows in fixture_rows.values():
        rows.open_batch()
    load_participants([fixture_rows[number] for number in needs.participants], database)
    judged = {number for number in needs.described if is_judged_by_scoreboard(fixture_rows[number].fixture)}
    load_plays([fixture_rows[number] for number in needs.plays | judged], database)
    stored = of_fixtures(MARKETS, "fixture_id", needs.all_markets, database) if needs.all_markets else []
    load_markets(fixture_rows, needs.markets | {(row.fixture_id, row.market_id) for row in stored}, database)
    return fixture_rows


def names_participants(event: Event) -> bool:
    """Whether results of the event name participants instead of positions."""
    return event.livescore is not None and event.livescore.names_participants


def is_judged_by_scoreboard(fixture: FixtureRow) -> bool:
    """Whether its scoreboard may say more beside its own status, which a description may repeat."""
    return fixture.status in STATED_BESIDE and fixture.status_from == Fixture.StatusFrom.SCOREBOARD


def load_participants(fixture_rows: list[FixtureRows], database: Statements) -> None:
    unread = {rows.fixture.id: rows for rows in fixture_rows if not rows.knows_participants}
    for row in of_fixtures(PARTICIPANTS, "fixture_id", unread, database):
        unread[row.fixture_id].participants[row.slot, row.participant_id] = row
    for rows in unread.values():
        rows.knows_participants = True


def load_plays(fixture_rows: list[FixtureRows], database: Statements) -> None:
    unread = {rows.fixture.id: rows for rows in fixture_rows if not rows.knows_play}
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
    for rows in unread.values():
        rows.knows_play = True


def of_fixtures(table: Table, column: str, numbers: Iterable[int], database: Statements) -> list[Any]:
    keys = [(number,) for number in numbers]
    return database.select(table, (column,), keys) if keys else []


def load_markets(fixture_rows: dict[int, FixtureRows], wanted: Iterable[tuple[int, int]], database: Statements) -> None:
    keys = [(number, market_id) for number, market_id in wanted if market_id not in fixture_rows[number].markets]
    if not keys:
        return
    by = ("fixture_id", "market_id")
    for fixture_id, market_id in keys:
        fixture_rows[fixture_id].markets[market_id] = MarketRows(MarketRow(fixture_id, market_id))
    for row in database.select(MARKETS, by, keys):
        fixture_rows[row.fixture_id].markets[row.market_id].row = row
    for row in database.select(PROVIDER_MARKETS, by, keys):
        fixture_rows[row.fixture_id].markets[row.market_id].provider_rows[row.provider_id] = row
    for row in database.select(BETS, by, keys):
        fixture_rows[row.fixture_id].markets[row.market_id].bets.setdefault(row.provider_id, {})[row.bet_id] = row
