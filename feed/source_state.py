"""What a consumer knows of its source's state, written to the row when it changes."""

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime

from django.db import Error, close_old_connections
from django.db.models import Case, F, Q, Value, When

from feed.models import FeedSource

State = FeedSource.State
REASON_LENGTH = 300
#: Between two signs of life of a consumer whose feed has no heartbeat.
SIGN_SECONDS = 5.0

logger = logging.getLogger(__name__)


class SourceState:
    """The state and reason of one source. `told` is called with the source's id after each change of the row."""

    def __init__(self, source: FeedSource, told: Callable[[int], None]) -> None:
        self.source = source
        self.told = told
        self.written: tuple[str, str] | None = None
        self.signed_at = -SIGN_SECONDS

    def write(self, state: FeedSource.State, reason: str = "") -> None:
        """Bring the row to this state; `state_since` moves with the state alone. A lost database: at the next call."""
        wanted = (state, reason[:REASON_LENGTH])
        if wanted == self.written:
            return
        try:
            self.update(*wanted)
        except Error as error:
            logger.warning("[%s] The state %s could not be written: %s", self.source, state, error)
            close_old_connections()
            return
        self.written = wanted
        logger.info("[%s] %s%s", self.source, state.upper(), f": {reason}" if reason else "")
        self.told(self.source.pk)

    def note_playing(self) -> None:
        """A recording's messages bear the time of their first receipt; that it plays now, our clock must say."""
        FeedSource.objects.filter(pk=self.source.pk).update(last_message_at=datetime.now(UTC))

    def note_consuming(self) -> None:
        """Say that the consumer lives and is connected, now and then: on its feed silence means nothing."""
        if time.monotonic() < self.signed_at + SIGN_SECONDS:
            return
        self.signed_at = time.monotonic()
        try:
            FeedSource.objects.filter(pk=self.source.pk).update(consumer_seen_at=datetime.now(UTC))
        except Error as error:
            logger.warning("[%s] No sign of life could be written: %s", self.source, error)
            close_old_connections()

    def update(self, state: FeedSource.State, reason: str) -> None:
        same = Q(state=state, state_since__isnull=False)
        FeedSource.objects.filter(pk=self.source.pk).update(
            state=state,
            state_reason=reason,
            state_since=Case(When(same, then=F("state_since")), default=Value(datetime.now(UTC))),
        )
