"""Reads this desk's own counters: the database's, and the CPU of its processes on this machine."""

import os
import shutil
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.models import Sum

from feed.models import Fixture
from feed.store.sql.partitions import HISTORY, partition_name

from .arithmetic import Sample, Stock

#: What a process of the desk has on its command line.
PROCESSES = {"consumer": "consume_feed", "web": "livescore_site.asgi", "alerts": "watch_alerts"}


def sample() -> Sample:
    return Sample(
        at=time.monotonic(),
        changes=Fixture.objects.aggregate(sum=Sum("revision"))["sum"] or 0,
        wal_bytes=number("SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint") if is_postgresql() else None,
        cpu=cpu_seconds(Path("/proc")),
    )


def stock() -> Stock:
    most = "SELECT current_setting('max_connections')::int"
    used = "SELECT count(*) FROM pg_stat_activity"
    return Stock(
        database_bytes=database_bytes(),
        history_day_bytes=history_day_bytes(),
        free_bytes=shutil.disk_usage(settings.VAR_DIR).free,
        keep_days=settings.KEEP_HISTORY_DAYS,
        connections=(number(used), number(most)) if is_postgresql() else None,
        cores=os.cpu_count() or 1,
    )


def is_postgresql() -> bool:
    return connection.vendor == "postgresql"


def number(sql: str, *params: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return int(cursor.fetchone()[0] or 0)


def database_bytes() -> int:
    if is_postgresql():
        return number("SELECT pg_database_size(current_database())")
    return number("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")


def history_day_bytes() -> int | None:
    """The size of yesterday's partitions with their indexes; None where there are none."""
    if not is_postgresql():
        return None
    yesterday = datetime.now(UTC).date() - timedelta(days=1)
    names = [partition_name(table.name, yesterday) for table in HISTORY]
    sizes = [number("SELECT pg_total_relation_size(to_regclass(%s))", name) for name in names]
    return sum(sizes) or None


def cpu_seconds(proc: Path) -> dict[str, float]:
    """CPU that the desk's processes have used, by kind; empty where the system has no /proc."""
    ticks = os.sysconf("SC_CLK_TCK")
    found: dict[str, float] = {}
    for folder in proc.glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes().decode(errors="replace")
            fields = (folder / "stat").read_text().rpartition(") ")[2].split()
        except OSError:
            continue  # it has just ended
        for name, word in PROCESSES.items():
            if any(part.startswith(word) for part in command.split("\0")):
                used = (int(fields[11]) + int(fields[12])) / ticks
                found[name] = found.get(name, 0.0) + used
    return found
