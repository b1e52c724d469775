"""The hub: renders once for all who watch, and tells each only what it does not have.

One hub in each web process. It has one subscription to the channel layer, knows which topics are watched here, and
reads and renders nothing else. A hint (`feed.changed`) marks topics; a tick asks the database for their versions and
renders those that differ. Hints may be lost: the sweep asks for everything that is watched and was not asked for within
two seconds.

Watchers are kept by the version that they have, so a look costs what changed, not who watches. Only the event loop
touches the hub's state; only its one reader thread touches the database.
"""

import asyncio
import logging
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from channels.layers import get_channel_layer
from django.utils import timezone
from django.utils.translation import gettext

from .announce import GROUP
from .failures import Failures
from .fragment import Found, Times
from .look import look
from .paint import Clocks, way_of
from .reader import Reader
from .sight import KeptRows
from .watcher import TRY_LATER, Watcher, Way

logger = logging.getLogger(__name__)

SWEEP_SECONDS = 2.0
#: The sweep goes in steps: a look at all that is watched would hold up what comes meanwhile.
SWEEP_PARTS = 8
#: A socket that hears nothing for longer knows that its connection is dead, though nobody told it.
BEAT_SECONDS = 5.0
#: The least time from one look to the next: what comes meanwhile is read, rendered and sent together.
LOOK_SECONDS = 0.04
#: How much is looked at together; the state of a whole fixture weighs ten times as much as a part of a page.
LOOK_WEIGHT = 1000


class Hub:
    """Watches, hints and ticks. Make one in a running event loop and `start` it."""

    def __init__(self) -> None:
        self.everyone: set[Watcher] = set()
        self.having: dict[Any, dict[str, set[Watcher]]] = defaultdict(dict)
        self.topics_of: dict[int, set[Any]] = defaultdict(set)
        self.newcomers: set[Watcher] = set()
        self.dirty: dict[Any, float] = {}
        self.last_told: dict[Any, float] = {}
        self.looked_at: dict[Any, datetime] = {}
        self.last_look: dict[Any, float] = {}
        self.read_at = timezone.now()
        self.is_reading_well = True
        self.failures = Failures()
        self.is_ending = False
        self.clocks = Clocks()
        self.wake = asyncio.Event()
        self.reader = Reader()
        self.kept = KeptRows()
        self.tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin to listen, sweep and tick."""
        steps = (self._listen, self._sweep, self._tick, self._beat)
        self.tasks = [asyncio.create_task(self._kept_up(step)) for step in steps]

    async def stop(self) -> None:
        """End all tasks and the reader."""
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        self.reader.close()

    def watch(self, watcher: Watcher, have: Mapping[Any, str]) -> None:
        """From now on `watcher` follows exactly these topics, of which it has these versions."""
        self.everyone.add(watcher)
        for topic in watcher.versions.keys() - have.keys():
            self._forget(watcher, topic)
        fresh = {topic: version for topic, version in have.items() if topic not in watcher.versions}
        for topic, version in fresh.items():
            watcher.versions[topic] = version
            self._group(watcher, topic)
        watcher.unread.update(fresh)
        if watcher.unread:
            self.newcomers.add(watcher)
        self._mark(fresh)

    def leave(self, watcher: Watcher) -> None:
        """The socket is gone."""
        self.everyone.discard(watcher)
        self.newcomers.discard(watcher)
        for topic in list(watcher.versions):
            self._forget(watcher, topic)

    def _group(self, watcher: Watcher, topic: Any) -> None:
        """Put the watcher with those who have the same version of the topic."""
        self.topics_of[topic.fixture_id].add(topic)
        self.having[topic].setdefault(watcher.versions[topic], set()).add(watcher)

    def _forget(self, watcher: Watcher, topic: Any) -> None:
        """The watcher does not show the topic any more; a topic without watchers is forgotten whole."""
        version = watcher.versions.pop(topic)
        watcher.unread.discard(topic)
        watcher.behind.discard(topic)
        groups = self.having[topic]
        if version in groups:
            groups[version].discard(watcher)
            if not groups[version]:
                del groups[version]
        if not groups:
            for kept in (self.having, self.dirty, self.last_told, self.looked_at, self.last_look):
                kept.pop(topic, None)
            self.failures.forget(topic)
            self.topics_of[topic.fixture_id].discard(topic)
            if not self.topics_of[topic.fixture_id]:
                del self.topics_of[topic.fixture_id]

    def acked(self, watcher: Watcher, frames: int, paints: Sequence[tuple[float, float]] = ()) -> None:
        """The socket has taken `frames` frames in all; of the newest of them, how many ms each took to be painted, and
        how many it was then held back.

        The clocks count the newest that tells of our speed: to count all took a twelfth of a busy process' time. One
        that had run out of credit is brought up to date.
        """
        newly = watcher.note_acked(frames)
        if paints and len(paints) <= len(newly):
            for unacked, (milliseconds, held) in zip(reversed(newly), reversed(paints), strict=False):
                if unacked.ways:
                    self.clocks.note_painted(unacked, milliseconds, held, time.monotonic())
                    break
        if watcher.behind and watcher.has_credit:
            behind, watcher.behind = watcher.behind, set()
            for topic in behind:
                self._group(watcher, topic)
            self._mark(behind)

    def hint(self, message: Mapping[str, Any]) -> None:
        """Something may have changed: mark what is watched of it."""
        if message["type"] == "feed.state":
            self._mark(self.having)
        for fixture_id, _revision, parts, markets, moved in message.get("changes", ()):
            topics = [*self.topics_of.get(fixture_id, ()), *(self.topics_of.get(0, ()) if moved else ())]
            self._mark(topic for topic in topics if topic.may_show(parts, markets, moved))

    def _mark(self, topics: Iterable[Any]) -> None:
        """These may differ: look at them when their pace allows, at once if they were quiet."""
        for topic in topics:
            self.dirty.setdefault(topic, self.last_told.get(topic, 0.0) + topic.pace)
        self.wake.set()

    async def _kept_up(self, step: Callable[[], Awaitable[None]]) -> None:
        """Run a step that never ends; one that fails all the same is logged, and begun anew."""
        while True:
            try:
                await step()
            except Exception:
                logger.exception("The hub's %s failed, and begins anew", step.__name__)
                await asyncio.sleep(SWEEP_SECONDS)

    async def _listen(self) -> None:
        """Take hints from the channel layer; after a failure subscribe anew."""
        layer = get_channel_layer()
        while True:
            try:
                channel = await layer.new_channel()
                await layer.group_add(GROUP, channel)
                self._mark(self.having)
                while True:
                    self.hint(await layer.receive(channel))
            except asyncio.CancelledError:
                raise
            except Exception as error:
                logger.warning("No hints from the channel layer (%r): pages follow by the sweep meanwhile", error)
                await asyncio.sleep(SWEEP_SECONDS)

    async def _sweep(self) -> None:
        """Look at everything that is watched and was not looked at for a while, whatever was hinted."""
        while True:
            await asyncio.sleep(SWEEP_SECONDS / SWEEP_PARTS)
            before = asyncio.get_running_loop().time() - SWEEP_SECONDS
            self._mark([topic for topic in self.having if self.last_look.get(topic, before) <= before])

    async def _beat(self) -> None:
        """Tell each socket that it is connected, what time it is here, and when the database was last read."""
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            self.beat()
            silent = [watcher for watcher in self.everyone if watcher.is_silent]
            for watcher in silent:
                self.leave(watcher)
            words = gettext("Nothing was acknowledged for too long; come back when you can keep up")
            await asyncio.gather(*(watcher.end(TRY_LATER, words) for watcher in silent))

    def beat(self) -> None:
        now, read = as_ms(timezone.now()), as_ms(self.read_at)
        for watcher in self.everyone:
            watcher.write(watcher.beat(now, read))

    async def _tick(self) -> None:
        """Tell what is due, then wait for the next hint or the next due time."""
        loop = asyncio.get_running_loop()
        next_look = 0.0
        while True:
            now = loop.time()
            if now >= next_look and (due := self._due(now)):
                next_look = now + LOOK_SECONDS
                await self._tell(due)
                continue
            self.wake.clear()
            wait = max(next_look, min(self.dirty.values(), default=now + 3600)) - now
            # Not wait_for: until Python 3.12 it loses a cancellation that comes together with the wake.
            with suppress(TimeoutError):
                async with asyncio.timeout(wait):
                    await self.wake.wait()

    def _due(self, now: float) -> list[Any]:
        """What may be looked at now, as much of it as one look should bear."""
        due, weight = [], 0
        for topic, at in self.dirty.items():
            if at <= now and weight < LOOK_WEIGHT:
                due.append(topic)
                weight += topic.weight
        return due

    async def _tell(self, due: Collection[Any]) -> None:
        """Read the due topics; send what differs to those who have it otherwise."""
        for topic in due:
            del self.dirty[topic]
        have = {topic: frozenset(versions) for topic in due if (versions := self.having.get(topic))}
        newcomers = {watcher: watcher.unread & have.keys() for watcher in self.newcomers}
        begun_at, begun = timezone.now(), asyncio.get_running_loop().time()
        found = await self._read(have, begun_at)
        if found is None:
            return
        self.failures.note(found, self.having)
        self._send(self._changes(found), begun_at)
        watched = have.keys() & self.having.keys()
        self.looked_at.update(dict.fromkeys(watched, begun_at))
        self.last_look.update(dict.fromkeys(watched, begun))
        self._welcome(newcomers)

    async def _read(self, have: Mapping[Any, frozenset[str]], now: datetime) -> dict[Any, Found] | None:
        """What differs, None where the database does not say; the sweep then asks again."""
        try:
            found = await self.reader.read(look, have, now, self.kept)
        except Exception as error:
            self.kept = KeptRows()  # a thread that was given up may still use the others
            if self.is_reading_well:
                self.is_reading_well = False
                logger.exception("What pages watch cannot be read; they say so, and it is tried again: %r", error)
                self.beat()
            return None
        self.read_at = now
        if not self.is_reading_well:
            self.is_reading_well = True
            logger.warning("What pages watch can be read again.")
            self.beat()
        return found

    def _changes(self, found: Mapping[Any, Found]) -> dict[Watcher, list[Any]]:
        """What each watcher is to be sent; those without credit are put aside until they have some."""
        told: dict[Watcher, list[Any]] = defaultdict(list)
        now = asyncio.get_running_loop().time()
        for topic, now_found in found.items():
            groups = self.having.get(topic, {})
            for version in [version for version in groups if version != now_found.version]:
                if (fragment := now_found.fragments.get(version)) is None:
                    continue  # it came while this was read, and its topics are marked
                self.last_told[topic] = now
                for watcher in groups.pop(version):
                    if watcher.has_credit:
                        told[watcher].append(fragment)
                        watcher.versions[topic] = now_found.version
                        groups.setdefault(now_found.version, set()).add(watcher)
                    else:
                        watcher.behind.add(topic)
        return told

    def _send(self, told: Mapping[Watcher, list[Any]], looked_at: datetime) -> None:
        """One frame for each set of fragments, built once, written to all who are sent it."""
        built: dict[tuple[Any, ...], tuple[list[str], tuple[Way, ...]]] = {}
        pushed_at = timezone.now()
        for watcher, fragments in told.items():
            if not (wanted := watcher.take(fragments)):
                continue
            key = (watcher.frames, *map(id, wanted))
            if key not in built:
                ways = (way_of(times, pushed_at) for times in self._fresh(wanted))
                built[key] = watcher.frames(wanted, pushed_at), tuple(way for way in ways if way)
            texts, known = built[key]
            for text in texts:
                watcher.write_frame(text, known)

    def _fresh(self, fragments: Iterable[Any]) -> set[Times]:
        """The times of what was stored since its topic was last looked at; what is older tells nothing of our speed."""
        return {
            each.times
            for each in fragments
            if each.times and each.times.stored_at and each.topic in self.looked_at
            if each.times.stored_at >= self.looked_at[each.topic]
        }

    def _welcome(self, newcomers: Mapping[Watcher, set[Any]]) -> None:
        """Tell those who have been looked up now that they are current."""
        for watcher, read in newcomers.items():
            watcher.unread -= read
            if not watcher.unread and watcher in self.newcomers:
                self.newcomers.discard(watcher)
                watcher.write(watcher.current(as_ms(timezone.now()), as_ms(self.read_at)))


def as_ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
