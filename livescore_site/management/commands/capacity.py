"""`manage.py capacity`: what this desk uses, and how much is left."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from feed.management.database import must_be_migrated
from feed.management.queue_arguments import at_least_one
from livescore_site.capacity.arithmetic import rooms
from livescore_site.capacity.sampling import sample, stock


class Command(BaseCommand):
    help = (
        "Look at this desk's own counters for some seconds, and say how many days, cores and connections are left. "
        "Processes of other machines are not seen; the disk is this machine's. Changes nothing. docs/scale.md has the "
        "arithmetic."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--seconds", type=at_least_one, default=10, metavar="N", help="how long to measure (10)")

    def handle(self, *args: Any, **options: Any) -> None:
        must_be_migrated()
        first = sample()
        time.sleep(options["seconds"])
        for room in rooms(first, sample(), stock()):
            word = self.style.WARNING("short   ") if room.is_short else "        "
            self.stdout.write(f"{word}{room.about}: {room.text}")
