"""One fixture as it was at a moment."""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from datetime import datetime

from .database import Past, Rows, opened
from .reel import Reel
from .rows import bets_at, rows_at


@contextmanager
def fixture_opened(fixture_id: int, moment: datetime) -> Iterator[None]:
    """Inside, this thread reads the fixture, and the sources, as they were at the moment; no other fixture is there."""
    with opened(moment, fixture_id, lambda: rows_at(fixture_id, moment)):
        yield


@contextmanager
def outline_opened(fixture_id: int, moment: datetime) -> Iterator[Callable[[Collection[int]], None]]:
    """The same for pages, which read bets of few markets: those whose ids were passed to the given function."""

    reel = Reel(fixture_id)

    def read() -> Rows:
        return reel.go_to(moment).rows

    def move(past: Past) -> None:
        past.reel.move(past, moment)

    with opened(moment, (fixture_id, "outline"), read, move) as past:
        past.reel = past.reel or reel
        yield lambda ids: past.need(ids, lambda missing: bets_at(fixture_id, missing, moment))
