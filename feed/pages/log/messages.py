"""A fixture's messages as they were committed: from the leaves, their details and the journal, newest first.

A batch that speaks of a fixture has an entry of the journal about it, or a mark; so no index of messages is needed.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from itertools import groupby
from typing import NamedTuple

import msgspec

from feed.journal.details import NOT_READ, Details, unpacked_details
from feed.models import JournalEntry, LeafBatch
from feed.proof.leaves import AGAIN, ANSWER, MESSAGE, Leaf, read_leaf, unpacked
from feed.store.arrival import OF_ONE_MARKET

Part = JournalEntry.Part
KINDS = (MESSAGE, AGAIN, ANSWER)
OF_MESSAGES = tuple(f"{kind} ".encode() for kind in KINDS)
#: Entries of the journal that are read for one page, and for one step of a search or download.
MOST_ENTRIES, MOST_SEARCHED = 400, 4000
#: Messages on a page; a batch is never divided.
MOST_MESSAGES = 100


class Logged(msgspec.Struct):
    """A message. `number` is its leaf's. `missing` messages of its count did not come before it, as far as was read.

    `source` and `digest` (SHA-256 of its body, in base64) are the leaf's; `has_details`: its details are still there.
    """

    number: int
    leaf: Leaf
    source: str
    position: int
    received_at: datetime
    committed_at: datetime
    details: Details
    has_details: bool
    missing: int = 0


class Batch(msgspec.Struct):
    """What was committed at once: the fixture's messages in it, none where the desk changed it itself, and its entries.

    `shown` are those of the messages that were asked for.
    """

    committed_at: datetime
    messages: list[Logged]
    shown: list[Logged]
    entries: list[JournalEntry]


class LogScope(msgspec.Struct, frozen=True):
    """Which messages: committed from `begin` on and before `end`; of a type, about a market, with a text in them.

    `text` is a MsgGuid or part of one, or a MsgSeq.
    """

    begin: datetime | None = None
    end: datetime | None = None
    type: int | None = None
    market: int | None = None
    text: str = ""

    @property
    def is_search(self) -> bool:
        return self.type is not None or self.market is not None or bool(self.text)

    def fits(self, message: Logged) -> bool:
        details = message.details
        return (
            (self.type is None or details.type == self.type)
            and (self.market is None or self.market in details.markets)
            and (not self.text or self.text.lower() in details.guid.lower() or self.text == str(details.seq))
        )


class Found(NamedTuple):
    """Batches, newest first; `before`: older ones begin there, if there may be any."""

    batches: list[Batch]
    before: datetime | None


def read_log(fixture_id: int, scope: LogScope, most: int = MOST_MESSAGES) -> Found:
    """Up to `most` messages, and the rest of their batch: three queries, whatever the fixture has."""
    limit = MOST_SEARCHED if scope.is_search or most > MOST_MESSAGES else MOST_ENTRIES
    rows, before = read_entries(fixture_id, scope, limit)
    entries = {at: list(found) for at, found in groupby(rows, key=lambda row: row.committed_at)}
    messages = read_messages(fixture_id, entries)
    note_missing(messages)
    batches: list[Batch] = []
    count = 0
    for at, found in entries.items():
        if count >= most:
            return Found(batches, batches[-1].committed_at)
        own = messages.get(at)
        fitting = [message for message in own or () if scope.fits(message)]
        if fitting or (own == [] and not scope.is_search):
            batches.append(Batch(at, own or [], fitting, [row for row in found if row.part != Part.UNCHANGED]))
            count += max(len(fitting), 1)
    return Found(batches, before)


def read_entries(fixture_id: int, scope: LogScope, limit: int) -> tuple[list[JournalEntry], datetime | None]:
    """The newest entries, whole batches of them, and before when there may be more."""
    entries = JournalEntry.objects.filter(fixture_id=fixture_id)
    if scope.begin is not None:
        entries = entries.filter(committed_at__gte=scope.begin)
    if scope.end is not None:
        entries = entries.filter(committed_at__lt=scope.end)
    rows = list(entries.order_by("-committed_at", "part", "market_id")[: limit + 1])
    if len(rows) <= limit:
        return rows, None
    last = rows[-1].committed_at
    if whole := [row for row in rows if row.committed_at != last]:
        return whole, whole[-1].committed_at
    return list(entries.filter(committed_at=last).order_by("part", "market_id")), last


def read_messages(fixture_id: int, committed: Collection[datetime]) -> dict[datetime, list[Logged]]:
    """The messages of these batches that speak of the fixture, in the order in which they came."""
    found: dict[datetime, list[Logged]] = {}
    if committed:
        batches = LeafBatch.objects.filter(committed_at__in=list(committed))
        for batch in batches.order_by("first"):
            found.setdefault(batch.committed_at, []).extend(messages_of(batch, fixture_id))
    return found


def messages_of(batch: LeafBatch, fixture_id: int) -> Iterator[Logged]:
    details, name = unpacked_details(batch.details), str(fixture_id).encode()
    for place, line in enumerate(unpacked(batch.leaves)):
        if line.startswith(OF_MESSAGES) and name in line:
            leaf = read_leaf(line)
            if fixture_id in leaf.fixtures:
                _, source, position, *_ = line.decode().split(" ")
                yield Logged(
                    batch.first + place,
                    leaf,
                    source,
                    int(position),
                    datetime.fromisoformat(leaf.at),
                    batch.committed_at,
                    details[place] if details else NOT_READ,
                    bool(details),
                )


def note_missing(messages: Mapping[datetime, list[Logged]]) -> None:
    """How many numbers each message's own skips, since the one of the same count before it."""
    last: dict[tuple[int | None, int | None], int] = {}
    for at in sorted(messages):
        for message in messages[at]:
            details = message.details
            if details.seq is None or details.is_uncounted or message.leaf.kind != MESSAGE:
                continue
            markets = details.markets if details.type in OF_ONE_MARKET else []
            if len(markets) > 1:
                continue
            count = details.type, markets[0] if markets else None
            before = last.get(count)
            message.missing = max(0, details.seq - before - 1) if before is not None else 0
            last[count] = max(details.seq, before or 0)


def all_batches(fixture_id: int, scope: LogScope, most: int) -> Iterator[Batch]:
    """`most` messages or a few more, newest first."""
    count = 0
    while count < most:
        found = read_log(fixture_id, scope, min(most - count, MOST_SEARCHED))
        yield from found.batches
        count += sum(len(batch.shown) for batch in found.batches)
        if found.before is None:
            return
        scope = msgspec.structs.replace(scope, end=found.before)


def one_message(fixture_id: int, number: int) -> Logged | None:
    """The message of a leaf, if it speaks of the fixture."""
    batch = LeafBatch.objects.filter(first__lte=number).order_by("-first").first()
    found: Iterable[Logged] = messages_of(batch, fixture_id) if batch is not None else ()
    return next((message for message in found if message.number == number), None)
