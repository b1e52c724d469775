"""The books of the fixtures that are needed again and again, so that the next batch need not read them.

A book is good as long as the database has its fixture at the same revision, stored at the same microsecond: whoever
changes anything of a fixture changes these two, under the lock that the asker holds.

A fixture has to be needed twice within a thousand needs before its book is kept. Messages by lot on ten thousand need
hardly any book again, and tens of thousands of rows in memory slow down all that is made between them.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterable
from typing import NamedTuple

from django.conf import settings

from .book import Book
from .rows import LockedRow

#: So many needs are remembered, one for each fixture of each batch.
LATELY = 1000


class Needed(NamedTuple):
    """When a fixture was needed last, counted in needs; its book, if it is kept, and about how many rows that has."""

    at: int
    book: Book | None = None
    rows: int = 0


class BookCache:
    """The fixtures that were needed lately, by id, the last at the end. At most about FEED_CACHE_ROWS rows of books."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.clear()

    def clear(self) -> None:
        self.needed: OrderedDict[int, Needed] = OrderedDict()
        self.count = self.rows = 0

    def take(self, locked: LockedRow) -> Book | None:
        """Take out the book of a fixture, if it is good; it comes back with `put` once its changes are committed."""
        with self.lock:
            at, book, rows = self.needed.get(locked.id, (0, None, 0))
            if book is None:
                return None
            self.needed[locked.id] = Needed(at)
            self.rows -= rows
        is_good = (book.fixture.revision, book.fixture.stored_at) == (locked.revision, locked.stored_at)
        return book if is_good else None

    def put(self, books: Iterable[Book]) -> None:
        """Note that these fixtures were needed, and keep the books of those that had been before."""
        with self.lock:
            for book in books:
                before = self.needed.pop(book.fixture.id, None)
                rows = 0 if before is None else book.size()
                self.count += 1
                self.needed[book.fixture.id] = Needed(self.count, book if before else None, rows)
                self.rows += rows - (before.rows if before else 0)
            self.forget()

    def forget(self) -> None:
        """Let go of what was not needed lately, and of what else is too much."""
        while self.needed:
            number, (at, _, rows) = next(iter(self.needed.items()))
            if at > self.count - LATELY and self.rows <= settings.FEED_CACHE_ROWS:
                break
            del self.needed[number]
            self.rows -= rows


CACHE = BookCache()
