"""Looking after the packages that should be on: what is silent is asked about, what LSports switched off comes back.

One check is cheap and may be repeated every few seconds, by `watch_packages` or by the consumer itself.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils import timezone

from feed.vouching.source_health import state_of

from .actions import Asker, continue_snapshot, perform, reactivate
from .client import Transport
from .headroom import Level
from .models import Package, PackageCall
from .outcome import Kind
from .products import Action
from .queues import queue_rooms
from .source_expectation import write_expectations

TOO_MANY_REQUESTS = 429
#: The least time between two requests for the status of a package whose feed is silent.
ASK_EVERY = timedelta(seconds=60)
#: The time that a package has, once it was switched on, to be consumed and to send.
SETTLING = timedelta(seconds=30)
#: The same for a feed without heartbeats: after this much quiet it may have been switched off though it is connected.
ASK_QUIET_EVERY = timedelta(minutes=5)

DESK = Asker(origin=PackageCall.Origin.AUTOMATIC, name="the desk")


def check_packages(transport: Transport | None = None) -> Iterator[str]:
    """Look at every package once; yields a sentence for each action and for each thing that an operator should know."""
    now = timezone.now()
    for package in Package.objects.all():
        write_expectations(package)
    for package in Package.objects.consumable():
        yield from full_queues(package, now)
        every = ask_every(package, now)
        if every is not None and not was_asked(package, now, every):
            yield f"{package.name} is silent. {perform(package, Action.STATUS, DESK, transport=transport).sentence}"
    for package in Package.objects.in_doubt():
        if not was_asked(package, now, ASK_EVERY):
            outcome = perform(package, Action.STATUS, DESK, transport=transport)
            yield f"{package.name} was to be deactivated. {outcome.sentence}"
    for package in Package.objects.to_come_back(now):
        if not gave_up(package, now):
            outcome = perform(package, Action.ACTIVATE, DESK, transport=transport)
            yield f"The time for which {package.name} was deactivated is over. {outcome.sentence}"
    for package in Package.objects.with_snapshot_left():
        outcome = continue_snapshot(package, DESK, transport)
        if outcome.kind not in (Kind.BUSY, Kind.TOO_SOON):
            yield f"{package.name}: {outcome.sentence}"
    for package in Package.objects.to_reactivate():
        if not gave_up(package, now):
            yield f"{package.name} was switched off. {reactivate(package, DESK, transport).sentence}"


def full_queues(package: Package, now: datetime) -> Iterator[str]:
    """How full each queue is that has reached half of its limit."""
    for queue in queue_rooms(package, now):
        if queue.room and not queue.is_stale and queue.room.level is not Level.FINE:
            yield f"The queue of {queue.name}: {queue.room.sentence}"


def ask_every(package: Package, now: datetime) -> timedelta | None:
    """How often to ask about a package that is silent just now; None where it is not.

    A feed without heartbeats may be quiet with nothing wrong, and is quiet too when LSports has switched it off.
    """
    sources = [link.source for link in package.link_sources()]
    if package.state_since is not None and package.state_since > now - SETTLING:
        return None
    if any(not state_of(source, now).is_up for source in sources):
        return ASK_EVERY
    heard_at = max((source.last_message_at for source in sources if source.last_message_at), default=None)
    is_quiet = heard_at is None or heard_at <= now - ASK_QUIET_EVERY
    return ASK_QUIET_EVERY if is_quiet and not package.defaults.has_heartbeat else None


def was_asked(package: Package, now: datetime, within: timedelta) -> bool:
    newest = package.calls.exclude(status_code=TOO_MANY_REQUESTS).filter(action=Action.STATUS).first()
    return newest is not None and newest.asked_at > now - within


def gave_up(package: Package, now: datetime) -> bool:
    """Whether the last attempt to bring it back failed too recently to be repeated. An attempt that LSports refused as
    too soon does not count: the same call for the package's other product may have been the reason."""
    newest = package.calls.exclude(status_code=TOO_MANY_REQUESTS).filter(origin=PackageCall.Origin.AUTOMATIC).first()
    return newest is not None and newest.asked_at > now - ASK_EVERY and newest.ok is not True
