"""Traces of what becomes of messages, from receipt to push, by OpenTelemetry where TRACES_URL says where to.

Of the batches of a second one is traced (TRACES_PER_SECOND), however many there are. While it is on its way only times
are noted; spans are made of them at its end and exported by a thread of the library's, which drops what it cannot
get rid of. So nothing here waits, and without TRACES_URL one comparison a batch is all it costs.
"""

import threading
import time
from collections.abc import Iterable
from itertools import islice

from django.conf import settings

from .spans import LIBRARY, Noted, finish, parent_text

#: Ids of messages that a trace names.
MOST_IDS = 5


class Begun(threading.local):
    """The batch that this thread has under way and traces; None: it traces none."""

    noted: Noted | None = None


_begun = Begun()
_next_at = 0.0


def begin(source: str, received: float, messages: int) -> None:
    """A batch of `source` is taken, whose first message was `received` at that time (seconds since 1970)."""
    global _next_at
    if not settings.TRACES_URL:
        return
    now = time.monotonic()
    _begun.noted = None  # of a batch that was not stored
    if now < _next_at or not LIBRARY.is_ready():
        return
    _next_at = now + 1 / settings.TRACES_PER_SECOND
    _begun.noted = Noted(source, int(received * 1e9), messages, [("wait", time.time_ns())])


def note(step: str) -> None:
    """This step of the batch has ended; the next one begins."""
    if (noted := _begun.noted) is not None:
        noted.steps.append((step, time.time_ns()))


def name_messages(ids: Iterable[str | None]) -> None:
    """Which messages it is, by LSports' ids; the first few."""
    if (noted := _begun.noted) is not None:
        noted.ids = [found for found in islice(ids, MOST_IDS) if found]


def trace_parent() -> str:
    """What another process needs to go on with the trace (W3C Trace Context); empty where nothing is traced."""
    return "" if (noted := _begun.noted) is None else parent_text(noted)


def end() -> None:
    """The batch is stored, acknowledged and announced."""
    if (noted := _begun.noted) is not None:
        _begun.noted = None
        finish(noted)
