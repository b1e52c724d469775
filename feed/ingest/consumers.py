"""Several feeds in one process: each is consumed in a thread of its own, for as long as it is wanted."""

import logging
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from urllib.parse import unquote, urlsplit

import msgspec
from django.db import Error, close_old_connections

from feed.database.connections import drop_connection
from feed.models import FeedShare, FeedSource, flow_named
from feed.store.sql.partitions import make_partitions_ahead
from feed.transport import Resolve, Transport, TransportClosed

from .consumer import Consumer
from .lease import SourceLease
from .loop import STOPPED, Announce, Ingest
from .source_state import StateWriter

#: How often what runs is compared with what is wanted.
TURN_SECONDS = 1.0
#: Seconds until a consumer that failed is tried again: a password or a queue may have been set right.
RETRY_SECONDS = 60.0
#: How long a batch may still take when the process is to end.
STOP_SECONDS = 20.0
#: Seconds between the makings of room for the coming days in history, and until another try where a reader was in the
#: way.
AHEAD_SECONDS = 3600.0
AHEAD_AGAIN_SECONDS = 20.0
NAP_SECONDS = 0.1

NOT_WANTED = "This feed is not to be consumed any more."

logger = logging.getLogger(__name__)


class Feed(msgspec.Struct, frozen=True, kw_only=True):
    """A queue that is to be consumed, and the source that it feeds. Two that are equal need no new connection.

    `resolve` gives the addresses that may be connected to; without it every address will do. `share` is the id of the
    source's share, where its fixtures are spread over several queues of our own broker.
    """

    source_name: str
    url: str
    queue: str
    prefetch: int
    resolve: Resolve | None = None
    share: int | None = None

    def __repr__(self) -> str:
        return f"Feed({self.source_name!r})"  # the address holds a password


class Consumers:
    """Starts and stops feeds, again and again, so that those run which `wanted` returns. `connect` makes a feed's
    transport."""

    def __init__(
        self, wanted: Callable[[], Sequence[Feed]], connect: Callable[[Feed], Transport], announce: Announce
    ) -> None:
        self.wanted = wanted
        self.connect = connect
        self.announce = announce
        self.running: dict[Feed, Consumer] = {}
        self.failures: dict[Feed, str] = {}
        self.retry_at: dict[Feed, float] = {}
        self.stopping = False
        self.has_begun = False
        self.history_due_at = 0.0

    def run(self, on_turn: Callable[["Consumers"], None]) -> None:
        """Until `stop`. `on_turn` is called after each turn: to report progress, or to stop."""
        while not self.stopping:
            self.reconcile()
            on_turn(self)
            until = time.monotonic() + TURN_SECONDS
            while time.monotonic() < until and not self.stopping:
                time.sleep(NAP_SECONDS)
        self.end()

    def stop(self) -> None:
        """End after the batches in hand. From any thread, or a signal handler."""
        self.stopping = True

    def source_ids(self) -> list[int]:
        """The sources that are consumed here; one that has several queues where its first is. From any thread."""
        return [consumer.ingest.source.pk for _, consumer in self.holding() if consumer.ingest.balance.is_first]

    def share_ids(self, source_id: int) -> list[int]:
        """The shares of a source that are consumed here. From any thread."""
        holding = self.holding()
        return [feed.share for feed, running in holding if feed.share and running.ingest.source.pk == source_id]

    def awaited(self) -> str:
        """The feed that is neither consumed nor stood by for, and why, in words; empty where there is none. From any
        thread."""
        if self.stopping or not self.has_begun:
            return "It is ending." if self.stopping else "It is starting."
        loops = [consumer.ingest for consumer in list(self.running.values())]
        waits = [loop for loop in loops if loop.transport.trouble and not loop.standing_by_for]
        return f"{waits[0].source}: {waits[0].transport.trouble}" if waits else next(iter(self.failures.values()), "")

    def holding(self) -> list[tuple[Feed, Consumer]]:
        """What runs here and does not stand by."""
        running = list(self.running.items())
        return [(feed, consumer) for feed, consumer in running if not consumer.ingest.standing_by_for]

    def reconcile(self) -> None:
        """Stop what is not wanted any more, start what is wanted and does not run."""
        close_old_connections()  # one that the database has ended is of no use any more
        self.note_ended()
        try:
            self.prepare_history()
            wanted = self.wanted()
            for feed, consumer in self.running.items():
                if feed not in wanted:
                    consumer.stop(NOT_WANTED)
            taken = {(feed.source_name, feed.share) for feed in self.running}
            for feed in wanted:
                if (feed.source_name, feed.share) not in taken and self.is_due(feed):
                    self.start(feed)
            self.has_begun = True
        except Error as error:
            logger.warning("The database cannot be asked which feeds to consume; those that run go on: %s", error)

    def prepare_history(self) -> None:
        """Make the coming days' room in history, so that no batch has to."""
        now = time.monotonic()
        if now < self.history_due_at:
            return
        self.history_due_at = now + AHEAD_AGAIN_SECONDS
        try:
            if make_partitions_ahead(datetime.now(UTC).date()):
                self.history_due_at = now + AHEAD_SECONDS
        except Error as error:
            logger.warning("The coming days have no room in history yet; feeds go on without: %s", error)
            drop_connection()

    def note_ended(self) -> None:
        for feed, consumer in list(self.running.items()):
            if not consumer.is_running:
                del self.running[feed]
                if consumer.failure:
                    self.note_failure(feed, consumer.failure)

    def note_failure(self, feed: Feed, failure: str) -> None:
        if self.failures.get(feed) != failure:
            logger.error("[%s] %s", feed.source_name, failure)
        self.failures[feed] = failure
        self.retry_at[feed] = time.monotonic() + RETRY_SECONDS

    def is_due(self, feed: Feed) -> bool:
        return time.monotonic() >= self.retry_at.get(feed, 0.0)

    def start(self, feed: Feed) -> None:
        kind = {"kind": FeedSource.Kind.QUEUE}
        source, _ = FeedSource.objects.get_or_create(name=feed.source_name, defaults=kind)
        if (flow := flow_named(unquote(urlsplit(feed.url).path))) and flow != source.flow:
            source.flow = flow
            source.save(update_fields=["flow"])
        if source.kind != FeedSource.Kind.QUEUE:
            self.note_failure(feed, f"The source {source} is a {source.kind}'s; a queue needs one of its own.")
            return
        share = None if feed.share is None else FeedShare.objects.get(pk=feed.share)
        try:
            transport = self.connect(feed)
        except TransportClosed as error:
            self.write_failure(SourceLease(source, share), str(error))
            self.note_failure(feed, str(error))
        else:
            self.failures.pop(feed, None)
            held = partial(self.share_ids, source.pk)
            self.running[feed] = Consumer(Ingest(transport, source, self.announce, share=share, held=held))

    def write_failure(self, lease: SourceLease, reason: str) -> None:
        """Write it to the source, unless another consumer has it."""
        if not lease.take():
            StateWriter(lease, self.announce.state_changed).write(FeedSource.State.DOWN, reason)
            lease.release()

    def end(self) -> None:
        for consumer in self.running.values():
            consumer.stop(STOPPED)
        until = time.monotonic() + STOP_SECONDS
        for consumer in self.running.values():
            consumer.join(max(0.0, until - time.monotonic()))
