"""The hub: renders once for all who watch, and tells each only what it does not have.

One hub in each web process. It has one subscription to the channel layer, knows which topics are watched here, and
reads and renders nothing else. A hint (`feed.changed`) marks topics; a tick asks the database for their versions and
renders those that differ. Hints may be lost: the sweep asks every two seconds for everything that is watched.

Only the event loop touches the hub's state; only its one reader thread touches the database.
"""

import asyncio
import logging
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import msgspec
from channels.layers import get_channel_layer
from django.db import close_old_connections
from django.utils import timezone

from .announce import GROUP
from .fragments import Fragment, read_fragments
from .topics import Kind, Topic

logger = logging.getLogger(__name__)

SWEEP_SECONDS = 2.0
#: After this many frames that a page has not acknowledged it is sent nothing more until it does.
CREDIT_FRAMES = 20
#: The least time between two frames of a topic.
PACE_SECONDS = {Kind.MARKET: 0.1}
LIST_PACE_SECONDS = 0.25
#: A page that hears nothing for longer knows that its connection is dead, though nobody told it.
BEAT_SECONDS = 5.0


class Watcher:
    """One socket: which version it has of each topic, and how many frames it has yet to acknowledge."""

    def __init__(self, send: Callable[[str], Awaitable[None]]) -> None:
        self.send = send
        self.versions: dict[Topic, str] = {}
        self.sent = 0
        self.acked = 0

    @property
    def has_credit(self) -> bool:
        return self.sent - self.acked < CREDIT_FRAMES


class Hub:
    """Watches, hints and ticks. Make one in a running event loop and `start` it."""

    def __init__(self) -> None:
        self.everyone: set[Watcher] = set()
        self.watchers: dict[Topic, set[Watcher]] = defaultdict(set)
        self.topics_of: dict[int, set[Topic]] = defaultdict(set)
        self.dirty: dict[Topic, float] = {}
        self.last_told: dict[Topic, float] = {}
        self.wake = asyncio.Event()
        self.reader = ThreadPoolExecutor(1, thread_name_prefix="hub-reader")
        self.tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin to listen, sweep and tick."""
        self.tasks = [asyncio.create_task(step()) for step in (self._listen, self._sweep, self._tick, self._beat)]

    async def stop(self) -> None:
        """End all tasks and the reader."""
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        self.reader.shutdown()

    async def watch(self, watcher: Watcher, have: Mapping[Topic, str]) -> None:
        """From now on `watcher` follows exactly these topics, of which it has these versions."""
        self.everyone.add(watcher)
        for topic in watcher.versions.keys() - have.keys():
            self._forget(watcher, topic)
        fresh = {topic: version for topic, version in have.items() if topic not in watcher.versions}
        watcher.versions.update(fresh)
        for topic in fresh:
            self.watchers[topic].add(watcher)
            self.topics_of[topic.fixture_id].add(topic)
        self._mark(fresh)

    def leave(self, watcher: Watcher) -> None:
        """The socket is gone."""
        self.everyone.discard(watcher)
        for topic in list(watcher.versions):
            self._forget(watcher, topic)

    def _forget(self, watcher: Watcher, topic: Topic) -> None:
        watcher.versions.pop(topic, None)
        self.watchers[topic].discard(watcher)
        if not self.watchers[topic]:
            del self.watchers[topic]
            self.topics_of[topic.fixture_id].discard(topic)
            for kept in (self.dirty, self.last_told):
                kept.pop(topic, None)
            if not self.topics_of[topic.fixture_id]:
                del self.topics_of[topic.fixture_id]

    async def acked(self, watcher: Watcher, frames: int) -> None:
        """The page has painted `frames` frames in all; one that had run out of credit is brought up to date."""
        was_waiting = not watcher.has_credit
        watcher.acked = min(max(watcher.acked, frames), watcher.sent)
        if was_waiting and watcher.has_credit:
            self._mark(watcher.versions)

    def hint(self, message: Mapping[str, Any]) -> None:
        """Something may have changed: mark what is watched of it."""
        if message["type"] == "feed.state":
            self._mark(self.watchers)
        for fixture_id, _revision, _parts, _markets, moved in message.get("changes", ()):
            self._mark(self.topics_of.get(fixture_id, ()))
            if moved:
                self._mark(topic for topic in self.topics_of.get(0, ()) if topic.kind is Kind.BOARD)

    def _mark(self, topics: Iterable[Topic]) -> None:
        """These may differ: look at them when their pace allows, at once if they were quiet."""
        for topic in topics:
            pace = PACE_SECONDS.get(topic.kind, LIST_PACE_SECONDS)
            self.dirty.setdefault(topic, self.last_told.get(topic, 0.0) + pace)
        self.wake.set()

    async def _listen(self) -> None:
        """Take hints from the channel layer; after a failure subscribe anew."""
        layer = get_channel_layer()
        while True:
            try:
                channel = await layer.new_channel()
                await layer.group_add(GROUP, channel)
                self._mark(self.watchers)
                while True:
                    self.hint(await layer.receive(channel))
            except asyncio.CancelledError:
                raise
            except Exception as error:
                logger.warning("No hints from the channel layer (%r): pages follow by the sweep meanwhile", error)
                await asyncio.sleep(SWEEP_SECONDS)

    async def _sweep(self) -> None:
        """Look at everything that is watched, whatever was hinted."""
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            self._mark(self.watchers)

    async def _beat(self) -> None:
        """Tell every page that it is connected, and what time it is here."""
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            beat = msgspec.json.encode({"now": int(time.time() * 1000)}).decode()
            for watcher in list(self.everyone):
                await self._write(watcher, beat)

    async def _tick(self) -> None:
        """Tell what is due, then wait for the next hint or the next due time."""
        loop = asyncio.get_running_loop()
        while True:
            now = loop.time()
            due = [topic for topic, at in self.dirty.items() if at <= now]
            if due:
                await self._tell(due)
                continue
            self.wake.clear()
            wait = min(self.dirty.values(), default=now + 3600) - now
            # Not wait_for: until Python 3.12 it loses a cancellation that comes together with the wake.
            with suppress(TimeoutError):
                async with asyncio.timeout(wait):
                    await self.wake.wait()

    async def _tell(self, due: list[Topic]) -> None:
        """Read the due topics; send what differs to those who have it otherwise."""
        loop = asyncio.get_running_loop()
        for topic in due:
            del self.dirty[topic]
        have = {topic: self._common_version(topic) for topic in due}
        try:
            found = await loop.run_in_executor(self.reader, read, have)
        except Exception:
            logger.exception("Could not read what pages watch; trying again with the next sweep")
            return
        frames: dict[Watcher, list[Fragment]] = defaultdict(list)
        for topic, fragment in found.items():
            self.last_told[topic] = loop.time()
            for watcher in self.watchers.get(topic, ()):
                if watcher.versions[topic] != fragment.version and watcher.has_credit:
                    frames[watcher].append(fragment)
        await self._send(frames)

    def _common_version(self, topic: Topic) -> str:
        """The version that all watchers of the topic have, "" if they differ (so that it is rendered)."""
        versions = {watcher.versions[topic] for watcher in self.watchers.get(topic, ()) if watcher.has_credit}
        return versions.pop() if len(versions) == 1 else ""

    async def _send(self, frames: Mapping[Watcher, list[Fragment]]) -> None:
        """One frame for each set of fragments, built once, written to all who get it."""
        built: dict[tuple[Topic, ...], str] = {}
        for watcher, fragments in frames.items():
            key = tuple(fragment.topic for fragment in fragments)
            if key not in built:
                built[key] = frame(fragments)
            for fragment in fragments:
                watcher.versions[fragment.topic] = fragment.version
            watcher.sent += 1
            await self._write(watcher, built[key])

    async def _write(self, watcher: Watcher, text: str) -> None:
        """Send to one; a socket that fails must not keep anything from the others."""
        try:
            await watcher.send(text)
        except Exception as error:
            logger.info("A page's socket failed (%r)", error)
            self.leave(watcher)


def read(have: Mapping[Topic, str]) -> dict[Topic, Fragment]:
    """`read_fragments` in the hub's own thread, with a connection that is fit to use."""
    close_old_connections()
    return read_fragments(have, timezone.now())


def frame(fragments: Iterable[Fragment]) -> str:
    """What a page's socket is sent: JSON with the partials that htmx swaps."""
    partials = (
        f'<hx-partial hx-target="#{fragment.topic.element_id}" hx-swap="outerMorph">{fragment.html}</hx-partial>'
        for fragment in fragments
    )
    return msgspec.json.encode({"content": "".join(partials)}).decode()


_hubs: dict[asyncio.AbstractEventLoop, Hub] = {}


def running_hub() -> Hub:
    """This event loop's hub, started with its first watcher."""
    loop = asyncio.get_running_loop()
    if loop not in _hubs:
        _hubs[loop] = Hub()
        _hubs[loop].start()
    return _hubs[loop]
