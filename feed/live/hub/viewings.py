"""What this process shows to each socket, as it happens: in memory for a span, then handed on to be written.

Only the event loop touches it. A span is handed on one span later, so that its last frames are painted by then.
"""

import hashlib
import itertools
import time
from collections.abc import Hashable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from feed.live.parts.part import PageTopic
from feed.live.payload import Fragment, Payload
from feed.live.topic import Topic
from feed.pages.fixture.clock import epoch_ms
from feed.viewings.spans import HIDDEN, Event, Item, Span, Viewing

from .watcher import Unacked, Watcher

SPAN_SECONDS = 10.0
#: In one span; what is beyond is counted as lost. An event takes about 300 bytes.
MOST_EVENTS, MOST_ITEMS = 50_000, 100_000
DIGEST_BYTES = 16

#: A topic at a version.
Shown = tuple[Topic, str]
#: Its number in this process, and when it began, in epoch milliseconds.
Socket = tuple[int, int]


class OpenSpan:
    """A span that is being filled. `owners` has whose each viewing is; their hashes are made when it is written."""

    def __init__(self, begun_at: datetime) -> None:
        self.begun_at = self.ended_at = begun_at
        self.places: dict[Shown, int] = {}
        self.digests: list[bytes] = []
        self.open: dict[Watcher, Viewing] = {}
        self.viewings: list[Viewing] = []
        self.owners: list[Hashable] = []
        self.events = 0
        self.lost = 0

    def place(self, shown: Shown, digest: bytes = b"") -> int:
        place = self.places.setdefault(shown, len(self.places))
        if place == len(self.digests):
            self.digests.append(digest)
        return place

    def viewing_of(self, watcher: Watcher, socket: Socket) -> Viewing:
        viewing = self.open.get(watcher)
        if viewing is None:
            viewing = self.open[watcher] = Viewing(socket[0], watcher.kind, b"", socket[1], [], [])
            self.viewings.append(viewing)
            self.owners.append(watcher.owner)
        return viewing

    def add(self, viewing: Viewing, event: Event) -> Event | None:
        """None, and one more lost, where the span is full."""
        if self.events >= MOST_EVENTS or len(self.places) > MOST_ITEMS:
            self.lost += 1
            return None
        self.events += 1
        viewing.events.append(event)
        return event

    def whole(self) -> Span:
        """As it is written, without its owners' hashes."""
        items = [
            Item(name_of(topic), version, digest)
            for (topic, version), digest in zip(self.places, self.digests, strict=True)
        ]
        return Span(items, self.viewings)


def name_of(topic: Topic) -> str:
    """A page's topic as the page writes it; of a program "state:7", "selection:0", "sources:0"."""
    if isinstance(topic, PageTopic):
        return str(topic)
    return f"{type(topic).__name__.removesuffix('Topic').lower()}:{topic.fixture_id}"


class Viewings:
    """The viewings of all watchers. `is_on` is false where the desk's settings do not want them."""

    def __init__(self, is_on: bool) -> None:
        self.is_on = is_on
        self.numbers = itertools.count(1)
        self.sockets: dict[Watcher, Socket] = {}
        self.digests: dict[Shown, bytes] = {}
        self.now = OpenSpan(timezone.now())
        self.before: OpenSpan | None = None

    def note_watch(self, watcher: Watcher, have: Mapping[Any, str]) -> None:
        """The watcher follows other topics: what it has of the new ones, and which it shows no longer."""
        if not self.is_on:
            return
        known = watcher.versions
        own = [self.now.place((topic, version)) for topic, version in have.items() if version and topic not in known]
        gone = tuple(name_of(topic) for topic, version in known.items() if version and topic not in have)
        if own or gone or watcher not in self.sockets:
            self.now.add(self.of(watcher), Event(epoch_ms(timezone.now()), own, None, True, gone))

    def note_left(self, watcher: Watcher) -> None:
        socket = self.sockets.pop(watcher, None)
        if socket is not None:
            self.now.viewing_of(watcher, socket).closed = epoch_ms(timezone.now())
            del self.now.open[watcher]

    def places_of(self, payloads: Sequence[Payload]) -> list[int]:
        """The places of what is sent, for all who are sent it."""
        return [self.place_of(payload) for payload in payloads] if self.is_on else []

    def place_of(self, payload: Payload) -> int:
        shown = payload.topic, payload.version
        if isinstance(payload, Fragment) and shown not in self.digests:
            self.digests[shown] = hashlib.sha256(payload.html.encode()).digest()[:DIGEST_BYTES]
        return self.now.place(shown, self.digests.get(shown, b""))

    def note_pushed(self, watcher: Watcher, places: list[int], pushed_ms: int) -> Event | None:
        """The event that the acknowledgement completes; None where it is not kept."""
        if not self.is_on:
            return None
        return self.now.add(self.now.open.get(watcher) or self.of(watcher), Event(pushed_ms, places))

    def of(self, watcher: Watcher) -> Viewing:
        socket = self.sockets.get(watcher)
        if socket is None:
            socket = self.sockets[watcher] = next(self.numbers), epoch_ms(timezone.now())
        return self.now.viewing_of(watcher, socket)

    def turn(self) -> OpenSpan | None:
        """Begin the next span with what everybody has. Returns the one before the last, which can be written."""
        done, self.before = self.before, self.now
        self.before.ended_at = timezone.now()
        self.before.open.clear()
        self.now = OpenSpan(self.before.ended_at)
        for watcher, socket in self.sockets.items():
            has = [shown for shown in watcher.versions.items() if shown[1]]
            self.now.viewing_of(watcher, socket).had = [
                self.now.place(shown, self.digests.get(shown, b"")) for shown in has
            ]
        self.digests = {shown: digest for shown, digest in self.digests.items() if shown in self.now.places}
        return done


def note_painted(newly: Sequence[Unacked], latencies: Sequence[tuple[float, float]]) -> None:
    """Set when the frames that were acknowledged had been painted; those without a time were in a hidden window.

    `latencies`, of the newest: ms from arrival until painted, and ms from then until the acknowledgement left.
    """
    now = time.monotonic()
    for unacked in newly:
        if unacked.event is not None:
            unacked.event.painted = HIDDEN
    for unacked, (milliseconds, waited) in zip(reversed(newly), reversed(latencies), strict=False):
        if unacked.event is not None:
            there = max(0.0, (now - unacked.sent) * 1000 - milliseconds - waited) / 2
            unacked.event.painted = round(there + milliseconds, 1)
