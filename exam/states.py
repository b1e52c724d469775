"""The states that the feed's sources were seen in, and how they went from one to the next."""

import threading
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import psycopg
from psycopg.rows import dict_row

from feed.models import FeedSource
from feed.vouching.source_health import State, state_of

EVERY_SECONDS = 0.2
#: The way from one state to another that a source goes, with what takes it there.
Transition = tuple[str, str]
TRANSITIONS: dict[Transition, str] = {
    (State.DOWN, State.UP): "a consumer connects, a silence ends",
    (State.UP, State.LATE): "silence, or messages that come late",
    (State.LATE, State.UP): "messages come in time again",
    (State.LATE, State.DOWN): "a silence that lasts",
    (State.UP, State.DOWN): "the consumer is gone, or the broker is",
    (State.UP, State.RECOVERING): "a break that is noticed while all is well",
    (State.DOWN, State.RECOVERING): "a long silence ends",
    (State.RECOVERING, State.UP): "what was missed has been asked for",
    (State.LATE, State.RECOVERING): "a short silence ends, and shows that something is missing",
    (State.UP, State.OFF): "LSports or a person switches the package off",
    (State.OFF, State.DOWN): "it is switched on again, and its consumer connects",
}


class StateWatch:
    """Looks at the sources' states five times a second, by a way of its own; `seen` has each transition's times."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.seen: dict[Transition, list[float]] = {}
        self.last: dict[int, str] = {}
        self.ending = threading.Event()
        self.thread = threading.Thread(target=self.run, name="states", daemon=True)
        self.thread.start()

    def run(self) -> None:
        while not self.ending.is_set():
            with suppress(psycopg.Error), psycopg.connect(self.url, autocommit=True, row_factory=dict_row) as server:
                while not self.ending.wait(EVERY_SECONDS):
                    self.take(server.execute("SELECT * FROM feed_feedsource").fetchall(), datetime.now(UTC))
            self.ending.wait(EVERY_SECONDS)

    def take(self, rows: list[dict[str, Any]], now: datetime) -> None:
        for row in rows:
            state = str(state_of(FeedSource(**row), now).state)
            before = self.last.get(row["id"], state)
            if before != state:
                self.seen.setdefault((before, state), []).append(now.timestamp())
            self.last[row["id"]] = state

    def close(self) -> None:
        self.ending.set()
        self.thread.join()
