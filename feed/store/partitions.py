"""History by day on PostgreSQL: each day of receipt has a partition, made when its first row comes.

Where one cannot be made (rows of that day are in the default partition already), the default partition takes the rows.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import partial

from django.db import IntegrityError, connection, transaction

from .tables import PRICE_TICKS, SCORE_TICKS, Table

HISTORY = (PRICE_TICKS, SCORE_TICKS)
#: Of which partitions this process knows that they exist, or cannot: database, table, day.
KNOWN: set[tuple[str, str, date]] = set()


def make_partitions(table: Table, received: Iterable[datetime]) -> None:
    """Make the partitions for rows received at these times, where they are missing."""
    if connection.vendor != "postgresql":
        return
    for day in {moment.date() for moment in received}:
        known = str(connection.settings_dict["NAME"]), table.name, day
        if known not in KNOWN:
            make_partition(table.name, day)
            transaction.on_commit(partial(KNOWN.add, known))


def make_partition(table: str, day: date) -> None:
    """One consumer at a time: the others find it there."""
    start = datetime.combine(day, datetime.min.time(), UTC)
    bounds = f"FROM ('{start.isoformat()}') TO ('{(start + timedelta(days=1)).isoformat()}')"
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [table])
            cursor.execute(
                f"CREATE TABLE IF NOT EXISTS {partition_name(table, day)} PARTITION OF {table} FOR VALUES {bounds}"
            )
    except IntegrityError:
        # The default partition has rows of that day; they stay where they are.
        return


def partition_name(table: str, day: date) -> str:
    return f"{table}_{day:%Y%m%d}"


def day_of_partition(table: str, name: str) -> date | None:
    """The day whose rows a partition holds; None: it is the default one."""
    try:
        return datetime.strptime(name.removeprefix(f"{table}_"), "%Y%m%d").replace(tzinfo=UTC).date()
    except ValueError:
        return None


def partitions(table: Table) -> dict[str, date | None]:
    """The names of a table's partitions, oldest first, with the day of each."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid"
            " WHERE i.inhparent = %s::regclass ORDER BY 1",
            [table.name],
        )
        return {name: day_of_partition(table.name, name) for (name,) in cursor.fetchall()}
