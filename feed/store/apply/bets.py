"""Bets: the newest word on each counts, every state on the way is kept for the journal."""

from copy import copy
from datetime import datetime
from decimal import Context, Decimal
from sys import intern

from feed.codes import BetStatus
from feed.journal.blobs import state_of
from feed.store.arrival import MOST_AHEAD, Origin
from feed.store.rows.fixture_rows import FixtureRows, MarketRows, MarketStep, Pending
from feed.store.rows.structs import BetRow
from feed.wire.fields.bet_extra import bet_extra
from feed.wire.messages import Bet

from .plain import plain_text

#: What LSports writes where there was no start price (captured in settlements): no bet is offered at evens of nothing.
NO_START_PRICE = Decimal(1)
#: SQLite keeps 15 digits of a number; beyond a thousand million both databases round alike.
EXACT_BELOW = 10**9
DIGITS = Context(prec=15)
#: What a bet's name, line and so on are: absent from a message means unchanged.
DESCRIPTION = ("name", "line", "base_line", "provider_bet_id", "player_id", "player_name")
REFERENCES = ("participant_id", "order")
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
    "epoch",
    "revision",
)


def apply_bets(
    rows: FixtureRows, shelf: MarketRows, provider_id: int, bets: list[Bet], origin: Origin, pending: Pending
) -> bool:
    """Take the bets that are no older than the stored ones. True if anything is different now."""
    changed = False
    stored, revision, sent_at = shelf.bets.setdefault(provider_id, {}), rows.revision, origin.sent_at
    latest = sent_at + MOST_AHEAD
    step, new_bets, has_hole = shelf.step, pending.new_bets, bool(shelf.row.missing)
    for bet in distinct(bets, origin):
        update = bet.last_update or sent_at
        if update > latest:
            update = origin.trusted(update)
        row = stored.get(bet.id)
        if row is None:
            row = BetRow(rows.fixture.id, shelf.row.market_id, provider_id, bet.id, origin.received_at)
            stored[bet.id] = row
            pending.new_bets[id(row)] = row
        elif is_older(row, update, origin):
            note_late(step, provider_id, bet, update, origin)
            continue
        before = shown(row) if has_hole else None
        if bet.unreadable:
            describe(row, bet)
            close(row, update, origin, pending)
        elif not apply_bet(row, bet, update, origin, pending):
            continue
        changed = True
        if row.revision != revision:
            row.revision = revision
            pending.bets.append(row)
        if id(row) in new_bets:
            step.bets.append(copy(row))
        else:
            step.states.append(state_of(row))
        if has_hole and before != shown(row):
            step.moved_at.append(update)
    return changed


def note_late(step: MarketStep, provider_id: int, bet: Bet, update: datetime, origin: Origin) -> None:
    """Keep what a bet was before a newer message came, where this one was missing until now."""
    if not step.is_late or bet.unreadable or bet.price is None or bet.status is None:
        return
    more = bet.settlement, bet.suspension_reason, bet.probability, bet.calculated_margin
    step.late.append((provider_id, bet.id, exact(bet.price), bet.status, *more, update, origin.epoch))


def shown(row: BetRow) -> tuple[Decimal | None, int, int | None, int | None]:
    """The fields by which a bet is seen to have moved."""
    return row.price, row.status, row.settlement, row.suspension_reason


def distinct(bets: list[Bet], origin: Origin) -> list[Bet]:
    """The bets, each once: of two of one id and time the one that is closed counts, or else the later."""
    if len({bet.id for bet in bets}) == len(bets):
        return bets
    found: dict[tuple[int, datetime], Bet] = {}
    for bet in bets:
        key = bet.id, bet.last_update or origin.sent_at
        if key not in found or closed(bet) >= closed(found[key]):
            found[key] = bet
    return list(found.values())


def closed(bet: Bet) -> tuple[bool, bool]:
    """How much a statement closes its bet."""
    return bet.unreadable, bet.status not in (None, BetStatus.OPEN)


def is_older(row: BetRow, update: datetime, origin: Origin) -> bool:
    """Compares LastUpdate, then the times of sending; where LastUpdate and sending are far apart, a clock was wrong."""
    if row.last_update is None or row.sent_at is None or update > row.last_update:
        return False
    if update < row.last_update:
        # Rows of before times were checked may be stamped with one that was wrong.
        return row.last_update <= origin.received_at + MOST_AHEAD or update < row.received_at
    return origin.is_before(row.sent_at) and row.sent_at - origin.sent_at <= MOST_AHEAD


def close(row: BetRow, update: datetime, origin: Origin, pending: Pending) -> None:
    """Close a bet of which the newest statement could not be read, until there is one that can."""
    if row.status != BetStatus.SETTLED:
        row.status = BetStatus.SUSPENDED
    row.unreadable, row.suspension_reason = True, None
    row.last_update, row.sent_at, row.received_at = update, origin.sent_at, origin.received_at
    if row.source_id != origin.source_id:  # an epoch is of one source, and says nothing of another's
        row.source_id, row.epoch = origin.source_id, origin.epoch
    pending.new_bets[id(row)] = row


def close_others(
    rows: FixtureRows,
    shelf: MarketRows,
    stored: dict[int, BetRow],
    spared: set[int],
    names: list[str],
    origin: Origin,
    pending: Pending,
) -> bool:
    """Close the bets that a message may have meant with one that has no readable id: those of its name, or all.

    `spared` are the ids of those that it names. True if anything is different now.
    """
    changed, meant = False, set(map(folded, names))
    for row in stored.values():
        is_meant = row.bet_id not in spared and ("" in meant or folded(row.name) in meant)
        if not is_meant or row.unreadable or (row.sent_at is not None and origin.is_before(row.sent_at)):
            continue
        if row.source_id in origin.sides.others:
            continue
        close(row, row.last_update or origin.sent_at, origin, pending)
        changed = True
        if row.revision != rows.revision:
            row.revision = rows.revision
            pending.bets.append(row)
        shelf.step.bets.append(copy(row))
        shelf.step.moved_at.append(origin.sent_at)
    return changed


def folded(name: str) -> str:
    """A name as it is compared with another of the same thing, however it is written."""
    return name.strip().casefold()


def apply_bet(row: BetRow, bet: Bet, update: datetime, origin: Origin, pending: Pending) -> bool:
    """Change a bet to what a message says of it. True if anything is different now.

    The busiest function of the desk: what hardly ever differs is compared first and worked out only then.
    """
    changed = row.unreadable
    row.unreadable = False
    if is_described_otherwise(row, bet):
        changed |= describe(row, bet)
    if bet.start_price is not None and bet.start_price != row.start_price:
        changed |= start(row, exact(bet.start_price))
    exchanged = (row.lay_price, row.price_volume, row.lay_price_volume)
    if exchanged != (bet.lay_price, bet.price_volume, bet.lay_price_volume):
        changed |= exchange(row, bet)
    if row.extra != (extra := bet_extra(bet)):
        row.extra, changed = extra, True
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
        and (row.epoch >= origin.epoch or row.source_id != origin.source_id)
    ):
        return False
    if row.epoch < origin.epoch or row.source_id != origin.source_id:
        row.epoch = origin.epoch
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
    stated = {
        name: intern(plain_text(text).strip()) for name in DESCRIPTION if (text := getattr(bet, name)) is not None
    }
    stated |= {name: number for name in REFERENCES if (number := getattr(bet, name)) is not None}
    changes = {name: value for name, value in stated.items() if value != getattr(row, name)}
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


def start(row: BetRow, price: Decimal) -> bool:
    """Take a start price, unless it is LSports' way to say that there is none."""
    if price <= NO_START_PRICE or price == row.start_price:
        return False
    row.start_price = price
    return True


def exchange(row: BetRow, bet: Bet) -> bool:
    """Take a betting exchange's lay price and volumes."""
    before = row.lay_price, row.price_volume, row.lay_price_volume
    after = tuple(
        None if price is None else exact(price) for price in (bet.lay_price, bet.price_volume, bet.lay_price_volume)
    )
    row.lay_price, row.price_volume, row.lay_price_volume = after
    return before != after


def exact(price: Decimal) -> Decimal:
    """A price that both databases give back as it was written."""
    return price if -EXACT_BELOW < price < EXACT_BELOW else DIGITS.plus(price)
