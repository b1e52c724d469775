"""Reading everything as it was at one moment, however much is written meanwhile."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

BEGIN = {"postgresql": "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", "sqlite": "BEGIN DEFERRED"}


@contextmanager
def one_moment() -> Iterator[None]:
    """What is read inside is of the moment at which the first of it is read. Nothing may be written inside.

    Within a transaction (a test's) it does nothing. A failure inside costs the connection, whose state is not known.
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
