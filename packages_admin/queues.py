"""The room in a package's queues, from the readings that the consumer and LSports' status answers left."""

from datetime import datetime, timedelta

import msgspec

from .headroom import Headroom, Reading, headroom
from .models import Package, QueueReading

#: A reading older than this says nothing of now.
STALE = timedelta(minutes=5)


class QueueRoom(msgspec.Struct, frozen=True, kw_only=True):
    """One queue's room at `read_at`; `room` is None where nobody has read its depth yet."""

    name: str
    room: Headroom | None
    read_at: datetime | None
    is_stale: bool


def queue_rooms(package: Package, now: datetime) -> list[QueueRoom]:
    """The room in each queue of a package, in the order of its virtual hosts."""
    return [
        queue_room(link.source.name, list(link.readings.all()[:100]), package.defaults.queue_limit, now)
        for link in package.link_sources()
    ]


def queue_room(name: str, readings: list[QueueReading], limit: int, now: datetime) -> QueueRoom:
    if not readings:
        return QueueRoom(name=name, room=None, read_at=None, is_stale=True)
    each = [
        Reading(at=reading.read_at, waiting=reading.waiting, per_second=reading.per_second, consumers=reading.consumers)
        for reading in readings
    ]
    read_at = readings[0].read_at
    return QueueRoom(name=name, room=headroom(limit, each), read_at=read_at, is_stale=now - read_at > STALE)
