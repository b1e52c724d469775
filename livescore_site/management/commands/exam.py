"""`manage.py exam`: the whole desk, tried with faults, and judged by what it paints."""

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from exam.databases import POSTGRESQL_URL
from exam.faults import KINDS, SHORT, Kind
from exam.report import Report
from exam.run import LONG, QUICK, sit
from exam.services import Services

REDIS_URL = os.environ.get("REDIS_TEST_URL", "redis://127.0.0.1:6379/15")
AMQP_URL = os.environ.get("AMQP_TEST_URL", "amqp://guest:guest@127.0.0.1:5672/%2F")
FAILED, NO_SERVICE = 1, 2


class Command(BaseCommand):
    help = (
        "Run the whole desk in processes of its own (supplier, consumer, web process, Chromium, a program), let faults "
        "happen to it, and count the price-seconds that looked open though nobody vouched for them, needless veil, "
        "what was lost or doubled, and how long it took to heal. Writes var/exam/exam.json and exam.html. Needs "
        "PostgreSQL, Redis, RabbitMQ (DATABASE_TEST_URL, REDIS_TEST_URL, AMQP_TEST_URL) and Chromium (CHROMIUM). Exits "
        "with 1 where something does not hold, with 2 where a service is missing."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        names = ", ".join(KINDS)
        parser.add_argument("--kinds", nargs="+", choices=sorted(KINDS), metavar="KIND", help=f"of {names} (all)")
        parser.add_argument("--seeds", nargs="+", type=int, default=[1], metavar="N", help="one desk for each (1)")
        parser.add_argument("--short", action="store_true", help="three kinds, in two minutes")
        parser.add_argument("--into", type=Path, metavar="DIR", help="write the reports there (var/exam)")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["short"] and options["kinds"]:
            raise CommandError("--short has kinds of its own: leave --kinds out.")
        services = Services(POSTGRESQL_URL, REDIS_URL, AMQP_URL)
        if missing := services.missing():
            raise CommandError(missing, returncode=NO_SERVICE)
        kinds = chosen(options)
        pace = QUICK if options["short"] else LONG
        papers = [sit(seed, kinds, pace, services, self.say) for seed in options["seeds"]]
        report = Report(papers, is_whole=len(kinds) == len(KINDS) and len(papers) > 1)
        folder = options["into"] or settings.VAR_DIR / "exam"
        report.write(folder)
        self.say(report.as_text())
        self.say(f"Written to {folder}.")
        if report.failures():
            raise CommandError("The exam is not passed.", returncode=FAILED)

    def say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def chosen(options: dict[str, Any]) -> list[Kind]:
    return list(SHORT) if options["short"] else [KINDS[name] for name in options["kinds"] or KINDS]
