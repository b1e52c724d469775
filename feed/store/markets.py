"""Markets and settlements: deltas, so what a message does not name is as it was. Newer wins, bet by bet."""

from datetime import datetime
from decimal import Context, Decimal

from feed.changes import Part
from feed.codes import BetStatus, market_label
from feed.models import Provider
from feed.models.market import CALCULATED
from feed.wire.messages import Bet, Market, ProviderMarket

from .arrival import Origin
from .book import Book, MarketBook, Pending
from .names import Names
from .plain import plain_text
from .rows import BetRow, MarketRow, PriceTickRow, ProviderMarketRow
from .tables import MARKETS, PROVIDER_MARKETS

CALCULATED_NAME = "LSports"
#: The start price of a settlement that has none (captured, types 35 and 42).
NO_START_PRICE = Decimal("1.0")
#: SQLite keeps 15 digits of a number; beyond a thousand million both databases round alike.
EXACT_BELOW = 10**9
DIGITS = Context(prec=15)
#: What a bet's name, line and so on are: absent from a message means unchanged.
DESCRIPTION = ("name", "line", "base_line", "provider_bet_id", "player_name")
REFERENCES = ("participant_id", "player_id", "order")


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
    if row.sent_at is not None and origin.sent_at < row.sent_at:
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


def apply_bets(
    book: Book, shelf: MarketBook, market_id: int, provider_id: int, bets: list[Bet], origin: Origin, pending: Pending
) -> bool:
    """Take the bets that are no older than the stored ones. True if anything is different now."""
    changed = False
    for bet in bets:
        update = bet.last_update or origin.sent_at
        row = shelf.bets.get((provider_id, bet.id))
        if row is None:
            row = BetRow(book.fixture.id, market_id, provider_id, bet.id, origin.received_at)
            shelf.bets[provider_id, bet.id] = row
            before = None
        elif is_older(row, update, origin):
            continue
        else:
            before = row.price, row.status, row.settlement, row.suspension_reason
        if not apply_bet(row, bet, update, origin) and before is not None:
            continue
        changed = True
        note_bet(row, book.revision, is_new=before is None, pending=pending)
        if before != (row.price, row.status, row.settlement, row.suspension_reason):
            pending.price_ticks.append(price_tick(row, update))
    return changed


def is_older(row: BetRow, update: datetime, origin: Origin) -> bool:
    """By LastUpdate; of two with the same, by when they were sent."""
    if row.last_update is None or update != row.last_update:
        return row.last_update is not None and update < row.last_update
    return row.sent_at is not None and origin.sent_at < row.sent_at


def apply_bet(row: BetRow, bet: Bet, update: datetime, origin: Origin) -> bool:
    """Change a bet to what a message says of it. True if anything is different now."""
    changed = apply_description(row, bet) | apply_price(row, bet, origin)
    status = row.status if bet.status is None else bet.status
    settlement = bet.settlement
    if settlement is None and status == BetStatus.SETTLED:
        settlement = row.settlement
    state = (
        status,
        settlement,
        bet.suspension_reason,
        exact(bet.lay_price),
        exact(bet.price_volume),
        exact(bet.lay_price_volume),
        bet.probability,
        bet.calculated_margin,
        update,
    )
    stored = (
        row.status,
        row.settlement,
        row.suspension_reason,
        row.lay_price,
        row.price_volume,
        row.lay_price_volume,
        row.probability,
        row.calculated_margin,
        row.last_update,
    )
    if state == stored and not changed:
        return False
    row.status, row.settlement, row.suspension_reason, row.lay_price = state[:4]
    row.price_volume, row.lay_price_volume, row.probability, row.calculated_margin, row.last_update = state[4:]
    row.source_id, row.sent_at, row.received_at = origin.source_id, origin.sent_at, origin.received_at
    return True


def apply_description(row: BetRow, bet: Bet) -> bool:
    changed = False
    for name in DESCRIPTION:
        text = getattr(bet, name)
        if text is not None and plain_text(text) != getattr(row, name):
            setattr(row, name, plain_text(text))
            changed = True
    for name in REFERENCES:
        number = getattr(bet, name)
        if number is not None and number != getattr(row, name):
            setattr(row, name, number)
            changed = True
    return changed


def apply_price(row: BetRow, bet: Bet, origin: Origin) -> bool:
    """Take the price, and the start price where it is one. True if either is different now."""
    changed = False
    start = exact(bet.start_price)
    is_told = start is not None and not (
        origin.is_settlement and start == NO_START_PRICE and row.start_price is not None
    )
    if is_told and start != row.start_price:
        row.start_price = start
        changed = True
    price = exact(bet.price)
    if price is not None and price != row.price:
        if row.price is not None:
            row.previous_price = row.price
            row.moves += 1
        row.price = price
        changed = True
    return changed


def exact(price: Decimal | None) -> Decimal | None:
    """A price that both databases give back as it was written."""
    if price is None or -EXACT_BELOW < price < EXACT_BELOW:
        return price
    return DIGITS.plus(price)


def note_bet(row: BetRow, revision: int, *, is_new: bool, pending: Pending) -> None:
    """Stamp the bet; the first time in a batch, note that it has to be written."""
    if is_new:
        pending.new_bets.append(row)
    elif row.revision != revision:
        pending.changed_bets.append(row)
    row.revision = revision


def price_tick(row: BetRow, at: datetime) -> PriceTickRow:
    return PriceTickRow(
        row.fixture_id,
        row.market_id,
        row.provider_id,
        row.bet_id,
        at,
        row.price,
        row.status,
        row.settlement,
        row.suspension_reason,
        row.received_at,
        row.revision,
    )
