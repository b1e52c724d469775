"""How long a feed without heartbeats was not consumed: no chain of heartbeats proves that its queue kept everything."""

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import Error
from django.utils.translation import gettext, gettext_noop

from feed.database.connections import drop_connection
from feed.models import FeedSource
from feed.store.epochs import expect_break

from .lease import SourceLease

AWAY = gettext_noop("Nobody consumed this feed from %(start)s to %(end)s UTC, and it has no heartbeat.")


class Absence:
    """Since when a source's queue has had no consumer, over restarts too; `since` is None while it has one."""

    def __init__(self, lease: SourceLease) -> None:
        self.lease = lease
        self.source = lease.source
        self.since: datetime | None = None

    def recall(self) -> None:
        """What the consumer before left in the row. Call it before this one writes there."""
        state, since, seen_at = self.lease.place.values_list("state", "state_since", "consumer_seen_at").get()
        self.since = since if state == FeedSource.State.DOWN else seen_at

    def begin(self) -> None:
        self.since = self.since or datetime.now(UTC)

    def end(self) -> None:
        """It is consumed again: what comes next comes after a break where the queue may not have lived so long."""
        if self.since is None:
            return
        now, since, self.since = datetime.now(UTC), self.since, None
        if self.source.has_heartbeat or now - since <= timedelta(seconds=settings.FEED_QUEUE_SECONDS):
            return
        try:
            expect_break([self.source.pk], gettext(AWAY) % {"start": f"{since:%H:%M:%S}", "end": f"{now:%H:%M:%S}"})
        except Error:
            drop_connection()
            self.since = since
