"""`manage.py package activate 123`: the four calls for scripts and cron."""

import getpass
import sys
import time
from argparse import ArgumentParser, ArgumentTypeError, RawDescriptionHelpFormatter
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from feed.management.database import must_be_migrated
from packages_admin.actions import Asker, Filter, continue_snapshot, perform
from packages_admin.deactivation import deactivate
from packages_admin.impact import impact_of_deactivating
from packages_admin.limits import seconds_until_allowed
from packages_admin.models import Package, PackageCall
from packages_admin.outcome import Kind, Outcome
from packages_admin.products import Action

#: Between two attempts while somebody else's call for the package is under way.
BUSY_SECONDS = 1.0
DAY_MINUTES = 24 * 60
REFUSED, WRONG_USE, NO_ANSWER, NOT_NOW = 1, 2, 3, 4
EXIT_CODES = {
    Kind.TIME_OUT: NO_ANSWER,
    Kind.NO_CONNECTION: NO_ANSWER,
    Kind.CUT_OFF: NO_ANSWER,
    Kind.NO_SUCH_HOST: NO_ANSWER,
    Kind.TLS: NO_ANSWER,
    Kind.TOO_SOON: NOT_NOW,
    Kind.BUSY: NOT_NOW,
}

EPILOG = """exit codes:
  0  done ("already active" is done), and for `status`: LSports stated it
  1  LSports refused, failed, or answered something unexpected
  2  wrong arguments, or no such package
  3  no answer: time-out, no connection, TLS or DNS failure
  4  not now: another call is under way, or LSports' limit demands a pause"""


class Command(BaseCommand):
    help = "Activate or deactivate a package, ask for its status, or ask for a snapshot."

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Any:
        kwargs |= {"epilog": EPILOG, "formatter_class": RawDescriptionHelpFormatter}
        return super().create_parser(prog_name, subcommand, **kwargs)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("action", choices=[action.value for action in Action], help="what LSports is asked for")
        parser.add_argument("package_id", type=int, metavar="ID", help="LSports' package id")
        products = Package.ProductName.values
        parser.add_argument("--product", choices=products, help="where two products have the same package id")
        parser.add_argument(
            "--fixtures", type=fixture_ids, default=(), metavar="IDS", help="TRADE snapshot: only 7,8,9"
        )
        parser.add_argument("--yes", action="store_true", help="deactivate what is in play without asking")
        parser.add_argument("--back-in", type=minutes, metavar="MINUTES", help="deactivate for so long only")
        parser.add_argument("--since", type=moment, metavar="TIME", help="TRADE snapshot: only what changed since then")

    def handle(self, *args: Any, **options: Any) -> None:
        must_be_migrated()
        package = self.find(options["package_id"], options["product"])
        action = Action(options["action"])
        wanted = Filter(fixtures=options["fixtures"], since=options["since"])
        if wanted.body() and (action is not Action.SNAPSHOT or package.is_hyper):
            raise CommandError("--fixtures and --since go with a snapshot of a TRADE package.", returncode=WRONG_USE)
        asker = Asker(origin=PackageCall.Origin.COMMAND, name=f"command, {getpass.getuser()}")
        if action is Action.DEACTIVATE:
            self.must_be_meant(package, options["yes"])
            self.report(deactivate(package, asker, options["back_in"]))
            return
        if options["back_in"]:
            raise CommandError("--back-in goes with deactivate.", returncode=WRONG_USE)
        self.report(perform(package, action, asker, wanted=wanted))
        if action is Action.SNAPSHOT and not wanted.body():
            self.finish_snapshot(package.pk, asker)

    def must_be_meant(self, package: Package, is_meant: bool) -> None:
        """Ask at a terminal before what is in play stops; elsewhere demand --yes."""
        impact = impact_of_deactivating(package)
        if is_meant or not impact.in_play:
            return
        effect = f"{package} feeds {impact.in_play} in play ({', '.join(impact.examples)})."
        if not sys.stdin.isatty():
            raise CommandError(f"{effect} Add --yes to deactivate it all the same.", returncode=WRONG_USE)
        if input(f"{effect} Deactivate it? [y/N] ").strip().lower() not in ("y", "yes"):
            raise CommandError("Nothing was sent.", returncode=REFUSED)

    def report(self, outcome: Outcome) -> None:
        """Raises `CommandError` with the exit code of an outcome that is not well."""
        if not outcome.ok:
            raise CommandError(outcome.sentence, returncode=EXIT_CODES.get(outcome.kind, REFUSED))
        self.stdout.write(outcome.sentence)
        self.stdout.flush()

    def finish_snapshot(self, pk: int, asker: Asker) -> None:
        """Ask for the other parts of a full snapshot, as LSports allows; a consumer may do some of it meanwhile."""
        while package := Package.objects.with_snapshot_left().filter(pk=pk).first():
            wait = seconds_until_allowed(package, Action.SNAPSHOT, False, timezone.now())
            if wait > 0:
                time.sleep(wait)
            outcome = continue_snapshot(package, asker)
            if outcome.kind in (Kind.BUSY, Kind.TOO_SOON):
                time.sleep(BUSY_SECONDS)
            else:
                self.report(outcome)

    def find(self, package_id: int, product: str | None) -> Package:
        """The package under LSports' id; where two products share it, --product has to say which."""
        found = Package.objects.filter(package_id=package_id, **({"product": product} if product else {}))
        if len(found) == 1:
            return found[0]
        if found:
            products = " or ".join(package.product for package in found)
            raise CommandError(
                f"Package {package_id} is in two products: add --product {products}.", returncode=WRONG_USE
            )
        known = ", ".join(str(package.package_id) for package in Package.objects.all()) or "none"
        raise CommandError(f"There is no package {package_id}. There is: {known}.", returncode=WRONG_USE)


def minutes(text: str) -> int:
    """Raises ArgumentTypeError beyond a day."""
    if text.isdecimal() and 1 <= int(text) <= DAY_MINUTES:
        return int(text)
    raise ArgumentTypeError(f"{text!r} is not a number of minutes from 1 to {DAY_MINUTES}")


def fixture_ids(text: str) -> tuple[int, ...]:
    try:
        return tuple(int(part) for part in text.split(","))
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is not a list of fixture ids like 7,8,9") from None


def moment(text: str) -> datetime:
    """A time like 2026-11-21T18:00; without a zone it is UTC."""
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is not a time like 2026-11-21T18:00") from None
    return read if read.tzinfo else read.replace(tzinfo=UTC)
