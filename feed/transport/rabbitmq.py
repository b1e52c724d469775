"""RabbitMQ: LSports' queue, our own federated one, or the simulated supplier's.

A thread of its own holds the connection, so that heartbeats go on while a batch is stored. It hands over what each read
brought; acknowledgements travel back to it. After a loss it reconnects, with a new channel: delivery tags belong to
a channel, so what came on the old one is never acknowledged on the new one. The broker sends it again.
"""

import logging
import queue
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from typing import Any

import msgspec
import pika
import pika.spec
from pika.adapters.blocking_connection import BlockingChannel
from pika.adapters.utils.connection_workflow import AMQPConnectorException
from pika.exceptions import (
    AMQPError,
    ChannelClosedByBroker,
    ConsumerCancelled,
    ProbableAccessDeniedError,
    ProbableAuthenticationError,
)

from . import AddressRefused, Delivery, Resolve, TransportClosed
from .backoff import full_jitter
from .gathering import Gathering
from .headers import text_headers
from .losses import QueueLosses, QueueState
from .parameters import at_addresses, connection_parameters
from .rabbitmq_errors import explain, loss_behind
from .streams import Stream, close_stream, is_no_stream, offset_in, queue_state, stream_ends

#: None is yielded at least this often while nothing comes.
IDLE_SECONDS = 0.25
CLOSE_SECONDS = 5
DEPTH_SECONDS = 2
#: A connection that lived for this long was good: the next loss starts with the shortest wait again.
STABLE_SECONDS = 10

logger = logging.getLogger(__name__)

#: What pika raises when a connection fails; anything else is logged with its traceback.
FAILURES = (AMQPError, AMQPConnectorException, AddressRefused, OSError)
#: What waiting does not cure as long as nobody changes the settings.
HOPELESS = (ProbableAuthenticationError, ProbableAccessDeniedError, ssl.SSLCertVerificationError, AddressRefused)


class Link(msgspec.Struct, gc=False):
    """A connection and its channel. A delivery's tag is `offset` plus the channel's own, so above `offset`."""

    connection: pika.BlockingConnection
    channel: BlockingChannel
    offset: int
    connected_at: datetime
    leaving: bool = False

    def leave(self) -> None:
        self.leaving = True


class RabbitMQ:
    """Consumes one queue with manual acknowledgement, as a `Transport`.

    It connects when it is first iterated and comes back after a loss, for as long as it takes. Where it never was
    connected, what waiting cannot mend (password, virtual host, certificate) ends it with `TransportClosed`. A queue
    that is not there or may not be consumed is tried again: LSports opens it some time after the activation.

    `resolve` looks the host up before each connection, which then goes to the addresses that it gave and to no other.
    `remembered` gives the last offset that is stored, should the queue be a stream; it is called by who iterates.
    """

    def __init__(
        self,
        url: str,
        queue_name: str,
        *,
        prefetch: int = 200,
        name: str = "livescore-desk",
        resolve: Resolve | None = None,
        remembered: Callable[[], int | None] = lambda: None,
    ) -> None:
        self.resolve = resolve
        self.remembered = remembered
        self.stream = Stream()
        self.parameters = connection_parameters(url, name)
        self.queue_name = queue_name
        self.prefetch = prefetch
        self.place = f"{self.parameters.host}:{self.parameters.port}"
        self.trouble = f"Connecting to {self.place}."
        self.arrived: list[Delivery] = []
        self.handed: queue.SimpleQueue[list[Delivery] | None] = queue.SimpleQueue()
        self.link: Link | None = None
        self.losses = QueueLosses(prefetch)
        self.consumers = 1
        self.was_connected = False
        self.fatal: str | None = None
        self.closing = threading.Event()
        self.thread = threading.Thread(target=self.hold_connection, name=f"amqp {queue_name}", daemon=True)

    def __iter__(self) -> Iterator[Delivery | None]:
        self.stream.stored = self.remembered()
        self.thread.start()
        part: list[Delivery] | None = []
        gathering = Gathering()
        while part is not None:
            yield from part
            try:
                part = self.handed.get(timeout=gathering.seconds(len(part)))
            except queue.Empty:
                gathering.pause()
                yield None
                part = self.wait_for_part()
        if self.fatal is not None:
            raise TransportClosed(self.fatal)

    def wait_for_part(self) -> list[Delivery] | None:
        """What is handed over next, nothing if that takes long; None at the end."""
        try:
            return self.handed.get(timeout=IDLE_SECONDS)
        except queue.Empty:
            return []

    def ack(self, last: Delivery) -> None:
        """Acknowledge everything up to `last`, unless its connection is gone: then it comes again."""
        if last.offset is not None:
            self.stream.stored = last.offset
        link = self.link
        if link is not None and last.tag > link.offset:
            self.losses.acknowledged(last.tag)
            call_in(link, partial(link.channel.basic_ack, last.tag - link.offset, multiple=True))

    def queue_depth(self) -> int | None:
        """How many messages wait in the queue, those under way to us not counted; None where that cannot be had."""
        answer: Future[QueueState | None] = Future()
        link = self.link
        if link is None or not call_in(link, partial(self.ask_depth, link.connection, answer)):
            return None
        state = None
        with suppress(TimeoutError, AMQPError):
            state = answer.result(DEPTH_SECONDS)
        if state is None:
            return None
        self.note_consumers(state.consumers)
        return self.stream.unread(state.waiting) if self.stream.is_one else state.waiting

    def ask_depth(self, connection: pika.BlockingConnection, answer: "Future[QueueState | None]") -> None:
        try:
            state = queue_state(connection, self.queue_name)
        except AMQPError as error:
            answer.set_exception(error)
            return
        if state is not None:
            self.losses.compare(state)
        answer.set_result(state)

    def note_consumers(self, consumers: int) -> None:
        """A queue gives each message to one of its consumers: another one, of another desk perhaps, takes ours away."""
        if consumers > 1 and self.consumers <= 1:
            logger.error(
                "[%s] The queue %s has %d consumers. Each gets only a part of the messages, so prices here may "
                "be wrong: end the others.",
                self.place, self.queue_name, consumers,
            )  # fmt: skip
        self.consumers = consumers

    def close(self) -> None:
        """Stop. Acknowledgements given before still reach the broker."""
        self.closing.set()
        if (link := self.link) is not None:
            call_in(link, link.leave)
        if self.thread.is_alive():
            self.thread.join(CLOSE_SECONDS)

    def hold_connection(self) -> None:
        """The thread: connect and receive, again after each loss, until closed."""
        failures = 0
        while not self.closing.is_set() and self.fatal is None:
            began = time.monotonic()
            try:
                self.receive()
            except Exception as error:  # whatever a broken peer makes pika raise: the thread must not die unnoticed
                self.link = None
                failures = 1 if time.monotonic() - began > STABLE_SECONDS else failures + 1
                self.note_loss(error, full_jitter(failures))
        self.handed.put(None)

    def receive(self) -> None:
        """Connect and hand over what comes, until closed. Raises pika's errors or an OSError when that fails."""
        self.drop_stale()
        addresses = at_addresses(self.parameters, self.resolve)
        with pika.BlockingConnection(addresses) as connection:
            state = queue_state(connection, self.queue_name)
            ends = None if self.stream.stored is None else stream_ends(addresses, self.queue_name)
            lost = self.stream.reconnected(ends)
            link = Link(connection, connection.channel(), self.losses.last_tag, datetime.now(UTC))
            self.consume(link)
            self.losses.reconnected(None if self.stream.is_one else state)
            if lost and self.stream.is_one:
                self.losses.note(lost)
            self.note_connected(link)
            while not link.leaving:
                connection.process_data_events(time_limit=None)
                if self.arrived:
                    self.handed.put(self.arrived)
                    self.arrived = []
            if self.stream.is_one:
                close_stream(connection)
            if not self.closing.is_set():
                raise ConsumerCancelled

    def consume(self, link: Link) -> None:
        """Begin, as with a stream; where the queue is none, the broker refuses that, and it begins anew."""
        self.stream.is_one = True
        try:
            self.consume_with(link, self.stream.begins_at())
        except ChannelClosedByBroker as error:
            if not is_no_stream(error):
                raise
            self.stream.is_one = False
            link.channel = link.connection.channel()
            self.consume_with(link, None)

    def consume_with(self, link: Link, arguments: dict[str, Any] | None) -> None:
        link.channel.basic_qos(prefetch_count=self.prefetch)
        link.channel.add_on_cancel_callback(lambda _: link.leave())
        link.channel.basic_consume(self.queue_name, partial(self.on_message, link), arguments=arguments)

    def drop_stale(self) -> None:
        """Forget what was not taken before the loss: it comes again, and must not pile up from loss to loss."""
        self.arrived = []
        with suppress(queue.Empty):
            while True:
                self.handed.get_nowait()

    def on_message(
        self,
        link: Link,
        channel: BlockingChannel,
        method: pika.spec.Basic.Deliver,
        properties: pika.BasicProperties,
        body: bytes,
    ) -> None:
        tag = link.offset + (method.delivery_tag or 0)
        offset = offset_in(properties.headers) if self.stream.is_one else None
        if offset is not None and (lost := self.stream.deliver(offset)):
            self.losses.note(lost)
        self.arrived.append(
            Delivery(
                body=body,
                received_at=datetime.now(UTC),
                tag=tag,
                headers=text_headers(properties.headers),
                queue=self.queue_name,
                redelivered=method.redelivered,
                after_loss=self.losses.given(tag),
                connected_at=link.connected_at,
                offset=offset,
            )
        )

    def note_connected(self, link: Link) -> None:
        logger.info("[%s] Consuming queue %s with prefetch %d.", self.place, self.queue_name, self.prefetch)
        self.was_connected = True
        self.link = link
        self.trouble = ""
        if self.closing.is_set():
            link.leave()

    def note_loss(self, error: Exception, pause: float) -> None:
        """Say what is wrong, and wait before the next try; or end for good where no try would help."""
        self.trouble = explain(error, self.parameters, self.queue_name)
        if reason := loss_behind(error):
            self.losses.note(reason)
        if not self.was_connected and isinstance(error, HOPELESS):
            self.fatal = self.trouble
        elif not self.closing.is_set():
            odd = None if isinstance(error, FAILURES) else error
            logger.warning("[%s] %s Next try in %.1f s.", self.place, self.trouble, pause, exc_info=odd)
            self.closing.wait(pause)


def call_in(link: Link, callback: Callable[[], None]) -> bool:
    """Let the connection's thread call it; False where the connection is gone."""
    try:
        link.connection.add_callback_threadsafe(callback)
    except AMQPError:
        return False
    return True
