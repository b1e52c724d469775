"""MsgSeq: a market's messages are numbered, settlements apart, so a number that skips tells of one that is missing.

How LSports counts is inferred (docs/protocol.md, MsgSeq), so a skip only opens a hole: `feed.ingest.holes`
gives it patience, and doubts the counting where it contradicts itself. Fixtures and livescores need none of this: each
is whole, so the message that shows a skip has healed it already.
"""

from datetime import timedelta

from feed.codes import BetStatus
from feed.models.market import CALCULATED
from feed.store.arrival import Origin
from feed.store.rows.fixture_rows import MarketRows, Pending
from feed.store.rows.structs import MarketRow
from feed.wire.messages import Market

#: Messages change places within this time. A low number in one that was sent later says that the counter started again.
DISORDER = timedelta(seconds=2)
#: What an answer must go back beyond the skip, so that it names what the missing message changed.
MARGIN = timedelta(minutes=1)
#: Separate ranges of missing numbers that are distinguished.
MOST_RANGES = 20

Range = tuple[int, int]


def follow(row: MarketRow, origin: Origin, pending: Pending) -> bool:
    """Take the number of a message. True if the row is different now."""
    seq = origin.number
    if seq is None:
        return False
    last = row.settled_seq if origin.is_settlement else row.seq
    if row.numbered_by != origin.source_id or row.numbered_epoch != origin.epoch:
        return begin(row, origin, seq, pending)
    if last is None or seq > last:
        return go_on(row, origin, seq, last, pending)
    return take_late(row, origin, seq)


def begin(row: MarketRow, origin: Origin, seq: int, pending: Pending) -> bool:
    """The first number after a break, or of another source: what was missing before it is unconfirmed anyway."""
    if not origin.is_queued or (row.numbered_by == origin.source_id and row.numbered_epoch > origin.epoch):
        return False
    pending.numbered += 1
    row.seq = row.settled_seq = None
    row.numbered_by, row.numbered_epoch = origin.source_id, origin.epoch
    count(row, origin, seq)
    close_hole(row)
    return True


def go_on(row: MarketRow, origin: Origin, seq: int, last: int | None, pending: Pending) -> bool:
    """A number above the last; where it skips, those between are missing."""
    if not origin.is_queued:
        return False
    pending.numbered += 1
    if last is not None and seq > last + 1:
        pending.skips += 1
        ranges = [*ranges_of(row, origin), (last + 1, seq - 1)]
        if len(ranges) > MOST_RANGES:
            ranges[:2] = [(ranges[0][0], ranges[1][1])]
        write_ranges(row, origin, ranges)
        if row.skipped_at is None or row.gap_since is not None:
            row.skipped_at = origin.received_at
    count(row, origin, seq)
    return True


def take_late(row: MarketRow, origin: Origin, seq: int) -> bool:
    """A number that is not above the last: missing until now, here already, or of a counter that started again."""
    if row.missing and (ranges := ranges_of(row, origin)) and any(low <= seq <= high for low, high in ranges):
        write_ranges(row, origin, [part for low_high in ranges for part in without(low_high, seq)])
        if not row.missing:
            close_hole(row)
        return True
    if origin.is_repeat or row.numbered_at is None or origin.sent_at <= row.numbered_at + DISORDER:
        return False
    count(row, origin, seq)
    return True


def is_behind(row: MarketRow, origin: Origin) -> bool:
    """Whether a message with a higher number of its kind has been here."""
    last = row.settled_seq if origin.is_settlement else row.seq
    return origin.number is not None and last is not None and origin.number < last


def count(row: MarketRow, origin: Origin, seq: int) -> None:
    if origin.is_settlement:
        row.settled_seq = seq
    else:
        row.seq = seq
    row.numbered_at = origin.sent_at


def heal(rows: MarketRows, market: Market, origin: Origin, pending: Pending) -> bool:
    """Close the market's hole where the message tells all that may be missing. True if the row is different now.

    A move that is older than what was here already, in an answer, proves a loss.
    """
    row = rows.row
    if not (answers(row, origin) if origin.asked_at else names_all(rows, market, origin)):
        return False
    if origin.asked_at and row.numbered_at and any(at <= row.numbered_at for at in rows.step.moved_at):
        pending.has_confirmed_hole = True
    close_hole(row)
    return True


def close_hole(row: MarketRow) -> None:
    row.missing, row.skipped_at, row.gap_since = "", None, None


def answers(row: MarketRow, origin: Origin) -> bool:
    """Whether it was asked for after the hole had opened, and goes back far enough."""
    if origin.asked_at is None or row.gap_since is None or row.skipped_at is None:
        return False
    return origin.asked_at >= row.skipped_at and (
        origin.asked_since is None or origin.asked_since <= row.skipped_at - MARGIN
    )


def names_all(rows: MarketRows, market: Market, origin: Origin) -> bool:
    """Whether the newest message of the market names each of its source's bets that is not settled."""
    if origin.number is None or origin.number != (rows.row.settled_seq if origin.is_settlement else rows.row.seq):
        return False
    named = {CALCULATED: {bet.id for bet in market.bets or ()}}
    named |= {provider.id: {bet.id for bet in provider.bets or ()} for provider in market.provider_markets or ()}
    return all(
        bet.bet_id in named.get(provider_id, ()) or bet.status == BetStatus.SETTLED or bet.source_id != origin.source_id
        for provider_id, bets in rows.bets.items()
        for bet in bets.values()
    )


def ranges_of(row: MarketRow, origin: Origin) -> list[Range]:
    """The missing numbers of this kind of message; a row has "7-7 9-12 s3-3", those of settlements with an "s"."""
    words = [word for word in row.missing.split() if word.startswith("s") is origin.is_settlement]
    pairs = (word.lstrip("s").split("-") for word in words)
    return [(int(low), int(high)) for low, high in pairs]


def write_ranges(row: MarketRow, origin: Origin, ranges: list[Range]) -> None:
    others = [word for word in row.missing.split() if word.startswith("s") is not origin.is_settlement]
    sign = "s" if origin.is_settlement else ""
    row.missing = " ".join([*others, *(f"{sign}{low}-{high}" for low, high in ranges)])


def without(numbers: Range, seq: int) -> list[Range]:
    """The range without one of its numbers, or as it is."""
    low, high = numbers
    if not low <= seq <= high:
        return [numbers]
    return [part for part in ((low, seq - 1), (seq + 1, high)) if part[0] <= part[1]]
