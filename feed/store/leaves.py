"""Leaves of the signed tree: of each message of a batch, of what it wrote to the journal, of what our people did."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from secrets import token_urlsafe
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from feed.models import Act, FeedSource
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

from .arrival import Received, Rejected

SALT_BYTES = 24
#: Of a name, as its column has it.
MOST_LETTERS = 200


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


def note_act(kind: str, who: str, fixture_id: int | None = None, **facts: Any) -> None:
    """What somebody did becomes a leaf, as the last statement of the transaction that does it: until the commit no
    batch can commit, so nothing may be waited for in there."""
    if not settings.PROOF:
        return
    at, salt = timezone.now(), token_urlsafe(SALT_BYTES)
    text = act_text(who, salt, facts)
    with transaction.atomic():
        Act.objects.create(at=at, kind=kind, fixture_id=fixture_id, who=who[:MOST_LETTERS], salt=salt, text=text)
        statements().append_leaves(1, at, packed([act_leaf(at, kind, fixture_id, text)]))


def note_leaves(
    messages: list[str], entries: Iterable[WrittenEntry | Journaled], committed_at: datetime, database: Statements
) -> None:
    """Number the leaves and keep them, as the last statement of a transaction: until its end nobody else can."""
    if not settings.PROOF:
        return
    leaves = [*messages, *journal_leaves(entries)]
    if leaves:
        database.append_leaves(len(leaves), committed_at, packed(leaves))
