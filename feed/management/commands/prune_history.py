"""prune_history: forget old prices and scores."""

from argparse import ArgumentParser, ArgumentTypeError
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.management.base import BaseCommand

from feed.management.database import must_be_migrated
from feed.store.pruning import prune


def days(text: str) -> int:
    """A number of days, at least one: today's history is being written."""
    if not text.isdigit() or not 1 <= int(text) <= 36_500:
        raise ArgumentTypeError(f"{text!r} is not a number of days from 1 to 36500")
    return int(text)


class Command(BaseCommand):
    help = (
        "Forgets the history of prices and scores that was received more than N whole days (UTC) ago. PostgreSQL "
        "drops whole days at once; SQLite deletes in small steps, beside which the feed goes on. Can be stopped and "
        "run again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--keep-days", type=days, required=True, metavar="N", help="how many, beside today")

    def handle(self, *args: Any, **options: Any) -> None:
        must_be_migrated()
        first = datetime.now(UTC).date() - timedelta(days=options["keep_days"])
        self.stdout.write(f"Forgetting the history from before {first} ...")
        prune(first, self.report)
        self.stdout.write(f"The history begins on {first} or later.")

    def report(self, table: str, rows: int | None) -> None:
        gone = "dropped" if rows is None else f"{rows:,} rows deleted"
        self.stdout.write(f"  {table}: {gone}")
