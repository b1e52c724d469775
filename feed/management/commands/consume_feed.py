"""`manage.py consume_feed`: take what LSports sends from its queues into the database."""

import time
from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import Error
from django.utils.text import slugify

from feed.collector import collect_rarely
from feed.consumers import Consumers, Feed
from feed.live.announce import Announcer
from feed.management.database import must_be_migrated
from feed.management.package_feeds import PackageFeeds, PackageWatch, note_depth
from feed.management.queue_arguments import add_queue_arguments, at_least_one, named_queue
from feed.models import FeedSource
from feed.stop_signals import stop_signals
from feed.transport import Transport, TransportClosed
from feed.transport.rabbitmq import RabbitMQ
from feed.transport.recorder import RecordingWriter, Tap
from packages_admin.models import Package

PROGRESS_SECONDS = 10.0


class Command(BaseCommand):
    help = (
        "Consume the queues of every active package, as the admin knows them; packages that are added, changed or "
        "switched off are picked up without a restart, and while none is active it waits for one. As long as there is "
        "no package, or where a queue is named, it is the queue of --url and --queue, or of AMQP_URL and AMQP_QUEUE."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--package", type=int, action="append", metavar="ID", help="only this package; repeatable")
        add_queue_arguments(parser)
        parser.add_argument("--source", metavar="NAME", help="the source that a named queue is stored as (its name)")
        parser.add_argument(
            "--prefetch", type=at_least_one, metavar="N", help="messages under way at most (FEED_PREFETCH)"
        )
        parser.add_argument("--record", type=Path, metavar="DIR", help="also write what arrives to files there")

    def handle(self, *args: Any, **options: Any) -> None:
        must_be_migrated()
        collect_rarely()
        self.connections = Connections(options["record"])
        self.said_at = time.monotonic()
        self.named: Feed | None = None
        self.waits_for = ""
        self.packages = PackageFeeds(options["package"] or ())
        wanted = self.wanted(options)
        if not settings.REDIS_URL:
            self.stdout.write("REDIS_URL is not set: pages learn of changes by their own look each 2 s.")
        announcer = Announcer()
        watch = PackageWatch()
        consumers = Consumers(wanted, self.connections.open, announcer)
        try:
            with stop_signals(consumers.stop):
                self.expect_named()
                consumers.run(self.looked)
        finally:
            watch.stop()
            self.connections.close()
            announcer.close()

    def wanted(self, options: dict[str, Any]) -> Callable[[], Sequence[Feed]]:
        """Asked again and again: the feeds of the packages, or of the queue that is named until there are packages."""
        is_named = bool(options["url"] or options["queue"])
        if is_named and options["package"]:
            raise CommandError("Name a package or a queue, not both.")
        self.packages.must_be_usable()
        has_queue = bool(settings.AMQP_URL or settings.AMQP_QUEUE)
        if is_named or (has_queue and not Package.objects.exists()):
            self.named = named_feed(options)

        def wanted() -> Sequence[Feed]:
            if self.named is not None and (is_named or not Package.objects.exists()):
                return [self.named]
            self.named = None
            feeds = self.packages.wanted()
            self.say_what_is_awaited(feeds)
            return feeds

        return wanted

    def expect_named(self) -> None:
        """Whoever starts a consumer of a named queue expects something of it again."""
        if self.named is not None:
            FeedSource.objects.filter(name=self.named.source_name).update(off_since=None, off_reason="")

    def looked(self, consumers: Consumers) -> None:
        """Show the progress now and then. A named queue that cannot be consumed at all ends the command."""
        if self.named in consumers.failures and not consumers.running:
            raise CommandError(consumers.failures[self.named])
        if time.monotonic() < self.said_at + PROGRESS_SECONDS:
            return
        self.said_at = time.monotonic()
        for feed, consumer in consumers.running.items():
            waiting = self.connections.depth(feed)
            depth = "" if waiting is None else f", {waiting:,} waiting"
            self.stdout.write(f"[{feed.source_name}] {consumer.ingest.tally.line()}{depth}")

    def say_what_is_awaited(self, feeds: Sequence[Feed]) -> None:
        """Where nothing is to be consumed, say for what it waits, again whenever that is something else."""
        waits_for = "" if feeds else self.packages.awaited()
        if waits_for and waits_for != self.waits_for:
            self.stdout.write(waits_for)
            self.stdout.flush()
        self.waits_for = waits_for


class Connections:
    """The brokers' connections of the feeds that run, and where what arrives is recorded, if it is."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder
        self.transports: dict[Feed, RabbitMQ] = {}
        self.writers: dict[str, RecordingWriter] = {}

    def open(self, feed: Feed) -> Transport:
        """Raises `TransportClosed` for an address that cannot be read, or a folder that cannot be written to."""
        transport = RabbitMQ(
            feed.url, feed.queue, prefetch=feed.prefetch, name=f"livescore-desk {feed.source_name}"
        )  # fmt: skip
        self.transports[feed] = transport
        return transport if self.folder is None else Tap(transport, self.writer(self.folder, feed.source_name))

    def writer(self, folder: Path, source_name: str) -> RecordingWriter:
        if source_name not in self.writers:
            try:
                self.writers[source_name] = RecordingWriter(folder, name=slugify(source_name) or "feed")
            except OSError as error:
                raise TransportClosed(f"{folder}: {error.strerror}") from None
        return self.writers[source_name]

    def depth(self, feed: Feed) -> int | None:
        """How many messages wait, noted for the operations pages; None where that cannot be had."""
        waiting = self.transports[feed].queue_depth()
        if waiting is not None:
            try:
                note_depth(feed.source_name, waiting)
            except Error:
                return waiting  # the consumer itself says that the database is away
        return waiting

    def close(self) -> None:
        for writer in self.writers.values():
            writer.close()


def named_feed(options: dict[str, Any]) -> Feed:
    url, queue = named_queue(options)
    prefetch = options["prefetch"] or settings.FEED_PREFETCH
    return Feed(source_name=options["source"] or queue, url=url, queue=queue, prefetch=prefetch)
