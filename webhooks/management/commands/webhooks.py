"""`manage.py webhooks`: one process that posts what changed to programs."""

from argparse import ArgumentParser
from threading import Event
from typing import Any

from django.core.management.base import BaseCommand
from django.db import Error, close_old_connections
from django.utils import timezone

from feed.management.database import must_be_migrated
from feed.management.stop_signals import stop_signals
from webhooks.posting import Posting

#: Between two looks, and while there is more to do.
LOOK_SECONDS, BUSY_SECONDS = 1.0, 0.2


class Command(BaseCommand):
    help = (
        "Post what changed, after it was committed, to the webhooks that the admin knows; go on after a restart from "
        "where each was. Of two such processes one posts to a program. Ctrl-C or SIGTERM ends it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="until all are told what changed so far, then exit")

    def handle(self, *args: Any, **options: Any) -> None:
        must_be_migrated()
        stop, posting = Event(), Posting()
        self.stdout.write("Posting what changes. Ctrl-C ends it.")
        self.stdout.flush()
        with stop_signals(stop.set):
            while True:
                is_busy = self.step(posting)
                if (options["once"] and not is_busy) or stop.wait(BUSY_SECONDS if is_busy else LOOK_SECONDS):
                    break
                if not is_busy:
                    close_old_connections()
        posting.end()

    def step(self, posting: Posting) -> bool:
        """One look; a lost database is waited for."""
        try:
            return posting.step(timezone.now())
        except Error as error:
            self.stderr.write(f"Webhooks wait while the database is not available: {str(error).strip()}")
            return False
