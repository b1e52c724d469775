"""How long a feed was not consumed, and what shows that its queue kept everything meanwhile.

The next heartbeat does, as the next link of the chain; until it is due, each message does. Where there is no heartbeat,
time must.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import Error
from django.utils.translation import gettext, gettext_noop

from feed.database.connections import drop_connection
from feed.models import FeedSource
from feed.store import Received
from feed.store.arrival import own_time
from feed.store.epochs import expect_break
from feed.store.heartbeat_chain import EVERY

from .lease import SourceLease

AWAY = gettext_noop("Nobody consumed this feed from %(start)s to %(end)s UTC, and it has no heartbeat.")


class Absence:
    """Since when a source's queue has had no consumer, over restarts too; `since` is None while it has one.

    `is_bridged`: nothing that the queue may have lost before the present connection can still be unknown.
    """

    def __init__(self, lease: SourceLease) -> None:
        self.lease = lease
        self.source = lease.source
        self.since: datetime | None = None
        self.is_bridged = True
        self.connected_at: datetime | None = None

    def recall(self) -> None:
        """What the consumer before left in the row. Call it before this one writes there."""
        columns = ("state", "state_since", "consumer_seen_at", "link_at")
        state, since, seen_at, self.source.link_at = self.lease.place.values_list(*columns).get()
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

    def note(self, received: Iterable[Received]) -> None:
        """These messages were stored."""
        for one in received:
            connected_at = one.delivery.connected_at if one.delivery is not None else None
            if connected_at != self.connected_at:
                self.connected_at, self.is_bridged = connected_at, connected_at is None
            self.is_bridged = self.is_bridged or self.bridges(one)

    def bridges(self, one: Received) -> bool:
        """Whether no heartbeat can be missing before the message: it is one, or was sent before the next was due."""
        link_at, heard_at = self.source.link_at, self.source.last_heartbeat_at
        if one.message.heartbeat is not None or not self.source.has_heartbeat or link_at is None or heard_at is None:
            return True
        return own_time(one) <= link_at + EVERY
