"""How long the changes of this process took to be painted, and each leg of their way."""

import time
from bisect import bisect_left
from collections import deque
from collections.abc import Iterable
from datetime import datetime, timedelta

from feed.pages.legs import BOUNDS, Counts, Leg, added, empty

from .fragment import Times
from .watcher import Unacked, Way

SLICE_SECONDS = 10.0
WINDOW_SECONDS = 300.0
#: A change that LSports sent so long before we received it comes from a recording, and tells nothing of the way here.
OLDEST_SENT = timedelta(minutes=10)
#: A page that says it took longer to paint has been asleep.
LONGEST_PAINT_MS = 60_000.0


class Clocks:
    """Counts of this process: of the last minutes, in slices, and since its start, for metrics."""

    def __init__(self) -> None:
        self.slices: deque[tuple[float, dict[Leg, Counts]]] = deque()
        self.totals = {leg: empty() for leg in Leg}
        self.sums = dict.fromkeys(Leg, 0.0)

    def note_painted(self, unacked: Unacked, milliseconds: float, held: float, acked: float) -> None:
        """A page has painted the frame `milliseconds` after it came, and said so `held` ms later, `acked` by our clock.

        What is left of the time between sending and acknowledgement is the network, half of it on the way there. So
        no browser's clock has to be right.
        """
        if not (0 <= milliseconds <= LONGEST_PAINT_MS and held >= 0):
            return
        there = max(0.0, (acked - unacked.sent) * 1000 - milliseconds - held) / 2
        painting = there + milliseconds
        painted = in_bucket(Leg.PAINTING, painting)
        for way in unacked.ways:
            whole = () if way.whole is None else (in_bucket(Leg.WHOLE, way.whole + painting),)
            self.note((*way.legs, painted, *whole), acked)

    def note(self, legs: Iterable[tuple[Leg, float, int]], now: float) -> None:
        """Count legs, each with its milliseconds and their bucket."""
        if not self.slices or now - self.slices[-1][0] >= SLICE_SECONDS:
            self.slices.append((now, {each: empty() for each in Leg}))
            self.forget(now)
        counts, totals, sums = self.slices[-1][1], self.totals, self.sums
        for leg, took, bucket in legs:
            counts[leg][bucket] += 1
            totals[leg][bucket] += 1
            sums[leg] += took

    def forget(self, now: float) -> None:
        while self.slices and now - self.slices[0][0] > WINDOW_SECONDS:
            self.slices.popleft()

    def window(self) -> dict[str, Counts]:
        """The counts of the last minutes, by leg."""
        self.forget(time.monotonic())
        return {leg.value: added(counts[leg] for _, counts in self.slices) for leg in Leg}


def way_of(times: Times, pushed_at: datetime) -> Way | None:
    """The way of a change until its frame was sent; None where it is not known when it came."""
    if times.stored_at is None or times.received_at is None:
        return None
    storing, pushing = as_ms(times.stored_at - times.received_at), as_ms(pushed_at - times.stored_at)
    legs = in_bucket(Leg.STORING, storing), in_bucket(Leg.PUSHING, pushing)
    if times.sent_at is None or times.received_at - times.sent_at >= OLDEST_SENT:
        return Way(legs, None)
    to_us = as_ms(times.received_at - times.sent_at)
    return Way((in_bucket(Leg.TO_US, to_us), *legs), to_us + storing + pushing)


def in_bucket(leg: Leg, milliseconds: float) -> tuple[Leg, float, int]:
    return leg, milliseconds, bucket_of(milliseconds)


def bucket_of(milliseconds: float) -> int:
    return min(bisect_left(BOUNDS, milliseconds), len(BOUNDS) - 1)


def as_ms(difference: timedelta) -> float:
    """Two clocks of two machines may say that something took less than no time."""
    return max(0.0, difference / timedelta(milliseconds=1))
