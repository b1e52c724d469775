"""fixture_log: what came about a fixture, and what became of it."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from feed.management.database import must_be_migrated
from feed.models import Fixture
from feed.operations.log.downloads import MOST_LINES, csv_lines
from feed.pages.log.messages import LogScope
from feed.past.moments import parse_moment

#: The largest that a database can hold.
MOST_ID = 2**63 - 1


class Command(BaseCommand):
    """Prints the same lines as the page's CSV. Exits with 1 where LSports never sent the fixture."""

    help = "Prints every message that spoke of a fixture and what it changed, as CSV, newest first. Times are UTC."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("fixture", type=int, metavar="N", help="LSports' number of the fixture")
        parser.add_argument("--from", dest="begin", metavar="TIME", help="committed from then on: 2026-11-26T20:14:03Z")
        parser.add_argument("--to", dest="end", metavar="TIME", help="committed before then")
        parser.add_argument("--type", type=int, help="messages of this type alone, by LSports' number")
        parser.add_argument("--market", type=int, help="messages about this market alone, by LSports' number")
        parser.add_argument("--text", default="", help="a MsgSeq, or a MsgGuid or part of one")

    def handle(self, *args: Any, **options: Any) -> None:
        must_be_migrated()
        number = options["fixture"]
        if not 0 < number <= MOST_ID or not Fixture.objects.filter(pk=number).exists():
            raise CommandError(f"LSports has not sent a fixture {number}.")
        times = {}
        for name, word in (("begin", "--from"), ("end", "--to")):
            try:
                times[name] = parse_moment(options[name]) if options[name] else None
            except ValueError as error:
                raise CommandError(f"{word}: {error}.") from None
        if times["begin"] and times["end"] and times["begin"] >= times["end"]:
            raise CommandError("--to: it must be later than --from.")
        scope = LogScope(**times, type=options["type"], market=options["market"], text=options["text"])
        for line in csv_lines(number, scope, MOST_LINES):
            self.stdout.write(line, ending="")
