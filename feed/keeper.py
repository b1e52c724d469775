"""Storing a batch for good: a lost database is waited for, a message that the store cannot take is rejected."""

import logging
import time
from collections.abc import Callable

from django.db import Error, InterfaceError, OperationalError, close_old_connections, connection

from feed.changes import Change
from feed.models import FeedSource
from feed.store import Received, Rejected, store_batch
from feed.tally import Tally
from feed.transport import Delivery
from feed.transport.backoff import full_jitter

#: So often a batch may fail while the database answers; then the fault is looked for in its messages.
DATABASE_TRIES = 3
#: The longest wait for a lost database between two tries.
DATABASE_WAIT_SECONDS = 10.0
#: The longest single sleep, so that a stop is heard.
NAP_SECONDS = 0.1
REASON_LENGTH = 500

logger = logging.getLogger(__name__)


class Stopped(Exception):
    """The loop was stopped while a batch waited for the database; what is not acknowledged comes again."""


class Keeper:
    """Stores the batches of one source. `is_stopping` is asked while it waits."""

    def __init__(self, source: FeedSource, tally: Tally, is_stopping: Callable[[], bool]) -> None:
        self.source = source
        self.tally = tally
        self.is_stopping = is_stopping
        self.lost_at: float | None = None

    def keep(self, received: list[Received], rejected: list[Rejected]) -> list[Change]:
        """Store in one transaction, whatever it takes. Raises `Stopped` where that would be waiting for ever."""
        failures = 0
        while True:
            try:
                changes = store_batch(self.source, received, rejected)
            except (OperationalError, InterfaceError) as error:
                fault: Exception = error
                failures += 1
                self.wait_for_database(error, failures, len(received) + len(rejected))
                if not received or failures < DATABASE_TRIES or not database_answers():
                    continue
            except Exception as error:
                if not received:
                    raise
                fault = error
            else:
                self.note_database_is_back()
                return changes
            return self.keep_apart(received, rejected, fault)

    def keep_apart(self, received: list[Received], rejected: list[Rejected], fault: Exception) -> list[Change]:
        """Store a batch that failed in halves, down to the message that makes it fail, which is rejected."""
        culprit = received[0].delivery
        if len(received) == 1 and culprit is not None:
            logger.error("[%s] A message was understood but cannot be stored.", self.source, exc_info=fault)
            reason = f"understood, but it cannot be stored: {first_line(fault)}"
            return self.keep([], [*rejected, self.reject(culprit, reason, "store")])
        middle = len(received) // 2
        return self.keep(received[:middle], rejected) + self.keep(received[middle:], [])

    def reject(self, delivery: Delivery, reason: str, kind: str) -> Rejected:
        """Count the message as rejected; `keep` then keeps it whole."""
        self.tally.count_rejected(reason, delivery.queue)
        return Rejected(delivery=delivery, reason=reason.replace("\0", "")[:REASON_LENGTH], kind=kind)

    def wait_for_database(self, error: Exception, failures: int, waiting: int) -> None:
        """Sleep before the next try, longer each time. The messages stay here, unacknowledged; prefetch bounds them."""
        if self.lost_at is None:
            self.lost_at = time.monotonic()
            logger.warning(
                "[%s] The database does not take the batch, its %d messages wait: %s",
                self.source, waiting, first_line(error),
            )  # fmt: skip
        until = time.monotonic() + full_jitter(failures, most=DATABASE_WAIT_SECONDS)
        while time.monotonic() < until and not self.is_stopping():
            time.sleep(NAP_SECONDS)
        if self.is_stopping():
            raise Stopped
        close_old_connections()

    def note_database_is_back(self) -> None:
        if self.lost_at is not None:
            logger.warning("[%s] The database is back after %.0f s.", self.source, time.monotonic() - self.lost_at)
            self.lost_at = None


def database_answers() -> bool:
    """Whether the database can be asked anything at all just now."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return False
    return True


def first_line(error: Exception) -> str:
    """An error's name and the first line of what it says."""
    text = str(error).strip()
    return f"{type(error).__name__}: {text.splitlines()[0]}" if text else type(error).__name__
