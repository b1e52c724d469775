"""The one fault that cannot be written down: without the database, what is remembered has to do."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings

from .deliveries import attempt
from .message import Message
from .sending import Target

#: The time between tries of one that did not arrive.
AGAIN = timedelta(seconds=10)

logger = logging.getLogger(__name__)


class LostDatabase:
    """Sends that the database is lost, once to each destination, and that it is back."""

    def __init__(self) -> None:
        self.since: datetime | None = None
        self.next_try_at: datetime | None = None
        self.sent_to: set[int] = set()

    def note_lost(self, now: datetime, targets: Sequence[Target], error: Exception) -> None:
        if self.since is None:
            self.since = now
            logger.warning("The database does not answer: %s", " ".join(str(error).split()))
        is_due = now - self.since >= timedelta(seconds=settings.ALARM_DOWN_SECONDS)
        if not is_due or (self.next_try_at is not None and now < self.next_try_at):
            return
        self.next_try_at = now + AGAIN
        message = self.message("began", None)
        for target in targets:
            if target.pk not in self.sent_to and not attempt(target, message):
                self.sent_to.add(target.pk)

    def note_back(self, now: datetime, targets: Sequence[Target]) -> None:
        """It answers. Whoever was sent word that it is lost is sent word of that."""
        if self.since is None:
            return
        logger.warning("The database answers again.")
        message = self.message("ended", now)
        for target in targets:
            if target.pk in self.sent_to:
                attempt(target, message)
        self.since, self.next_try_at = None, None
        self.sent_to.clear()

    def message(self, event: str, ended_at: datetime | None) -> Message:
        since = self.since
        if since is None:
            raise RuntimeError("the database is not lost")
        text = f"The desk's database has not answered since {since:%H:%M:%S} UTC."
        return Message(
            id=f"database-{since.timestamp():.0f}-{event}",
            event=event,
            kind="database",
            about="database",
            text=text,
            began_at=since,
            ended_at=ended_at,
        )
