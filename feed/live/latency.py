"""How long changes took until a page of this process displayed them, in all and leg by leg."""

import time
from bisect import bisect_left
from collections import deque
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from .hub.shown import SHOWN
from .hub.watcher import Unacked, Way
from .legs import BOUNDS, Counts, Leg, added, empty
from .payload import Times

SLICE_SECONDS = 10.0
WINDOW_SECONDS = 300.0
#: A change that LSports sent longer than this before we received it comes from a recording, and says nothing about the
#: time to us.
OLDEST_SENT = timedelta(minutes=10)
#: A page that says it took longer has been asleep.
LONGEST_DISPLAY_MS = 60_000.0


class Clocks:
    """Counts of this process: of the last minutes, in slices, and since its start, for metrics."""

    def __init__(self) -> None:
        self.slices: deque[tuple[float, dict[Leg, Counts]]] = deque()
        self.totals = {leg: empty() for leg in Leg}
        self.sums = dict.fromkeys(Leg, 0.0)

    def note_newest(self, newly: Sequence[Unacked], latencies: Sequence[tuple[float, float]]) -> None:
        """Of frames acknowledged now, count the newest that has a way; the latencies are those of the newest frames."""
        if not latencies or len(latencies) > len(newly):
            return
        for unacked, (milliseconds, waited) in zip(reversed(newly), reversed(latencies), strict=False):
            if unacked.ways:
                self.note_displayed(unacked, milliseconds, waited, time.monotonic())
                return

    def note_displayed(self, unacked: Unacked, milliseconds: float, waited: float, acked: float) -> None:
        """A page displayed the frame `milliseconds` after it came; its acknowledgement left `waited` ms later.

        `acked` is our time when it came. What is left of the time since sending is the network, half
        of it on the way there. So no browser's clock has to be right.
        """
        if not (0 <= milliseconds <= LONGEST_DISPLAY_MS and waited >= 0):
            return
        there = max(0.0, (acked - unacked.sent) * 1000 - milliseconds - waited) / 2
        display = there + milliseconds
        displayed = in_bucket(Leg.DISPLAY, display)
        SHOWN.note_painted(unacked.changes, display)
        for way in unacked.ways:
            whole = () if way.whole is None else (in_bucket(Leg.WHOLE, way.whole + display),)
            self.note((*way.legs, displayed, *whole), acked)

    def note(self, legs: Iterable[tuple[Leg, float, int]], now: float) -> None:
        """Count legs, each with its milliseconds and their bucket."""
        if not self.slices or now - self.slices[-1][0] >= SLICE_SECONDS:
            self.slices.append((now, {leg: empty() for leg in Leg}))
            self.forget(now)
        counts, totals, sums = self.slices[-1][1], self.totals, self.sums
        for leg, milliseconds, bucket in legs:
            counts[leg][bucket] += 1
            totals[leg][bucket] += 1
            sums[leg] += milliseconds

    def forget(self, now: float) -> None:
        while self.slices and now - self.slices[0][0] > WINDOW_SECONDS:
            self.slices.popleft()

    def window(self) -> dict[str, Counts]:
        """The counts of the last minutes, by leg."""
        self.forget(time.monotonic())
        return {leg.value: added(counts[leg] for _, counts in self.slices) for leg in Leg}


def way_of(times: Times, pushed_at: datetime) -> Way | None:
    """The way of a change until its frame was sent; None where the time of its receipt is unknown."""
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
    """Never less than 0: two machines' clocks may differ by more than the time that passed."""
    return max(0.0, difference / timedelta(milliseconds=1))
