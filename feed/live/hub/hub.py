"""The hub: renders once for all who watch, and sends to each only what it does not have.

There is one hub in each web process. It has one subscription to the channel layer, knows which topics are watched here,
and reads and renders nothing else. A hint (`feed.changed`) marks topics; a poll asks the database for their versions
and renders those that differ. Hints may be lost: the sweep marks everything that is watched and was not polled within
two seconds.

Watchers are grouped by the version that they have, so a poll costs what changed, not who watches. Only the event loop
touches the hub's state; only the reader thread of each lane touches the database.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from channels.layers import get_channel_layer
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext

from feed.live.announce import GROUP
from feed.live.latency import Clocks
from feed.live.parts.versions import RowCaches
from feed.live.payload import Update
from feed.live.topic import Topic
from feed.pages.fixture.clock import epoch_ms

from .budget import Budget
from .failures import Failures
from .frames import changes_of, send
from .lane import Lane, lanes
from .poll import poll
from .traces import Traces
from .viewings import Viewings, note_painted
from .watched import WatchedTopic, WatchedTopics
from .watcher import STALE_SECONDS, TRY_LATER, Watcher

logger = logging.getLogger(__name__)

SWEEP_SECONDS = 2.0
#: The sweep goes in steps: polling everything at once would hold up the changes that come meanwhile.
SWEEP_STEPS = 8
#: A socket that hears nothing for longer knows that its connection is dead, though nobody said so.
BEAT_SECONDS = 5.0
#: The least time from one poll to the next: what comes meanwhile is read, rendered and sent together.
POLL_SECONDS = 0.04
#: How often that is checked.
STALE_STEP_SECONDS = 1.0

Step = Callable[[], Awaitable[None]]


class Hub:
    """Watchers, hints and polls. Make one in a running event loop and `start` it."""

    def __init__(self) -> None:
        self.everyone: set[Watcher] = set()
        self.newcomers: set[Watcher] = set()
        self.topics = WatchedTopics()
        self.budget = Budget()
        self.lanes = self.quick, self.slow, self.fresh = lanes()
        self.failures = Failures()
        self.viewings, self.traces = Viewings(settings.STORE_VIEWINGS), Traces()
        self.is_ending = False
        self.clocks = Clocks()
        #: When something was last read that is watched and not read any more; None where all is.
        self.stale_since: datetime | None = None
        self.tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin to listen, sweep and poll."""
        steps: list[Step] = [self._listen, self._sweep, self._beat, self._note_stale]
        steps += [partial(self._poll_for_ever, lane) for lane in self.lanes]
        self.tasks = [asyncio.create_task(self._restarted(step)) for step in steps]

    @property
    def read_at(self) -> datetime:
        """When the database was last read."""
        return max(lane.read_at for lane in self.lanes)

    @property
    def is_reading_well(self) -> bool:
        return all(lane.is_reading_well for lane in self.lanes)

    async def stop(self) -> None:
        """End all tasks and the readers."""
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        for lane in self.lanes:
            lane.reader.close()

    def watch(self, watcher: Watcher, have: Mapping[Any, str]) -> None:
        """From now on `watcher` follows exactly these topics, of which it has these versions."""
        self.everyone.add(watcher)
        self.viewings.note_watch(watcher, have)
        for topic in watcher.versions.keys() - have.keys():
            self._forget(watcher, topic)
        fresh = {topic: version for topic, version in have.items() if topic not in watcher.versions}
        watcher.versions.update(fresh)
        self._mark([self.topics.add(watcher, topic) for topic in fresh])
        self.budget.note(watcher, sum(topic.cost for topic in watcher.versions))
        watcher.unread.update(fresh)
        if watcher.unread:
            self.newcomers.add(watcher)

    def leave(self, watcher: Watcher) -> None:
        """The socket is gone."""
        self.everyone.discard(watcher)
        self.viewings.note_left(watcher)
        self.newcomers.discard(watcher)
        for topic in list(watcher.versions):
            self._forget(watcher, topic)
        self.budget.note(watcher, 0)
        watcher.stale_since = None

    def _forget(self, watcher: Watcher, topic: Topic) -> None:
        """The watcher does not show the topic any more."""
        version = watcher.versions.pop(topic)
        watcher.unread.discard(topic)
        watcher.behind.discard(topic)
        if (dropped := self.topics.remove(watcher, topic, version)) is not None:
            for lane in self.lanes:
                lane.marked.pop(dropped, None)

    def acked(self, watcher: Watcher, frames: int, latencies: Sequence[tuple[float, float]] = ()) -> None:
        """The socket has taken `frames` frames in all. `latencies`, of the newest of them: how many ms each took until
        it was displayed, and how many ms it then waited for this acknowledgement.

        Latency is counted for the newest frame alone: counting all of them took a twelfth of a busy process' time.
        A watcher that had run out of credit is brought up to date.
        """
        newly = watcher.note_acked(frames)
        note_painted(newly, latencies)
        self.clocks.note_newest(newly, latencies)
        if watcher.behind and watcher.has_credit:
            behind, watcher.behind = watcher.behind, set()
            self._mark([self.topics.add(watcher, topic) for topic in behind])

    def hint(self, message: Mapping[str, Any]) -> None:
        """Something may have changed: mark the topics watched here that may show it."""
        if message["type"] == "feed.state":
            self._mark(self.topics.all())
        self.traces.note_hint(message)
        for fixture_id, _revision, aspects, markets, moved in message.get("changes", ()):
            self._mark(self.topics.changed(fixture_id, aspects, markets, moved))

    def _mark(self, topics: Iterable[WatchedTopic]) -> None:
        for watched in topics:
            if watched.is_quick():
                self.quick.mark(watched)
            if watched.is_slow():
                (self.fresh if watched.is_fresh() else self.slow).mark(watched)
        for lane in self.lanes:
            lane.wake.set()

    async def _restarted(self, step: Step) -> None:
        """Run a step that should never end; if it fails it is logged and started again."""
        while True:
            try:
                await step()
            except Exception:
                logger.exception("The hub's %s failed and was restarted", getattr(step, "__name__", "poll"))
                await asyncio.sleep(SWEEP_SECONDS)

    async def _listen(self) -> None:
        """Take hints from the channel layer; after a failure subscribe again."""
        layer = get_channel_layer()
        while True:
            try:
                channel = await layer.new_channel()
                await layer.group_add(GROUP, channel)
                self._mark(self.topics.all())
                while True:
                    self.hint(await layer.receive(channel))
            except asyncio.CancelledError:
                raise
            except Exception as error:
                logger.warning("No hints from the channel layer (%r): pages follow by the sweep meanwhile", error)
                await asyncio.sleep(SWEEP_SECONDS)

    async def _sweep(self) -> None:
        """Mark everything that is watched and was not polled for a while, whatever was hinted; and all of it when a
        source's silence has become so long that nobody vouches for it any more."""
        while True:
            await asyncio.sleep(SWEEP_SECONDS / SWEEP_STEPS)
            before = asyncio.get_running_loop().time() - SWEEP_SECONDS
            self._mark(self.topics.all() if self._is_turning() else self.topics.not_polled_since(before))

    def _is_turning(self) -> bool:
        """Whether a source's state may just have become another by itself. True once, until the next poll."""
        turning = [lane for lane in self.lanes if lane.caches.turns_at and lane.caches.turns_at <= timezone.now()]
        for lane in turning:
            lane.caches.turns_at = None
        return bool(turning)

    async def _beat(self) -> None:
        """Send each socket a sign of life, with the time here and when the database was last read."""
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            self.beat()
            silent = [watcher for watcher in self.everyone if watcher.is_silent]
            for watcher in silent:
                self.leave(watcher)
            words = gettext("Nothing was acknowledged for too long; reconnect when you can keep up")
            await asyncio.gather(*(watcher.end(TRY_LATER, words) for watcher in silent))
            self.budget.forget_idle()

    def beat(self, watchers: Iterable[Watcher] | None = None) -> None:
        now, read = epoch_ms(timezone.now()), epoch_ms(self.read_at)
        for watcher in self.everyone if watchers is None else watchers:
            stale = watcher.stale_since
            watcher.write(watcher.beat(now, epoch_ms(stale) if stale else read))

    async def _note_stale(self) -> None:
        """Tell watchers when their topics stop being read, and when they are read again."""
        while True:
            await asyncio.sleep(STALE_STEP_SECONDS)
            stale = self.topics.stale_watchers(timezone.now() - timedelta(seconds=STALE_SECONDS))
            changed = [watcher for watcher in self.everyone if (watcher.stale_since is None) == (watcher in stale)]
            for watcher in self.everyone:
                watcher.stale_since = stale.get(watcher)
            self.stale_since = min(stale.values(), default=None)
            self.beat(changed)

    async def _poll_for_ever(self, lane: Lane) -> None:
        """Poll what is due in a lane, then wait for the next hint or the next due time."""
        loop = asyncio.get_running_loop()
        next_poll = 0.0
        while True:
            now = loop.time()
            if now >= next_poll and (due := lane.take_due(now)):
                next_poll = now + POLL_SECONDS
                await self._poll(lane, due)
                continue
            lane.wake.clear()
            wait = max(next_poll, lane.next_due(now, now + 3600)) - now
            # Not wait_for: until Python 3.12 it loses a cancellation that comes together with the wake.
            with suppress(TimeoutError):
                async with asyncio.timeout(wait):
                    await lane.wake.wait()

    async def _poll(self, lane: Lane, due: Sequence[WatchedTopic]) -> None:
        """Read the due topics; send those that differ to the watchers with another version."""
        have = {watched.topic: versions for watched in due if (versions := watched.versions(lane.is_slow))}
        newcomers = {watcher: watcher.unread_of(have) for watcher in self.newcomers}
        begun_at, begun = timezone.now(), asyncio.get_running_loop().time()
        updates = await self._read(lane, due, have, begun_at)
        now = asyncio.get_running_loop().time()
        lane.charge(due, begun, now)
        if updates is None:
            return
        self.failures.note(updates, self.topics)
        send(changes_of(updates, self.topics, now), self.topics, self.viewings)
        self.traces.note_sent(due, lane.name, begun, now)
        apart = [watched for watched in due if watched.is_apart] if lane.is_slow else []
        for watched in due if not apart else set(due).difference(apart):
            watched.polled, watched.polled_at, watched.retries = begun, begun_at, 0
        self._mark(apart)  # it may have changed since for those who have it now
        self._welcome(newcomers)

    async def _read(
        self, lane: Lane, due: Sequence[WatchedTopic], have: Mapping[Topic, frozenset[str]], now: datetime
    ) -> dict[Topic, Update] | None:
        """The topics that differ; None where the database does not answer, and the sweep then asks again."""
        try:
            updates = await lane.reader.read(lane.in_turn, poll, have, now, lane.caches)
        except Exception as error:
            lane.caches = RowCaches()  # a thread that was given up may still use the others
            if lane.is_slow and isinstance(error, TimeoutError):
                lane.postpone(due, asyncio.get_running_loop().time())
            if lane.is_reading_well:
                lane.is_reading_well = False
                logger.exception(
                    "What pages watch cannot be read (%s); the pages say so, and the hub tries again: %r",
                    lane.name,
                    error,
                )
                self.beat()
            return None
        lane.read_at = now
        if not lane.is_reading_well:
            lane.is_reading_well = True
            logger.warning("What pages watch can be read again (%s).", lane.name)
            self.beat()
        return updates

    def _welcome(self, newcomers: Mapping[Watcher, set[Any]]) -> None:
        """Tell those whose topics have all been read now that they are current."""
        for watcher, read in newcomers.items():
            watcher.unread -= read
            if not watcher.unread and watcher in self.newcomers:
                self.newcomers.discard(watcher)
                watcher.write(watcher.current(epoch_ms(timezone.now()), epoch_ms(self.read_at)))
