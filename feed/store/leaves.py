"""Leaves of the signed tree: one for each message of a batch, and one for what it wrote to the journal."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.conf import settings

from feed.models import FeedSource
from feed.proof.leaves import AGAIN, ANSWER, MESSAGE, Journaled, journal_leaves, message_leaf, packed
from feed.store.rows.structs import WrittenEntry
from feed.store.sql.database import Statements
from feed.transport import Delivery

from .arrival import Received, Rejected


def message_leaves(source: FeedSource, batch: Sequence[Received], rejected: Sequence[Rejected]) -> list[str]:
    """The leaves of the messages, in the order in which these came."""
    if not settings.PROOF:
        return []
    found: list[tuple[str, Delivery, set[int], bool]] = []
    for received in batch:
        if received.delivery is not None:
            message, kind = received.message, kind_of(received)
            fixtures = {event.fixture_id for event in message.events}
            found.append((kind, received.delivery, fixtures, not message.set_aside))
    if rejected:
        found += [(MESSAGE, refused.delivery, set(), False) for refused in rejected]
        found.sort(key=lambda leaf: leaf[1].tag)
    return [message_leaf(source.name, *leaf) for leaf in found]


def kind_of(received: Received) -> str:
    if received.epoch is None:
        return MESSAGE
    return AGAIN if received.asked_at is None else ANSWER


def note_leaves(
    messages: list[str], entries: Iterable[WrittenEntry | Journaled], committed_at: datetime, database: Statements
) -> None:
    """Number the leaves and keep them, as the last statement of a transaction: until its end nobody else can."""
    if not settings.PROOF:
        return
    leaves = [*messages, *journal_leaves(entries)]
    if leaves:
        database.append_leaves(len(leaves), committed_at, packed(leaves))
