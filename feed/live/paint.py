"""How long the changes of this process took to be painted, and each leg of their way."""

import time
from bisect import bisect_left
from collections import deque
from datetime import timedelta

from feed.pages.legs import BOUNDS, Counts, Leg, added, empty

from .watcher import Unacked

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

    def note_painted(self, unacked: Unacked, milliseconds: float, acked: float) -> None:
        """A page has painted the frame `milliseconds` after it came; the acknowledgement was here at `acked`.

        What is left of the time between sending and acknowledgement is the network, half of it on the way there. So
        no browser's clock has to be right.
        """
        if not 0 <= milliseconds <= LONGEST_PAINT_MS:
            return
        there = max(0.0, (acked - unacked.sent) * 1000 - milliseconds) / 2
        painting = there + milliseconds
        for times in unacked.times:
            if times.stored_at is None or times.received_at is None:
                continue
            pushing = as_ms(unacked.pushed_at - times.stored_at)
            storing = as_ms(times.stored_at - times.received_at)
            self.note(Leg.STORING, storing)
            self.note(Leg.PUSHING, pushing)
            self.note(Leg.PAINTING, painting)
            if times.sent_at is not None and times.received_at - times.sent_at < OLDEST_SENT:
                to_us = as_ms(times.received_at - times.sent_at)
                self.note(Leg.TO_US, to_us)
                self.note(Leg.WHOLE, to_us + storing + pushing + painting)

    def note(self, leg: Leg, milliseconds: float) -> None:
        now = time.monotonic()
        if not self.slices or now - self.slices[-1][0] >= SLICE_SECONDS:
            self.slices.append((now, {each: empty() for each in Leg}))
            self.forget(now)
        bucket = min(bisect_left(BOUNDS, milliseconds), len(BOUNDS) - 1)
        self.slices[-1][1][leg][bucket] += 1
        self.totals[leg][bucket] += 1
        self.sums[leg] += max(0.0, milliseconds)

    def forget(self, now: float) -> None:
        while self.slices and now - self.slices[0][0] > WINDOW_SECONDS:
            self.slices.popleft()

    def window(self) -> dict[str, Counts]:
        """The counts of the last minutes, by leg."""
        self.forget(time.monotonic())
        return {leg.value: added(counts[leg] for _, counts in self.slices) for leg in Leg}


def as_ms(difference: timedelta) -> float:
    return difference / timedelta(milliseconds=1)
