"""Lanes: what costs little is polled apart from what is costly, that apart from what is read for the first time.

Within a lane nobody crowds out others.

An owner is a user or a token. What only one owner watches is charged to that owner; what several watch is charged to
nobody. Where more is due than fits into one poll, those who have used the lane least come first.
"""

import asyncio
from collections.abc import Callable, Hashable, Sequence
from typing import Any, TypeVar

from django.utils import timezone

from feed.live.parts.versions import RowCaches
from feed.live.right_of_way import CHANGES_FIRST

from .reader import Reader
from .watched import WatchedTopic

Value = TypeVar("Value")

#: How much is polled together, in board rows; and where there is more than that, in slices.
POLL_COST = 1000
SLICE_COST = 300
#: In the slow lane fewer are polled together, so that a costly one holds up few; 500 boards still take only 20 polls.
SLOW_SLICE_COST = 500
#: After a poll of what only one owner watches, that owner's next waits for this many times what it took.
PAUSE, SLOW_PAUSE = 1.0, 4.0
#: A slow topic that could not be read in time is tried alone, and later each time, up to this many seconds.
MOST_RETRY_SECONDS = 8.0


class Lane:
    """Marked topics, with the time from which they may be polled; and a thread that reads them."""

    def __init__(
        self, name: str, poll_cost: int, slice_cost: int, pause: float, is_slow: bool = False, gives_way: bool = False
    ) -> None:
        self.name = name
        self.is_slow = is_slow
        self.gives_way = gives_way
        self.poll_cost = poll_cost
        self.slice_cost = slice_cost
        self.pause = pause
        self.marked: dict[WatchedTopic, float] = {}
        #: When the next poll for an owner may begin, by the loop's clock.
        self.free_at: dict[Hashable, float] = {}
        #: Whether something is due, and all of it must wait for its owner's turn.
        self.is_waiting = False
        self.wake = asyncio.Event()
        self.reader = Reader()
        self.caches = RowCaches()
        self.read_at = timezone.now()
        self.is_reading_well = True
        #: Polls of the database so far, the topics in them, and how long they took.
        self.polls = self.polled = 0
        self.poll_seconds = 0.0

    def in_turn(self, read: Callable[..., Value], *args: Any) -> Value:
        """What `read` returns. What somebody follows has the right of way; what is read for the first time gives it."""
        with CHANGES_FIRST.given() if self.gives_way else CHANGES_FIRST:
            return read(*args)

    def mark(self, watched: WatchedTopic) -> None:
        self.marked.setdefault(watched, max(watched.sent + watched.topic.pace, watched.not_before))

    def take_due(self, now: float) -> list[WatchedTopic]:
        """Take what may be polled now, as much as fits into one poll, and unmark it."""
        due = [watched for watched, time in self.marked.items() if time <= now]
        if sum(map(self.cost_of, due)) > self.poll_cost or any(watched.retries for watched in due):
            turn = self.slice_of(due, now)
            self.is_waiting = bool(due) and not turn
            due = turn
        else:
            self.is_waiting = False
        for watched in due:
            del self.marked[watched]
        return due

    def slice_of(self, due: Sequence[WatchedTopic], now: float) -> list[WatchedTopic]:
        """The part of them whose turn it is. What could not be read in time is taken alone."""
        waits = {watched: self.free_at.get(watched.sole_owner(self.is_slow), 0.0) for watched in due}
        ready = sorted((watched for watched in due if waits[watched] <= now), key=waits.__getitem__)
        taken: list[WatchedTopic] = []
        cost = 0
        for watched in ready:
            if cost >= self.slice_cost or (taken and (watched.retries or taken[0].retries)):
                break
            taken.append(watched)
            cost += self.cost_of(watched)
        return taken

    def cost_of(self, watched: WatchedTopic) -> int:
        return watched.first_cost if self.is_slow else watched.cost

    def next_due(self, now: float, otherwise: float) -> float:
        """When the first of the marked ones may be polled."""
        if not self.is_waiting:
            return min(self.marked.values(), default=otherwise)
        times = [*self.marked.values(), *self.free_at.values()]
        return min((time for time in times if time > now), default=otherwise)

    def charge(self, polled: Sequence[WatchedTopic], began: float, now: float) -> None:
        """Count a poll, and make owners wait who alone watch something of what was polled, in proportion to their share
        of its cost."""
        self.polls += 1
        self.polled += len(polled)
        self.poll_seconds += now - began
        total = sum(map(self.cost_of, polled)) or 1
        shares: dict[Hashable, float] = {}
        for watched in polled:
            if (owner := watched.sole_owner(self.is_slow)) is not None:
                shares[owner] = shares.get(owner, 0.0) + self.cost_of(watched) / total
        self.free_at = {owner: time for owner, time in self.free_at.items() if time > now - self.pause}
        for owner, share in shares.items():
            self.free_at[owner] = now + self.pause * share * (now - began)

    def postpone(self, polled: Sequence[WatchedTopic], now: float) -> None:
        """They could not be read in time. What is apart is marked again by the sweep, and waits in no other lane."""
        for watched in polled:
            if watched.is_apart:
                continue
            watched.retries += 1
            if watched.polled is not None:
                watched.polled = now
            watched.not_before = now + min(MOST_RETRY_SECONDS, 2.0**watched.retries)


def lanes() -> tuple[Lane, Lane, Lane]:
    """The quick lane, the slow one, and that of what is read for the first time."""
    slow = SLOW_SLICE_COST, SLOW_SLICE_COST, SLOW_PAUSE
    return (
        Lane("quick", POLL_COST, SLICE_COST, PAUSE),
        Lane("slow", *slow, is_slow=True),
        Lane("fresh", *slow, is_slow=True, gives_way=True),
    )
