"""`manage.py record_feed`: write what waits in a queue to files, and nothing else."""

import time
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from feed.ingest.loop import batches
from feed.management.queue_arguments import add_queue_arguments, named_queue
from feed.management.stop_signals import stop_signals
from feed.transport import Transport, TransportClosed
from feed.transport.rabbitmq import RabbitMQ
from feed.transport.recorder import RecordingWriter

PROGRESS_SECONDS = 10.0


class Command(BaseCommand):
    help = (
        "Record a queue to rotating .jsonl.zst files, without storing anything. It takes the messages out of the "
        "queue: another consumer of the same queue does not get them. To store and record, use consume_feed --record."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR", help="where the files go; it is made if need be")
        parser.add_argument("--seconds", type=float, metavar="N", help="end after so long; else when stopped")
        add_queue_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        url, queue = named_queue(options)
        folder, seconds = options["folder"], options["seconds"]
        try:
            transport = RabbitMQ(url, queue, prefetch=settings.FEED_PREFETCH, name="livescore-desk recorder")
            writer = RecordingWriter(folder)
        except TransportClosed as error:
            raise CommandError(str(error)) from None
        except OSError as error:
            raise CommandError(f"{folder}: {error.strerror}") from None
        record = Record(transport, writer, None if seconds is None else time.monotonic() + seconds)
        try:
            with stop_signals(record.stop):
                record.run(self.stdout.write)
        except TransportClosed as error:
            raise CommandError(str(error)) from None
        finally:
            transport.close()
            writer.close()
        self.stdout.write(f"{record.messages:,} messages recorded in {folder}")


class Record:
    """Carries deliveries to files until stopped or `until`; each is acknowledged once it can be read there."""

    def __init__(self, transport: Transport, writer: RecordingWriter, until: float | None) -> None:
        self.transport = transport
        self.writer = writer
        self.until = until
        self.messages = 0
        self.stopping = False

    def run(self, write_line: Callable[[str], object]) -> None:
        progress_at = time.monotonic()
        for batch in batches(self.transport):
            for delivery in batch:
                self.writer.write(delivery)
            if batch:
                self.writer.flush()
                if self.writer.lost:
                    raise CommandError("The disk does not take the recording; what is missing stays in the queue.")
                self.transport.ack(batch[-1])
                self.messages += len(batch)
            now = time.monotonic()
            if self.stopping or (self.until is not None and now >= self.until):
                return
            if now >= progress_at + PROGRESS_SECONDS:
                progress_at = now
                write_line(f"{self.messages:,} messages recorded")

    def stop(self) -> None:
        self.stopping = True
