"""Leaves of the signed tree: of each message of a batch, of what it wrote to the journal, of what our people did.

The fixtures' log has more of a message than its leaf: the details, beside the leaves. A fixture's batches are found by
the journal; where a batch changed nothing of one that it speaks of, a mark stands there instead.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from operator import itemgetter
from secrets import token_urlsafe
from typing import Any, NamedTuple

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from feed.journal.blobs import compressed
from feed.journal.details import MOST_MARKETS, NOT_READ, Details, packed_details
from feed.models import Act, FeedSource, JournalEntry
from feed.proof.leaves import (
    AGAIN,
    ANSWER,
    MESSAGE,
    Journaled,
    act_leaf,
    act_text,
    journal_leaves,
    message_leaf,
    packed,
)
from feed.store.rows.structs import WrittenEntry
from feed.store.sql.database import Statements, statements
from feed.transport import Delivery
from feed.wire.messages import Dialect

from .arrival import Received, Rejected

SALT_BYTES = 24
#: Of a name, as its column has it.
MOST_CHARACTERS = 200
MARK = compressed(b"[]")
BEGIN = datetime(1970, 1, 1, tzinfo=UTC)


class Messages(NamedTuple):
    """A batch's messages in the order in which they came: a leaf of each, and its details."""

    leaves: list[str] = []
    details: list[Details] = []


def message_leaves(source: FeedSource, batch: Sequence[Received], rejected: Sequence[Rejected]) -> Messages:
    """The messages of a batch, in the order in which they came."""
    if not settings.PROOF:
        return Messages()
    found: list[tuple[int, str, Details]] = []
    for received in batch:
        if received.delivery is not None:
            message, kind = received.message, kind_of(received)
            fixtures = {event.fixture_id for event in message.events}
            leaf = message_leaf(source.name, kind, received.delivery, fixtures, not message.set_aside)
            found.append((received.delivery.tag, leaf, details_of(received, received.delivery)))
    if rejected:
        deliveries = [one.delivery for one in rejected]
        found += [(one.tag, message_leaf(source.name, MESSAGE, one, set(), False), NOT_READ) for one in deliveries]
        found.sort(key=itemgetter(0))
    return Messages([leaf for _, leaf, _ in found], [details for *_, details in found])


def details_of(received: Received, delivery: Delivery) -> Details:
    message = received.message
    header = message.header
    markets = [market.id for event in message.events for market in event.markets or ()]
    return Details(
        type=header.type,
        seq=header.seq,
        guid=header.guid or "",
        sent_at=header.sent_at,
        markets=list(dict.fromkeys(markets)) if len(markets) <= MOST_MARKETS else [],
        size=len(delivery.body),
        unread=len(message.set_aside),
        is_repeat=delivery.redelivered,
        is_uncounted=message.dialect is not Dialect.TRADE or received.asked_at is not None,
    )


def kind_of(received: Received) -> str:
    if received.epoch is None:
        return MESSAGE
    return AGAIN if received.asked_at is None else ANSWER


def note_act(kind: str, who: str, fixture_id: int | None = None, **facts: Any) -> None:
    """What somebody did becomes a leaf, as the last statement of the transaction that does it: until the commit no
    batch can commit, so nothing may be waited for in there."""
    if not settings.PROOF:
        return
    at, salt = timezone.now(), token_urlsafe(SALT_BYTES)
    text = act_text(who, salt, facts)
    with transaction.atomic():
        Act.objects.create(at=at, kind=kind, fixture_id=fixture_id, who=who[:MOST_CHARACTERS], salt=salt, text=text)
        note_leaf(act_leaf(at, kind, fixture_id, text), at)


def note_leaf(leaf: str, committed_at: datetime) -> None:
    """Number one leaf and keep it, as the last statement of the transaction that writes what it is of."""
    statements().append_leaves(1, committed_at, packed([leaf]), None)


def marks(
    source: FeedSource, batch: Sequence[Received], entries: Iterable[WrittenEntry], stored_at: datetime
) -> list[WrittenEntry]:
    """An entry for each fixture that the batch names without changing anything of it. These entries are in no leaf."""
    if not settings.PROOF:
        return []
    unchanged = {
        event.fixture_id: received.received_at
        for received in batch
        if received.delivery is not None
        for event in received.message.events
    }
    for entry in entries:
        unchanged.pop(entry.fixture_id, None)
    number, part = microseconds(stored_at), JournalEntry.Part.UNCHANGED
    return [
        WrittenEntry(pk, 0, number, 0, received_at, stored_at, source.pk, part, False, MARK, b"")
        for pk, received_at in unchanged.items()
    ]


def microseconds(moment: datetime) -> int:
    """Since 1970."""
    return (moment - BEGIN) // timedelta(microseconds=1)


def note_leaves(
    messages: Messages, entries: Iterable[WrittenEntry | Journaled], committed_at: datetime, database: Statements
) -> None:
    """Number the leaves and keep them, as the last statement of a transaction: until its end nobody else can."""
    if not settings.PROOF:
        return
    leaves = [*messages.leaves, *journal_leaves(entries)]
    if leaves:
        database.append_leaves(len(leaves), committed_at, packed(leaves), packed_details(messages.details))
