"""The loop: take a batch, decode, store, acknowledge, announce. One loop for queues, recordings and the simulator."""

import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Protocol

from django.conf import settings
from django.utils.translation import gettext, gettext_noop

from feed.changes import Change
from feed.keeper import Keeper, Stopped
from feed.limits import wire_limits
from feed.models import FeedSource
from feed.source_state import SourceState
from feed.store import Received, Rejected
from feed.tally import Tally
from feed.transport import Delivery, Transport, TransportClosed
from feed.wire import DecodeError, decode

#: What stands at a source whose consumer ended.
STOPPED = gettext_noop("The consumer was stopped.")
OVER = gettext_noop("The recording is over.")
#: After so long without a message nothing waits any more.
IDLE_SECONDS = 2.0


class Announce(Protocol):
    """Whom the loop tells what it stored. Neither call may raise or wait for long."""

    def changed(self, changes: Sequence[Change]) -> None: ...

    def state_changed(self, source_id: int) -> None: ...


class Silent:
    """Tells nobody."""

    def changed(self, changes: Sequence[Change]) -> None: ...

    def state_changed(self, source_id: int) -> None: ...


class Ingest:
    """Carries one transport's deliveries into the database, as the feed of `source`, until it ends or `stop` is called.

    A batch is acknowledged after its commit: a crash in between brings it again, and applying it again changes nothing.
    Use it from one thread, `stop` from any; a thread of its own closes its database connection after `run`.
    """

    def __init__(
        self, transport: Transport, source: FeedSource, announce: Announce | None = None, *, tally: Tally | None = None
    ) -> None:
        self.transport = transport
        self.source = source
        self.announce = announce or Silent()
        self.tally = tally or Tally()
        self.keeper = Keeper(source, self.tally, lambda: bool(self.stopping))
        self.state = SourceState(source, self.announce.state_changed)
        self.limits = wire_limits()
        self.is_recording = source.kind == FeedSource.Kind.RECORDING
        self.stopping = ""
        self.heard = False
        self.late = False
        self.fresh_at: float | None = None
        self.took_at = 0.0
        self.interrupted: list[int] = []

    def run(self) -> None:
        """Until the end. Raises `TransportClosed` when the transport cannot go on."""
        ended = gettext("The consumer failed.")
        try:
            self.state.write(FeedSource.State.DOWN, gettext("Connecting."))
            for batch in batches(self.transport):
                if batch:
                    self.take(batch)
                self.say_how_it_fares()
                if self.stopping:
                    break
            ended = gettext(self.stopping or (OVER if self.is_recording else STOPPED))
        except Stopped:
            ended = self.stopping
        except TransportClosed as error:
            ended = str(error)
            raise
        finally:
            self.transport.close()
            self.state.write(FeedSource.State.DOWN, ended)

    def stop(self, reason: str = STOPPED) -> None:
        """Finish the batch in hand, then end, and leave `reason` at the source. From any thread or signal handler."""
        self.stopping = reason

    def take(self, batch: list[Delivery]) -> None:
        """Store a batch for good, then acknowledge it, then say what changed."""
        received, rejected = self.understand(batch)
        changes = self.keeper.keep(received, rejected)
        self.transport.ack(batch[-1])
        self.count(received, len(batch), len(changes))
        if self.is_recording:
            self.state.note_playing()
        if changes:
            self.announce.changed(changes)

    def understand(self, batch: list[Delivery]) -> tuple[list[Received], list[Rejected]]:
        """Decode each delivery; what cannot be decoded is kept whole, with its reason."""
        received: list[Received] = []
        rejected: list[Rejected] = []
        for delivery in batch:
            try:
                message = decode(delivery.body, self.limits)
            except DecodeError as error:
                rejected.append(self.keeper.reject(delivery, error.reason, error.kind))
            else:
                received.append(Received(delivery=delivery, message=message))
        return received, rejected

    def count(self, received: list[Received], messages: int, changes: int) -> None:
        """Count a stored batch, and note what it says of the feed itself."""
        sent = [one.message.header.sent_at for one in received if one.message.header.sent_at is not None]
        lag = (datetime.now(UTC) - max(sent)).total_seconds() if sent else None
        self.took_at = time.monotonic()
        self.tally.count_batch(messages, changes, None if lag is None else lag * 1000)
        self.heard = self.heard or bool(received)
        if lag is not None and not self.is_recording:
            self.note_lag(lag)
        for one in received:
            if one.message.heartbeat is not None:
                self.interrupted = one.message.heartbeat.feed_interrupted
            if self.tally.fixtures is not None:
                self.tally.fixtures.update(event.fixture_id for event in one.message.events)

    def say_how_it_fares(self) -> None:
        """Write the state that is so just now, and a sign of life where the feed itself gives none."""
        if not self.source.has_heartbeat and time.monotonic() > self.took_at + IDLE_SECONDS:
            self.late = False  # no message will come to say so
        state, reason = self.present_state()
        self.state.write(state, reason)
        if not self.source.has_heartbeat and state != FeedSource.State.DOWN:
            self.state.note_consuming()

    def note_lag(self, lag: float) -> None:
        """Late is a feed of which nothing fresh came for a while; an old message among fresh ones means nothing."""
        now = time.monotonic()
        if lag <= settings.FEED_LATE_SECONDS:
            self.fresh_at = now
        self.late = self.fresh_at is None or now > self.fresh_at + settings.FEED_LATE_SECONDS

    def present_state(self) -> tuple[FeedSource.State, str]:
        """What to write to the source's row; silence is for the reader to add (`feed.health`)."""
        if trouble := self.transport.trouble:
            self.heard = False
            return FeedSource.State.DOWN, trouble
        if not self.heard and self.source.has_heartbeat:
            return FeedSource.State.DOWN, gettext("Connected; nothing has come yet.")
        if self.interrupted:
            return FeedSource.State.LATE, interruption(self.interrupted)
        if self.late:
            late = {"seconds": settings.FEED_LATE_SECONDS}
            return FeedSource.State.LATE, gettext("Messages come over %(seconds)s s after LSports sent them.") % late
        return FeedSource.State.UP, ""


def batches(transport: Transport) -> Iterator[list[Delivery]]:
    """What the transport has, in batches that are full, old enough or all there is; an empty one when nothing waits.

    Raises `TransportClosed` after the batch that came before it.
    """
    batch: list[Delivery] = []
    until = 0.0
    closed: TransportClosed | None = None
    try:
        for delivery in transport:
            if delivery is not None:
                if not batch:
                    until = time.monotonic() + settings.FEED_BATCH_MILLISECONDS / 1000
                batch.append(delivery)
                if len(batch) < settings.FEED_BATCH_MESSAGES and time.monotonic() < until:
                    continue
            yield batch
            batch = []
    except TransportClosed as error:
        closed = error
    if batch:
        yield batch
    if closed is not None:
        raise closed


def interruption(parts: list[int]) -> str:
    """LSports' FeedInterrupted in words; only 1, the markets, has a name (protocol.md section 3)."""
    names = [gettext("markets") if part == 1 else gettext("part %(number)s") % {"number": part} for part in parts]
    return gettext("LSports says that its feed is interrupted: %(parts)s.") % {"parts": ", ".join(names)}
