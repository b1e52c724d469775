"""The loop: take a batch, decode, store, acknowledge, announce. One loop for queues, recordings and the simulator."""

import logging
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import UTC, datetime
from typing import Protocol

from django.conf import settings
from django.db import Error
from django.utils.translation import gettext, gettext_noop

from feed import tracing
from feed.changes import Change
from feed.database.connections import drop_connection
from feed.models import FeedShare, FeedSource
from feed.store import Received, Rejected
from feed.transport import Delivery, Transport, TransportClosed
from feed.vouching.lag import Ages, Lag
from feed.wire import DecodeError, decode

from .absence import Absence
from .holes import Holes
from .lease import CONNECTING, SourceLease
from .limits import wire_limits
from .second_tries import SecondTries
from .shares.balance import HANDED, Balance
from .source_state import StateWriter
from .storing import BatchStorer, Stopped, first_line, sleep_unless
from .tally import Tally

#: The reason that a source shows once its consumer has ended.
STOPPED = gettext_noop("The consumer was stopped.")
OVER = gettext_noop("The recording has ended.")
#: Seconds without a message after which the queue counts as empty.
IDLE_SECONDS = 2.0
#: Seconds between the tries of a standby to take the source.
STANDBY_SECONDS = 0.5

logger = logging.getLogger(__name__)


class Announce(Protocol):
    """Receives what the loop stored. Neither call may raise or wait for long."""

    def changed(self, changes: Sequence[Change]) -> None: ...

    def state_changed(self, source_id: int) -> None: ...


class Silent:
    """Tells nobody."""

    def changed(self, changes: Sequence[Change]) -> None: ...

    def state_changed(self, source_id: int) -> None: ...


class Ingest:
    """Carries one transport's deliveries into the database, as the feed of `source`, until it ends or `stop` is called.

    A batch is acknowledged after its commit: a crash in between brings it again, and applying it again changes nothing.
    `share` is the one of the source's queues that it consumes, where there are several, and `held` gives the ids of the
    shares that this process holds. Use it from one thread, `stop` from any; a thread of its own closes its database
    connection after `run`.
    """

    def __init__(
        self,
        transport: Transport,
        source: FeedSource,
        announce: Announce | None = None,
        *,
        tally: Tally | None = None,
        share: FeedShare | None = None,
        held: Callable[[], Collection[int]] = tuple,
    ) -> None:
        self.transport = transport
        self.source = source
        self.announce = announce or Silent()
        self.tally = tally or Tally()
        self.lease = SourceLease(source, share)
        self.balance = Balance(self.lease, held)
        self.storer = BatchStorer(source, self.tally, lambda: bool(self.stopping), lease=self.lease.written_by)
        self.state = StateWriter(self.lease, self.announce.state_changed)
        self.second_tries = SecondTries(source, self.storer)
        self.absence = Absence(self.lease)
        self.holes = Holes(source, self.announce.changed, self.announce.state_changed)
        self.limits = wire_limits()
        self.is_recording = source.kind == FeedSource.Kind.RECORDING
        self.stopping = ""
        self.has_received = False
        self.lag = Lag(settings.FEED_LAG_SECONDS)
        self.ages = Ages()
        self.last_batch_at = 0.0
        self.interrupted: list[int] = []
        self.standing_by_for = ""

    def run(self) -> None:
        """Until the end. Raises `TransportClosed` when the transport cannot go on.

        As long as the source has another consumer it stands by. Raises `SourceTaken` where another takes over later.
        """
        ended = gettext("The consumer failed.")
        try:
            self.take_source()
            if not self.lease.is_handed:
                self.state.write(FeedSource.State.DOWN, gettext(CONNECTING))
            for batch in batches(self.transport):
                if batch:
                    self.take(batch)
                self.holes.take_turn()
                self.second_tries.take_turn()
                self.write_state()
                if not self.stopping and self.balance.is_too_much():
                    self.stop(HANDED)
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
            if not self.is_handed_over():
                self.balance.leave()
                self.state.write(FeedSource.State.DOWN, ended)
                self.leave_source()

    def take_source(self) -> None:
        """Wait until no other consumer has the source. Raises `Stopped` where it is stopped before."""
        while not self.stopping:
            other = self.lease_holder()
            if other and other != self.standing_by_for:
                logger.warning("[%s] Standing by for %s.", self.source, other)
            self.standing_by_for = other
            if not other:
                return
            sleep_unless(lambda: bool(self.stopping), STANDBY_SECONDS)
        raise Stopped

    def lease_holder(self) -> str:
        """The consumer that has the source while this one stands by; empty where this one has it."""
        try:
            self.absence.recall()
            return self.balance.wait() or self.lease.take()
        except Error as error:
            drop_connection()
            return f"the database, which does not answer: {first_line(error)}"

    def is_handed_over(self) -> bool:
        """Whether it ends on purpose, and one that stands by has the source from now on, in the state that it has."""
        try:
            return self.stopping == STOPPED and self.lease.hand_over()
        except Error:
            drop_connection()
            return False

    def leave_source(self) -> None:
        """Let the next consumer begin at once."""
        try:
            self.lease.release()
        except Error:
            drop_connection()  # the lease expires

    def stop(self, reason: str = STOPPED) -> None:
        """Finish the batch in hand, then end, and leave `reason` at the source. From any thread or signal handler."""
        self.stopping = reason

    def take(self, batch: list[Delivery]) -> None:
        """Store a batch for good, then acknowledge it, then say what changed."""
        self.absence.end()
        tracing.begin(self.source.name, batch[0].received_at.timestamp(), len(batch))
        began = time.perf_counter()
        received, rejected = self.understand(batch)
        tracing.note("decode")
        tracing.name_messages(one.message.header.guid for one in received)
        decoded = time.perf_counter()
        changes = self.storer.store(received, rejected)
        self.tally.count_time(decoded - began, time.perf_counter() - decoded)
        self.transport.ack(batch[-1])
        tracing.note("ack")
        self.count(received, len(batch), len(changes))
        if self.is_recording:
            self.state.note_playing()
        if changes:
            self.announce.changed(changes)
        tracing.end()

    def understand(self, batch: list[Delivery]) -> tuple[list[Received], list[Rejected]]:
        """Decode each delivery; what cannot be decoded is kept whole, with its reason."""
        received: list[Received] = []
        rejected: list[Rejected] = []
        for delivery in batch:
            try:
                message = decode(delivery.body, self.limits)
            except DecodeError as error:
                rejected.append(self.storer.reject(delivery, error.reason, error.kind))
            else:
                received.append(Received(delivery=delivery, message=message))
        return received, rejected

    def count(self, received: list[Received], messages: int, changes: int) -> None:
        """Count a stored batch, and note what it says of the feed itself."""
        now, stored_at = time.monotonic(), datetime.now(UTC)
        sent = [sent_at for one in received if (sent_at := one.message.header.sent_at) is not None]
        lag = (stored_at - max(sent)).total_seconds() if sent else None
        self.last_batch_at = now
        self.tally.count_batch(messages, changes, None if lag is None else lag * 1000)
        self.has_received = self.has_received or bool(received)
        self.absence.note(received)
        if lag is not None and not self.is_recording:
            is_heartbeat = any(one.message.heartbeat is not None for one in received)
            self.lag.note(lag, now, is_heartbeat=is_heartbeat)
            self.ages.note(ages_of(received, stored_at), now)
        for one in received:
            if one.message.heartbeat is not None:
                self.interrupted = one.message.heartbeat.feed_interrupted
            if self.tally.fixtures is not None:
                self.tally.fixtures.update(event.fixture_id for event in one.message.events)

    def write_state(self) -> None:
        """Write the present state, and a sign of life."""
        if not self.source.has_heartbeat and time.monotonic() > self.last_batch_at + IDLE_SECONDS:
            self.lag.forget()  # no message will come to say that it is on time
        self.absence.begin() if self.transport.trouble else self.absence.end()
        state, reason = self.present_state()
        if state != FeedSource.State.DOWN:
            self.lease.handed_until = 0.0
        if not self.lease.is_handed:
            self.state.write(state, reason)
        self.state.note_consuming(self.ages.age(time.monotonic()), self.tally)

    def present_state(self) -> tuple[FeedSource.State, str]:
        """What to write to the source's row; whoever reads it adds the silence since then
        (`feed.vouching.source_health`)."""
        if trouble := self.transport.trouble:
            self.has_received = False
            return FeedSource.State.DOWN, trouble
        if not self.has_received and self.source.has_heartbeat:
            return FeedSource.State.DOWN, gettext("Connected, but nothing has arrived yet.")
        if not self.absence.is_bridged:
            return FeedSource.State.DOWN, gettext("Connected; the next heartbeat will show whether something was lost.")
        if self.interrupted:
            return FeedSource.State.LATE, interruption(self.interrupted)
        if self.lag.is_late:
            words = gettext("Messages arrive more than %(seconds)s s after LSports sent them.")
            return FeedSource.State.LATE, words % {"seconds": settings.FEED_LAG_SECONDS}
        return FeedSource.State.UP, clock_words(self.lag.clocks_differ_by(time.monotonic()))


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
    """LSports' FeedInterrupted in words; only 1, the markets, has a name (docs/protocol.md, Heartbeats)."""
    names = [gettext("markets") if part == 1 else gettext("part %(number)s") % {"number": part} for part in parts]
    return gettext("LSports reports that its feed is interrupted: %(parts)s.") % {"parts": ", ".join(names)}


def ages_of(received: Sequence[Received], stored_at: datetime) -> Iterator[tuple[float, float]]:
    """For each message that says when it was sent: the seconds until it was stored, and until it was received."""
    for one in received:
        if (sent_at := one.message.header.sent_at) is not None:
            yield (stored_at - sent_at).total_seconds(), (one.received_at - sent_at).total_seconds()


def clock_words(behind: float | None) -> str:
    """A sentence that LSports' clock and ours differ; empty where they do not."""
    if behind is None:
        return ""
    words = gettext("LSports' clock is %(seconds)s s behind ours, or one of the two is wrong.")
    if behind < 0:
        words = gettext("LSports' clock is %(seconds)s s ahead of ours, or one of the two is wrong.")
    return words % {"seconds": f"{abs(behind):.0f}"}
