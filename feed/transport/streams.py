"""Streams: queues whose messages stay there when they were read, so their consumer itself remembers how far it was."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import Any

import pika
from pika.adapters.blocking_connection import BlockingChannel
from pika.exceptions import AMQPChannelError, AMQPError, ChannelClosedByBroker

from .losses import QueueState

#: The argument that says from where a stream is consumed (any other queue refuses it), and the header of its messages.
OFFSET = "x-stream-offset"
#: The newest messages of a stream have arrived once none came for this long.
QUIET_SECONDS = 0.5
#: More than a stream writes at once (its chunks).
MOST_AT_ONCE = 10_000
DROPPED = "The stream dropped %(number)d messages before they were read."
DECLARED_ANEW = "The stream was declared again: what had not been read of it is gone."


class Stream:
    """How far a queue has been read that may be a stream (`is_one`). Offsets count its messages, from 0.

    `stored` is the last offset that is stored for good, `given` the last one that was delivered, `first` the oldest one
    that the stream has, as far as known; each None where there is none.
    """

    def __init__(self) -> None:
        self.is_one = False
        self.stored: int | None = None
        self.given: int | None = None
        self.first: int | None = None
        self.counted = 0

    def begins_at(self) -> dict[str, Any]:
        """The arguments of its consumption: behind what is stored, or where nothing is, with the oldest message."""
        return {OFFSET: "first" if self.stored is None else self.stored + 1}

    def reconnected(self, ends: tuple[int, int] | None) -> str:
        """Before it is consumed again, by its oldest and newest offset. Why messages are missing, if they are.

        A stream that was declared again counts from 0, so what is stored of the earlier one is no place in it.
        """
        self.given = self.stored
        if self.stored is None:
            return ""
        if ends is None or ends[1] < self.stored:
            self.stored = self.given = self.first = None
            return DECLARED_ANEW
        self.first, self.counted = ends[0], 0
        return ""

    def deliver(self, offset: int) -> str:
        """Note a delivery. Why messages are missing before it, if they are."""
        dropped = 0 if self.given is None else offset - self.given - 1
        self.given = offset
        self.first = offset if self.first is None or dropped > 0 else self.first
        return DROPPED % {"number": dropped} if dropped > 0 else ""

    def unread(self, messages: int) -> int:
        """How many of its messages were not delivered yet. Their number falls only where it drops the oldest."""
        dropped, self.counted = max(0, self.counted - messages), messages
        if self.given is None or self.first is None:
            return messages
        self.first += dropped
        return max(0, messages - (self.given + 1 - self.first))


def offset_in(headers: Mapping[str, Any] | None) -> int | None:
    """A delivery's place in its stream, by its headers."""
    offset = (headers or {}).get(OFFSET)
    return int(offset) if isinstance(offset, int) else None


def is_no_stream(error: ChannelClosedByBroker) -> bool:
    """Whether the broker refused an offset, as it does for every queue that is no stream."""
    return OFFSET in error.reply_text


def close_stream(connection: pika.BlockingConnection) -> None:
    """Pika gives back what was delivered and not taken. A stream takes nothing back: the broker ends the connection."""
    with suppress(AMQPError):
        connection.close()


def queue_state(connection: pika.BlockingConnection, queue_name: str) -> QueueState | None:
    """Count the messages on a channel of its own, because a refusal closes the channel; None where it is refused."""
    try:
        with connection.channel() as channel:
            declared = channel.queue_declare(queue_name, passive=True).method
            return QueueState(declared.message_count, declared.consumer_count)
    except AMQPChannelError:
        return None


def stream_ends(parameters: Sequence[pika.URLParameters], queue_name: str) -> tuple[int, int] | None:
    """The offsets of a stream's oldest and newest message, on a connection of its own; None for an empty one, or no
    stream.

    The broker says neither, so it is asked for the messages themselves: it sends those that were written at once.
    """
    found: dict[str, list[int]] = {"first": [], "last": []}
    connection = pika.BlockingConnection(parameters)
    try:
        for end, offsets in found.items():
            channel = connection.channel()
            channel.basic_qos(prefetch_count=1 if end == "first" else MOST_AT_ONCE)
            channel.basic_consume(queue_name, partial(note_offset, offsets), arguments={OFFSET: end})
        before = -1
        while len(found["last"]) > before:
            before = len(found["last"])
            connection.sleep(QUIET_SECONDS)
    except ChannelClosedByBroker as error:
        if not is_no_stream(error):
            raise
    finally:
        close_stream(connection)
    return (found["first"][0], found["last"][-1]) if all(found.values()) else None


def note_offset(
    offsets: list[int], channel: BlockingChannel, method: Any, properties: pika.BasicProperties, body: bytes
) -> None:
    offset = offset_in(properties.headers)
    if offset is not None:
        offsets.append(offset)
