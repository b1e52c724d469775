"""Run a supplier, by the wall clock or as fast as it can, and pass what it sends to sinks until it is stopped."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Event
from time import monotonic
from typing import Protocol

from .distribution import Distribution
from .outgoing import Outgoing
from .packages import Package

TICK_SECONDS = 0.02
PROGRESS_SECONDS = 2.0
#: The longest step of simulated time, so that sinks get their turn while a backlog is made up.
STEP = timedelta(seconds=0.25)


class Sink(Protocol):
    """Where messages go."""

    def send(self, package: Package, outgoing: Outgoing) -> None: ...

    def rest(self) -> list[str]:
        """Called often, between messages. Returns sentences for the user."""

    def close(self) -> None: ...


@dataclass
class Report:
    """What was sent so far. `types` counts messages by type; `progress` is when a line of progress was last shown, and
    the number of messages then."""

    progress: tuple[float, int] = field(default_factory=lambda: (monotonic(), 0))
    messages: int = 0
    sent_bytes: int = 0
    types: Counter[int] = field(default_factory=Counter)

    def note(self, outgoing: Outgoing) -> None:
        self.messages += 1
        self.sent_bytes += len(outgoing.body)
        self.types[outgoing.type] += 1

    @property
    def is_due(self) -> bool:
        return monotonic() > self.progress[0] + PROGRESS_SECONDS

    def line(self, now: datetime) -> str:
        """A line of progress, with the rate since the previous line."""
        at, before = self.progress
        self.progress = monotonic(), self.messages
        rate = (self.messages - before) / max(self.progress[0] - at, 1e-6)
        kinds = ", ".join(f"{kind}: {count:,}" for kind, count in sorted(self.types.items()))
        return (
            f"{now:%H:%M:%S} UTC  {self.messages:,} messages, {rate:,.0f}/s, "
            f"{self.sent_bytes / 1e6:,.1f} MB  (types {kinds or 'none'})"
        )


def run(
    distribution: Distribution,
    sinks: list[Sink],
    *,
    start: datetime,
    ahead: timedelta,
    seconds: float | None,
    fast: bool,
    stop: Event,
    say: Callable[[str], None],
) -> Report:
    """Run for `seconds` (None: until `stop`). With `fast` time passes as quickly as messages are made.

    Simulated time begins at `start` and follows the clock, `ahead` of it. `say` gets a line of progress every two
    seconds, and the sentences of the sinks.
    """
    report = Report()
    for now in moments(start, ahead, seconds, fast, stop):
        for package, outgoing in distribution.messages(now):
            report.note(outgoing)
            for sink in sinks:
                sink.send(package, outgoing)
            if stop.is_set():
                break
        for sink in sinks:
            for sentence in sink.rest():
                say(sentence)
        if report.is_due:
            say(report.line(now))
    return report


def moments(start: datetime, ahead: timedelta, seconds: float | None, fast: bool, stop: Event) -> Iterator[datetime]:
    """The times to advance to, in small steps: as the clock goes, or without waiting for it."""
    end = None if seconds is None else start + timedelta(seconds=seconds)
    now = start
    while not stop.is_set():
        clock = now + STEP if fast else datetime.now(UTC) + ahead
        now = min(now + STEP, max(now, clock))
        if end is not None and now >= end:
            yield end
            return
        yield now
        if now == clock and not fast:
            stop.wait(TICK_SECONDS)
