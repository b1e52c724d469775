"""One fixture as it was at a moment."""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from datetime import datetime

from .database import Rows, opened
from .rows import bets_at, rows_at


@contextmanager
def fixture_opened(fixture_id: int, moment: datetime) -> Iterator[None]:
    """Inside, this thread reads the fixture, and the sources, as they were at the moment; no other fixture is there."""
    with opened(moment, fixture_id, lambda: rows_at(fixture_id, moment)):
        yield


@contextmanager
def outline_opened(fixture_id: int, moment: datetime) -> Iterator[Callable[[Collection[int]], None]]:
    """The same for pages, which read bets of few markets: those are there whose ids the given function was told."""

    def read() -> Rows:
        return rows_at(fixture_id, moment, is_whole=False)

    with opened(moment, (fixture_id, "outline"), read) as past:
        yield lambda ids: past.need(ids, lambda missing: bets_at(fixture_id, missing, moment))
