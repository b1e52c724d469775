"""RabbitMQ: LSports' queue, our own federated one, or the simulated supplier's. The only module that knows pika.

A thread of its own holds the connection, so that heartbeats go on while a batch is stored. It hands over what each read
brought; acknowledgements travel back to it. After a loss it connects anew, with a new channel: delivery tags belong to
a channel, so what came on the old one is never acknowledged on the new one. The broker sends it again.
"""

import logging
import queue
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial

import msgspec
import pika
import pika.spec
from pika.adapters.blocking_connection import BlockingChannel
from pika.adapters.utils.connection_workflow import AMQPConnectorException, AMQPConnectorStackTimeout
from pika.exceptions import (
    AMQPError,
    AMQPHeartbeatTimeout,
    ChannelClosedByBroker,
    ConnectionClosedByBroker,
    ConsumerCancelled,
    IncompatibleProtocolError,
    ProbableAccessDeniedError,
    ProbableAuthenticationError,
)

from . import Delivery, TransportClosed
from .backoff import full_jitter
from .gathering import Gathering

#: What LSports' SDK asks for (protocol.md section 3); the broker's own default is 60.
HEARTBEAT_SECONDS = 30
CONNECT_SECONDS = 10
#: None is yielded at least this often while nothing comes.
IDLE_SECONDS = 0.25
CLOSE_SECONDS = 5
DEPTH_SECONDS = 2
#: A connection that lived for so long was good: the next loss begins the waiting anew.
STABLE_SECONDS = 10

logger = logging.getLogger(__name__)

#: What pika raises when a connection fails; anything else is logged with its traceback.
EXPECTED = (AMQPError, AMQPConnectorException, OSError)
#: What no waiting mends as long as nobody changes the settings.
HOPELESS = (ProbableAuthenticationError, ProbableAccessDeniedError, ssl.SSLCertVerificationError)


class Link(msgspec.Struct, gc=False):
    """A connection and its channel. A delivery's tag is `offset` plus the channel's own, so above `offset`."""

    connection: pika.BlockingConnection
    channel: BlockingChannel
    offset: int
    leaving: bool = False

    def leave(self) -> None:
        self.leaving = True


class RabbitMQ:
    """Consumes one queue with manual acknowledgement, as a `Transport`.

    It connects when it is first iterated and comes back after a loss, for as long as it takes. Where it never was
    connected, what waiting cannot mend (password, virtual host, certificate) ends it with `TransportClosed`. A queue
    that is not there or may not be consumed is tried again: LSports opens it some time after the activation.
    """

    def __init__(self, url: str, queue_name: str, *, prefetch: int = 200, name: str = "livescore-desk") -> None:
        self.parameters = connection_parameters(url, name)
        self.queue_name = queue_name
        self.prefetch = prefetch
        self.place = f"{self.parameters.host}:{self.parameters.port}"
        self.trouble = f"Connecting to {self.place}."
        self.arrived: list[Delivery] = []
        self.handed: queue.SimpleQueue[list[Delivery] | None] = queue.SimpleQueue()
        self.link: Link | None = None
        self.last_tag = 0
        self.was_connected = False
        self.fatal: str | None = None
        self.closing = threading.Event()
        self.thread = threading.Thread(target=self.hold_connection, name=f"amqp {queue_name}", daemon=True)

    def __iter__(self) -> Iterator[Delivery | None]:
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
        link = self.link
        if link is not None and last.tag > link.offset:
            call_in(link, partial(link.channel.basic_ack, last.tag - link.offset, multiple=True))

    def queue_depth(self) -> int | None:
        """How many messages wait in the queue, those under way to us not counted; None where that cannot be had."""
        answer: Future[int] = Future()
        link = self.link
        if link is None or not call_in(link, partial(ask_depth, link.connection, self.queue_name, answer)):
            return None
        try:
            return answer.result(DEPTH_SECONDS)
        except (TimeoutError, AMQPError):
            return None

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
            except Exception as error:  # whatever a broken peer makes pika raise: the thread must not die unheard
                self.link = None
                failures = 1 if time.monotonic() - began > STABLE_SECONDS else failures + 1
                self.note_loss(error, full_jitter(failures))
        self.handed.put(None)

    def receive(self) -> None:
        """Connect and hand over what comes, until closed. Raises pika's errors or an OSError when that fails."""
        self.drop_stale()
        with pika.BlockingConnection(self.parameters) as connection:
            channel = connection.channel()
            link = Link(connection, channel, self.last_tag)
            channel.basic_qos(prefetch_count=self.prefetch)
            channel.add_on_cancel_callback(lambda _: link.leave())
            channel.basic_consume(self.queue_name, partial(self.on_message, link.offset))
            self.note_connected(link)
            while not link.leaving:
                connection.process_data_events(time_limit=None)
                if self.arrived:
                    self.handed.put(self.arrived)
                    self.arrived = []
            if not self.closing.is_set():
                raise ConsumerCancelled

    def drop_stale(self) -> None:
        """Forget what was not taken before the loss: it comes again, and must not pile up from loss to loss."""
        self.arrived = []
        with suppress(queue.Empty):
            while True:
                self.handed.get_nowait()

    def on_message(
        self,
        offset: int,
        channel: BlockingChannel,
        method: pika.spec.Basic.Deliver,
        properties: pika.BasicProperties,
        body: bytes,
    ) -> None:
        self.last_tag = offset + (method.delivery_tag or 0)
        self.arrived.append(
            Delivery(
                body=body,
                received_at=datetime.now(UTC),
                tag=self.last_tag,
                headers=text_headers(properties.headers),
                queue=self.queue_name,
                redelivered=method.redelivered,
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
        if not self.was_connected and isinstance(error, HOPELESS):
            self.fatal = self.trouble
        elif not self.closing.is_set():
            odd = None if isinstance(error, EXPECTED) else error
            logger.warning("[%s] %s Next try in %.1f s.", self.place, self.trouble, pause, exc_info=odd)
            self.closing.wait(pause)


def connection_parameters(url: str, name: str) -> pika.URLParameters:
    """What `url` says, with our heartbeat and time-outs. Raises `TransportClosed`, without the password in it."""
    if not url.startswith(("amqp://", "amqps://")):
        raise TransportClosed("The broker's address must look like amqp://user:password@host:5672/virtual-host.")
    try:
        parameters = pika.URLParameters(url)
    except (ValueError, TypeError, IndexError) as error:
        raise TransportClosed(f"The broker's address cannot be read: {error}.") from None
    parameters.heartbeat = HEARTBEAT_SECONDS if parameters.heartbeat is None else parameters.heartbeat
    parameters.socket_timeout = CONNECT_SECONDS
    parameters.stack_timeout = CONNECT_SECONDS
    parameters.client_properties = {"connection_name": name}
    return parameters


def text_headers(headers: Mapping[str, object] | None) -> dict[str, str]:
    """AMQP headers as text; LSports documents text, SDKs meet bytes and numbers too (protocol.md section 3)."""
    return {
        key: value.decode(errors="replace") if isinstance(value, bytes) else str(value)
        for key, value in (headers or {}).items()
    }


def call_in(link: Link, callback: Callable[[], None]) -> bool:
    """Let the connection's thread call it; False where the connection is gone."""
    try:
        link.connection.add_callback_threadsafe(callback)
    except AMQPError:
        return False
    return True


def ask_depth(connection: pika.BlockingConnection, queue_name: str, answer: "Future[int]") -> None:
    """Count the messages on a channel of its own, because a refusal closes the channel."""
    try:
        with connection.channel() as channel:
            declared = channel.queue_declare(queue_name, passive=True)
            answer.set_result(declared.method.message_count)
    except AMQPError as error:
        answer.set_exception(error)


def explain(error: Exception, parameters: pika.URLParameters, queue_name: str) -> str:
    """What went wrong, and where to look, in an operator's words."""
    host, place = parameters.host, f"{parameters.host}:{parameters.port}"
    user = getattr(parameters.credentials, "username", "")
    match root_of(error):
        case socket.gaierror():
            return f"The host {host} is not known: check the name and the DNS."
        case ConnectionRefusedError():
            return f"{place} refuses the connection: no broker listens there."
        case ssl.SSLCertVerificationError() as cause:
            return f"The certificate of {host} is not accepted: {cause.verify_message.rstrip('.')}."
        case ssl.SSLError():
            return f"{place} does not answer in TLS: check the port, or whether TLS is wanted."
        case TimeoutError() | AMQPConnectorStackTimeout():
            return f"{place} does not answer within {CONNECT_SECONDS} s."
        case ProbableAuthenticationError():
            return f"The broker at {place} refuses the user {user} or the password."
        case ProbableAccessDeniedError():
            return f"The virtual host {parameters.virtual_host} is not there, or not for the user {user}."
        case IncompatibleProtocolError():
            return f"{place} does not answer as a broker does: check the port, and whether TLS is wanted."
        case AMQPHeartbeatTimeout():
            return f"The broker at {place} has fallen silent."
        case ConsumerCancelled():
            return f"The broker has ended our consumption of the queue {queue_name}: it was deleted or moved."
        case ChannelClosedByBroker(reply_code=404):
            return f"The queue {queue_name} is not there: is the package activated?"
        case ChannelClosedByBroker(reply_code=403):
            return f"The queue {queue_name} may not be consumed yet: is the package's distribution on?"
        case ChannelClosedByBroker(reply_code=405):
            return f"The queue {queue_name} is taken by another consumer alone."
        case ChannelClosedByBroker() | ConnectionClosedByBroker() as cause:
            return f"The broker at {place} has closed the connection: {cause.reply_text}."
        case OSError() as cause:
            return f"{place} cannot be reached: {cause.strerror or cause}."
    return f"The connection to {place} is lost."


def root_of(error: BaseException) -> BaseException:
    """The error that pika wrapped, where it wrapped one."""
    inner = getattr(error, "exception", None) or next((arg for arg in error.args if isinstance(arg, Exception)), None)
    return error if inner is None else root_of(inner)
