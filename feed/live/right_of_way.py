"""Right of way: threads that may wait let those pass that read for what changed.

Python runs one thread at a time. A thread that makes a large page, or reads a search for the first time, would take
every other millisecond from the threads that read changed prices. So before its queries, and in long work between them,
it waits for those.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

#: The longest that a query waits, so that whoever gives way comes to an end whatever the others do.
MOST_SECONDS = 0.1
#: And all steps of long work between queries together.
MOST_SECONDS_BETWEEN = 2.0


class RightOfWay:
    """Taken by threads as a context; while any of them has it, those who give it wait."""

    def __init__(self, most_seconds: float = MOST_SECONDS) -> None:
        self.most_seconds = most_seconds
        self.lock = threading.Lock()
        self.takers = 0
        self.is_free = threading.Event()
        self.is_free.set()
        self.of_thread = threading.local()

    def __enter__(self) -> None:
        with self.lock:
            self.takers += 1
            self.is_free.clear()

    def __exit__(self, *_: object) -> None:
        with self.lock:
            self.takers -= 1
            if not self.takers:
                self.is_free.set()

    @contextmanager
    def given(self) -> Iterator[None]:
        """In this context the thread's queries and steps wait while another thread has the right of way."""
        with connection.execute_wrapper(self.give):
            self.of_thread.seconds_between = MOST_SECONDS_BETWEEN
            try:
                yield
            finally:
                self.of_thread.seconds_between = 0.0

    def let_pass(self) -> None:
        """A step of long work that needs the processor alone."""
        if getattr(self.of_thread, "seconds_between", 0.0) > 0 and not self.is_free.is_set():
            begun = time.monotonic()
            self.wait()
            self.of_thread.seconds_between -= time.monotonic() - begun

    @contextmanager
    def not_given(self) -> Iterator[None]:
        """In this context the thread waits for nobody after all: others wait for what it holds."""
        self.of_thread.is_waited_for = True
        try:
            yield
        finally:
            self.of_thread.is_waited_for = False

    def give(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        """Django's execute wrapper: carries the statement out."""
        self.wait()
        return execute(sql, params, many, context)

    def wait(self) -> None:
        if not getattr(self.of_thread, "is_waited_for", False):
            self.is_free.wait(self.most_seconds)


#: Of this process: the hub's quick and slow lane have it.
CHANGES_FIRST = RightOfWay()
