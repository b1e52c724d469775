"""The room in a package's queues, from the readings that the consumer and LSports' status answers left."""

from datetime import datetime, timedelta

import msgspec

from .headroom import Headroom, Reading, headroom
from .models import Package, PackageQueue, QueueReading

#: A reading older than this says nothing of now.
STALE = timedelta(minutes=5)


class QueueRoom(msgspec.Struct, frozen=True, kw_only=True):
    """One queue's room at `read_at`; `room` is None where nobody has read its depth yet.

    `per_second` is the rate at which LSports sends, if it gave one recently.
    """

    name: str
    virtual_host: str
    room: Headroom | None
    read_at: datetime | None
    is_stale: bool
    per_second: float | None = None


def queue_rooms(package: Package, now: datetime) -> list[QueueRoom]:
    """The room in each queue of a package, in the order of its virtual hosts."""
    return [
        queue_room(link, list(link.readings.all()[:100]), package.defaults.queue_limit, now)
        for link in package.link_sources()
    ]


def queue_room(link: PackageQueue, readings: list[QueueReading], limit: int, now: datetime) -> QueueRoom:
    name, virtual_host = link.source.name, link.virtual_host
    if not readings:
        return QueueRoom(name=name, virtual_host=virtual_host, room=None, read_at=None, is_stale=True)
    series = [
        Reading(at=reading.read_at, waiting=reading.waiting, per_second=reading.per_second, consumers=reading.consumers)
        for reading in readings
    ]
    read_at = readings[0].read_at
    recent = [reading for reading in readings if now - reading.read_at <= STALE]
    rates = [reading.per_second for reading in recent if reading.per_second is not None]
    return QueueRoom(
        name=name,
        virtual_host=virtual_host,
        room=headroom(limit, series),
        read_at=read_at,
        is_stale=now - read_at > STALE,
        per_second=rates[0] if rates else None,
    )
