"""What connections to PostgreSQL do differently here: times are read at once, and nobody waits forever.

Django's own loader takes a time apart in Python: an eighth of what reading ten rows of a board cost. psycopg's in C
cannot stand in its place, since Django asks a loader for its zone.

TCP notices a server that is gone (`tcp_user_timeout`, keepalives), but not one behind a proxy or a router that accepts
everything and passes on nothing, and `statement_timeout` is the server's to keep. So the client too has a limit.
"""

import re
from datetime import UTC, datetime
from functools import partial
from typing import Any

import psycopg
from django.db import connection as default_connection
from django.db.backends.signals import connection_created
from psycopg.abc import Buffer
from psycopg.types.datetime import TimestamptzLoader


class TimeLoader(TimestamptzLoader):
    """Reads what `datetime.fromisoformat` can read, which in UTC is all but years before 1 and after 9999.

    Django puts its own in place of this where a connection has another zone.
    """

    timezone = UTC

    def load(self, data: Buffer) -> datetime:
        try:
            return datetime.fromisoformat(bytes(data).decode())
        except ValueError:
            return super().load(data)


#: A server that works ends a statement at its own limit; this is how long its answer may then take to arrive.
MARGIN_SECONDS = 1.0


def read_times_at_once(connection: Any, **_: Any) -> None:
    """Make a new connection read times in C."""
    if connection.vendor == "postgresql":
        connection.connection.adapters.register_loader("timestamptz", TimeLoader)


def wait_no_longer_than_the_server(connection: Any, **_: Any) -> None:
    """Prepare a connection that is new or handed out again by a pool. Without a `statement_timeout` it has no limit."""
    raw = connection.connection
    if connection.vendor != "postgresql" or "wait" in vars(raw):
        return
    if limit := re.search(r"statement_timeout=(\d+)", connection.settings_dict["OPTIONS"].get("options", "")):
        raw.wait = partial(wait, raw, int(limit[1]) / 1000 + MARGIN_SECONDS)


def wait(raw: psycopg.Connection[Any], most_seconds: float, generator: Any, *args: Any, **options: Any) -> Any:
    """Wait as psycopg does. A server that does not answer in time costs the connection, whose state is then unknown."""
    options.setdefault("timeout", most_seconds)
    try:
        return type(raw).wait(raw, generator, *args, **options)
    except psycopg.OperationalError:
        if raw.pgconn.transaction_status == psycopg.pq.TransactionStatus.ACTIVE:
            raw.pgconn.finish()
        raise


def wait_for_ever(connection: Any) -> None:
    """Undo the limit of a connection whose statements may take as long as they like."""
    vars(connection.connection).pop("wait", None)


def drop_connection() -> None:
    """Start again with the next query: after a failover the old connection may lead to a server that only reads."""
    if not default_connection.in_atomic_block:
        default_connection.close()


connection_created.connect(read_times_at_once)
connection_created.connect(wait_no_longer_than_the_server)
