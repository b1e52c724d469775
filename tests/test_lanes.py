"""Who is polled when: costly topics apart from cheap ones, and nobody comes first by having more of them."""

import asyncio
import threading
import time
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feed.live.hub import hub as hubs
from feed.live.hub.hub import Hub
from feed.live.hub.lane import PAUSE, POLL_COST, SLICE_COST, Lane
from feed.live.hub.watched import WatchedTopic
from feed.live.page import Page
from feed.live.parts.registry import parse_topic
from feed.live.payload import Update
from tests.test_hub import Browser, eventually


@dataclass(frozen=True)
class Costly:
    """A topic of some cost."""

    name: str
    cost: int = 1
    fixture_id: int = 0
    pace: float = 0.0
    follows_everything: bool = False

    @property
    def first_cost(self) -> int:
        return self.cost

    def may_show(self, parts: Collection[str], markets: Collection[int], moved: bool) -> bool:
        return True


class Watching(Page):
    """A page of somebody that is sent nothing."""

    def __init__(self, owner: str) -> None:
        async def nothing(*args: Any) -> None: ...

        super().__init__(nothing, nothing)
        self.owner = owner


def watched(name: str, cost: int, *owners: str) -> WatchedTopic:
    topic = WatchedTopic(Costly(name, cost))
    topic.watchers["1"] = {Watching(owner) for owner in owners}
    return topic


def lane() -> Lane:
    return Lane("test", POLL_COST, SLICE_COST, PAUSE)


def marked(*topics: WatchedTopic) -> Lane:
    made = lane()
    for topic in topics:
        made.mark(topic)
    return made


async def test_what_one_poll_can_bear_is_polled_together():
    topics = [watched(str(number), 10, "ann") for number in range(POLL_COST // 10)]
    assert marked(*topics).take_due(1.0) == topics


async def test_those_who_used_the_lane_least_come_first_where_there_is_more():
    greedy = [watched(str(number), 10, "greedy") for number in range(1000)]
    modest, shared = watched("modest", 1, "modest"), watched("shared", 1, "greedy", "modest")
    crowded = marked(*greedy, modest, shared)
    crowded.charge(crowded.take_due(1.0), began=1.0, now=2.0)
    assert {modest, shared} <= set(crowded.take_due(2.0))


async def test_whoever_used_it_up_waits_and_the_lane_knows_when_to_go_on():
    crowded = marked(*(watched(str(number), 10, "greedy") for number in range(1000)))
    crowded.charge(crowded.take_due(1.0), began=1.0, now=2.0)
    assert crowded.take_due(2.1) == []
    assert crowded.next_due(2.1, 99.0) == pytest.approx(3.0)
    assert crowded.take_due(3.0)


async def test_what_several_watch_is_charged_to_none_of_them():
    topic = watched("shared", 500, "ann", "bob")
    used = lane()
    used.charge([topic], began=1.0, now=9.0)
    assert used.free_at == {}


async def test_what_could_not_be_read_in_time_is_tried_alone_and_later():
    slow, other = watched("slow", 10, "ann"), watched("other", 10, "bob")
    delayed = lane()
    delayed.postpone([slow], now=1.0)
    for topic in (slow, other):
        delayed.mark(topic)
    assert delayed.take_due(2.9) == [other]
    delayed.mark(other)
    taken = [delayed.take_due(3.1), delayed.take_due(3.1)]
    assert sorted(taken, key=len) == [[other], [slow]] or sorted(taken, key=len) == [[slow], [other]]


@given(
    st.lists(st.tuples(st.integers(1, 400), st.sampled_from("abc")), max_size=60),
    st.lists(st.floats(0.001, 0.5), min_size=1, max_size=5),
)
def test_everybody_is_polled_in_the_end(wanted: list[tuple[int, str]], durations: list[float]):
    async def follow() -> None:
        topics = [watched(str(number), cost, owner) for number, (cost, owner) in enumerate(wanted)]
        crowded, now, polled, step = marked(*topics), 1.0, [], 0
        while crowded.marked:
            due = crowded.take_due(now)
            took = durations[step % len(durations)] if due else 0.0
            crowded.charge(due, now, now + took)
            polled += due
            now = now + took if due else crowded.next_due(now, now + 1)
            step += 1
            assert step < 5000
        assert sorted(topic.topic.name for topic in polled) == sorted(topic.topic.name for topic in topics)

    asyncio.run(follow())


async def test_a_costly_topic_that_hangs_delays_no_cheap_one(monkeypatch: pytest.MonkeyPatch):
    def poll(have: dict[Any, Any], *args: Any) -> dict[Any, Update]:
        if any("q=slow" in str(topic) for topic in have):
            time.sleep(1.5)
        return {}

    monkeypatch.setattr(hubs, "poll", poll)
    hub, greedy, modest = Hub(), Browser(), Browser()
    hub.start()
    hub.watch(greedy.page, {parse_topic(f"board?q=slow{number}"): "1" for number in range(20)})
    await asyncio.sleep(0.1)
    begun = time.monotonic()
    hub.watch(modest.page, {parse_topic("row:7"): "1"})
    await eventually(lambda: any(notice.get("current") for notice in modest.notices))
    assert time.monotonic() - begun < 1.0
    await hub.stop()


async def test_a_board_that_is_followed_waits_for_no_first_reading_of_another(monkeypatch: pytest.MonkeyPatch):
    let_go = threading.Event()
    followed, first = parse_topic("board"), parse_topic("board?q=new")
    read: list[Any] = []

    def poll(have: dict[Any, Any], *args: Any) -> dict[Any, Update]:
        read.extend(have)
        if first in have:
            let_go.wait(3)
        return {}

    monkeypatch.setattr(hubs, "poll", poll)
    hub, greedy, modest = Hub(), Browser(), Browser()
    hub.start()
    hub.watch(modest.page, {followed: "1"})
    await eventually(lambda: followed in read)
    hub.watch(greedy.page, {first: "1"})
    await eventually(lambda: first in read)
    read.clear()
    hub.hint({"type": "feed.state"})
    await eventually(lambda: followed in read)
    assert not let_go.is_set()
    let_go.set()
    await hub.stop()


async def test_whose_topics_are_not_read_is_told_since_when_and_others_stay_current(monkeypatch: pytest.MonkeyPatch):
    is_hanging = False

    def poll(have: dict[Any, Any], *args: Any) -> dict[Any, Update]:
        if is_hanging and any(topic.cost > 1 for topic in have):
            raise TimeoutError
        return {}

    monkeypatch.setattr(hubs, "poll", poll)
    monkeypatch.setattr(hubs, "SWEEP_SECONDS", 0.05)
    monkeypatch.setattr(hubs, "STALE_SECONDS", 0.4)
    monkeypatch.setattr(hubs, "STALE_STEP_SECONDS", 0.05)
    hub, stale, current = Hub(), Browser(), Browser()
    hub.start()
    hub.watch(stale.page, {parse_topic("board?q=slow"): "1", parse_topic("row:7"): "1"})
    hub.watch(current.page, {parse_topic("row:7"): "1"})
    await eventually(lambda: bool(stale.notices and current.notices))
    is_hanging = True
    await eventually(lambda: stale.notices[-1]["current"] is False and stale.notices[-1]["now"] > 0)
    await eventually(lambda: stale.notices[-1]["now"] - stale.notices[-1]["read"] >= 400)
    hub.beat()
    assert current.notices[-1]["current"] is True
    assert current.notices[-1]["now"] - current.notices[-1]["read"] < 400
    is_hanging = False
    hub.topics.by_topic[parse_topic("board?q=slow")].not_before = 0.0
    for lane in hub.lanes:
        lane.marked.clear()
    await eventually(lambda: stale.notices[-1]["current"] is True)
    await hub.stop()
