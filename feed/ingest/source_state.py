"""What a consumer knows of its source's state, written to the row."""

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db import Error
from django.db.models import Case, F, Q, Value, When

from feed.database.connections import drop_connection
from feed.journal.sources import silence_ended
from feed.models import FeedSource
from feed.store.sources import SourceTaken, record_source
from feed.vouching.lag import Age

from .lease import SourceLease
from .shares.together import write_together
from .tally import Tally

State = FeedSource.State
REASON_LENGTH = 300
#: Between two signs of life of a consumer: several fit into FEED_GONE_SECONDS, after which it counts as gone.
SIGN_SECONDS = 1.0

logger = logging.getLogger(__name__)


class StateWriter:
    """The state and reason of one source. `on_change` is called with the source's id after each change of the row."""

    def __init__(self, lease: SourceLease, on_change: Callable[[int], None]) -> None:
        self.lease = lease
        self.source = lease.source
        self.on_change = on_change
        self.written: tuple[str, str] | None = None
        self.signed_at = -SIGN_SECONDS
        self.counted = (0, 0)

    def write(self, state: FeedSource.State, reason: str = "") -> None:
        """Bring the row to this state; `state_since` moves with the state alone. A lost database: at the next call."""
        wanted = (state, reason[:REASON_LENGTH])
        if wanted == self.written:
            return
        try:
            self.update(*wanted)
            self.write_together()
        except Error as error:
            logger.warning("[%s] The state %s could not be written: %s", self.source, state, error)
            drop_connection()
            return
        self.written = wanted
        words = f": {reason}" if reason else ""
        logger.info("[%s] %s%s", self.source, state.upper(), words, extra={"source": self.source.name})
        self.on_change(self.source.pk)

    def note_playing(self) -> None:
        """A recording's messages carry the time of their first receipt, so our own clock says that it plays now."""
        self.lease.row.update(last_message_at=datetime.now(UTC))

    def note_consuming(self, age: Age | None = None, tally: Tally | None = None) -> None:
        """Give a sign of life, now and then, with the age of what comes and how much that is since the last sign; write
        the state again, if others changed it.

        Raises `SourceTaken` where another consumer has the source by now.
        """
        if time.monotonic() < self.signed_at + SIGN_SECONDS:
            return
        self.signed_at = time.monotonic()
        try:
            ages = {"age_ms": age and age.whole_ms, "supplier_age_ms": age and age.supplier_ms}
            as_written = {} if self.written is None else {"state": self.written[0]}
            now = datetime.now(UTC)
            counted = self.counted if tally is None else (tally.messages, tally.busy_ms)
            sign = {"consumer_seen_at": now, **ages, **self.more(*counted)}
            if not self.lease.row.filter(**as_written).update(**sign):
                self.write_again(sign)
            self.counted = counted
            self.note_seen(now)
            self.write_together()
        except Error as error:
            logger.warning("[%s] No sign of life could be written: %s", self.source, error)
            drop_connection()

    def more(self, messages: int, busy_ms: int) -> dict[str, Any]:
        """What has been counted since the last sign, added to what the row has."""
        return {"taken": F("taken") + messages - self.counted[0], "busy_ms": F("busy_ms") + busy_ms - self.counted[1]}

    def note_seen(self, now: datetime) -> None:
        """After a sign of life: where readers had to take this consumer for gone, the journal says since when."""
        if self.lease.share is not None:
            return
        if seen_at := silence_ended(self.source.consumer_seen_at, now, settings.FEED_GONE_SECONDS):
            record_source(self.source.pk, seen_at=seen_at)
        self.source.consumer_seen_at = now

    def write_again(self, sign: dict[str, Any]) -> None:
        """The row has another state than this consumer wrote, or another consumer."""
        if not self.lease.row.update(**sign):
            raise SourceTaken
        if self.written is not None:
            self.update(*self.written)

    def write_together(self) -> None:
        """Where the source is spread over several queues: what all of them say, to the source's row."""
        if self.lease.share is not None and write_together(self.source.pk):
            self.on_change(self.source.pk)

    def update(self, state: str, reason: str) -> None:
        same = Q(state=state, state_since__isnull=False)
        self.lease.row.update(
            state=state,
            state_reason=reason,
            state_since=Case(When(same, then=F("state_since")), default=Value(datetime.now(UTC))),
        )
        if self.lease.share is None:
            record_source(self.source.pk)
