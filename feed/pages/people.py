"""Who looks at which fixture now, as the web processes last said, and who has taken it."""

import time
from collections import defaultdict
from collections.abc import Collection
from datetime import datetime, timedelta

from feed.models import FixtureClaim, WebProcess

#: A process that reported nothing for longer is gone.
GONE_AFTER = timedelta(seconds=20)
#: Processes report every five seconds: what was read for one page is new enough for the next.
REMEMBERED_SECONDS = 1.0


def read_viewers(now: datetime) -> dict[int, list[str]]:
    """The names of those who have a fixture's page open, by fixture: one query."""
    names: dict[int, set[str]] = defaultdict(set)
    for viewers in WebProcess.objects.filter(seen_at__gt=now - GONE_AFTER).values_list("viewers", flat=True):
        for fixture_id, own in viewers.items():
            names[int(fixture_id)].update(own)
    return {fixture_id: sorted(own) for fixture_id, own in names.items()}


class RecentViewers:
    """Who has which fixture's page open, read at most once a second however many pages are opened. From any thread."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        self.read: tuple[float, dict[int, list[str]]] = float("-inf"), {}

    def at(self, now: datetime) -> dict[int, list[str]]:
        """Names by fixture, as of at most a second before."""
        read_at, names = self.read
        if (begun := time.monotonic()) - read_at > REMEMBERED_SECONDS:
            names = read_viewers(now)
            self.read = begun, names
        return names


VIEWERS = RecentViewers()


def read_claims(fixture_ids: Collection[int]) -> dict[int, FixtureClaim]:
    """Who has taken these fixtures: one query."""
    rows = FixtureClaim.objects.filter(fixture_id__in=fixture_ids).select_related("user")
    return {row.fixture_id: row for row in rows}


def read_attended(now: datetime) -> set[int]:
    """The fixtures that somebody looks at, or who can still sign in has taken: two queries."""
    taken = FixtureClaim.objects.filter(user__is_active=True).values_list("fixture_id", flat=True)
    return {*read_viewers(now), *taken}
