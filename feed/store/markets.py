"""Markets and settlements: deltas, so what a message does not name is as it was. Newer wins, bet by bet."""

from datetime import datetime
from decimal import Context, Decimal
from sys import intern

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
    stored, revision, sent_at = shelf.bets.setdefault(provider_id, {}), book.revision, origin.sent_at
    for bet in distinct(bets, origin):
        update = bet.last_update or sent_at
        row = stored.get(bet.id)
        if row is None:
            row = BetRow(book.fixture.id, market_id, provider_id, bet.id, origin.received_at)
            stored[bet.id] = row
            pending.bets.append(row)
            before = None
        elif is_older(row, update, sent_at):
            continue
        else:
            before = row.price, row.status, row.settlement, row.suspension_reason
        if not apply_bet(row, bet, update, origin) and before is not None:
            continue
        changed = True
        if row.revision != revision:
            if before is not None:
                pending.bets.append(row)
            row.revision = revision
        if before != (row.price, row.status, row.settlement, row.suspension_reason):
            pending.price_ticks.append(price_tick(row, update))
    return changed


def distinct(bets: list[Bet], origin: Origin) -> list[Bet]:
    """The bets, each once: of two of one id and time, the later counts, as when the message comes again."""
    if len({bet.id for bet in bets}) == len(bets):
        return bets
    return list({(bet.id, bet.last_update or origin.sent_at): bet for bet in bets}.values())


def is_older(row: BetRow, update: datetime, sent_at: datetime) -> bool:
    """By LastUpdate; of two with the same, by when they were sent."""
    if row.last_update is None or row.sent_at is None or update > row.last_update:
        return False
    return update < row.last_update or sent_at < row.sent_at


def apply_bet(row: BetRow, bet: Bet, update: datetime, origin: Origin) -> bool:
    """Change a bet to what a message says of it. True if anything is different now.

    The busiest function of the desk: what hardly ever differs is compared first and worked out only then.
    """
    changed = False
    if is_described_otherwise(row, bet):
        changed = describe(row, bet)
    if bet.price is not None and bet.price != row.price:
        changed |= move(row, exact(bet.price))
    if bet.start_price is not None and bet.start_price != row.start_price:
        changed |= start(row, exact(bet.start_price), origin)
    if (
        bet.lay_price != row.lay_price
        or bet.price_volume != row.price_volume
        or row.lay_price_volume != bet.lay_price_volume
    ):
        changed |= exchange(row, bet)
    status = row.status if bet.status is None else bet.status
    settlement = row.settlement if bet.settlement is None and status == BetStatus.SETTLED else bet.settlement
    if (
        not changed
        and update == row.last_update
        and status == row.status
        and settlement == row.settlement
        and bet.suspension_reason == row.suspension_reason
        and bet.probability == row.probability
        and bet.calculated_margin == row.calculated_margin
    ):
        return False
    row.last_update, row.status, row.settlement = update, status, settlement
    row.suspension_reason = bet.suspension_reason
    row.probability, row.calculated_margin = bet.probability, bet.calculated_margin
    row.source_id, row.sent_at, row.received_at = origin.source_id, origin.sent_at, origin.received_at
    return True


def is_described_otherwise(row: BetRow, bet: Bet) -> bool:
    """Whether a message describes a bet in other words than its row does; what it leaves out is unchanged."""
    return (
        (bet.name is not None and bet.name != row.name)
        or (bet.line is not None and bet.line != row.line)
        or (bet.base_line is not None and bet.base_line != row.base_line)
        or (bet.provider_bet_id is not None and bet.provider_bet_id != row.provider_bet_id)
        or (bet.order is not None and bet.order != row.order)
        or (bet.participant_id is not None and bet.participant_id != row.participant_id)
        or (bet.player_id is not None and bet.player_id != row.player_id)
        or (bet.player_name is not None and bet.player_name != row.player_name)
    )


def describe(row: BetRow, bet: Bet) -> bool:
    """Take what a message says of what a bet is. Thousands of bets share these texts, so each is kept once."""
    told = {name: intern(plain_text(text)) for name in DESCRIPTION if (text := getattr(bet, name)) is not None}
    told |= {name: number for name in REFERENCES if (number := getattr(bet, name)) is not None}
    changes = {name: value for name, value in told.items() if value != getattr(row, name)}
    for name, value in changes.items():
        setattr(row, name, value)
    return bool(changes)


def move(row: BetRow, price: Decimal) -> bool:
    """Take a price, and remember the one before."""
    if price == row.price:
        return False
    if row.price is not None:
        row.previous_price = row.price
        row.moves += 1
    row.price = price
    return True


def start(row: BetRow, price: Decimal, origin: Origin) -> bool:
    """Take a start price, unless it is a settlement's way to say that it has none."""
    is_placeholder = origin.is_settlement and price == NO_START_PRICE and row.start_price is not None
    if is_placeholder or price == row.start_price:
        return False
    row.start_price = price
    return True


def exchange(row: BetRow, bet: Bet) -> bool:
    """Take a betting exchange's lay price and volumes."""
    before = row.lay_price, row.price_volume, row.lay_price_volume
    after = tuple(
        None if each is None else exact(each) for each in (bet.lay_price, bet.price_volume, bet.lay_price_volume)
    )
    row.lay_price, row.price_volume, row.lay_price_volume = after
    return before != after


def exact(price: Decimal) -> Decimal:
    """A price that both databases give back as it was written."""
    return price if -EXACT_BELOW < price < EXACT_BELOW else DIGITS.plus(price)


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
