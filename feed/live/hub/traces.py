"""The hub's part of traces: which changes that are traced were hinted, when they were read, and when they were sent."""

import time
from collections.abc import Iterable, Mapping
from typing import Any

from feed.tracing.spans import add

from .watched import WatchedTopic

#: Fixtures of traced batches that are remembered until a topic of theirs is read, and for how many seconds.
MOST_HINTED, LONGEST_SECONDS = 200, 10.0


class Traces:
    """By fixture the trace of its newest traced batch, with the time of its hint (by time.time)."""

    def __init__(self) -> None:
        self.hinted: dict[int, tuple[str, float]] = {}

    def note_hint(self, message: Mapping[str, Any]) -> None:
        """Changes were announced; where their batch is traced, the announcement says so."""
        if parent := message.get("trace"):
            now = time.time()
            self.hinted |= {change[0]: (parent, now) for change in message["changes"]}
            while len(self.hinted) > MOST_HINTED:
                del self.hinted[next(iter(self.hinted))]

    def note_sent(self, due: Iterable[WatchedTopic], lane: str, began: float, read: float) -> None:
        """Topics were read from `began` to `read`, by time.monotonic, and what differs has been sent."""
        if not self.hinted:
            return
        now, monotonic = time.time(), time.monotonic()
        shown = {watched.topic.fixture_id for watched in due} & self.hinted.keys()
        parents: dict[str, float] = {}
        for fixture_id in shown:
            parent, hinted_at = self.hinted.pop(fixture_id)
            if now - hinted_at < LONGEST_SECONDS:
                parents[parent] = max(hinted_at, parents.get(parent, 0.0))
        attributes = {"hub.lane": lane, "hub.fixtures": len(shown)}
        for parent, hinted_at in parents.items():
            begun, done = (now - (monotonic - moment) for moment in (began, read))
            add(parent, "hub wait", in_ns(hinted_at), in_ns(max(hinted_at, begun)), attributes)
            add(parent, "hub read", in_ns(begun), in_ns(done), attributes)
            add(parent, "push", in_ns(done), in_ns(now), attributes)


def in_ns(seconds: float) -> int:
    return int(seconds * 1e9)
