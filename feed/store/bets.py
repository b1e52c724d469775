"""Bets: the newest word on each counts, every price and status on the way becomes history."""

from datetime import datetime
from decimal import Context, Decimal
from sys import intern

from feed.codes import BetStatus
from feed.wire.messages import Bet

from .arrival import Origin
from .book import Book, MarketBook, Pending
from .plain import plain_text
from .rows import BetRow, PriceTickRow

#: The start price of a settlement that has none (captured, types 35 and 42).
NO_START_PRICE = Decimal("1.0")
#: SQLite keeps 15 digits of a number; beyond a thousand million both databases round alike.
EXACT_BELOW = 10**9
DIGITS = Context(prec=15)
#: What a bet's name, line and so on are: absent from a message means unchanged.
DESCRIPTION = ("name", "line", "base_line", "provider_bet_id", "player_name")
REFERENCES = ("participant_id", "player_id", "order")
#: What of a bet moves with every message. A change of anything else writes the whole row.
STATE = (
    "received_at",
    "status",
    "price",
    "previous_price",
    "settlement",
    "suspension_reason",
    "probability",
    "calculated_margin",
    "last_update",
    "sent_at",
    "moves",
    "source_id",
    "revision",
)


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
            pending.new_bets[id(row)] = row
            before = None
        elif is_older(row, update, origin):
            continue
        else:
            before = row.price, row.status, row.settlement, row.suspension_reason
        if not apply_bet(row, bet, update, origin, pending):
            continue
        changed = True
        if row.revision != revision:
            row.revision = revision
            pending.bets.append(row)
        if before != (row.price, row.status, row.settlement, row.suspension_reason):
            pending.price_ticks.append(price_tick(row, update))
    return changed


def distinct(bets: list[Bet], origin: Origin) -> list[Bet]:
    """The bets, each once: of two of one id and time, the later counts, as when the message comes again."""
    if len({bet.id for bet in bets}) == len(bets):
        return bets
    return list({(bet.id, bet.last_update or origin.sent_at): bet for bet in bets}.values())


def is_older(row: BetRow, update: datetime, origin: Origin) -> bool:
    """By LastUpdate; of two with the same, by when they were sent."""
    if row.last_update is None or row.sent_at is None or update > row.last_update:
        return False
    return update < row.last_update or origin.is_before(row.sent_at)


def apply_bet(row: BetRow, bet: Bet, update: datetime, origin: Origin, pending: Pending) -> bool:
    """Change a bet to what a message says of it. True if anything is different now.

    The busiest function of the desk: what hardly ever differs is compared first and worked out only then.
    """
    changed = False
    if is_described_otherwise(row, bet):
        changed = describe(row, bet)
    if bet.start_price is not None and bet.start_price != row.start_price:
        changed |= start(row, exact(bet.start_price), origin)
    if (
        bet.lay_price != row.lay_price
        or bet.price_volume != row.price_volume
        or row.lay_price_volume != bet.lay_price_volume
    ):
        changed |= exchange(row, bet)
    if changed:
        pending.new_bets[id(row)] = row
    if bet.price is not None and bet.price != row.price:
        changed |= move(row, exact(bet.price))
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
