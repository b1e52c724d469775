"""The topics that are watched in this process, who has which version of each, and which of them are to be polled."""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterator
from datetime import datetime

from feed.live.topic import Topic

from .watcher import Watcher

#: The version of those who have nothing of a topic yet.
NOTHING = ""
#: From this cost on a topic is read in the slow lane: boards, the tree, a program's selection, a state's snapshot.
SLOW_COST = 20


class WatchedTopic:
    """A topic that somebody watches.

    `watchers` are those who watch it, by the version that they have. By the event loop's clock: `sent` is when it was
    last sent to anybody, `polled` when its last poll began. `polled_at` is the date and time at which the last poll
    that succeeded began. No poll begins before `not_before`; `retries` counts polls in a row that came too late.

    `is_apart`: for those who have nothing of it yet the fresh lane reads it, at `first_cost`, and for all others the
    quick one. All the times are the quick lane's then.
    """

    __slots__ = (
        *("cost", "first_cost", "is_apart", "not_before", "polled", "polled_at"),
        *("retries", "sent", "topic", "watchers"),
    )

    def __init__(self, topic: Topic) -> None:
        self.topic = topic
        self.watchers: dict[str, set[Watcher]] = {}
        self.cost = topic.cost
        self.first_cost = topic.first_cost
        self.is_apart = topic.cost < SLOW_COST <= topic.first_cost
        self.sent = 0.0
        self.not_before = 0.0
        self.retries = 0
        self.polled: float | None = None
        self.polled_at: datetime | None = None

    def is_slow(self) -> bool:
        """Whether the slow lane or the fresh one has to read it for somebody."""
        return NOTHING in self.watchers if self.is_apart else self.cost >= SLOW_COST

    def is_fresh(self) -> bool:
        """Whether the fresh lane is the one that has to read it, so that others' boards wait for no first reading."""
        return self.is_slow() and (self.is_apart or self.polled is None)

    def is_quick(self) -> bool:
        """Whether the quick lane has to read it for somebody."""
        return any(version != NOTHING for version in self.watchers) if self.is_apart else self.cost < SLOW_COST

    def versions(self, is_slow: bool) -> frozenset[str]:
        """The versions of those for whom a lane reads it."""
        if not self.is_apart:
            return frozenset(self.watchers)
        return frozenset(version for version in self.watchers if (version == NOTHING) == is_slow)

    def sole_owner(self, is_slow: bool = False) -> Hashable:
        """The owner of all for whom a lane reads it; None where there are several."""
        versions = self.versions(is_slow) if self.is_apart else self.watchers
        owners = (watcher.owner for version in versions for watcher in self.watchers[version])
        first = next(owners, None)
        return first if all(owner == first for owner in owners) else None


class WatchedTopics:
    """All watched topics. `cost` is what they cost together, in board rows."""

    def __init__(self) -> None:
        self.by_topic: dict[Topic, WatchedTopic] = {}
        self.of_fixture: dict[int, set[WatchedTopic]] = defaultdict(set)
        self.of_everything: set[WatchedTopic] = set()
        self.cost = 0

    def __contains__(self, topic: object) -> bool:
        return topic in self.by_topic

    def __len__(self) -> int:
        return len(self.by_topic)

    def add(self, watcher: Watcher, topic: Topic) -> WatchedTopic:
        """Put the watcher with those who have the same version of the topic."""
        watched = self.by_topic.get(topic)
        if watched is None:
            watched = self.by_topic[topic] = WatchedTopic(topic)
            self.of_fixture[topic.fixture_id].add(watched)
            if topic.follows_everything:
                self.of_everything.add(watched)
            self.cost += watched.cost
        watched.watchers.setdefault(watcher.versions[topic], set()).add(watcher)
        return watched

    def remove(self, watcher: Watcher, topic: Topic, version: str) -> WatchedTopic | None:
        """Note that the watcher, which had this version, no longer shows the topic. Returns it if nobody does."""
        if (watched := self.by_topic.get(topic)) is None:
            return None
        if same := watched.watchers.get(version):
            same.discard(watcher)
            if not same:
                del watched.watchers[version]
        if watched.watchers:
            return None
        self._drop(watched)
        return watched

    def _drop(self, watched: WatchedTopic) -> None:
        topic = watched.topic
        del self.by_topic[topic]
        self.cost -= watched.cost
        self.of_fixture[topic.fixture_id].discard(watched)
        self.of_everything.discard(watched)
        if not self.of_fixture[topic.fixture_id]:
            del self.of_fixture[topic.fixture_id]

    def all(self) -> Collection[WatchedTopic]:
        return self.by_topic.values()

    def not_polled_since(self, time: float) -> list[WatchedTopic]:
        """The topics whose last poll began at `time` or before, by the loop's clock."""
        return [watched for watched in self.by_topic.values() if watched.polled is None or watched.polled <= time]

    def changed(
        self, fixture_id: int, aspects: Collection[str], markets: Collection[int], moved: bool
    ) -> Iterator[WatchedTopic]:
        """The topics that may show this change of a fixture."""
        of_any = self.of_fixture.get(0, ()) if moved else self.of_everything
        candidates = [*self.of_fixture.get(fixture_id, ()), *of_any]
        return (watched for watched in candidates if watched.topic.may_show(aspects, markets, moved))

    def stale_watchers(self, before: datetime) -> dict[Watcher, datetime]:
        """The watchers of a topic that was last read before that time, each with when it was read."""
        stale: dict[Watcher, datetime] = {}
        for watched in self.by_topic.values():
            if watched.polled_at is not None and watched.polled_at < before:
                for watchers in watched.watchers.values():
                    for watcher in watchers:
                        stale[watcher] = min(watched.polled_at, stale.get(watcher, watched.polled_at))
        return stale
