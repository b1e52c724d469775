"""The outrights' tree as it was at a moment: the outrights then, under competitions by their present names."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from feed.journal.states import many_at
from feed.models import Competition, Fixture, JournalEntry

from .board import MOST_FIXTURES, keys, nearest
from .database import Rows, opened
from .rows import read, surroundings

Part = JournalEntry.Part


@contextmanager
def tree_opened(moment: datetime) -> Iterator[None]:
    """Inside, this thread reads the outrights as they were, and all competitions."""

    def rows() -> Rows:
        outrights = Fixture.objects.exclude(kind=Fixture.Kind.MATCH).values_list("pk", "start_at")
        found = many_at(keys(nearest(outrights, moment)[:MOST_FIXTURES], (Part.FIXTURE, Part.PARTICIPANTS), ()), moment)
        return {**found, **surroundings(found[Fixture], moment), Competition: read(Competition.objects.all())}

    with opened(moment, "tree", rows):
        yield
