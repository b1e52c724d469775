"""Who has nothing of a state yet is sent it from the slow lane: whoever follows it already is held up by nobody."""

import threading
from typing import Any

import pytest

from feed.live.hub import hub as hubs
from feed.live.hub.hub import Hub
from feed.live.hub.lane import lanes
from feed.live.hub.watched import NOTHING, WatchedTopic
from feed.live.payload import Delta, Update
from feed.live.programs.state import Contents
from feed.live.programs.topics import StateTopic
from tests.test_hub import Browser, eventually
from tests.test_lanes import Watching

STATES = [StateTopic(pk, Contents()) for pk in range(1, 40)]


def watched_by(**watchers: str) -> WatchedTopic:
    """A state with a watcher of each owner, at a version; "new" has none."""
    topic = WatchedTopic(STATES[0])
    for owner, version in watchers.items():
        topic.watchers.setdefault(version, set()).add(Watching(owner))
    return topic


def test_each_lane_reads_a_state_for_its_own():
    topic = watched_by(new=NOTHING, old="5")
    assert (topic.is_slow(), topic.is_quick()) == (True, True)
    assert topic.versions(is_slow=True) == {NOTHING}
    assert topic.versions(is_slow=False) == {"5"}
    assert (topic.sole_owner(is_slow=True), topic.sole_owner()) == ("new", "old")
    alone = watched_by(old="5")
    assert (alone.is_slow(), alone.is_quick()) == (False, True)


def test_a_newcomer_pays_for_snapshots_of_what_others_follow_too():
    _, _, fresh = lanes()
    polled = [watched_by(new=NOTHING, old="5")]
    fresh.charge(polled, began=10.0, now=12.0)
    assert fresh.free_at == {"new": 12.0 + fresh.pause * 2.0}


async def test_snapshots_that_take_long_delay_no_change(monkeypatch: pytest.MonkeyPatch):
    hang = threading.Event()

    def poll(have: dict[Any, Any], *args: Any) -> dict[Any, Update]:
        if any(NOTHING in versions for versions in have.values()):
            hang.wait(3)
        return {topic: Update("6", {}) for topic in have}

    monkeypatch.setattr(hubs, "poll", poll)
    hub, newcomer, follower = Hub(), Browser(), Browser()
    hub.start()
    hub.watch(newcomer.page, dict.fromkeys(STATES, NOTHING))
    hub.watch(follower.page, dict.fromkeys(STATES, "5"))
    await eventually(lambda: any(notice.get("current") for notice in follower.notices))
    assert not any(notice.get("current") for notice in newcomer.notices)
    hang.set()
    await hub.stop()


async def test_who_was_sent_a_snapshot_is_told_at_once_what_changed_meanwhile(monkeypatch: pytest.MonkeyPatch):
    read: list[tuple[frozenset[str], ...]] = []

    def poll(have: dict[Any, Any], *args: Any) -> dict[Any, Update]:
        read.append(tuple(have.values()))
        if NOTHING in have.get(STATES[0], ()):
            return {STATES[0]: Update("5", {NOTHING: Delta(STATES[0], "5", {"type": "snapshot"})})}
        return {}

    monkeypatch.setattr(hubs, "poll", poll)
    monkeypatch.setattr(hubs, "SWEEP_SECONDS", 3600.0)
    hub, newcomer = Hub(), Browser()
    monkeypatch.setattr(newcomer.page, "take", lambda payloads: [])
    hub.start()
    hub.watch(newcomer.page, {STATES[0]: NOTHING})
    await eventually(lambda: (frozenset({"5"}),) in read)
    assert read[0] == (frozenset({NOTHING}),)
    await eventually(lambda: newcomer.page.versions[STATES[0]] == "5")
    await hub.stop()
