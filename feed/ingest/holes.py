"""Holes in what a source sends: patience, then a gap; and doubt where the counting contradicts itself.

How LSports counts is inferred. Where more numbers skip than any loss explains, and no snapshot has proved a loss, they
count otherwise: then operations are shown the holes, and no price is closed for them.
"""

import logging
import time
from collections import deque
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import Error

from feed.changes import Change
from feed.database.connections import drop_connection
from feed.models import FeedSource
from feed.store.gaps import has_skips, open_gaps
from feed.store.sources import record_source

#: How often skips are looked at, where there are any.
TURN_SECONDS = 0.1
#: The share of skips is measured over this time, and over no fewer numbered messages.
WINDOW_SECONDS = 60.0
LEAST_NUMBERED = 20
#: How long a loss that a snapshot proved says that the counting is right.
PROOF = timedelta(minutes=10)

logger = logging.getLogger(__name__)


class Holes:
    """The holes of one source. `announce` is given markets that have a gap now, `doubt_changed` the source."""

    def __init__(
        self,
        source: FeedSource,
        announce: Callable[[Sequence[Change]], None],
        doubt_changed: Callable[[int], None],
    ) -> None:
        self.source = source
        self.announce = announce
        self.doubt_changed = doubt_changed
        self.skips_seen = -1
        self.due_at = 0.0
        self.marks: deque[tuple[float, int, int]] = deque()

    def take_turn(self) -> None:
        """Open what is due. Costs nothing while no number skips."""
        now = time.monotonic()
        if now < self.due_at:
            return
        self.due_at = now + TURN_SECONDS
        try:
            self.weigh(now)
            if self.source.skips == self.skips_seen:
                return
            skips = self.source.skips
            if changes := open_gaps(self.source, datetime.now(UTC)):
                self.announce(changes)
            if not has_skips(self.source):
                self.skips_seen = skips
        except Error as error:
            logger.warning("[%s] Holes wait for the database: %s", self.source, error)
            drop_connection()

    def weigh(self, now: float) -> None:
        """Begin or end to doubt the numbers, by the share of them that skipped in the last minute."""
        if self.marks and now < self.marks[-1][0] + 1:
            return
        self.marks.append((now, self.source.numbered, self.source.skips))
        while self.marks[0][0] < now - WINDOW_SECONDS:
            self.marks.popleft()
        numbered = self.source.numbered - self.marks[0][1]
        if numbered < LEAST_NUMBERED:
            return
        share = (self.source.skips - self.marks[0][2]) / numbered
        if self.source.doubted_since is None and share > settings.FEED_HOLES_SHARE / 100 and not self.is_proved():
            self.write(datetime.now(UTC))
            logger.warning(
                "[%s] %.0f %% of the numbers skip: they are not trusted, and close no price.", self.source, share * 100
            )
        elif self.source.doubted_since is not None and (share < settings.FEED_HOLES_SHARE / 200 or self.is_proved()):
            self.write(None)
            logger.warning("[%s] The numbers are believed again.", self.source)

    def is_proved(self) -> bool:
        """Whether a snapshot has lately brought what a missing message had said."""
        at = FeedSource.objects.values_list("hole_confirmed_at", flat=True).get(pk=self.source.pk)
        return at is not None and at > datetime.now(UTC) - PROOF

    def write(self, doubted_since: datetime | None) -> None:
        FeedSource.objects.filter(pk=self.source.pk).update(doubted_since=doubted_since)
        record_source(self.source.pk)
        self.source.doubted_since = doubted_since
        self.doubt_changed(self.source.pk)
