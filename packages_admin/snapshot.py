"""A TRADE snapshot: the fixtures that LSports answers with are decoded and stored like a message from the queue."""

from datetime import datetime
from typing import Any

import msgspec

from feed.codes import MessageType
from feed.limits import wire_limits
from feed.store import Received, Rejected, store_batch
from feed.transport import Delivery
from feed.wire import DecodeError, decode

from .models import Package


class NotStored(Exception):
    """The snapshot could not be understood; the message says why, in an operator's words."""


class Answer(msgspec.Struct, rename="pascal"):
    """The outside of a snapshot: some answers state no message type in their header."""

    header: dict[str, Any]
    body: msgspec.Raw


def store_snapshot(package: Package, body: bytes, at: datetime) -> int:
    """Store what LSports answered at `at`; the number of fixtures in it. A page sees it by their revisions.

    Raises `NotStored` where it cannot be understood; the answer is then kept among the rejected messages.
    """
    source = package.link_sources()[0].source
    limits = wire_limits()
    typed = with_type(body)
    try:
        message = decode(typed, limits)
    except DecodeError as error:
        delivery = Delivery(body=typed, received_at=at, queue="snapshot")
        store_batch(source, [], [Rejected(delivery=delivery, reason=error.reason, kind=error.kind)])
        raise NotStored(f"LSports sent a snapshot that cannot be understood: {error.reason}.") from None
    store_batch(source, [Received(message=message, received_at=at)], [])
    return len({event.fixture_id for event in message.events})


def with_type(body: bytes) -> bytes:
    """The answer with a message type in its header, so that it decodes like a message."""
    try:
        answer = msgspec.json.decode(body, type=Answer)
    except msgspec.DecodeError:
        return body
    if "Type" in answer.header:
        return body
    return msgspec.json.encode({"Header": {**answer.header, "Type": MessageType.SNAPSHOT}, "Body": answer.body})
