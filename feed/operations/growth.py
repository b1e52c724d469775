"""How the database grows, on the health page."""

from datetime import date, timedelta
from itertools import pairwise

from django.core.cache import cache
from django.db import connection
from django.utils.translation import gettext

from feed.store.sql.partitions import HISTORY, partition_name

from .by_minute import Hour
from .tiles import Tile, chart

DAYS = 7
#: Seconds for which sizes on the disk are used again, whoever looks.
SHARED_SECONDS = 60
MEGABYTE = 1_000_000
#: A day that brings this many times the median of the days before fills a disk sooner than was reckoned with.
MOST_TIMES = 2
#: As much of a database in an hour doubles it within a night; while it is little it may.
MOST_OF_HOUR, LITTLE = 0.1, 100 * MEGABYTE


def growth(today: date, hour: Hour) -> Tile:
    """The size of the database, and of the history of each of the last days; SQLite keeps it in one table."""
    whole, days = cache.get_or_set(f"health:sizes:{today}", lambda: sizes(today), SHARED_SECONDS) or (0, [])
    if not days:
        return size_tile(hour, whole)
    before = sorted(day for day in days[:-1] if day)
    usual = before[len(before) // 2] if before else days[-1]
    words = {"today": megabytes(days[-1]), "most": megabytes(MOST_TIMES * usual), "hour": megabytes(sum(grown(hour)))}
    normal = gettext("In this hour: %(hour)s; history today: %(today)s, bars: by day. Normal: under %(most)s a day.")
    bars, units, _ = chart(days)
    is_normal = days[-1] <= MOST_TIMES * usual
    return Tile(gettext("Database"), megabytes(whole), normal % words, is_normal, bars, units, megabytes(max(days)))


def size_tile(hour: Hour, whole: int) -> Tile:
    """The size, and by how much it grew in each minute."""
    by_minute = grown(hour)
    words = {"hour": megabytes(sum(by_minute)), "most": megabytes(max(MOST_OF_HOUR * whole, LITTLE))}
    normal = gettext("In this hour: %(hour)s; bars: by minute. Normal: under %(most)s.") % words
    bars, units, _ = chart(by_minute)
    is_normal = sum(by_minute) <= max(MOST_OF_HOUR * whole, LITTLE)
    return Tile(gettext("Database"), megabytes(whole), normal, is_normal, bars, units, megabytes(max(by_minute)))


def grown(hour: Hour) -> list[int]:
    """By how many bytes the database grew in each minute."""
    sizes = [row.size or 0 if row else 0 for row in hour.rows]
    return [max(0, later - sooner) if sooner else 0 for sooner, later in pairwise(sizes)]


def sizes(today: date) -> tuple[int, list[int]]:
    """Bytes of the database, and of each day's partitions with their indexes, the oldest first."""
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            cursor.execute("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")
            return int(cursor.fetchone()[0]), []
        names = [
            [partition_name(table.name, today - timedelta(days=back)) for table in HISTORY]
            for back in range(DAYS)[::-1]
        ]
        of_day = (
            "SELECT coalesce(sum(pg_total_relation_size(to_regclass(name))), 0)::bigint FROM unnest(%s::text[]) AS name"
        )
        cursor.execute("SELECT pg_database_size(current_database())")
        whole = int(cursor.fetchone()[0])
        days = []
        for of_one in names:
            cursor.execute(of_day, [of_one])
            days.append(int(cursor.fetchone()[0]))
        return whole, days


def megabytes(size: float) -> str:
    """ "0.4 MB", "340 MB", "12.4 GB"."""
    if 0 < size < 10 * MEGABYTE:
        return gettext("%(number)s MB") % {"number": f"{size / MEGABYTE:.1f}"}
    if size < 1000 * MEGABYTE:
        return gettext("%(number)s MB") % {"number": f"{size / MEGABYTE:,.0f}"}
    return gettext("%(number)s GB") % {"number": f"{size / MEGABYTE / 1000:,.1f}"}
