"""`manage.py doctor`: look at everything that the desk needs, and say what to do."""

import json
from argparse import ArgumentParser
from typing import Any

import msgspec
from django.core.management.base import BaseCommand, CommandError

from livescore_site.doctor import Finding, Grade, examine
from livescore_site.doctor.own_machine import disk, names_and_proxies, settings_and_keys, static_files
from livescore_site.doctor.services import channel_layer, database

CHECKS = [settings_and_keys, names_and_proxies, disk, static_files, channel_layer, database]


class Command(BaseCommand):
    help = (
        "Look at everything that the desk needs to run: settings, keys, proxy, disk, static files, database, clock, "
        "connections, Redis, brokers and feeds. A line for each, with what to do. Changes nothing. Exit code 1 where "
        "there is a fault."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="as JSON: a list of grade, about, text and remedy")

    def handle(self, *args: Any, **options: Any) -> None:
        found: list[Finding] = []
        for finding in examine(CHECKS):
            found.append(finding)
            if not options["json"]:
                self.tell(finding)
        if options["json"]:
            rows = [{**msgspec.structs.asdict(finding), "grade": finding.grade.name.lower()} for finding in found]
            self.stdout.write(json.dumps(rows, indent=2))
        if faults := sum(finding.grade == Grade.FAULT for finding in found):
            raise CommandError("1 fault." if faults == 1 else f"{faults} faults.")

    def tell(self, finding: Finding) -> None:
        style = {Grade.OK: self.style.SUCCESS, Grade.WARNING: self.style.WARNING, Grade.FAULT: self.style.ERROR}
        word = style[finding.grade](f"{finding.grade.name.lower():<8}")
        self.stdout.write(f"{word}{finding.about}: {finding.text}")
        if finding.remedy:
            self.stdout.write(f"{'':8}-> {finding.remedy}")
