"""Messages that were not understood, or not wholly, kept as they came.

The same one again, while it waits for a second try, is kept once.
"""

from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from feed.models import FeedSource, RejectedMessage
from feed.store.apply.plain import plain_text
from feed.wire.messages import Message

from .arrival import Received, Rejected


def set_aside(batch: Sequence[Received]) -> list[Rejected]:
    """The messages of which a part that decides could not be read, to be kept beside what was stored of them."""
    found = []
    for received in batch:
        if received.message.set_aside and received.delivery is not None and (why := why_set_aside(received.message)):
            found.append(Rejected(delivery=received.delivery, reason=why, kind="part"))
    return found


def why_set_aside(message: Message) -> str:
    """The places and reasons of the parts that decide; empty where all that does could be read."""
    return "; ".join(part.sentence for part in message.set_aside if part.decides)


def keep_rejected(source: FeedSource, rejected: Sequence[Rejected]) -> None:
    RejectedMessage.objects.bulk_create([rejected_row(source, message) for message in rejected], ignore_conflicts=True)


def rejected_row(source: FeedSource, rejected: Rejected) -> RejectedMessage:
    delivery = rejected.delivery
    return RejectedMessage(
        source=source,
        queue=fitted("queue", delivery.queue),
        received_at=delivery.received_at,
        kind=fitted("kind", rejected.kind),
        reason=fitted("reason", rejected.reason),
        headers={plain_text(name): plain_text(str(value)) for name, value in delivery.headers.items()},
        body=delivery.body,
        digest=sha256(delivery.body).hexdigest(),
    )


def fitted(column: str, text: str) -> str:
    field: Any = RejectedMessage._meta.get_field(column)
    return plain_text(text)[: field.max_length]
