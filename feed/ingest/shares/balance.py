"""Which queues of a source a process consumes: about as many as each of the others, and no fixture moves needlessly.

A process that has none takes what is free at once, one that has some waits a little longer for each. One that stands by
says how many it has; a process that has two more hands over one, after the batch in hand. So those that come and go
touch no queue but those that they take or leave.
"""

import time
from collections.abc import Callable, Collection
from datetime import UTC, datetime, timedelta

from django.db import Error
from django.utils.translation import gettext_noop

from feed.database.connections import drop_connection
from feed.ingest.lease import SourceLease
from feed.models import FeedShare

#: For each share that it has already, a process leaves a free one to others for so long, up to so many of them.
PATIENCE_SECONDS = 0.6
MOST_PATIENCE = 3
#: Whoever stands by says so each half second; an older word is of one that is gone.
WANTED = timedelta(seconds=2)
CHECK_SECONDS = 1.0

HANDED = gettext_noop("Handed over to another consumer.")
FREE = "another consumer that has fewer queues"


class Balance:
    """One share's part in it. `held` gives the ids of the shares of the source that this process consumes.

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
        """For whom it stands by; empty where the share is to be taken, if it is free."""
        if self.share is None:
            return ""
        number = len(self.held())
        if other := self.lease.other():
            self.free_since = None
            self.lease.place.update(wanted_at=datetime.now(UTC), wanted_held=number)
            return other
        now = time.monotonic()
        self.free_since = self.free_since or now
        return "" if now >= self.free_since + min(number, MOST_PATIENCE) * PATIENCE_SECONDS else FREE

    def is_too_much(self) -> bool:
        """Whether this share goes to another process, which has at least two less. Asks the database each second."""
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
        """Note that it is left to another one that stands by for it: for so short a while that is no fault."""
        now = datetime.now(UTC)
        try:
            if self.share is not None:
                self.lease.row.filter(wanted_at__gt=now - WANTED).update(handed_at=now)
        except Error:
            drop_connection()


def is_first(share: FeedShare) -> bool:
    """Whether what is done once for each source (recovery) is done by whoever has this share."""
    return not FeedShare.objects.filter(source_id=share.source_id, pk__lt=share.pk).exists()
