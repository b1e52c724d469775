"""Messages that nobody understood, kept whole. The same one again, while it waits for a second try, is kept once."""

from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from feed.models import FeedSource, RejectedMessage

from .arrival import Rejected
from .plain import plain_text


def keep_rejected(source: FeedSource, rejected: Sequence[Rejected]) -> None:
    RejectedMessage.objects.bulk_create([rejected_row(source, each) for each in rejected], ignore_conflicts=True)


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
