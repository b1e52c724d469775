"""Forgetting old history: whole days at once where it is partitioned by day, in small steps where it is not."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import partial

from django.db import connection, transaction

from .partitions import HISTORY, partitions
from .tables import Table

#: Rows deleted in one transaction: short, so that the feed hardly waits.
STEP_ROWS = 5000

#: Told the table and how many rows of it are gone by now (None: a whole partition of rows that nobody counted).
Progress = Callable[[str, int | None], None]


def prune(before: date, progress: Progress) -> None:
    """Forget the history received before that day (UTC). May be stopped at any time and run again."""
    for table in HISTORY:
        if connection.vendor == "postgresql":
            prune_partitions(table, before, progress)
        else:
            delete_in_steps(table.name, "rowid", before, partial(progress, table.name))


def prune_partitions(table: Table, before: date, progress: Progress) -> None:
    for name, day in partitions(table).items():
        if day is None:
            delete_in_steps(name, "ctid", before, partial(progress, name))
        elif day < before:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"DROP TABLE {name}")
            progress(name, None)


def delete_in_steps(table: str, row: str, before: date, progress: Callable[[int], None]) -> None:
    """`row` is what the database calls a row's place. The oldest rows lie first, so each step finds its own at once."""
    start = datetime.combine(before, datetime.min.time(), UTC)
    moment = start if connection.vendor == "postgresql" else str(start.replace(tzinfo=None))
    # PostgreSQL takes a list of places for what it is only as an array.
    chosen = f"SELECT {row} FROM {table} WHERE received_at < %s LIMIT {STEP_ROWS}"
    places = f"= ANY(ARRAY({chosen}))" if row == "ctid" else f"IN ({chosen})"
    gone = 0
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {table} WHERE {row} {places}", [moment])
            deleted = cursor.rowcount
        gone += deleted
        if deleted:
            progress(gone)
        if deleted < STEP_ROWS:
            return
