"""Publishing to RabbitMQ, with the virtual hosts and queues that LSports has (docs/protocol.md, Connections)."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from time import monotonic, sleep

import pika
from pika.adapters.blocking_connection import BlockingChannel
from pika.exceptions import AMQPError, ChannelClosedByBroker

from .outgoing import Feed, Outgoing
from .packages import Package

#: LSports stops sending when more messages than this wait: TRADE, and Hyper Livescore.
QUEUE_LIMITS = {Feed.IN_PLAY: 10_000, Feed.PRE_MATCH: 10_000, Feed.FIXTURES: 50_000, Feed.INCIDENTS: 50_000}
DEPTH_SECONDS = 1.0
RECONNECT_SECONDS = 30.0


class BrokerRefused(Exception):
    """The broker cannot be used as asked; the message says why and what would help."""


def queue_name(package: Package, feed: Feed, as_is: bool) -> str:
    """LSports calls every queue `_{package id}_` and tells them apart by virtual host; in one host the names must."""
    return f"{feed}_{package.id}_" if as_is else f"_{package.id}_"


class Broker:
    """Publishes to the queues of `packages`.

    Each feed has its virtual host; with `as_is` all go to the URL's own, in queues named for their feeds.
    """

    def __init__(self, url: str, packages: Iterable[Package], feeds: Iterable[Feed], *, as_is: bool = False) -> None:
        self.packages = list(packages)
        self.feeds = list(feeds)
        self.as_is = as_is
        self.looked_at = 0.0
        self.depths: dict[tuple[int, Feed], int] = {}
        try:
            self.parameters = pika.URLParameters(url)
        except Exception as error:
            raise BrokerRefused(f"{url!r} is no AMQP address ({error}); one is amqp://guest:guest@127.0.0.1/") from None
        self.channels: dict[Feed, BlockingChannel] = {}
        self.connect()

    @property
    def place(self) -> str:
        return f"{self.parameters.host}:{self.parameters.port}"

    @property
    def target(self) -> tuple[str, int]:
        return self.parameters.host, self.parameters.port

    def queues(self) -> list[str]:
        """What was declared, with the virtual host where there are several."""
        named = [
            (feed, queue_name(package, feed, self.as_is)) for package in self.packages for feed in self.of(package)
        ]
        return [name if self.as_is else f"{feed}/{name}" for feed, name in named]

    def of(self, package: Package) -> list[Feed]:
        """The feeds that the package has a queue of."""
        return [feed for feed in self.feeds if package.takes([feed])]

    def connect(self) -> None:
        """Open what is needed and declare the queues. Raises BrokerRefused."""
        self.close()
        shared: BlockingChannel | None = None
        for feed in self.feeds:
            shared = self.channels[feed] = shared if shared and self.as_is else self.open(feed)
            for package in self.packages:
                if feed in self.of(package):
                    self.declare(self.channels[feed], queue_name(package, feed, self.as_is))

    def open(self, feed: Feed) -> BlockingChannel:
        if not self.as_is:
            self.parameters.virtual_host = str(feed)
        host = self.parameters.virtual_host
        try:
            return pika.BlockingConnection(self.parameters).channel()
        except AMQPError as error:
            reason = str(error) or repr(error)
            if "530" in reason or "access" in reason.lower() or "vhost" in reason.lower():
                user = getattr(self.parameters.credentials, "username", "the user")
                raise BrokerRefused(
                    f"The virtual host {host!r} does not exist at {self.place}, or {user} may not open it. Make it "
                    f"(rabbitmqctl add_vhost {host}; rabbitmqctl set_permissions -p {host} {user} '.*' '.*' '.*'), "
                    "or publish everything into the address's own virtual host with --amqp-vhost-as-is."
                ) from None
            raise BrokerRefused(f"No connection to the broker at {self.place}: {reason}") from None
        except OSError as error:
            raise BrokerRefused(f"No connection to the broker at {self.place}: {error}") from None

    def declare(self, channel: BlockingChannel, name: str) -> None:
        try:
            channel.queue_declare(name, durable=True)
        except ChannelClosedByBroker as error:
            raise BrokerRefused(f"The queue {name} cannot be declared: {error.reply_text}") from None

    def send(self, package: Package, outgoing: Outgoing) -> None:
        """Send it to every queue of the package that it goes to. Reconnects after a lost connection, or raises."""
        for feed in outgoing.feeds:
            if feed not in self.channels or not package.takes([feed]):
                continue
            try:
                self.publish(package, feed, outgoing)
            except AMQPError:
                self.reconnect()
                self.publish(package, feed, outgoing)

    def publish(self, package: Package, feed: Feed, outgoing: Outgoing) -> None:
        kind = "application/xml" if outgoing.body.startswith(b"<") else "application/json"
        properties = pika.BasicProperties(headers=dict(outgoing.headers), content_type=kind, delivery_mode=1)
        self.channels[feed].basic_publish("", queue_name(package, feed, self.as_is), outgoing.body, properties)

    def reconnect(self) -> None:
        deadline = monotonic() + RECONNECT_SECONDS
        while True:
            try:
                return self.connect()
            except BrokerRefused:
                if monotonic() > deadline:
                    raise
                sleep(1)

    def rest(self) -> list[str]:
        """Called between messages: heartbeats, checks of the queues. Returns a sentence per package switched off."""
        try:
            for channel in set(self.channels.values()):
                channel.connection.process_data_events(0)
            if monotonic() < self.looked_at + DEPTH_SECONDS:
                return []
            self.looked_at = monotonic()
            return list(self.switch_off())
        except AMQPError:
            self.reconnect()
            return [f"The connection to {self.place} was lost and is back."]

    def switch_off(self) -> Iterator[str]:
        """Stop sending to a package with too many messages waiting, as LSports does."""
        for package in self.packages:
            for feed in self.of(package):
                name = queue_name(package, feed, self.as_is)
                waiting = self.channels[feed].queue_declare(name, passive=True).method.message_count
                self.depths[package.id, feed] = waiting
                if waiting > QUEUE_LIMITS[feed] and package.active:
                    package.active = False
                    yield f"Package {package.id} is off: {waiting:,} messages wait in {name} ({feed})."

    def purge(self) -> str:
        """Delete all waiting messages; those already delivered to consumers stay there. Returns a sentence about it."""
        deleted = 0
        for package in self.packages:
            for feed in self.of(package):
                deleted += (
                    self.channels[feed].queue_purge(queue_name(package, feed, self.as_is)).method.message_count or 0
                )
        return f"The queues were purged: {deleted:,} messages are deleted."

    def waiting(self, package: Package) -> int:
        """How many messages wait for a package in all its queues, at the last look."""
        return sum(depth for (package_id, _), depth in self.depths.items() if package_id == package.id)

    def close(self) -> None:
        for channel in set(self.channels.values()):
            with suppress(AMQPError):
                channel.connection.close()
        self.channels.clear()
