"""Messages that the store refused are tried again by themselves: nothing stays refused by mistake.

Refused once, a message is tried again after 5 s and after 10 s, each time after the database has taken others. Refused
three times, it stays a rejected message, which is tried again with each start of the consumer, for a day.
"""

import logging
import time
from datetime import UTC, datetime, timedelta

from django.db import Error

from feed.database.connections import drop_connection
from feed.models import FeedSource, RejectedMessage

from .retry import Retried, retry_one
from .storing import STORE_KIND, BatchStorer

AGAIN_SECONDS = 5.0
#: Tries in all, the first one included, over two times AGAIN_SECONDS.
TRIES = 3
#: What was refused before that is for people to try again.
OLDEST = timedelta(days=1)
#: Messages tried again between two batches.
MOST_AT_ONCE = 20

logger = logging.getLogger(__name__)


class SecondTries:
    """The refused messages of one source that are still to be tried. Call `take_turn` between batches."""

    def __init__(self, source: FeedSource, storer: BatchStorer) -> None:
        self.source = source
        self.storer = storer
        self.set_aside = 0
        self.stored = -1
        self.tries: dict[int, int] = {}
        self.tried_at: dict[int, float] = {}
        self.due_at: float | None = time.monotonic()

    def take_turn(self) -> None:
        """Try what is due. Costs nothing while nothing is refused."""
        now = time.monotonic()
        if self.storer.set_aside != self.set_aside:
            self.set_aside = self.storer.set_aside
            self.due_at = now + AGAIN_SECONDS if self.due_at is None else self.due_at
        if self.due_at is None or now < self.due_at or self.stored == self.storer.stored:
            return
        try:
            waiting = self.try_again()
        except Error as error:
            logger.warning("[%s] Refused messages wait for the database: %s", self.source, error)
            drop_connection()
            waiting = True
        self.stored = self.storer.stored
        self.due_at = time.monotonic() + AGAIN_SECONDS if waiting else None

    def try_again(self) -> bool:
        """Whether any is to be tried once more."""
        result = Retried()
        refused = [pk for pk in self.refused() if self.tries.get(pk, 1) < TRIES]
        due = [pk for pk in refused if time.monotonic() >= self.tried_at.get(pk, 0.0) + AGAIN_SECONDS]
        for message in RejectedMessage.objects.select_related("source").filter(pk__in=due[:MOST_AT_ONCE]):
            retry_one(message, result)
            self.tries[message.pk] = self.tries.get(message.pk, 1) + 1
            self.tried_at[message.pk] = time.monotonic()
        if due:
            logger.warning("[%s] Refused messages were tried again: %s", self.source, result.sentence)
        return len(refused) > result.understood + sum(self.tries.get(pk, 1) >= TRIES for pk in due)

    def refused(self) -> list[int]:
        """The ids of what was refused in the last day, oldest first; what came just now is not due yet."""
        now = datetime.now(UTC)
        refused = RejectedMessage.objects.filter(source=self.source, kind=STORE_KIND, understood_at=None)
        refused = refused.filter(received_at__gte=now - OLDEST)
        fresh = refused.filter(received_at__gt=now - timedelta(seconds=AGAIN_SECONDS))
        for pk in fresh.values_list("pk", flat=True):
            self.tried_at.setdefault(pk, time.monotonic())
        return list(refused.order_by("received_at", "pk").values_list("pk", flat=True))
