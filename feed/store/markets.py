"""Markets and settlements: deltas, so what a message does not name is as it was. Newer wins, bet by bet."""

from feed.changes import Part
from feed.codes import market_label
from feed.models import Provider
from feed.models.market import CALCULATED
from feed.wire.messages import Market, ProviderMarket

from .arrival import Origin
from .bets import apply_bets
from .book import Book, MarketBook, Pending
from .names import Names
from .plain import plain_text
from .rows import MarketRow, ProviderMarketRow
from .tables import MARKETS, PROVIDER_MARKETS

CALCULATED_NAME = "LSports"


def apply_markets(book: Book, markets: list[Market], origin: Origin, pending: Pending, names: Names) -> None:
    """Take the bets of each market that are no older than the stored ones."""
    for market in markets:
        shelf = book.markets[market.id]
        changed = apply_market(shelf.row, market, origin)
        if market.bets:
            names.note(Provider, CALCULATED, CALCULATED_NAME)
            changed |= apply_bets(book, shelf, market.id, CALCULATED, market.bets, origin, pending)
        for provider in market.provider_markets or ():
            names.note(Provider, provider.id, provider.name)
            changed |= apply_provider(book, shelf, market.id, provider, origin, pending)
            changed |= apply_bets(book, shelf, market.id, provider.id, provider.bets or [], origin, pending)
        if changed:
            shelf.row.revision = book.revision
            pending.write(MARKETS, shelf.row)
            book.changed_markets.add(market.id)
            book.touch(Part.MARKETS, origin)


def apply_market(row: MarketRow, market: Market, origin: Origin) -> bool:
    """Take a market's name, main line and status, where the message states them. True if anything is different now."""
    is_new = not row.name
    row.name = row.name or plain_text(market.name) or market_label(market.id)
    if market.main_line is None and market.status is None:
        return is_new
    if row.sent_at is not None and origin.is_before(row.sent_at):
        return is_new
    before = row.name, row.main_line, row.status, row.sent_at
    row.name = plain_text(market.name) or row.name
    if market.main_line is not None:
        row.main_line = plain_text(market.main_line)
    if market.status is not None:
        row.status = market.status
    row.sent_at = origin.sent_at
    return is_new or before != (row.name, row.main_line, row.status, row.sent_at)


def apply_provider(
    book: Book, shelf: MarketBook, market_id: int, given: ProviderMarket, origin: Origin, pending: Pending
) -> bool:
    """Take what a provider says of its market, unless something newer is stored. True if anything is different now."""
    update = given.last_update or origin.sent_at
    stored = shelf.provider_rows.get(given.id)
    if stored is not None and stored.last_update is not None and update < stored.last_update:
        return False
    row = ProviderMarketRow(
        fixture_id=book.fixture.id,
        market_id=market_id,
        provider_id=given.id,
        status=given.market_status,
        provider_fixture_id=plain_text(given.provider_fixture_id),
        provider_league_id=plain_text(given.provider_league_id),
        provider_market_id=plain_text(given.provider_market_id),
        last_update=update,
    )
    return pending.merge(PROVIDER_MARKETS, shelf.provider_rows, {given.id: row}, book.revision)
