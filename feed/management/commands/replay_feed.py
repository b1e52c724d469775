"""`manage.py replay_feed`: play recordings through the same loop as a queue."""

import argparse
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from feed.database.moment import one_moment
from feed.ingest.consumer import Consumer
from feed.ingest.loop import Ingest
from feed.ingest.tally import Tally
from feed.journal.playing import played
from feed.live.announce import Announcer
from feed.management.arguments import moment, number_of
from feed.management.database import must_be_migrated
from feed.management.stop_signals import stop_signals
from feed.models import FeedSource
from feed.transport import TransportClosed
from feed.transport.recorder import as_line
from feed.transport.recording import Recording

PROGRESS_SECONDS = 1.0
NAP_SECONDS = 0.05


class Command(BaseCommand):
    help = (
        "Play recordings through the loop that takes a live feed: files .json, .xml and .jsonl, each also with .zst, "
        "or folders of them. What is older than what is stored changes nothing, so a recording may be played again. "
        "With --from-journal a recording is made of the journal instead, to be played elsewhere."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="a recording, or a folder of them")
        parser.add_argument(
            "--speed", type=speed, default=1.0, metavar="N|max", help="how many times as fast as it was received (1)"
        )
        parser.add_argument(
            "--from", dest="begin", type=moment, metavar="TIME", help="play what was received from then on (ISO, UTC)"
        )
        parser.add_argument("--to", dest="end", type=moment, metavar="TIME", help="play what was received before then")
        parser.add_argument(
            "--source", default="recording", metavar="NAME", help="the source that it is stored as (recording)"
        )
        parser.add_argument(
            "--flow",
            choices=FeedSource.Flow.values,
            help="the side that was recorded, where the source's name does not say it",
        )
        parser.add_argument(
            "--from-journal",
            type=Path,
            metavar="FILE",
            help="write what was committed from --from to --to to a new recording, how all stood at --from first",
        )
        parser.add_argument(
            "--fixture",
            type=number_of,
            action="append",
            default=[],
            metavar="N",
            help="with --from-journal: only this one",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        must_be_migrated()
        if options["from_journal"] is not None:
            self.stdout.write(record_journal(options))
            return
        if not options["paths"]:
            raise CommandError("the following arguments are required: PATH")
        tally = Tally(fixtures=set())
        try:
            recording = Recording(options["paths"], speed=options["speed"], begin=options["begin"], end=options["end"])
        except TransportClosed as error:
            raise CommandError(str(error)) from None
        announcer = Announcer()
        source = recording_source(options["source"], options["flow"])
        consumer = Consumer(Ingest(recording, source, announcer, tally=tally))
        with stop_signals(lambda: consumer.stop("The replay was stopped.")):
            self.show_progress(consumer, tally)
        announcer.close()
        for line in report(tally):
            self.stdout.write(line)
        if consumer.failure:
            raise CommandError(consumer.failure)

    def show_progress(self, consumer: Consumer, tally: Tally) -> None:
        """A line each second until the consumer ends."""
        due = time.monotonic() + PROGRESS_SECONDS
        while consumer.is_running:
            consumer.join(NAP_SECONDS)
            if time.monotonic() >= due:
                due += PROGRESS_SECONDS
                self.stdout.write(tally.line())


def speed(text: str) -> float | None:
    """A factor above 0; None for `max`."""
    if text == "max":
        return None
    try:
        factor = float(text)
    except ValueError:
        factor = 0.0
    if not 0 < factor < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r} is neither a number above 0 nor max")
    return factor


def record_journal(options: dict[str, Any]) -> str:
    """Write the window of the journal as a recording (`.jsonl`); what was written, in words."""
    file, begin, end = (options[name] for name in ("from_journal", "begin", "end"))
    if options["paths"] or begin is None or end is None or begin >= end:
        raise CommandError("--from-journal takes --from and a later --to, and no PATH.")
    if file.suffix != ".jsonl":
        raise CommandError(f"{file}: a recording's name ends in .jsonl.")
    if begin > timezone.now():
        raise CommandError("--from: nobody knows yet how all will stand then.")
    count = 0
    try:
        with file.open("xb") as recording, one_moment():
            for delivery in played(begin, end, options["fixture"]):
                recording.write(as_line(delivery))
                count += 1
    except OSError as error:
        raise CommandError(f"{file}: {error.strerror}.") from None
    return f"{count:,} messages of the journal in {file}"


def recording_source(name: str, flow: str | None) -> FeedSource:
    """The source of that name. A live feed's must not be played into: its prices would look alive."""
    source, _ = FeedSource.objects.get_or_create(name=name, defaults={"kind": FeedSource.Kind.RECORDING})
    if source.kind != FeedSource.Kind.RECORDING:
        raise CommandError(f"The source {name} is a live feed; choose another name with --source.")
    if flow and flow != source.flow:
        source.flow = flow
        source.save(update_fields=["flow"])
    return source


def report(tally: Tally) -> Iterator[str]:
    """What was played and what became of it."""
    seconds = time.monotonic() - tally.started
    fixtures = len(tally.fixtures or ())
    rate = tally.messages / seconds
    yield f"{tally.messages:,} messages of {fixtures:,} fixtures in {seconds:,.1f} s ({rate:,.0f}/s)"
    yield f"{tally.understood:,} understood, {tally.rejected.total():,} rejected"
    for reason, count in tally.rejected.most_common():
        yield f"  {count:,} x {reason} (first in {tally.first_place[reason]})"
