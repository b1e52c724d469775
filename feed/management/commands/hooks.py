"""`manage.py hooks`: hand what changed to one's own Python, named by HOOKS."""

from argparse import ArgumentParser
from threading import Event
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError
from django.db import Error, close_old_connections

from feed.api.hooks import Hook
from feed.management.database import must_be_migrated
from feed.management.stop_signals import stop_signals


class Command(BaseCommand):
    help = "Hand what changed to the functions that HOOKS names, after it was committed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--every", type=float, default=1.0, metavar="SECONDS", help="time between two checks (1)")
        parser.add_argument("--once", action="store_true", help="check once and exit")

    def handle(self, *args: Any, **options: Any) -> None:
        must_be_migrated()
        try:
            hooks = [Hook(name) for name in settings.HOOKS]
        except ImproperlyConfigured as error:
            raise CommandError(str(error)) from None
        if not hooks:
            raise CommandError("HOOKS names no function: set it to my_module:my_function.")
        stop = Event()
        with stop_signals(stop.set):
            while True:
                self.run_all(hooks)
                if options["once"] or stop.wait(options["every"]):
                    return
                close_old_connections()

    def run_all(self, hooks: list[Hook]) -> None:
        """Each hook once, and again while it has more; a lost database is waited for."""
        for hook in hooks:
            try:
                while hook.step():
                    pass
            except Error as error:
                self.stderr.write(f"{hook.name} waits while the database is not available: {str(error).strip()}")
