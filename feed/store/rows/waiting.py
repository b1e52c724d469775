"""What waits: the words of the side that is not in charge, as JSON in the database and as shelves in memory."""

from collections.abc import Iterable

import msgspec

from feed.store.sql.database import Statements

from .fixture_rows import FixtureRows, MarketRows
from .loading import load_markets
from .structs import BetRow, MarketRow, ProviderMarketRow, WaitingMarketRow
from .tables import WAITING_MARKETS


class Words(msgspec.Struct):
    """A side's words on a market. `market` is None where it says nothing of the market itself."""

    market: MarketRow | None
    providers: list[ProviderMarketRow]
    bets: list[BetRow]


def load_waiting(fixtures: Iterable[FixtureRows], database: Statements) -> None:
    """Read what waits of these fixtures, and the rows whose place it may take."""
    unread = {rows.fixture.id: rows for rows in fixtures if not rows.knows_waiting}
    if not unread:
        return
    for row in database.select(WAITING_MARKETS, ("fixture_id",), [(number,) for number in unread]):
        unread[row.fixture_id].waiting[row.side, row.market_id] = shelf_of(row)
    for rows in unread.values():
        rows.knows_waiting = True
    load_markets(unread, {(pk, market_id) for pk, rows in unread.items() for _, market_id in rows.waiting}, database)


def shelf_of(row: WaitingMarketRow) -> MarketRows:
    words = msgspec.convert(row.rows, Words)
    shelf = MarketRows(words.market or MarketRow(row.fixture_id, row.market_id))
    shelf.provider_rows = {provider.provider_id: provider for provider in words.providers}
    for bet in words.bets:
        shelf.bets.setdefault(bet.provider_id, {})[bet.bet_id] = bet
    return shelf


def row_of(side: str, shelf: MarketRows) -> WaitingMarketRow:
    """A shelf that waits, as it is stored. A market's row without a side says nothing."""
    bets = [bet for stored in shelf.bets.values() for bet in stored.values()]
    words = Words(shelf.row if shelf.row.side else None, list(shelf.provider_rows.values()), bets)
    return WaitingMarketRow(shelf.row.fixture_id, side, shelf.row.market_id, msgspec.to_builtins(words))
