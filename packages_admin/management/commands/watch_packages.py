"""`manage.py watch_packages`: look after the packages, and bring back what LSports switched off."""

from argparse import ArgumentParser, ArgumentTypeError
from threading import Event
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import Error, close_old_connections

from feed.management.database import must_be_migrated
from feed.stop_signals import stop_signals
from packages_admin.watch import look_once


class Command(BaseCommand):
    help = "Tell of queues that fill up, ask about packages that fall silent, reactivate those that may be."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--every", type=seconds, default=10.0, metavar="SECONDS", help="between two looks (10)")
        parser.add_argument("--once", action="store_true", help="look once and end, for cron")

    def handle(self, *args: Any, **options: Any) -> None:
        must_be_migrated()
        stop = Event()
        with stop_signals(stop.set):
            while True:
                self.look(options["once"])
                if options["once"] or stop.wait(options["every"]):
                    return
                close_old_connections()

    def look(self, is_once: bool) -> None:
        """Look once. A database that is away is waited for, unless nobody will look again."""
        try:
            for sentence in look_once():
                self.stdout.write(sentence)
                self.stdout.flush()
        except Error as error:
            if is_once:
                raise CommandError(f"The database does not answer: {str(error).strip()}") from None
            self.stderr.write(f"The packages cannot be looked after while the database is away: {str(error).strip()}")


def seconds(text: str) -> float:
    """A length of time, above 0."""
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number < float("inf"):
        raise ArgumentTypeError(f"{text!r} is not a number of seconds above 0")
    return number
