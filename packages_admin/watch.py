"""Looking after the packages that should be on: what is silent is asked about, what LSports switched off comes back.

One look is cheap and may be repeated every few seconds, by `watch_packages` or by the consumer itself.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils import timezone

from feed.health import state_of

from .actions import Asker, perform, reactivate
from .client import Transport
from .headroom import Level
from .models import Package, PackageCall
from .products import Action
from .queues import queue_rooms

#: A package whose feed is silent is asked for its status at most so often.
ASK_EVERY = timedelta(seconds=60)

DESK = Asker(origin=PackageCall.Origin.AUTOMATIC, name="the desk")


def look_once(transport: Transport | None = None) -> Iterator[str]:
    """Look at every package once; yields a sentence for each thing that an operator should know or that was done."""
    now = timezone.now()
    for package in Package.objects.consumable():
        yield from full_queues(package, now)
        if is_silent(package, now) and not was_asked(package, now):
            yield f"{package.name} is silent. {perform(package, Action.STATUS, DESK, transport=transport).sentence}"
    for package in Package.objects.to_reactivate():
        if not gave_up(package, now):
            yield f"{package.name} was switched off. {reactivate(package, DESK, transport).sentence}"


def full_queues(package: Package, now: datetime) -> Iterator[str]:
    """From half of the limit on, how full each queue is."""
    for queue in queue_rooms(package, now):
        if queue.room and not queue.is_stale and queue.room.level is not Level.FINE:
            yield f"The queue of {queue.name}: {queue.room.sentence}"


def is_silent(package: Package, now: datetime) -> bool:
    """Whether one of its feeds is not UP."""
    return any(not state_of(link.source, now).is_up for link in package.link_sources())


def was_asked(package: Package, now: datetime) -> bool:
    newest = package.calls.filter(action=Action.STATUS).first()
    return newest is not None and newest.asked_at > now - ASK_EVERY


def gave_up(package: Package, now: datetime) -> bool:
    """Whether the last attempt to bring it back is so fresh that it is not repeated yet."""
    newest = package.calls.filter(origin=PackageCall.Origin.AUTOMATIC).first()
    return newest is not None and newest.asked_at > now - ASK_EVERY and newest.ok is not True
