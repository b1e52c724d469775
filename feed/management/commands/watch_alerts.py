"""`manage.py watch_alerts`: one process that watches all traders' rules."""

import threading
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from feed.alerts.watch import AlertWatch
from feed.management.database import must_be_migrated
from feed.management.stop_signals import stop_signals


class Command(BaseCommand):
    help = (
        "Watch the traders' alert rules and store the alerts that they raise. Run one beside the consumer; "
        "Ctrl-C or SIGTERM ends it."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        must_be_migrated()
        stop = threading.Event()
        self.stdout.write("Watching alert rules. Ctrl-C ends it.")
        self.stdout.flush()
        with stop_signals(stop.set):
            AlertWatch(timezone.now()).run(stop)
