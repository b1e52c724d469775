"""Letting a supplier run: wall time, or none, drives it, and what it sends goes to sinks until it is told to stop."""

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
PROGRESS_SECONDS = 1.0
#: How far time goes in one step where nothing is waited for.
FAST_STEP = timedelta(seconds=1)


class Sink(Protocol):
    """Where messages go."""

    def send(self, package: Package, outgoing: Outgoing) -> None: ...

    def rest(self) -> list[str]:
        """Called between messages, often; what there is to say is returned."""

    def close(self) -> None: ...


@dataclass
class Report:
    """What was sent so far: `types` counts messages by their type."""

    started: float = field(default_factory=monotonic)
    messages: int = 0
    sent_bytes: int = 0
    types: Counter[int] = field(default_factory=Counter)

    def note(self, outgoing: Outgoing) -> None:
        self.messages += 1
        self.sent_bytes += len(outgoing.body)
        self.types[outgoing.type] += 1

    def line(self, now: datetime) -> str:
        seconds = max(monotonic() - self.started, 1e-6)
        kinds = ", ".join(f"{kind}: {count:,}" for kind, count in sorted(self.types.items()))
        return (
            f"{now:%H:%M:%S} UTC  {self.messages:,} messages, {self.messages / seconds:,.0f}/s, "
            f"{self.sent_bytes / 1e6:,.1f} MB  (types {kinds or 'none'})"
        )


def run(
    distribution: Distribution,
    sinks: list[Sink],
    *,
    start: datetime,
    seconds: float | None,
    fast: bool,
    stop: Event,
    say: Callable[[str], None],
) -> Report:
    """Run for `seconds` (None: until `stop`). With `fast` time passes as quickly as messages are made.

    `say` gets a line each second, and whatever a sink has to tell.
    """
    report = Report()
    told = monotonic()
    for now in moments(start, seconds, fast, stop):
        for package, outgoing in distribution.messages(now):
            report.note(outgoing)
            for sink in sinks:
                sink.send(package, outgoing)
            if stop.is_set():
                break
        for sink in sinks:
            for sentence in sink.rest():
                say(sentence)
        if monotonic() > told + PROGRESS_SECONDS:
            told = monotonic()
            say(report.line(now))
    return report


def moments(start: datetime, seconds: float | None, fast: bool, stop: Event) -> Iterator[datetime]:
    """The times to advance to: as the clock goes, or step by step without waiting."""
    end = None if seconds is None else start + timedelta(seconds=seconds)
    now = start
    begun = monotonic()
    while not stop.is_set():
        now = now + FAST_STEP if fast else start + timedelta(seconds=monotonic() - begun)
        if end is not None and now >= end:
            yield end
            return
        yield now
        if not fast:
            stop.wait(TICK_SECONDS)


def utc_now() -> datetime:
    return datetime.now(UTC)
