"""A socket as the hub sees it: what it has, what it has yet to acknowledge, what waits until it does."""

import asyncio
import logging
import time
import types
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Awaitable, Callable, Collection, Coroutine, Generator, Hashable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, ClassVar, NamedTuple

from feed.live.legs import Leg
from feed.live.topic import Topic
from feed.viewings.spans import Event

from .shown import Change

#: Frames, and bytes, that a socket may owe the acknowledgement of before it is sent nothing more until it gives it.
CREDIT_FRAMES = 20
CREDIT_BYTES = 512 * 1024
#: A socket whose acknowledgement is overdue for longer is closed.
SILENT_SECONDS = 30.0
#: A watcher with a topic that was not read for longer is told that it is not current, and since when.
STALE_SECONDS = 5.0

RESTART, TRY_LATER, NOT_UNDERSTOOD, SIGN_IN_AGAIN, NOT_ALLOWED, TOO_MUCH = 1012, 1013, 4400, 4401, 4403, 4429

logger = logging.getLogger(__name__)


class Way(NamedTuple):
    """How many ms a change took until its frame was sent: each leg with its bucket, and all of them if it is known."""

    legs: tuple[tuple[Leg, float, int], ...]
    whole: float | None


class Unacked(NamedTuple):
    """A frame that was sent: its size, when (by the steady clock), the fresh changes in it and their ways; and what is
    kept of it as shown."""

    size: int
    sent: float
    ways: tuple[Way, ...]
    changes: frozenset[Change] = frozenset()
    event: Event | None = None


@types.coroutine
def resume(begun: Coroutine[Any, Any, None], waits_for: Any) -> Generator[Any, Any, None]:
    """The rest of a coroutine that was begun by hand and waits for something."""
    while True:
        try:
            yield waits_for
        except BaseException as error:
            step = partial(begun.throw, error)
        else:
            step = partial(begun.send, None)
        try:
            waits_for = step()
        except StopIteration:
            return


class Watcher(ABC):
    """One socket. `send` writes text to it, `close` ends it with a code and words.

    `versions` is what it has of each topic; `unread` are the topics that have not been polled since it began to watch
    them: while there are any, it is not known to be current. `behind` are those left out while it had no credit.
    `stale_since` is when something was last read that is not read any more. `owner` is whose socket it is, `cost` what
    its topics cost. `kind` is what it is called where it is kept what it was shown.
    """

    kind: ClassVar[str] = "page"

    def __init__(self, send: Callable[[str], Awaitable[None]], close: Callable[[int, str], Awaitable[None]]) -> None:
        self.send = send
        self.close = close
        self.versions: dict[Topic, str] = {}
        self.unread: set[Topic] = set()
        self.behind: set[Topic] = set()
        self.stale_since: datetime | None = None
        self.owner: Hashable = self
        self.cost = 0
        self.unacked: deque[Unacked] = deque()
        self.unacked_bytes = 0
        self.acked = 0
        self.owes_since: float | None = None
        self.outbox: deque[str] = deque()
        self.pump: asyncio.Task[None] | None = None

    def unread_of(self, have: Mapping[Any, Collection[str]]) -> set[Topic]:
        """The unread topics that have been read now: its own version of each is among those in `have`."""
        return {topic for topic in self.unread & have.keys() if self.versions[topic] in have[topic]}

    @property
    def has_credit(self) -> bool:
        return len(self.unacked) < CREDIT_FRAMES and self.unacked_bytes < CREDIT_BYTES

    @property
    def is_current(self) -> bool:
        """Whether it has been sent everything that was read, and that was read just now."""
        return not (self.unread or self.behind or self.stale_since)

    @property
    def is_silent(self) -> bool:
        """Whether its acknowledgement is overdue for too long."""
        return self.owes_since is not None and time.monotonic() - self.owes_since > SILENT_SECONDS

    def write(self, text: str) -> None:
        """Send, in order, without waiting: on some servers sending waits for a slow reader. Daphne's never does."""
        self.outbox.append(text)
        if self.pump is None:
            pumping = self._pump()
            try:
                waits_for = pumping.send(None)
            except StopIteration:
                return
            self.pump = asyncio.create_task(resume(pumping, waits_for))

    def write_frame(
        self,
        text: str,
        ways: tuple[Way, ...] = (),
        changes: frozenset[Change] = frozenset(),
        event: Event | None = None,
    ) -> None:
        """Write what must be acknowledged."""
        now = time.monotonic()
        self.unacked.append(Unacked(len(text), now, ways, changes, event))
        self.unacked_bytes += len(text)
        if self.owes_since is None:
            self.owes_since = now
        self.write(text)

    def note_acked(self, frames: int) -> list[Unacked]:
        """Note that the socket has taken `frames` frames since it connected. Returns those taken since the last
        call."""
        newly = []
        while self.unacked and self.acked < frames:
            newly.append(self.unacked.popleft())
            self.unacked_bytes -= newly[-1].size
            self.acked += 1
        if newly:
            self.owes_since = time.monotonic() if self.unacked else None
        return newly

    async def end(self, code: int, words: str, notice: str = "") -> None:
        """Send a last notice, then close. A socket that takes neither is already gone.

        The words go as a message too, since Daphne sends no reason with a close code.
        """
        self.write(notice or self.closing_message(code, words))
        try:
            async with asyncio.timeout(1):
                while self.pump is not None:
                    await asyncio.wait([self.pump])
                await self.close(code, words)
        except Exception as error:
            logger.info("A socket could not be closed (%r)", error)

    async def _pump(self) -> None:
        """A task for each frame would cost as much as the frame: this runs at once, until it has to wait."""
        try:
            while self.outbox:
                await self.send(self.outbox.popleft())
        except Exception as error:
            # The server says separately that the socket is gone.
            logger.info("A socket failed (%r)", error)
            self.outbox.clear()
        finally:
            self.pump = None

    @staticmethod
    @abstractmethod
    def frames(payloads: Sequence[Any], pushed_at: datetime) -> list[str]:
        """The payloads as texts for the socket; built once for all who are sent the same."""

    def take(self, payloads: list[Any]) -> list[Any]:
        """Which of the payloads that differ are to be sent."""
        return payloads

    @abstractmethod
    def current(self, now_ms: int, read_ms: int) -> str:
        """What to send when it has been brought up to date after it began to watch."""

    @abstractmethod
    def beat(self, now_ms: int, read_ms: int) -> str:
        """What to send every few seconds: the time here, and when the database was last read."""

    @abstractmethod
    def closing_message(self, code: int, words: str) -> str:
        """What to send before it is closed for another reason."""

    @abstractmethod
    def restart(self, seconds: float) -> str:
        """What to send before the web process ends: come back in `seconds`."""
