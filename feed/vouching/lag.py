"""How old what comes is, and whether that makes a feed late or means a wrong clock. Pure: lags and a steady clock in.

A lag is how long after LSports sent a message it was stored, by LSports' clock and ours. The least lag of the last ten
minutes is what the clocks differ by and the way takes at best; a feed is late by what is above that. A feed that begins
with a lag is late first: only after ten minutes without a fresh message it is the clocks that differ.
"""

from collections import Counter, deque
from collections.abc import Iterable
from typing import NamedTuple

#: Over how long the least lag is taken, and in which steps.
LEAST_SECONDS, STEP_SECONDS = 600.0, 10.0
#: A heartbeat comes each 5 s: without a fresh message for longer, stale ones are no strays.
STRAY_SECONDS = 6.0
#: A feed that was late a minute ago is on time only after this long without a stale message.
AGAIN_SECONDS, CALM_SECONDS = 60.0, 10.0
#: Ages are counted in tenths of a second, over the last minute.
AGES_SECONDS = 60.0


class Lag:
    """Whether a feed is late: by more than `limit` seconds above the least lag. All times in seconds."""

    def __init__(self, limit: float) -> None:
        self.limit = limit
        self.is_late = False
        self.begun_at: float | None = None
        self.fresh_at: float | None = None
        self.fresh_sent = 0.0
        self.calm_since: float | None = None
        self.left_at: float | None = None
        self.least_of_step: deque[tuple[float, float]] = deque()
        self.heartbeat: tuple[float, float] | None = None

    def note(self, lag: float, now: float, *, is_heartbeat: bool = False) -> None:
        """A message was stored `now` by the steady clock, `lag` seconds after it was sent."""
        if self.begun_at is None:
            self.begun_at = now
        if is_heartbeat:
            self.note_step(lag, now)
        self.note_least(lag, now)
        above = lag - self.least(now)
        if above <= self.limit:
            self.fresh_at, self.fresh_sent = now, now - above
        if above > self.limit / 2:
            self.calm_since = None
        elif self.calm_since is None:
            self.calm_since = now
        if not self.is_late:
            self.is_late = above > self.limit and self.is_stale(now, now - above, is_heartbeat)
        elif self.is_calm(now):
            self.is_late, self.left_at = False, now

    def note_step(self, lag: float, now: float) -> None:
        """A lag that grew by more than the time since the last heartbeat: no delay does that, a clock was set."""
        before, self.heartbeat = self.heartbeat, (lag, now)
        if before is not None and lag - before[0] > now - before[1] + self.limit:
            self.begun_at = now - LEAST_SECONDS
            self.least_of_step.clear()

    def note_least(self, lag: float, now: float) -> None:
        if self.least_of_step and now < self.least_of_step[-1][0] + STEP_SECONDS:
            at, least = self.least_of_step.pop()
            self.least_of_step.append((at, min(least, lag)))
        else:
            self.least_of_step.append((now, lag))
        while self.least_of_step[0][0] < now - LEAST_SECONDS:
            self.least_of_step.popleft()

    def least(self, now: float) -> float:
        """The least lag of the last ten minutes; in the first ten, the clocks are taken to be right."""
        least = min((lag for _, lag in self.least_of_step), default=0.0)
        is_young = self.begun_at is None or now < self.begun_at + LEAST_SECONDS
        return min(least, 0.0) if is_young else least

    def is_stale(self, now: float, sent: float, is_heartbeat: bool) -> bool:
        """Whether a message that is old means a lag, and is no stray: it was sent after the last one that was fresh, or
        nothing fresh has come for long. `sent` is by the steady clock."""
        if self.fresh_at is None or sent > self.fresh_sent:
            return True
        return now > self.fresh_at + (self.limit if is_heartbeat else STRAY_SECONDS)

    def is_calm(self, now: float) -> bool:
        """Whether what comes is on time again; the second time within a minute only if it stays so."""
        is_again = self.left_at is not None and now < self.left_at + AGAIN_SECONDS
        return self.calm_since is not None and now >= self.calm_since + (CALM_SECONDS if is_again else 0.0)

    def forget(self) -> None:
        """No message will come to say that the feed is on time."""
        self.is_late = False

    def clocks_differ_by(self, now: float) -> float | None:
        """By how many seconds LSports' clock is behind ours (below 0: ahead), where that is too much; else None."""
        least = self.least(now)
        return least if abs(least) > self.limit else None


class Age(NamedTuple):
    """The 95th percentile of a minute: from LSports' sending until stored, and of that until received, in ms."""

    whole_ms: int
    supplier_ms: int


class Ages:
    """The ages of the last minute's messages."""

    def __init__(self) -> None:
        self.seconds: deque[tuple[int, Counter[int], Counter[int]]] = deque()

    def note(self, ages: Iterable[tuple[float, float]], now: float) -> None:
        """Messages were stored `now`: for each the seconds until stored, and until received."""
        if not self.seconds or self.seconds[-1][0] != int(now):
            self.seconds.append((int(now), Counter(), Counter()))
        _, whole, supplier = self.seconds[-1]
        for until_stored, until_received in ages:
            whole[round(until_stored * 10)] += 1
            supplier[round(until_received * 10)] += 1

    def age(self, now: float) -> Age | None:
        """None where no message came in the last minute."""
        while self.seconds and self.seconds[0][0] < now - AGES_SECONDS:
            self.seconds.popleft()
        if not self.seconds:
            return None
        return Age(*(100 * p95(counts) for counts in list(zip(*self.seconds, strict=True))[1:]))


def p95(counts: Iterable[Counter[int]]) -> int:
    """The 95th percentile of what was counted."""
    together: Counter[int] = Counter()
    for counted in counts:
        together.update(counted)
    left = 0.95 * together.total()
    for value, number in sorted(together.items()):
        left -= number
        if left <= 0:
            return value
    return max(together, default=0)
