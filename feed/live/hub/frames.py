"""From the results of a poll to frames: who is sent what, and how long it took."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from django.utils import timezone

from feed.live.latency import way_of
from feed.live.payload import Payload, Times, Updates
from feed.pages.fixture.clock import epoch_ms

from .shown import SHOWN, Change
from .viewings import Viewings
from .watched import WatchedTopics
from .watcher import Watcher, Way

Changes = Mapping[Watcher, list[Payload]]


class Built(NamedTuple):
    """Frames for all who are sent the same: their texts, their ways, the changes in them, their places in the span."""

    texts: Sequence[str]
    ways: tuple[Way, ...]
    stored: frozenset[Change]
    places: list[int]


def changes_of(updates: Updates, topics: WatchedTopics, now: float) -> Changes:
    """What each watcher is to be sent; those without credit are put aside until they have some."""
    changes: dict[Watcher, list[Payload]] = defaultdict(list)
    for topic, update in updates.items():
        if (watched := topics.by_topic.get(topic)) is None:
            continue
        groups = watched.watchers
        for version in [version for version in groups if version != update.version]:
            if (payload := update.payloads.get(version)) is None:
                continue  # it came while this was read, and its topics are marked
            watched.sent = now
            for watcher in groups.pop(version):
                if watcher.has_credit:
                    changes[watcher].append(payload)
                    watcher.versions[topic] = update.version
                    groups.setdefault(update.version, set()).add(watcher)
                else:
                    watcher.behind.add(topic)
    return changes


def send(changes: Changes, topics: WatchedTopics, viewings: Viewings) -> None:
    """One frame for each set of payloads, built once, written to all who are sent it."""
    built: dict[tuple[object, ...], Built] = {}
    pushed_at = timezone.now()
    pushed_ms = epoch_ms(pushed_at)
    for watcher, payloads in changes.items():
        if not (wanted := watcher.take(payloads)):
            continue
        key = (watcher.frames, *map(id, wanted))
        if key not in built:
            fresh = fresh_times(wanted, topics)
            ways = (way_of(times, pushed_at) for times in {times for _, times in fresh})
            stored = frozenset((pk, times.stored_at) for pk, times in fresh if pk and times.stored_at)
            SHOWN.note_pushed(stored, pushed_at)
            known = tuple(way for way in ways if way)
            built[key] = Built(watcher.frames(wanted, pushed_at), known, stored, viewings.places_of(wanted))
        texts, known, stored, places = built[key]
        event = viewings.note_pushed(watcher, places, pushed_ms)
        for text in texts:
            watcher.write_frame(text, known, stored, event)


def fresh_times(payloads: Iterable[Payload], topics: WatchedTopics) -> set[tuple[int, Times]]:
    """Fixtures with the times of what was stored since its topic was last polled; what is older says nothing of our
    speed."""
    return {
        (payload.topic.fixture_id, payload.times)
        for payload in payloads
        if payload.times and stored_since(payload.times.stored_at, topics, payload)
    }


def stored_since(stored_at: datetime | None, topics: WatchedTopics, payload: Payload) -> bool:
    watched = topics.by_topic.get(payload.topic)
    polled_at = watched.polled_at if watched is not None else None
    return stored_at is not None and polled_at is not None and stored_at >= polled_at
