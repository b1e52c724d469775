"""Waiting for what other threads and processes do, with an end to patience."""

import time
from collections.abc import Callable


def poll(is_so: Callable[[], object], *, seconds: float = 15) -> None:
    """Return as soon as `is_so` holds; fail after `seconds`."""
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, f"it did not happen within {seconds} s"
        time.sleep(0.01)
