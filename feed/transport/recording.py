"""Recordings, played through the same loop as a queue. `feed.transport.recorded` reads the files."""

import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from . import Delivery
from .recorded import Recorded, find_recordings, read_recording

#: The longest sleep within a pause before None is yielded again.
NAP_SECONDS = 0.2


class Recording:
    """Plays `paths`, one after the other, as a `Transport`.

    `speed` 1 keeps the spacing that the messages had, 10 is ten times as fast, None as fast as they are taken. Only
    messages received from `begin` on and before `end` are played; where either is given, a message without a time is
    left out. Deliveries keep the time at which they were first received and the name of their queue; what the file does
    not tell is replaced by the present time or the file's name.
    Raises `TransportClosed` on a file that is not there or is no recording.
    """

    trouble = ""

    def __init__(
        self,
        paths: Sequence[Path],
        *,
        speed: float | None = 1.0,
        begin: datetime | None = None,
        end: datetime | None = None,
    ) -> None:
        self.paths = find_recordings(paths)
        self.speed = speed
        self.begin = begin
        self.end = end
        self.closed = False

    def __iter__(self) -> Iterator[Delivery | None]:
        pace = Pace(self.speed)
        for tag, recorded in enumerate(self.recorded(), start=1):
            while not self.closed and (pause := pace.pause(recorded.received_at)):
                yield None
                time.sleep(min(pause, NAP_SECONDS))
            if self.closed:
                return
            yield Delivery(
                body=recorded.body,
                received_at=recorded.received_at or datetime.now(UTC),
                tag=tag,
                headers=recorded.headers,
                queue=recorded.queue or recorded.file,
            )

    def recorded(self) -> Iterator[Recorded]:
        """The messages to play, in the order of the files."""
        for path in self.paths:
            for recorded in read_recording(path):
                if within(recorded.received_at, self.begin, self.end):
                    yield recorded

    def ack(self, last: Delivery) -> None:
        """Nothing to do: a file keeps its messages."""

    def close(self) -> None:
        self.closed = True


class Pace:
    """When the next message is due, `speed` times as fast as they were received; without a speed, at once."""

    def __init__(self, speed: float | None) -> None:
        self.speed = speed
        self.started = 0.0
        self.first: datetime | None = None

    def pause(self, received_at: datetime | None) -> float:
        """Seconds until a message received at that time is due; 0 once it is."""
        if self.speed is None or received_at is None:
            return 0
        if self.first is None:
            self.first = received_at
            self.started = time.monotonic()
        due = self.started + (received_at - self.first).total_seconds() / self.speed
        return max(0.0, due - time.monotonic())


def within(received_at: datetime | None, begin: datetime | None, end: datetime | None) -> bool:
    """Whether it was received from `begin` on and before `end`; without a time, only where neither is given."""
    if received_at is None:
        return begin is None and end is None
    return (begin is None or received_at >= begin) and (end is None or received_at < end)
