"""Deleting many rows without anybody having to wait: in small pieces, each in a transaction of its own."""

import time
from collections.abc import Iterator

from django.db import OperationalError, connection, transaction
from django.db.models import Model, QuerySet

from feed.store.sql.faults import is_of_lock

PIECE_ROWS = 500
#: No lock is waited for longer; a piece that could not have one is tried `TRIES` times, `AGAIN_SECONDS` apart.
LOCK_MILLISECONDS = 500
TRIES = 5
AGAIN_SECONDS = 1.0
#: Between two pieces, so that whoever waits goes first.
PAUSE_SECONDS = 0.01


class Held(Exception):
    """Somebody holds rows or a table, so that they are left for another time."""


def delete_in_pieces(rows: QuerySet[Model]) -> Iterator[int]:
    """Delete all of them; yields how many, piece by piece. Raises `Held`."""
    while ids := list(rows.order_by("pk").values_list("pk", flat=True)[:PIECE_ROWS]):
        yield delete_piece(rows.filter(pk__in=ids))
        time.sleep(PAUSE_SECONDS)


def delete_piece(rows: QuerySet[Model]) -> int:
    """Delete these rows in one transaction; how many there were. Raises `Held` where they stay locked."""
    for attempt in range(TRIES):
        if attempt:
            time.sleep(AGAIN_SECONDS)
        try:
            with transaction.atomic():
                wait_for_no_lock_long()
                return rows.order_by().delete()[0]
        except OperationalError as error:
            if not is_of_lock(error):
                raise
    raise Held(rows.model._meta.verbose_name_plural)


def wait_for_no_lock_long() -> None:
    """Within this transaction. SQLite has one lock, which is waited for as the database's settings say."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = {LOCK_MILLISECONDS}")
