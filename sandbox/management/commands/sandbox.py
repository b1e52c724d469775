"""The simulated supplier: `manage.py sandbox`."""

import signal
from argparse import ArgumentParser
from threading import Event
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from sandbox.arguments import add_arguments, contradiction
from sandbox.playing import CannotPlay, play


class Command(BaseCommand):
    help = (
        "Play LSports: simulate matches, races and seasons with their odds; send what LSports would send to a broker "
        "or into a file, and answer its package APIs. Ctrl-C ends it."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        if wrong := contradiction(options):
            raise CommandError(wrong)
        stop = Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stop.set())
        try:
            play(options, stop, self.say)
        except CannotPlay as error:
            raise CommandError(str(error)) from None

    def say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
