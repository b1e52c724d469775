"""`manage.py consume_feed`: take what LSports sends from its queues into the database."""

import time
from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import Error
from django.utils.text import slugify
from django.utils.translation import gettext

from feed.ingest.consumers import Consumers, Feed
from feed.live.announce import Announcer
from feed.management.database import must_be_migrated
from feed.management.queue_arguments import add_queue_arguments, at_least_one, named_queue
from feed.management.stop_signals import stop_signals
from feed.models import FeedShare, FeedSource
from feed.operations.consumer_metrics import serve_metrics
from feed.proof.signing import Signing
from feed.recovery.worker import RecoveryWorkers
from feed.store.epochs import NOT_EXPECTED, expect_break
from feed.store.sources import record_source, stored_offset
from feed.transport import Transport, TransportClosed
from feed.transport.rabbitmq import RabbitMQ
from feed.transport.recorder import RecordedFirst, RecordingWriter, Tap
from livescore_site.collector import collect_rarely
from livescore_site.package_feeds import PackageFeeds, PackageWatch, note_depth
from livescore_site.posting import post
from packages_admin.models import Package
from packages_admin.supplier import PackageSupplier

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
        parser.add_argument(
            "--into-this-database", action="store_true", help="store real fixtures beside a demo's invented ones"
        )
        parser.add_argument("--record", type=Path, metavar="DIR", help="also write what arrives to files there")
        parser.add_argument(
            "--record-all",
            action="store_true",
            help="with --record: acknowledge what is recorded only; a full disk then stops the feed, not the recording",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        must_be_migrated()
        if not options["into_this_database"]:
            must_be_no_demos()
        if options["record_all"] and not options["record"]:
            raise CommandError("--record-all needs --record DIR.")
        collect_rarely()
        self.connections = Connections(options["record"], must_have_all=options["record_all"])
        self.progress_at = time.monotonic()
        self.named: Feed | None = None
        self.waits_for = ""
        self.packages = PackageFeeds(options["package"] or ())
        wanted = self.wanted(options)
        if not settings.REDIS_URL:
            self.stdout.write("REDIS_URL is not set: pages learn of changes by asking the database every 2 s.")
        announcer = Announcer()
        watch = PackageWatch()
        consumers = Consumers(wanted, self.connections.open, announcer)
        signing = Signing(post=post)
        recoveries = RecoveryWorkers(PackageSupplier(), consumers.source_ids, announcer.state_changed)
        if settings.METRICS_PORT:
            serve_metrics(consumers, settings.METRICS_PORT)
        try:
            with stop_signals(consumers.stop):
                signing.start()
                self.expect_named()
                consumers.run(self.report_progress)
        finally:
            watch.stop()
            recoveries.stop()
            signing.stop()
            self.connections.close()
            announcer.close()

    def wanted(self, options: dict[str, Any]) -> Callable[[], Sequence[Feed]]:
        """What gives the feeds to consume now: the packages', or the named queue's until there are packages."""
        is_named = bool(options["url"] or options["queue"])
        if is_named and options["package"]:
            raise CommandError("Name a package or a queue, not both.")
        self.packages.must_be_usable()
        has_queue = bool(settings.AMQP_URL or settings.AMQP_QUEUE)
        if is_named or (has_queue and not Package.objects.exists() and not FeedShare.objects.exists()):
            self.named = named_feed(options)

        def wanted() -> Sequence[Feed]:
            if self.named is not None and (is_named or not Package.objects.exists()):
                return [self.named]
            self.named = None
            feeds = self.packages.wanted()
            self.report_waiting(feeds)
            return feeds

        return wanted

    def expect_named(self) -> None:
        """Whoever starts a consumer of a named queue expects something of it again."""
        off = FeedSource.objects.exclude(off_since=None)
        if self.named is not None and (source := off.filter(name=self.named.source_name).first()):
            FeedSource.objects.filter(pk=source.pk).update(off_since=None, off_reason="")
            record_source(source.pk)
            expect_break([source.pk], gettext(NOT_EXPECTED))

    def report_progress(self, consumers: Consumers) -> None:
        """Note depths now and then, and show the progress on a terminal; a log has no use for it.

        A named queue that cannot be consumed at all ends the command.
        """
        if self.named in consumers.failures and not consumers.running:
            raise CommandError(consumers.failures[self.named])
        if time.monotonic() < self.progress_at + PROGRESS_SECONDS:
            return
        self.progress_at = time.monotonic()
        is_watched = self.stdout.isatty()
        for feed, consumer in consumers.running.items():
            if consumer.ingest.standing_by_for:
                if is_watched:
                    self.stdout.write(f"[{feed.source_name}] standing by for {consumer.ingest.standing_by_for}")
                continue
            waiting = self.connections.depth(feed)
            if not is_watched:
                continue
            depth = "" if waiting is None else f", {waiting:,} waiting"
            name = feed.source_name if feed.share is None else f"{feed.source_name} {feed.queue}"
            self.stdout.write(f"[{name}] {consumer.ingest.tally.line()}{depth}")

    def report_waiting(self, feeds: Sequence[Feed]) -> None:
        """Where nothing is to be consumed, say for what it waits, again whenever that is something else."""
        waits_for = "" if feeds else self.packages.awaited()
        if waits_for and waits_for != self.waits_for:
            self.stdout.write(waits_for)
            self.stdout.flush()
        self.waits_for = waits_for


def must_be_no_demos() -> None:
    """Raises `CommandError` where all fixtures so far are a demo's: real ones would look invented too."""
    has_demo = FeedSource.objects.filter(kind=FeedSource.Kind.SANDBOX).exists()
    if has_demo and not FeedSource.objects.filter(kind=FeedSource.Kind.QUEUE).exclude(last_message_at=None).exists():
        raise CommandError(
            f"{settings.DATABASES['default']['NAME']} has a demo's invented fixtures. Set DATABASE_URL, or VAR_DIR to "
            "another folder, or say --into-this-database."
        )


class Connections:
    """The brokers' connections of the feeds that run, and where what arrives is recorded, if it is."""

    def __init__(self, folder: Path | None, *, must_have_all: bool = False) -> None:
        self.folder = folder
        self.must_have_all = must_have_all
        self.transports: dict[Feed, RabbitMQ] = {}
        self.writers: dict[str, RecordingWriter] = {}

    def open(self, feed: Feed) -> Transport:
        """Raises `TransportClosed` for an address that cannot be read, or a folder that cannot be written to."""
        name = f"livescore-desk {feed.source_name}"
        remembered = partial(stored_offset, feed.source_name, feed.queue)
        transport = RabbitMQ(
            feed.url, feed.queue, prefetch=feed.prefetch, name=name, resolve=feed.resolve, remembered=remembered
        )
        self.transports[feed] = transport
        if self.folder is None:
            return transport
        tap = RecordedFirst if self.must_have_all else Tap
        return tap(transport, self.writer(self.folder, feed.source_name))

    def writer(self, folder: Path, source_name: str) -> RecordingWriter:
        if source_name not in self.writers:
            try:
                self.writers[source_name] = RecordingWriter(
                    folder, name=slugify(source_name) or "feed", must_have_all=self.must_have_all
                )
            except OSError as error:
                raise TransportClosed(f"{folder}: {error.strerror}") from None
        return self.writers[source_name]

    def depth(self, feed: Feed) -> int | None:
        """How many messages wait, noted for the operations pages; None where that cannot be had."""
        waiting = self.transports[feed].queue_depth()
        if waiting is not None:
            try:
                if feed.share is None:
                    note_depth(feed.source_name, waiting)
                else:
                    FeedShare.objects.filter(pk=feed.share).update(waiting=waiting)
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
