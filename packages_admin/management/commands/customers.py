"""`manage.py customers 123 quota`: metadata, subscriptions and manual suspensions, for scripts and cron."""

import getpass
from argparse import ArgumentParser, ArgumentTypeError
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from feed.management.database import must_be_migrated
from packages_admin.actions import Asker
from packages_admin.customers import metadata, orders, suspending
from packages_admin.customers.suspending import Target
from packages_admin.models import Package, PackageCall, Suspension
from packages_admin.outcome import Outcome
from packages_admin.products import ORDERS, Call

from .package import EPILOG, EXIT_CODES, REFUSED, WRONG_USE, fixture_ids

#: Options that say what a suspension or an order is about.
TARGET = ("sport", "location", "league", "fixture", "market")


class Command(BaseCommand):
    help = "Ask TRADE's Customers API for names, orders and manual suspensions of a package."

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Any:
        return super().create_parser(prog_name, subcommand, epilog=EPILOG, **kwargs)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("package_id", type=int, metavar="ID", help="LSports' package id")
        parser.add_argument("call", choices=[call.value for call in Call], help="what LSports is asked for")
        parser.add_argument("--product", choices=Package.ProductName.values, help="where two have the same package id")
        parser.add_argument("--fixtures", type=fixture_ids, default=(), metavar="IDS", help="orders: fixtures 7,8,9")
        for name in TARGET:
            parser.add_argument(f"--{name}", type=lsports_id, metavar="ID", help=f"orders and suspensions: this {name}")
        parser.add_argument("--line", default="", help="suspensions: only this line of the market")

    def handle(self, *args: Any, **options: Any) -> None:
        must_be_migrated()
        package = self.find(options["package_id"], options["product"])
        asker = Asker(origin=PackageCall.Origin.COMMAND, name=f"command, {getpass.getuser()}")
        outcome, lines = ask(package, Call(options["call"]), asker, options)
        if not outcome.ok:
            raise CommandError(outcome.sentence, returncode=EXIT_CODES.get(outcome.kind, REFUSED))
        for line in (outcome.sentence, *lines):
            self.stdout.write(line)

    def find(self, package_id: int, product: str | None) -> Package:
        """The TRADE package under LSports' id."""
        packages = Package.objects.exclude(product=Package.ProductName.HYPER).filter(package_id=package_id)
        found = list(packages.filter(product=product) if product else packages)
        if len(found) != 1:
            words = "There is no TRADE package" if not found else "Add --product: there are several packages"
            raise CommandError(f"{words} {package_id}.", returncode=WRONG_USE)
        return found[0]


def ask(package: Package, call: Call, asker: Asker, options: dict[str, Any]) -> tuple[Outcome, list[str]]:
    """The outcome, and what LSports listed, as lines."""
    if call in metadata.FORMS:
        return metadata.fetch_metadata(package, call, asker), []
    if call is Call.TRANSLATIONS:
        return metadata.fetch_translations(package, asker), []
    if call in ORDERS:
        return order(package, call, asker, options), []
    if call in (Call.SUSPEND, Call.RESUME):
        return change_suspension(package, call, asker, target_of(options)), []
    return listing(package, call, asker, options)


def order(package: Package, call: Call, asker: Asker, options: dict[str, Any]) -> Outcome:
    if call in orders.BY_FIXTURE:
        return orders.order_fixtures(package, call, asker, options["fixtures"])
    if options["sport"] is None:
        raise CommandError("Leagues and competitions are named by --sport, --location, --league.", returncode=WRONG_USE)
    area = orders.Area(sport=options["sport"], location=options["location"], league=options["league"])
    return orders.order_areas(package, call, asker, [area])


def target_of(options: dict[str, Any]) -> Target:
    named = {name: options[name] for name in ("sport", "location", "fixture", "market", "line")}
    return Target(**named, competition=options["league"])


def change_suspension(package: Package, call: Call, asker: Asker, target: Target) -> Outcome:
    if call is Call.SUSPEND:
        return suspending.suspend(package, asker, target)
    suspension = Suspension.objects.filter(package=package, resumed_at=None, **target.fields).first()
    if suspension is None:
        raise CommandError("The desk has not suspended that.", returncode=WRONG_USE)
    return suspending.resume(suspension, asker)


def listing(package: Package, call: Call, asker: Asker, options: dict[str, Any]) -> tuple[Outcome, list[str]]:
    wanted = {"SportIds": [options["sport"]]} if options["sport"] is not None else {}
    if call is Call.QUOTA:
        return orders.ask_quota(package, asker)[0], []
    if call is Call.ORDERED:
        outcome, ids = orders.ask_ordered(package, asker, wanted)
        return outcome, [str(pk) for pk in ids]
    if call is Call.SUSPENSIONS:
        outcome, rows = suspending.ask_suspensions(package, asker)
    elif call is Call.SCHEDULE:
        outcome, rows = orders.ask_schedule(package, asker, wanted)
    else:
        now = timezone.now()
        outcome, rows = orders.ask_ordered_details(package, asker, now, now + timedelta(days=orders.DAYS_AHEAD))
    return outcome, [str(row) for row in rows]


def lsports_id(text: str) -> int:
    if text.isascii() and text.isdigit() and 0 < int(text) < 2**63:
        return int(text)
    raise ArgumentTypeError(f"{text!r} is not an id of LSports'")
