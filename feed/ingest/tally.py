"""What a consumer has done so far: for its progress line, its report and, later, its metrics."""

import time
from bisect import bisect_left
from collections import Counter, deque

import msgspec

#: Over how long the present rate is measured.
RATE_SECONDS = 5.0
#: Distinct reasons that are counted apart; a flood of them must not fill the memory.
MOST_REASONS = 50
OTHER_REASONS = "other reasons"


#: Upper bounds in seconds of the buckets in which transactions are counted by the time that they took.
STORE_BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)


class Tally(msgspec.Struct):
    """Counts of one `Ingest`.

    `lag_ms` is the newest message's way from LSports to its commit, by both clocks. `fixtures` gathers the ids that the
    messages speak of, where it is given a set to do so.
    """

    messages: int = 0
    batches: int = 0
    changes: int = 0
    lag_ms: float | None = None
    decode_seconds: float = 0.0
    store_seconds: float = 0.0
    store_counts: list[int] = msgspec.field(default_factory=lambda: [0] * (len(STORE_BOUNDS) + 1))
    rejected: Counter[str] = msgspec.field(default_factory=Counter)
    first_place: dict[str, str] = msgspec.field(default_factory=dict)
    fixtures: set[int] | None = None
    started: float = msgspec.field(default_factory=time.monotonic)
    marks: deque[tuple[float, int]] = msgspec.field(default_factory=deque)

    @property
    def understood(self) -> int:
        return self.messages - self.rejected.total()

    @property
    def busy_ms(self) -> int:
        """How long decoding and storing took so far."""
        return round(1000 * (self.decode_seconds + self.store_seconds))

    def count_rejected(self, reason: str, place: str) -> None:
        """`place` is where the message came from, for the first of each reason: a queue or a file."""
        if reason not in self.rejected and len(self.rejected) >= MOST_REASONS:
            reason = OTHER_REASONS
        self.rejected[reason] += 1
        self.first_place.setdefault(reason, place)

    def count_batch(self, messages: int, changes: int, lag_ms: float | None) -> None:
        self.messages += messages
        self.batches += 1
        self.changes += changes
        self.lag_ms = self.lag_ms if lag_ms is None else lag_ms
        now = time.monotonic()
        self.marks.append((now, messages))
        while self.marks[0][0] < now - RATE_SECONDS:
            self.marks.popleft()

    def count_time(self, decode_seconds: float, store_seconds: float) -> None:
        """How long a batch took."""
        self.decode_seconds += decode_seconds
        self.store_seconds += store_seconds
        self.store_counts[bisect_left(STORE_BOUNDS, store_seconds)] += 1

    def rate(self) -> float:
        """Messages a second over the last `RATE_SECONDS`."""
        now = time.monotonic()
        seconds = min(RATE_SECONDS, now - self.started)
        return sum(messages for at, messages in tuple(self.marks) if at >= now - seconds) / max(seconds, 0.001)

    def line(self) -> str:
        """The progress in one line."""
        lag = "" if self.lag_ms is None else f", {self.lag_ms:,.0f} ms after LSports sent the newest"
        return f"{self.messages:,} messages ({self.rejected.total():,} rejected), {self.rate():,.0f}/s now{lag}"
