"""When what a batch changed of a fixture was first pushed to a socket of this process, and first painted by a page.

By the fixture and the moment of the commit, for the fixtures' log. In memory, the newest alone: other web processes
have theirs, and a restart forgets them.
"""

from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Iterable
from datetime import datetime, timedelta

#: Each takes about 400 bytes.
MOST = 50_000
#: A fixture, and when what changed of it was committed.
Change = tuple[int, datetime]
Seen = tuple[datetime, datetime | None]


class Shown:
    """Both times of the newest changes. Written by the hub's thread, read by those of requests."""

    def __init__(self, most: int = MOST) -> None:
        self.most = most
        self.pushed: OrderedDict[Change, datetime] = OrderedDict()
        self.painted: dict[Change, datetime] = {}

    def note_pushed(self, changes: Iterable[Change], at: datetime) -> None:
        for change in changes:
            self.pushed.setdefault(change, at)
        while len(self.pushed) > self.most:
            self.painted.pop(self.pushed.popitem(last=False)[0], None)

    def note_painted(self, changes: Iterable[Change], milliseconds: float) -> None:
        """How long after they were pushed."""
        for change in changes:
            pushed = self.pushed.get(change)
            if pushed is not None:
                self.painted.setdefault(change, pushed + timedelta(milliseconds=milliseconds))

    def of(self, fixture_id: int, commits: Iterable[datetime]) -> dict[datetime, Seen]:
        """When these commits were pushed and painted, as far as it is known. Where a later change of the fixture was
        pushed with them, its times count."""
        known = sorted(change for change in list(self.pushed) if change[0] == fixture_id)
        found: dict[datetime, Seen] = {}
        for commit in commits:
            place = bisect_left(known, (fixture_id, commit))
            if known and place < len(known) and commit >= known[0][1]:
                change = known[place]
                found[commit] = self.pushed.get(change, change[1]), self.painted.get(change)
        return found


SHOWN = Shown()
