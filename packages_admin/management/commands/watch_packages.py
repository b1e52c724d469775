"""`manage.py watch_packages`: look after the packages, and bring back what LSports switched off."""

import signal
from argparse import ArgumentParser
from threading import Event
from typing import Any

from django.core.management.base import BaseCommand
from django.db import close_old_connections

from packages_admin.watch import look_once


class Command(BaseCommand):
    help = "Tell of queues that fill up, ask about packages that fall silent, reactivate those that may be."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--every", type=float, default=10.0, metavar="SECONDS", help="between two looks (10)")
        parser.add_argument("--once", action="store_true", help="look once and end, for cron")

    def handle(self, *args: Any, **options: Any) -> None:
        stop = Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        while True:
            for sentence in look_once():
                self.stdout.write(sentence)
            if options["once"] or stop.wait(options["every"]):
                return
            close_old_connections()
