"""Exchanges and queues of our own broker, which spread one feed over several queues by fixture.

What LSports sends comes to a headers exchange. Heartbeats and keep-alives, known by their MessageType, go to every
queue; all else goes on to a consistent-hash exchange, which keeps each FixtureId to one queue and so in order. A queue
has one active consumer at a time.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import msgspec
import pika
from pika.adapters.blocking_connection import BlockingChannel
from pika.exceptions import AMQPError, ChannelClosedByBroker, ConnectionClosedByBroker

from feed.codes import MessageType

from . import TransportClosed
from .rabbitmq import connection_parameters
from .rabbitmq_errors import NOT_FOUND, explain

#: What goes to every queue: keep-alives and heartbeats (docs/protocol.md, Heartbeats).
TO_ALL = (f"{MessageType.KEEP_ALIVE:d}", f"{MessageType.HEARTBEAT:d}")
FIXTURE_HEADER = "FixtureId"
#: A weight of the hash exchange: more points on its ring spread fixtures more evenly.
WEIGHT = "100"
#: The broker's number for a thing that is there with other properties.
PRECONDITION_FAILED = 406
HASH_PLUGIN = "The broker has no consistent-hash exchange: rabbitmq-plugins enable rabbitmq_consistent_hash_exchange"


class Topology(msgspec.Struct, frozen=True):
    """`name` is the exchange that LSports' messages are brought to; the queues are called after it."""

    name: str
    queues: int
    queue_type: str

    @property
    def hash_name(self) -> str:
        return f"{self.name}.by_fixture"

    @property
    def queue_names(self) -> list[str]:
        return [f"{self.name}.{number}" for number in range(1, self.queues + 1)]

    @property
    def queue_arguments(self) -> dict[str, Any]:
        return {"x-queue-type": self.queue_type, "x-single-active-consumer": True}


class QueueFound(msgspec.Struct, frozen=True):
    """What the broker says of a queue; `fault` is empty where all is as planned."""

    name: str
    waiting: int = 0
    consumers: int = 0
    fault: str = ""


class OwnBroker:
    """Makes and checks topologies. Every method raises `TransportClosed`, in words, where the broker refuses."""

    def __init__(self, url: str) -> None:
        self.parameters = connection_parameters(url, "livescore-desk topology")

    @contextmanager
    def channel(self) -> Iterator[BlockingChannel]:
        try:
            with pika.BlockingConnection(self.parameters) as connection:
                yield connection.channel()
        except (AMQPError, OSError) as error:
            raise TransportClosed(refusal(error) or explain(error, self.parameters, "")) from None

    def apply(self, topology: Topology) -> None:
        """Declare all of it; what is there already stays."""
        with self.channel() as channel:
            channel.exchange_declare(
                topology.hash_name, "x-consistent-hash", durable=True, arguments={"hash-header": FIXTURE_HEADER}
            )
            channel.exchange_declare(
                topology.name, "headers", durable=True, arguments={"alternate-exchange": topology.hash_name}
            )
            for queue in topology.queue_names:
                channel.queue_declare(queue, durable=True, arguments=topology.queue_arguments)
                for kind in TO_ALL:
                    channel.queue_bind(queue, topology.name, arguments=of_kind(kind))
            for queue in topology.queue_names:  # last, when each of them gets every heartbeat
                channel.queue_bind(queue, topology.hash_name, routing_key=WEIGHT)

    def retire(self, topology: Topology, queue: str) -> int:
        """Send a queue nothing more, and delete it where it is empty; how many messages still wait in it."""
        with self.channel() as channel:
            channel.queue_unbind(queue, topology.hash_name, routing_key=WEIGHT)
            for kind in TO_ALL:
                channel.queue_unbind(queue, topology.name, arguments=of_kind(kind))
            waiting: int = channel.queue_declare(queue, passive=True).method.message_count
            if not waiting:
                channel.queue_delete(queue)
            return waiting

    def check(self, topology: Topology) -> Iterator[QueueFound]:
        """Each exchange that is not as planned, then each queue."""
        for name in (topology.hash_name, topology.name):
            with suppress(TransportClosed), self.channel() as channel:
                channel.exchange_declare(name, passive=True)
                continue
            yield QueueFound(name, fault="The exchange is not there.")
        for queue in topology.queue_names:
            yield self.inspect(topology, queue)

    def inspect(self, topology: Topology, queue: str) -> QueueFound:
        try:
            with pika.BlockingConnection(self.parameters) as connection:
                channel = connection.channel()
                channel.queue_declare(queue, passive=True)
                found = channel.queue_declare(queue, durable=True, arguments=topology.queue_arguments).method
                return QueueFound(queue, found.message_count, found.consumer_count)
        except ChannelClosedByBroker as error:
            words = "The queue is not there." if error.reply_code == NOT_FOUND else f"{error.reply_text}."
            return QueueFound(queue, fault=words)
        except (AMQPError, OSError) as error:
            raise TransportClosed(explain(error, self.parameters, queue)) from None


def of_kind(kind: str) -> dict[str, str]:
    """The arguments of a binding for messages of one type."""
    return {"x-match": "all", "MessageType": kind}


def refusal(error: Exception) -> str:
    """Why the broker refuses a declaration; empty for other failures."""
    if isinstance(error, ConnectionClosedByBroker) and "unknown exchange type" in error.reply_text:
        return HASH_PLUGIN
    if isinstance(error, ChannelClosedByBroker) and error.reply_code == PRECONDITION_FAILED:
        return f"Something has other properties than planned: {error.reply_text}"
    return ""
