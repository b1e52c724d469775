"""Packages that LSports switched off, and queues that fill up."""

from collections.abc import Iterator
from datetime import datetime

from alarms.fault import Fault
from packages_admin.headroom import Level
from packages_admin.models import Package
from packages_admin.queues import queue_rooms


def package_faults(now: datetime) -> Iterator[Fault]:
    """Packages that should be on and are not."""
    for package in Package.objects.filter(is_wanted=True, state=Package.State.INACTIVE):
        text = f"LSports has switched the package {package.name} off."
        yield Fault(kind="package_off", about=package.name, text=text, since=package.state_since or now)


def queue_faults(now: datetime) -> Iterator[Fault]:
    """Queues that are half full, and once more when they are nearly full: LSports then switches the package off."""
    for package in Package.objects.consumable():
        for queue in queue_rooms(package, now):
            if queue.room is None or queue.is_stale or queue.room.level is Level.FINE:
                continue
            text = f"The queue of {queue.name}: {queue.room.sentence}"
            yield Fault(kind="queue", about=queue.name, text=text, since=now)
            if queue.room.level is not Level.WARN:
                yield Fault(kind="queue_full", about=queue.name, text=text, since=now)
