"""Which queues of a source a process consumes: about as many as every other, without moving fixtures needlessly.

A process without any queue takes a free one at once; one that has some waits a little longer for each that it has. A
process that stands by says how many it has; another that has at least two more hands one over, after its current batch.
So a process that comes or goes affects only the queues that it takes or leaves.
"""

import time
from collections.abc import Callable, Collection
from datetime import UTC, datetime

from django.db import Error
from django.utils.translation import gettext_noop

from feed.database.connections import drop_connection
from feed.ingest.lease import WANTED, SourceLease
from feed.models import FeedShare

#: How long a process leaves a free share to others, for each share that it has, and how many of those count.
PATIENCE_SECONDS = 0.6
MOST_PATIENCE = 3
CHECK_SECONDS = 1.0

HANDED = gettext_noop("Handed over to another consumer.")
FREE = "another consumer that has fewer queues"


class Balance:
    """How one share is taken and handed over. `held` gives the ids of the source's shares that this process consumes.

    Raises `django.db.Error` where the database is away.
    """

    def __init__(self, lease: SourceLease, held: Callable[[], Collection[int]]) -> None:
        self.lease = lease
        self.share = lease.share
        self.held = held
        self.is_first = self.share is None or is_first(self.share)
        self.free_since: float | None = None
        self.checked_at = time.monotonic()

    def wait(self) -> str:
        """The consumer that it stands by for; empty where the share is to be taken, if it is free."""
        other = self.lease.other()
        if self.share is None:
            if other:
                self.lease.stand_by(datetime.now(UTC))
            return other
        number = len(self.held())
        if other:
            self.free_since = None
            self.lease.place.update(wanted_at=datetime.now(UTC), wanted_held=number)
            return other
        now = time.monotonic()
        self.free_since = self.free_since or now
        return "" if now >= self.free_since + min(number, MOST_PATIENCE) * PATIENCE_SECONDS else FREE

    def is_too_much(self) -> bool:
        """Whether to hand this share to a process that has at least two fewer. Asks the database each second."""
        if self.share is None or time.monotonic() < self.checked_at + CHECK_SECONDS:
            return False
        self.checked_at = time.monotonic()
        held = self.held()
        if len(held) < 2 or self.share.pk != max(held):
            return False
        now = datetime.now(UTC)
        wanted = FeedShare.objects.filter(source_id=self.share.source_id, pk__in=held)
        wanted = wanted.filter(wanted_at__gt=now - WANTED, wanted_held__lte=len(held) - 2)
        return wanted.exists()

    def leave(self) -> None:
        """Note that it is handed to a consumer that stands by for it: a gap as short as that is no fault."""
        now = datetime.now(UTC)
        try:
            if self.share is not None:
                self.lease.row.filter(wanted_at__gt=now - WANTED).update(handed_at=now)
        except Error:
            drop_connection()


def is_first(share: FeedShare) -> bool:
    """Whether whoever has this share does what is done once for each source, such as recovery."""
    return not FeedShare.objects.filter(source_id=share.source_id, pk__lt=share.pk).exists()
