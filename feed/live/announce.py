"""Announces to the web processes what changed. An announcement is a hint: it may be lost, so the hub also polls.

Two messages go to the channel layer's group `feed.changes`, of plain lists and numbers so that any layer carries them:

    {"type": "feed.changed", "changes": [[fixture_id, revision, [aspect, ...], [market_id, ...], moved], ...]}
    {"type": "feed.state", "source": source_id}

The first has a `trace` too, a W3C traceparent, where the batch that it comes from is traced.
"""

import asyncio
import logging
import threading
import time
from collections.abc import Iterator, Sequence
from typing import Any

from channels.layers import get_channel_layer

from feed.changes import Change
from feed.tracing import trace_parent

GROUP = "feed.changes"
#: Changes in one message; a few kB, whatever the layer.
CHANGES_IN_MESSAGE = 100
#: A layer that takes longer has failed.
SEND_SECONDS = 2.0
#: Messages in flight at once; a layer that hangs must not fill the memory.
MOST_IN_FLIGHT = 200
#: After a failure nothing is sent for the first number of seconds; the pause doubles each time, up to the second.
QUIET_SECONDS = (0.5, 15.0)

logger = logging.getLogger(__name__)


class Announcer:
    """Sends from the consumer's thread without ever waiting or raising.

    `loop` is the loop of the web server where feed and web share a process: the in-memory layer wants it. Without one,
    a thread with a loop of its own carries the messages; `close` ends it.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop | None = None) -> None:
        self.loop = loop
        self.own_loop: asyncio.AbstractEventLoop | None = None
        self.lock = threading.Lock()
        self.in_flight = 0
        self.failures = 0
        self.quiet_until = 0.0

    def changed(self, changes: Sequence[Change]) -> None:
        """Say which fixtures have which revision now."""
        trace = {"trace": parent} if (parent := trace_parent()) else {}
        for message in messages(changes):
            self.send(message | trace)

    def state_changed(self, source_id: int) -> None:
        """Say that a source's state is another now."""
        self.send({"type": "feed.state", "source": source_id})

    def close(self) -> None:
        """Give messages in flight a moment to leave, then end the thread that was started here."""
        until = time.monotonic() + SEND_SECONDS
        while self.in_flight and time.monotonic() < until:
            time.sleep(0.01)
        if self.own_loop is not None:
            self.own_loop.call_soon_threadsafe(self.own_loop.stop)
            self.own_loop = None

    def send(self, message: dict[str, Any]) -> None:
        with self.lock:
            if self.in_flight >= MOST_IN_FLIGHT or time.monotonic() < self.quiet_until:
                return
            self.in_flight += 1
        sending = self.group_send(message)
        try:
            asyncio.run_coroutine_threadsafe(sending, self.running_loop())
        except RuntimeError:  # the web server's loop has ended, and with it all who listened
            sending.close()
            with self.lock:
                self.in_flight -= 1

    def running_loop(self) -> asyncio.AbstractEventLoop:
        if self.loop is not None:
            return self.loop
        if self.own_loop is None:
            self.own_loop = asyncio.new_event_loop()
            threading.Thread(target=run_loop, args=[self.own_loop], name="announcer", daemon=True).start()
        return self.own_loop

    async def group_send(self, message: dict[str, Any]) -> None:
        try:
            async with asyncio.timeout(SEND_SECONDS):
                await get_channel_layer().group_send(GROUP, message)
        except Exception as error:
            self.note_failure(error)
        else:
            self.note_success()
        finally:
            with self.lock:
                self.in_flight -= 1

    def note_failure(self, error: Exception) -> None:
        """Send nothing for a while; log it once for each outage."""
        if time.monotonic() < self.quiet_until:
            return
        if not self.failures:
            logger.warning(
                "Announcements are lost; pages learn of changes from the hub's sweep, every 2 s: %s",
                str(error) or type(error).__name__,
            )
        least, most = QUIET_SECONDS
        self.quiet_until = time.monotonic() + min(most, least * 2**self.failures)
        self.failures = min(self.failures + 1, 16)

    def note_success(self) -> None:
        if self.failures:
            logger.warning("Announcements arrive again.")
            self.failures = 0


def messages(changes: Sequence[Change]) -> Iterator[dict[str, Any]]:
    """The changes as messages that a channel layer carries, each of them small."""
    for start in range(0, len(changes), CHANGES_IN_MESSAGE):
        part = changes[start : start + CHANGES_IN_MESSAGE]
        yield {"type": "feed.changed", "changes": [as_list(change) for change in part]}


def as_list(change: Change) -> list[Any]:
    aspects = sorted(aspect.value for aspect in change.aspects)
    return [change.fixture_id, change.revision, aspects, list(change.markets), change.moved]


def run_loop(loop: asyncio.AbstractEventLoop) -> None:
    """Run until stopped, then release what the loop holds (the layer's connections)."""
    asyncio.set_event_loop(loop)
    try:
        loop.run_forever()
    finally:
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()
