"""Forgetting old history: whole days at once where it is partitioned by day, in small steps where it is not."""

import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import partial

from django.db import OperationalError, connection, transaction

from feed.journal.carrying import carry_over
from feed.models import LeafBatch
from feed.store.rows.tables import Table

from .faults import is_of_lock
from .partitions import HISTORY, partitions

#: Rows deleted in one transaction, which stays short, so that the feed hardly waits.
STEP_ROWS = 5000
#: How long one attempt to drop a day may wait for its lock, the number of attempts, and the pause between them.
LOCK_MILLISECONDS = 100
ATTEMPTS = 60
PAUSE_SECONDS = 1.0


class HeldByReaders(Exception):
    """A day's history could not be dropped, since it was being read at every attempt."""


#: Called with the table and the number of its rows deleted so far; of a whole partition as PostgreSQL's statistics have
#: it, since to count them would take as long as to read them.
Progress = Callable[[str, int], None]


def prune(before: date, progress: Progress) -> None:
    """Forget the history committed before that day (UTC). Fixtures that go on keep the state that they had then.

    May be stopped at any time and run again.
    """
    carry_over(datetime.combine(before, datetime.min.time(), UTC))
    for table in HISTORY:
        if connection.vendor == "postgresql":
            prune_partitions(table, before, progress)
        else:
            delete_in_steps(table.name, "rowid", before, partial(progress, table.name))
    forget_details(datetime.combine(before, datetime.min.time(), UTC))


def forget_details(before: datetime) -> None:
    """What the fixtures' log has of messages beside their leaves, which stay."""
    old = LeafBatch.objects.filter(committed_at__lt=before, details__isnull=False).order_by("committed_at")
    while firsts := list(old.values_list("first", flat=True)[:STEP_ROWS]):
        LeafBatch.objects.filter(first__in=firsts).update(details=None)


def prune_partitions(table: Table, before: date, progress: Progress) -> None:
    for name, day in partitions(table).items():
        if day is None:
            delete_in_steps(name, "ctid", before, partial(progress, name))
        elif day < before:
            rows = rows_by_statistics(name)
            drop_partition(name)
            progress(name, rows)


def rows_by_statistics(name: str) -> int:
    """Roughly how many rows the table has; 0 before PostgreSQL has analysed it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT greatest(reltuples, 0) FROM pg_class WHERE oid = %s::regclass", [name])
        (rows,) = cursor.fetchone()
    return int(rows)


def drop_partition(name: str) -> None:
    """Drop it as soon as nobody reads it. Raises `HeldByReaders` if somebody does at every attempt.

    All writers queue behind whoever waits for this lock, so each attempt is short, and there are many.
    """
    for attempt in range(ATTEMPTS):
        if attempt:
            time.sleep(PAUSE_SECONDS)
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"SET LOCAL lock_timeout = {LOCK_MILLISECONDS}")
                cursor.execute(f"DROP TABLE {name}")
        except OperationalError as error:
            if not is_of_lock(error):
                raise
        else:
            return
    raise HeldByReaders(name)


def delete_in_steps(table: str, row: str, before: date, progress: Callable[[int], None]) -> None:
    """`row` is the database's name for a row's place. The oldest lie first, so each step finds its rows at once."""
    start = datetime.combine(before, datetime.min.time(), UTC)
    moment = start if connection.vendor == "postgresql" else str(start.replace(tzinfo=None))
    # PostgreSQL goes straight to the rows only if their places come as an array.
    chosen = f"SELECT {row} FROM {table} WHERE committed_at < %s LIMIT {STEP_ROWS}"
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
