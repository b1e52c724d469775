"""What connections to PostgreSQL do otherwise here: times are read at once.

Django's own loader takes a time apart in Python: an eighth of what a look at ten rows of a board cost. psycopg's in C
cannot stand in its place, since Django asks a loader for its zone.
"""

from datetime import UTC, datetime
from typing import Any

from django.db.backends.signals import connection_created
from psycopg.abc import Buffer
from psycopg.types.datetime import TimestamptzLoader


class TimeLoader(TimestamptzLoader):
    """Reads what Python's own reader of ISO times takes, which in UTC is all but years before 1 and after 9999.

    Django puts its own in place of this where a connection has another zone.
    """

    timezone = UTC

    def load(self, data: Buffer) -> datetime:
        try:
            return datetime.fromisoformat(bytes(data).decode())
        except ValueError:
            return super().load(data)


def read_times_at_once(connection: Any, **_: Any) -> None:
    """For each new connection."""
    if connection.vendor == "postgresql":
        connection.connection.adapters.register_loader("timestamptz", TimeLoader)


connection_created.connect(read_times_at_once)
