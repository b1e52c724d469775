"""past: a fixture as it was at a moment."""

from argparse import ArgumentParser
from typing import Any

import msgspec
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from feed.database.moment import one_moment
from feed.live.programs.state import fixture_state
from feed.management.arguments import number_of
from feed.management.database import must_be_migrated
from feed.pages.reading import Reading
from feed.past.fixture import fixture_opened
from feed.past.moments import parse_moment
from feed.vouching.sources import read_vouching


class Command(BaseCommand):
    """Prints a state as REST has it. Exits with 1 where the journal has none."""

    help = "Prints what the desk knew of a fixture at a moment, as JSON: the same state as GET /api/v1/fixtures/N/."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--at", required=True, metavar="TIME", help="in UTC: 2026-11-26T20:14:03.250Z")
        parser.add_argument(
            "--fixture", required=True, type=number_of, metavar="N", help="LSports' number of the fixture"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        must_be_migrated()
        number = options["fixture"]
        try:
            moment = parse_moment(options["at"])
        except ValueError as error:
            raise CommandError(f"--at: {error}.") from None
        if moment > timezone.now():
            raise CommandError("--at: nobody knows yet what will be then.")
        with one_moment(), fixture_opened(number, moment):
            reading = Reading([number])
            found = number in reading.fixtures
            state = fixture_state(reading, number, read_vouching(moment)) if found else None
        if state is None:
            raise CommandError(f"The journal has no fixture {number} at that moment.")
        self.stdout.write(msgspec.json.format(msgspec.json.encode(state)).decode())
