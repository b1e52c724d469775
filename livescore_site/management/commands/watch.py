"""`manage.py watch`: one process that sends alarms."""

import threading
from typing import Any

from django.core.management.base import BaseCommand

from alarms.watch import AlarmWatch, all_checks
from feed.management.database import must_be_migrated
from feed.management.stop_signals import stop_signals


class Command(BaseCommand):
    help = (
        "Watch for faults (feeds, queues, packages, refused messages, holes, database, disk, certificates) and send an "
        "alarm to the destinations that the admin knows: once, and once more when it is over. Run one beside the "
        "consumer, better on another machine; of two each message is sent by one. Ctrl-C or SIGTERM ends it."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        must_be_migrated()
        stop = threading.Event()
        self.stdout.write("Watching for faults. Ctrl-C ends it.")
        self.stdout.flush()
        with stop_signals(stop.set):
            AlarmWatch(all_checks()).run(stop)
