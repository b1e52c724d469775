"""The topics that are watched in this process, who has which version of each, and which of them are to be polled."""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterator
from datetime import datetime

from feed.live.topic import Topic

from .watcher import Watcher


class WatchedTopic:
    """A topic that somebody watches.

    `watchers` are those who watch it, by the version that they have. By the event loop's clock: `sent` is when it was
    last sent to anybody, `polled` when its last poll began, `polled_at` (a date and time) when the last that succeeded
    did. It is not polled before `not_before`; `retries` counts polls in a row that were not ready in time.
    """

    __slots__ = ("cost", "not_before", "polled", "polled_at", "retries", "sent", "topic", "watchers")

    def __init__(self, topic: Topic) -> None:
        self.topic = topic
        self.watchers: dict[str, set[Watcher]] = {}
        self.cost = topic.cost
        self.sent = 0.0
        self.not_before = 0.0
        self.retries = 0
        self.polled: float | None = None
        self.polled_at: datetime | None = None

    def sole_owner(self) -> Hashable:
        """The owner of all who watch it; None where there are several."""
        owners = (watcher.owner for watchers in self.watchers.values() for watcher in watchers)
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
        """The watcher, which had this version, does not show the topic any more. The topic, if nobody does."""
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
        """Those whose last poll began at `time` or before, by the loop's clock."""
        return [watched for watched in self.by_topic.values() if watched.polled is None or watched.polled <= time]

    def changed(
        self, fixture_id: int, parts: Collection[str], markets: Collection[int], moved: bool
    ) -> Iterator[WatchedTopic]:
        """The topics that may show this change of a fixture."""
        of_any = self.of_fixture.get(0, ()) if moved else self.of_everything
        candidates = [*self.of_fixture.get(fixture_id, ()), *of_any]
        return (watched for watched in candidates if watched.topic.may_show(parts, markets, moved))

    def stale_watchers(self, before: datetime) -> dict[Watcher, datetime]:
        """Those who watch something that was last read before that time, each with when."""
        stale: dict[Watcher, datetime] = {}
        for watched in self.by_topic.values():
            if watched.polled_at is not None and watched.polled_at < before:
                for watchers in watched.watchers.values():
                    for watcher in watchers:
                        stale[watcher] = min(watched.polled_at, stale.get(watcher, watched.polled_at))
        return stale
