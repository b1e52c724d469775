"""The rows of fixtures that are needed again and again, so that the next batch need not read them.

A fixture's rows are good as long as the database has it at the same revision, stored at the same microsecond: whoever
changes anything of a fixture changes these two, under the lock that the caller of `take` holds.

A fixture must be needed twice within a thousand uses before its rows are cached. Random messages on 10,000 fixtures
hardly need any of them again, and tens of thousands of rows in memory slow down Python's collector.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterable
from typing import NamedTuple

from django.conf import settings

from .fixture_rows import FixtureRows
from .structs import LockedRow

#: Uses that are remembered, one for each fixture of each batch.
USES_REMEMBERED = 1000


class Use(NamedTuple):
    """The number of a fixture's last use; its rows, if they are cached, and about how many they are."""

    number: int
    rows: FixtureRows | None = None
    size: int = 0


class RowCache:
    """The fixtures that were used lately, by id, the last at the end. About FEED_CACHE_ROWS rows at most."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.clear()

    def clear(self) -> None:
        self.uses: OrderedDict[int, Use] = OrderedDict()
        self.count = self.size = 0

    def take(self, locked: LockedRow) -> FixtureRows | None:
        """Take out a fixture's rows, if they are good; they come back with `put` once their changes are committed."""
        with self.lock:
            number, rows, size = self.uses.get(locked.id, Use(0))
            if rows is None:
                return None
            self.uses[locked.id] = Use(number)
            self.size -= size
        is_good = (rows.fixture.revision, rows.fixture.stored_at) == (locked.revision, locked.stored_at)
        return rows if is_good else None

    def put(self, used: Iterable[FixtureRows]) -> None:
        """Note that these fixtures were used, and cache the rows of those that had been before."""
        with self.lock:
            for rows in used:
                before = self.uses.pop(rows.fixture.id, None)
                size = 0 if before is None else rows.size()
                self.count += 1
                self.uses[rows.fixture.id] = Use(self.count, rows if before else None, size)
                self.size += size - (before.size if before else 0)
            self.drop_old()

    def drop_old(self) -> None:
        """Drop rows that were not used lately, then as many more as are too many."""
        while self.uses:
            fixture_id, (number, _, size) = next(iter(self.uses.items()))
            if number > self.count - USES_REMEMBERED and self.size <= settings.FEED_CACHE_ROWS:
                break
            del self.uses[fixture_id]
            self.size -= size


CACHE = RowCache()
