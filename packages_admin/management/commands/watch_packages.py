"""`manage.py watch_packages`: look after the packages, and bring back what LSports switched off."""

from argparse import ArgumentParser, ArgumentTypeError
from itertools import chain
from threading import Event
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import Error, close_old_connections

from feed.management.database import must_be_migrated
from feed.management.stop_signals import stop_signals
from packages_admin.customers.metadata import renew_names
from packages_admin.watch import DESK, check_packages


class Command(BaseCommand):
    help = (
        "Warns of queues that fill up, asks LSports about silent packages, reactivates those that may be reactivated."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--every", type=seconds, default=10.0, metavar="SECONDS", help="time between two checks (10)"
        )
        parser.add_argument("--once", action="store_true", help="check once and exit, for cron")

    def handle(self, *args: Any, **options: Any) -> None:
        must_be_migrated()
        stop = Event()
        with stop_signals(stop.set):
            while True:
                self.check_all(options["once"])
                if options["once"] or stop.wait(options["every"]):
                    return
                close_old_connections()

    def check_all(self, is_once: bool) -> None:
        """Check all packages. With `is_once` a database failure is an error; otherwise the next check tries again."""
        try:
            for sentence in chain(check_packages(), renew_names(DESK)):
                self.stdout.write(sentence)
                self.stdout.flush()
        except Error as error:
            if is_once:
                raise CommandError(f"The database does not answer: {str(error).strip()}") from None
            self.stderr.write(
                f"The packages cannot be checked while the database is not available: {str(error).strip()}"
            )


def seconds(text: str) -> float:
    """A length of time, above 0."""
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number < float("inf"):
        raise ArgumentTypeError(f"{text!r} is not a number of seconds above 0")
    return number
