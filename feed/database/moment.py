"""Reading everything as it was at one moment, however much is written meanwhile."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

BEGIN = {"postgresql": "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", "sqlite": "BEGIN DEFERRED"}


@contextmanager
def one_moment() -> Iterator[None]:
    """Everything that is read inside is as it was at the first of the reads. Nothing may be written inside.

    Within a transaction (a test's) it does nothing. After a failure inside, the connection is in an unknown state, and
    is closed.
    """
    if connection.in_atomic_block:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(BEGIN[connection.vendor])
    try:
        yield
        with connection.cursor() as cursor:
            cursor.execute("COMMIT")
    except BaseException:
        connection.close()
        raise
