"""Storing a batch for good: a lost database is waited for, a message that the store refuses is set aside."""

import logging
import time
from collections.abc import Callable

from feed import tracing
from feed.changes import Change
from feed.database.connections import drop_connection
from feed.models import FeedSource
from feed.store import Received, Rejected, store_batch
from feed.store.lease import NO_LEASE, Lease
from feed.store.sources import SourceTaken
from feed.store.sql.faults import is_of_database, took_too_long
from feed.transport import Delivery
from feed.transport.backoff import full_jitter

from .tally import Tally

#: The longest wait for a lost database between two tries.
DATABASE_WAIT_SECONDS = 5.0
#: The longest single sleep, so that a stop is noticed.
NAP_SECONDS = 0.1
#: Where the database refuses this many messages in a row, the database itself is under suspicion: the next one is tried
#: `TRIES` times over `TRIES_SECONDS` before it is set aside.
SUSPICIOUS_REFUSALS = 3
TRIES = 3
TRIES_SECONDS = 10.0
#: The kind of a rejected message that was understood but refused by the database; `feed.ingest.second_tries` tries it
#: again.
STORE_KIND = "store"
REASON_LENGTH = 500

logger = logging.getLogger(__name__)


class Stopped(Exception):
    """The loop was stopped while a batch waited for the database; what is not acknowledged comes again."""


class BatchStorer:
    """Stores the batches of one source. `is_stopping` is called while it waits.

    `lease` is the consumer's; what stores without being the source's consumer (a snapshot) has none.
    `set_aside` counts the messages that the store refused, and `stored` the batches of messages that it took.
    """

    def __init__(
        self, source: FeedSource, tally: Tally, is_stopping: Callable[[], bool], *, lease: Lease = NO_LEASE
    ) -> None:
        self.source = source
        self.tally = tally
        self.is_stopping = is_stopping
        self.lease = lease
        self.lost_at: float | None = None
        self.refused_on_end = 0
        self.set_aside = 0
        self.stored = 0

    def store(self, received: list[Received], rejected: list[Rejected]) -> list[Change]:
        """Store in one transaction, whatever it takes.

        Raises `Stopped` where that would be waiting forever, and `SourceTaken` where another consumer has the source.
        """
        failures = 0
        while True:
            try:
                changes = store_batch(self.source, received, rejected, self.lease)
            except SourceTaken:
                raise
            except Exception as error:
                is_waited_for = is_of_database(error)
                if not is_waited_for and not received:
                    raise
                if is_waited_for:
                    failures += 1
                    self.wait_for_database(error, failures, len(received) + len(rejected))
                    if len(received) == 1 or not took_too_long(error):
                        continue
                return self.store_apart(received, rejected, error)
            self.note_stored(received)
            return changes

    def store_apart(self, received: list[Received], rejected: list[Rejected], fault: Exception) -> list[Change]:
        """Store a batch that failed in halves, down to the message that makes it fail, which is set aside."""
        if len(received) == 1:
            return self.store_suspect(received[0], rejected, fault)
        middle = len(received) // 2
        first = received[middle].delivery
        later = [message for message in rejected if first is not None and message.delivery.tag > first.tag]
        before = [message for message in rejected if message not in later]
        return self.store(received[:middle], before) + self.store(received[middle:], later)

    def store_suspect(self, suspect: Received, rejected: list[Rejected], fault: Exception) -> list[Change]:
        """Set aside a message that the database refuses while it takes others, so that none waits behind it.

        Where it takes no others either, the message is tried again first, several times.
        """
        enough_at, tries = time.monotonic() + TRIES_SECONDS, 1
        while self.refused_on_end >= SUSPICIOUS_REFUSALS and (tries < TRIES or time.monotonic() < enough_at):
            self.wait_for_database(fault, tries + 1, 1)
            try:
                changes = store_batch(self.source, [suspect], rejected, self.lease)
            except SourceTaken:
                raise
            except Exception as error:
                fault = error
                tries += not is_of_database(error)
            else:
                self.note_stored([suspect])
                return changes
        self.refused_on_end += 1
        return self.store([], [*rejected, self.refuse(suspect, fault)])

    def refuse(self, suspect: Received, fault: Exception) -> Rejected:
        facts = {"message_id": suspect.message.header.guid, "source": self.source.name}
        text = "[%s] A message was understood but the database refuses it."
        logger.error(text, self.source, exc_info=fault, extra=facts)
        if suspect.delivery is None:
            raise fault
        self.set_aside += 1
        return self.reject(suspect.delivery, refusal(fault), STORE_KIND)

    def reject(self, delivery: Delivery, reason: str, kind: str) -> Rejected:
        """Count the message as rejected; `store` then keeps it whole."""
        self.tally.count_rejected(reason, delivery.queue)
        return Rejected(delivery=delivery, reason=reason.replace("\0", "")[:REASON_LENGTH], kind=kind)

    def wait_for_database(self, error: Exception, failures: int, waiting: int) -> None:
        """Sleep before the next try, longer each time. The messages stay here, unacknowledged; prefetch bounds them.

        The next try has a connection of its own: after a failover the old one may lead to a server that only reads.
        """
        if self.lost_at is None:
            self.lost_at = time.monotonic()
            logger.warning(
                "[%s] The database does not take the batch, its %d messages wait: %s",
                self.source, waiting, first_line(error),
            )  # fmt: skip
        sleep_unless(self.is_stopping, full_jitter(failures, most=DATABASE_WAIT_SECONDS))
        if self.is_stopping():
            raise Stopped
        drop_connection()

    def note_stored(self, received: list[Received]) -> None:
        tracing.note("commit")
        if received:
            self.refused_on_end = 0
            self.stored += 1
        if self.lost_at is not None:
            logger.warning("[%s] The database is back after %.0f s.", self.source, time.monotonic() - self.lost_at)
            self.lost_at = None


def sleep_unless(is_stopping: Callable[[], bool], seconds: float) -> None:
    """Sleep, but for no longer than until `is_stopping`."""
    until = time.monotonic() + seconds
    while time.monotonic() < until and not is_stopping():
        time.sleep(NAP_SECONDS)


def refusal(fault: Exception) -> str:
    """The reason of a message that the store refused."""
    return f"understood, but it cannot be stored: {first_line(fault)}"


def first_line(error: Exception) -> str:
    """An error's name and the first line of what it says."""
    text = str(error).strip()
    return f"{type(error).__name__}: {text.splitlines()[0]}" if text else type(error).__name__
