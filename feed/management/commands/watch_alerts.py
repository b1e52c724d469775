"""`manage.py watch_alerts`: one process that watches all traders' rules."""

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from feed.alerts.watch import AlertWatch


class Command(BaseCommand):
    help = "Watch the traders' alert rules, and store what they tell. Run one of it beside the feed; SIGTERM ends it."

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stop.set())
        self.stdout.write("Watching alert rules. Ctrl-C ends it.")
        self.stdout.flush()
        AlertWatch(timezone.now()).run(stop)
