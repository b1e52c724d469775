"""Several feeds in one process: each that is wanted is consumed, in a thread, for as long as it is wanted."""

import logging
import time
from collections.abc import Callable, Sequence

import msgspec
from django.db import Error

from feed.consumer import Consumer
from feed.ingest import STOPPED, Announce, Ingest
from feed.models import FeedSource
from feed.source_state import SourceState
from feed.transport import Transport, TransportClosed

#: How often it is looked at what is wanted.
LOOK_SECONDS = 2.0
#: A consumer that failed is tried again after so long: a password or a queue may have been set right.
AGAIN_SECONDS = 60.0
#: A batch in hand at the end gets so long.
STOP_SECONDS = 20.0
NAP_SECONDS = 0.1

NOT_WANTED = "This feed is not to be consumed any more."

logger = logging.getLogger(__name__)


class Feed(msgspec.Struct, frozen=True, kw_only=True):
    """A queue that is to be consumed, and the source that it feeds. Two that are equal need no new connection."""

    source_name: str
    url: str
    queue: str
    prefetch: int

    def __repr__(self) -> str:
        return f"Feed({self.source_name!r})"  # the address holds a password


class Consumers:
    """Brings what runs to what `wanted` says, again and again. `connect` makes a feed's transport."""

    def __init__(
        self, wanted: Callable[[], Sequence[Feed]], connect: Callable[[Feed], Transport], announce: Announce
    ) -> None:
        self.wanted = wanted
        self.connect = connect
        self.announce = announce
        self.running: dict[Feed, Consumer] = {}
        self.failures: dict[Feed, str] = {}
        self.again_at: dict[Feed, float] = {}
        self.stopping = False

    def run(self, looked: Callable[["Consumers"], None]) -> None:
        """Until `stop`. `looked` is called after each look: for progress, or to stop."""
        while not self.stopping:
            self.look()
            looked(self)
            until = time.monotonic() + LOOK_SECONDS
            while time.monotonic() < until and not self.stopping:
                time.sleep(NAP_SECONDS)
        self.end()

    def stop(self) -> None:
        """End after the batches in hand. From any thread, or a signal handler."""
        self.stopping = True

    def look(self) -> None:
        """Stop what is not wanted any more, start what is wanted and does not run."""
        self.note_ended()
        try:
            wanted = self.wanted()
            for feed, consumer in self.running.items():
                if feed not in wanted:
                    consumer.stop(NOT_WANTED)
            taken = {feed.source_name for feed in self.running}
            for feed in wanted:
                if feed.source_name not in taken and self.is_due(feed):
                    self.start(feed)
        except Error as error:
            logger.warning("The database does not say what is to be consumed; that stays as it is: %s", error)

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
        self.again_at[feed] = time.monotonic() + AGAIN_SECONDS

    def is_due(self, feed: Feed) -> bool:
        return time.monotonic() >= self.again_at.get(feed, 0.0)

    def start(self, feed: Feed) -> None:
        kind = {"kind": FeedSource.Kind.QUEUE}
        source, _ = FeedSource.objects.get_or_create(name=feed.source_name, defaults=kind)
        if source.kind != FeedSource.Kind.QUEUE:
            self.note_failure(feed, f"The source {source} is a {source.kind}'s; a queue needs one of its own.")
            return
        try:
            transport = self.connect(feed)
        except TransportClosed as error:
            SourceState(source, self.announce.state_changed).write(FeedSource.State.DOWN, str(error))
            self.note_failure(feed, str(error))
        else:
            self.failures.pop(feed, None)
            self.running[feed] = Consumer(Ingest(transport, source, self.announce))

    def end(self) -> None:
        for consumer in self.running.values():
            consumer.stop(STOPPED)
        until = time.monotonic() + STOP_SECONDS
        for consumer in self.running.values():
            consumer.join(max(0.0, until - time.monotonic()))
