"""A TRADE snapshot: what LSports answers with goes the way of every message, one message for each fixture or league.

So one that cannot be understood is kept and can be tried again, and the others are stored all the same.
"""

import time
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec

from feed.codes import MessageType
from feed.ingest.limits import wire_limits
from feed.ingest.storing import BatchStorer, Stopped
from feed.ingest.tally import Tally
from feed.store import Received, Rejected
from feed.transport import Delivery
from feed.wire import DecodeError, decode

from .models import Package

#: What stands as the queue of a message that came in a snapshot.
QUEUE = "snapshot"
#: Fixtures in one transaction: the feed waits while it runs.
BATCH_FIXTURES = 100
#: Somebody waits for the outcome; a database that is away for longer does not get the snapshot.
PATIENCE_SECONDS = 20.0

DATABASE_AWAY = "LSports sent a snapshot, but the database does not take it. Ask again when the database is back."


class NotStored(Exception):
    """The snapshot is not stored; the message says why, in an operator's words."""


class Answer(msgspec.Struct, rename="pascal"):
    """The outside of a snapshot: some answers state no message type in their header."""

    header: dict[str, Any]
    body: list[msgspec.Raw]


class Stored(msgspec.Struct, frozen=True):
    """How many fixtures were in a snapshot, and how many of its parts were not understood."""

    fixtures: int
    refused: int

    @property
    def sentence(self) -> str:
        sentence = f"LSports sent a snapshot; its fixtures are stored: {self.fixtures:,}."
        rest = f" Not understood, and stored as rejected messages: {self.refused:,}." if self.refused else ""
        return sentence + rest


class Request(msgspec.Struct, frozen=True):
    """When a snapshot was asked for, and its source's epoch then: what broke since it cannot confirm.

    `since` is the moment from which on it names what changed; None: it names everything.
    """

    at: datetime
    epoch: int
    since: datetime | None = None


def store_snapshot(package: Package, body: bytes, at: datetime, request: Request) -> Stored:
    """Store LSports' answer to `request`, received at `at`. A page sees it by its fixtures' revisions.

    Raises `NotStored` where nothing of it can be understood, or the database is away.
    """
    tally = Tally()
    deadline = time.monotonic() + PATIENCE_SECONDS
    storer = BatchStorer(package.link_sources()[0].source, tally, lambda: time.monotonic() > deadline)
    deliveries = [Delivery(body=part, received_at=at, queue=QUEUE) for part in parts(body)]
    received, rejected = understood(deliveries, storer, request)
    try:
        storer.store([], rejected)
        for start in range(0, len(received), BATCH_FIXTURES):
            storer.store(received[start : start + BATCH_FIXTURES], [])
    except Stopped:
        raise NotStored(DATABASE_AWAY) from None
    refused = tally.rejected.total()
    if refused and not received:
        raise NotStored(f"LSports sent a snapshot that cannot be understood: {rejected[0].reason}.")
    return Stored(len({event.fixture_id for one in received for event in one.message.events}), refused)


def understood(
    deliveries: list[Delivery], storer: BatchStorer, request: Request
) -> tuple[list[Received], list[Rejected]]:
    limits = wire_limits()
    received: list[Received] = []
    rejected: list[Rejected] = []
    for delivery in deliveries:
        try:
            message = decode(delivery.body, limits)
        except DecodeError as error:
            rejected.append(storer.reject(delivery, error.reason, error.kind))
        else:
            received.append(
                Received(
                    delivery=delivery,
                    message=message,
                    epoch=request.epoch,
                    asked_at=request.at,
                    asked_since=request.since,
                )
            )
    return received, rejected


def parts(body: bytes) -> Iterator[bytes]:
    """The answer as messages, each with one element of its array; as it is where it has no such array."""
    try:
        answer = msgspec.json.decode(body, type=Answer)
    except (msgspec.DecodeError, RecursionError):
        yield body
        return
    header = {"Type": MessageType.SNAPSHOT, **answer.header}
    for element in answer.body:
        yield msgspec.json.encode({"Header": header, "Body": [element]})
    if not answer.body:
        yield msgspec.json.encode({"Header": header, "Body": []})
