"""inspect_message: what a message is, or why it is rejected."""

import os
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from feed.ingest.inspection import HEADINGS, STDIN, bodies, inspect
from feed.ingest.limits import wire_limits
from feed.transport import TransportClosed


class Command(BaseCommand):
    """Reads messages and shows what is in them. Exits with 1 if one is rejected, with 2 if a file cannot be read."""

    help = (
        "Shows what each message is: dialect, type, sequence, fixtures, contents and numbers without a name, or why it "
        "is rejected. Takes whole messages, pieces of one (<Livescore>...) and recordings. Exits with 1 if any message "
        "is rejected, with 2 if a file cannot be read."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "paths",
            nargs="+",
            metavar="PATH",
            help="a file with a message, a recording (.jsonl, .zst), a folder of them, or - for standard input",
        )
        parser.add_argument("--json", action="store_true", help="one JSON object a line, for programs")

    def handle(self, *args: Any, **options: Any) -> None:
        limits = wire_limits()
        width = max(map(len, options["paths"]))
        for path in options["paths"]:
            if path != STDIN and not Path(path).exists():
                raise CommandError(f"{path}: there is no such file", returncode=2)
        if not options["json"]:
            self.stdout.write(f"{'':<{width}}  {HEADINGS}")
        read = rejected = 0
        try:
            for source, body in bodies(options["paths"]):
                finding = inspect(source, body, limits)
                self.stdout.write(finding.as_json() if options["json"] else "\n".join(finding.as_lines(width)))
                read += 1
                rejected += not finding.understood
        except TransportClosed as error:
            raise CommandError(str(error), returncode=2) from None
        except BrokenPipeError:
            # Whoever reads the output (`| head`) wants no more of it: say nothing further, not even when Python ends.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}", returncode=2) from None
        if not options["json"]:
            self.stdout.write(f"{read} read, {read - rejected} understood, {rejected} rejected")
        if rejected:
            sys.exit(1)
