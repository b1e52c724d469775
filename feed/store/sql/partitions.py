"""History by day on PostgreSQL: each day of commit has a partition, made days ahead or with its first row.

Where one cannot be made (rows of that day are in the default partition already, or a reader holds a lock on it), the
default partition takes the rows. A new table is attached, not created in its place: that waits for readers of the
default partition alone, and nobody who writes to the others waits behind it.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import partial

from django.db import IntegrityError, OperationalError, ProgrammingError, connection, transaction

from feed.store.rows.tables import JOURNAL, Table

from .faults import is_of_lock

HISTORY = (JOURNAL,)
#: How many days ahead partitions are made.
DAYS_AHEAD = 2
#: How long making partitions ahead may wait for a lock, before it tries again later; a batch waits less.
AHEAD_LOCK_MILLISECONDS = 1000
BATCH_LOCK_MILLISECONDS = 50
#: The partitions that this process knows to exist, or to be impossible: database, table, day.
KNOWN: set[tuple[str, str, date]] = set()


def make_partitions(table: Table, committed: Iterable[datetime]) -> None:
    """Make the partitions for rows committed at these times, where they are missing."""
    if connection.vendor != "postgresql":
        return
    for day in {moment.date() for moment in committed}:
        known = str(connection.settings_dict["NAME"]), table.name, day
        if known not in KNOWN:
            make_partition(table.name, day, BATCH_LOCK_MILLISECONDS)
            transaction.on_commit(partial(KNOWN.add, known))


def make_partitions_ahead(today: date) -> bool:
    """Make those of the next days, each in a transaction of its own. False where one must be tried again later."""
    if connection.vendor != "postgresql":
        return True
    days = [today + timedelta(days=number) for number in range(DAYS_AHEAD + 1)]
    return all(make_partition(table.name, day, AHEAD_LOCK_MILLISECONDS) for table in HISTORY for day in days)


def make_partition(table: str, day: date, lock_milliseconds: int) -> bool:
    """True where it exists now, or never can, because the default partition has rows of that day."""
    start = datetime.combine(day, datetime.min.time(), UTC)
    bounds = f"FROM ('{start.isoformat()}') TO ('{(start + timedelta(days=1)).isoformat()}')"
    name = partition_name(table, day)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            if exists(name):
                return True
            cursor.execute(f"SET LOCAL lock_timeout = {lock_milliseconds}")
            cursor.execute(f"CREATE TABLE {name} (LIKE {table} INCLUDING ALL EXCLUDING IDENTITY)")
            cursor.execute(f"ALTER TABLE {table} ATTACH PARTITION {name} FOR VALUES {bounds}")
            cursor.execute("SET LOCAL lock_timeout TO DEFAULT")
    except (IntegrityError, ProgrammingError):
        return True  # rows of that day are in the default partition, or another consumer has just made it
    except OperationalError as error:
        if not is_of_lock(error):
            raise
        return False
    return True


def exists(table: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [table])
        found: bool = cursor.fetchone()[0]
        return found


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
