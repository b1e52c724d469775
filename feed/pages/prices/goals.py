"""In which fixtures a goal explains why prices moved."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import DEFAULT_DB_ALIAS

from feed.journal.scores import columns_of, scores_of
from feed.models import JournalEntry

#: How far before the time in question an earlier scoreboard is searched for, to compare with.
BEFORE = timedelta(minutes=3)
#: Where more is scored than this, one point more explains nothing.
MOST_GOALS = 15


def scored_since(fixtures: Collection[int], since: datetime, now: datetime) -> set[int]:
    """The fixtures whose score changed since then until now, in sports of few goals: one query. In the past too it is
    the present's journal that knows."""
    entries = JournalEntry.objects.using(DEFAULT_DB_ALIAS).filter(
        fixture_id__in=fixtures,
        part=JournalEntry.Part.SCOREBOARD,
        received_at__gte=since - BEFORE,
        committed_at__lte=now,
    )
    last: dict[int, int] = {}
    scored = set()
    for board in scores_of(columns_of(entries.order_by("id"))):
        total = sum(int(points) for points in board.scores.values() if points.isdecimal())
        if board.received_at >= since and last.get(board.fixture_id, total) != total and total <= MOST_GOALS:
            scored.add(board.fixture_id)
        last[board.fixture_id] = total
    return scored
