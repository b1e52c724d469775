"""What a package means for its sources: whether anything is to be expected of them, and if not, why.

A feed that a person switched off is no fault; one that LSports switched off is.
"""

from collections.abc import Collection
from datetime import datetime

import msgspec
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop

from feed.models import FeedSource
from feed.store.epochs import expect_break
from feed.store.sources import record_source

from .models import Package, PackageCall
from .products import Action

NOT_ACTIVATED = gettext_noop("Not activated yet.")
BY_LSPORTS = gettext_noop("LSports has switched the package off.")
BY_NOBODY_KNOWN = gettext_noop("LSports says that the package is inactive.")
BY_PERSON = gettext_noop("Switched off by %(name)s.")
NO_QUEUE = gettext_noop("The package has no queue in %(virtual_host)s any more.")
DELETED = gettext_noop("Its package was deleted by %(name)s.")
#: The reason of the break after which all older prices of a source are unconfirmed, once its package is on again.
WAS_OFF = gettext_noop("The package was off.")
#: The state of a source that was switched on, until its consumer writes its own.
SWITCHED_ON = gettext_noop("Switched on; no consumer has connected since.")


class Off(msgspec.Struct, frozen=True):
    """Nothing is to be expected since `since`; `is_wanted`: nobody here wants the package on."""

    since: datetime
    reason: str
    is_wanted: bool = True


def write_expectations(package: Package) -> None:
    """Write to the package's sources what is to be expected of them. Writes only what is new."""
    off = why_off(package, timezone.now())
    current = {link.pk for link in package.link_sources()}
    for link in package.links.all():
        write_snapshots(link.source, package if link.pk in current else None)
        if link.pk in current:
            write_expectation(link.source, off)
            # This product sends no heartbeats: that none has ever come must not count as a fault.
            if link.source.has_heartbeat and not package.defaults.has_heartbeat:
                FeedSource.objects.filter(pk=link.source_id, last_heartbeat_at=None).update(has_heartbeat=False)
        else:
            write_expectation(link.source, Off(timezone.now(), gettext(NO_QUEUE) % {"virtual_host": link.virtual_host}))


def why_off(package: Package, now: datetime) -> Off | None:
    """Why nothing is to be expected of the package, None where it is on."""
    if package.state == Package.State.ACTIVE:
        return None
    if package.state == Package.State.UNKNOWN:
        return Off(now, gettext(NOT_ACTIVATED))
    since = package.state_since or now
    if package.is_wanted:
        return Off(since, gettext(BY_LSPORTS), is_wanted=False)
    call = package.calls.filter(action=Action.DEACTIVATE).exclude(origin=PackageCall.Origin.AUTOMATIC).first()
    if call is None:
        return Off(since, gettext(BY_NOBODY_KNOWN))
    return Off(since, gettext(BY_PERSON) % {"name": call.actor_name})


def write_snapshots(source: FeedSource, package: Package | None) -> None:
    """Whether LSports can be asked for snapshots of the source, and how they come."""
    how = FeedSource.Snapshots.NONE
    if package is not None:
        how = FeedSource.Snapshots.TRIGGERED if package.is_hyper else FeedSource.Snapshots.ANSWERED
    FeedSource.objects.filter(pk=source.pk).exclude(snapshots=how).update(snapshots=how)


def write_expectation(source: FeedSource, off: Off | None) -> None:
    row = FeedSource.objects.filter(pk=source.pk)
    if off is None and source.off_since is not None:
        expect_break([source.pk], gettext(WAS_OFF))
        row.update(off_since=None, off_reason="")
        row.filter(state=FeedSource.State.DOWN, state_since__isnull=False).update(
            state_reason=gettext(SWITCHED_ON), state_since=timezone.now()
        )
    elif off is not None and (source.off_since is None or source.off_reason != off.reason):
        row.update(off_since=off.since, off_reason=off.reason, off_is_wanted=off.is_wanted)
    else:
        return
    record_source(source.pk)


def expect_nothing_more(source_ids: Collection[int], name: str) -> None:
    """Nothing more is to be expected of the sources of a package that `name` deleted; what they brought stays."""
    FeedSource.objects.filter(pk__in=source_ids).update(
        off_since=timezone.now(),
        off_reason=gettext(DELETED) % {"name": name},
        off_is_wanted=True,
        snapshots=FeedSource.Snapshots.NONE,
    )
    for source_id in source_ids:
        record_source(source_id)
