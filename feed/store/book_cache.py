"""The books of the fixtures that changed last, so that the next batch need not read them again.

A book is good as long as the database has its fixture at the same revision, stored at the same microsecond: whoever
changes anything of a fixture changes these two, under the lock that the asker holds.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterable

from django.conf import settings

from .book import Book
from .rows import LockedRow


class BookCache:
    """Books by fixture id, the latest used last. Holds at most about FEED_CACHE_ROWS rows, of any number of books."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.clear()

    def clear(self) -> None:
        self.books: OrderedDict[int, tuple[Book, int]] = OrderedDict()
        self.rows = 0

    def take(self, locked: LockedRow) -> Book | None:
        """Take out the book of a fixture, if it is good; it comes back with `put` once its changes are committed."""
        with self.lock:
            book, size = self.books.pop(locked.id, (None, 0))
            self.rows -= size
        if book is None or (book.fixture.revision, book.fixture.stored_at) != (locked.revision, locked.stored_at):
            return None
        return book

    def put(self, books: Iterable[Book]) -> None:
        with self.lock:
            for book in books:
                size, (_, before) = book.size(), self.books.pop(book.fixture.id, (book, 0))
                self.rows += size - before
                self.books[book.fixture.id] = book, size
            while self.rows > settings.FEED_CACHE_ROWS and self.books:
                _, (_, size) = self.books.popitem(last=False)
                self.rows -= size


CACHE = BookCache()
