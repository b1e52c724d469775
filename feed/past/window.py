"""The time that the player's slider goes over: of a fixture from before its start to its end, of a board the day."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from django.db.models import QuerySet

from feed.models import Fixture, JournalEntry
from feed.vouching.predicate import OVER

Part = JournalEntry.Part
BEFORE, AFTER = timedelta(minutes=30), timedelta(minutes=1)
DAY = timedelta(days=1)


class Window(NamedTuple):
    """`grows`: it ends now, and goes on to."""

    begins: datetime
    ends: datetime
    grows: bool


def day_window(moment: datetime, now: datetime) -> Window:
    """The day of a moment, by UTC as the moment is written."""
    begins = moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return Window(begins, min(begins + DAY, now), begins + DAY > now)


def fixture_window(fixture_id: int, moment: datetime, now: datetime) -> Window:
    """The window of a fixture, wide enough for the moment. May be called from a thread that reads a past."""
    fixture = Fixture.objects.using("default").filter(pk=fixture_id).values_list("start_at", "status").first()
    start_at, status = fixture or (None, None)
    entries = JournalEntry.objects.using("default").filter(fixture_id=fixture_id, market_id=0)
    ends = [committed_at(entries, part, "-revision") for part in (Part.FIXTURE, Part.SCOREBOARD)]
    begin = committed_at(entries, Part.FIXTURE, "revision") or moment
    if start_at is not None and start_at - BEFORE > begin:
        begin = min(start_at - BEFORE, now)
    grows = status not in OVER
    end = now if grows else min(now, max(filter(None, ends), default=moment) + AFTER)
    return Window(min(begin, moment), max(end, moment), grows)


def committed_at(entries: QuerySet[JournalEntry], part: int, order: str) -> datetime | None:
    """When the first entry of a part, in this order, was committed."""
    return entries.filter(part=part).order_by(order).values_list("committed_at", flat=True).first()
