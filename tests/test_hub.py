"""The hub: what it sends, to whom, and when it holds back."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from decimal import Decimal
from typing import Any

import pytest
from channels.db import database_sync_to_async
from channels.layers import get_channel_layer

from feed.live import hub as hubs
from feed.live.announce import GROUP
from feed.live.fragments import Screen
from feed.live.hub import CREDIT_FRAMES, Hub, Watcher
from feed.live.topics import Kind, Topic
from feed.models import Bet, Fixture, Market
from tests.rows import NOW, make_bet, make_fixture, make_market, make_scoreboard, make_source

pytestmark = pytest.mark.django_db(transaction=True)
ROW, MARKET = Topic(Kind.ROW, 7), Topic(Kind.MARKET, 7, 1)


class Page:
    """A page that keeps every frame it is sent."""

    def __init__(self) -> None:
        self.frames: asyncio.Queue[str] = asyncio.Queue()
        self.watcher = Watcher(self.frames.put)

    async def next_frame(self) -> str:
        return json.loads(await asyncio.wait_for(self.frames.get(), 5))["content"]


@pytest.fixture
def market() -> Market:
    make_source()
    fixture = make_fixture()
    make_scoreboard(fixture)
    market = make_market(fixture, revision=1)
    make_bet(market, "1", "2.1")
    return market


@pytest.fixture
async def hub(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Hub]:
    """A running hub whose sweep and pace do not slow the tests, and whose time is that of the rows."""
    monkeypatch.setattr(hubs.timezone, "now", lambda: NOW)
    monkeypatch.setattr(hubs, "SWEEP_SECONDS", 3600)
    hub = Hub()
    hub.start()
    yield hub
    await hub.stop()


async def version(topic: Topic) -> str:
    return await database_sync_to_async(lambda: Screen([topic], NOW).version(topic) or "")()


@database_sync_to_async
def move(price: str) -> None:
    """What the store does when a price moves: the bet, its market and its fixture are at a new revision."""
    fixture = Fixture.objects.get()
    Fixture.objects.update(revision=fixture.revision + 1, markets_revision=fixture.revision + 1)
    Market.objects.update(revision=fixture.revision + 1)
    Bet.objects.update(price=Decimal(price), revision=fixture.revision + 1)


def hint(**fields: Any) -> dict[str, Any]:
    return {"type": "feed.changed", "changes": [[7, 2, ["markets"], [1], fields.get("moved", False)]]}


async def eventually(holds: Callable[[], bool | Awaitable[bool]]) -> None:
    async with asyncio.timeout(5):
        while not holds():
            await asyncio.sleep(0.005)


async def test_a_page_that_is_behind_when_it_connects_is_brought_up_to_date(hub: Hub, market: Market):
    page = Page()
    await hub.watch(page.watcher, {ROW: "an older version"})
    assert "2.10" in await page.next_frame()


async def test_a_change_between_the_first_paint_and_the_socket_is_not_missed(hub: Hub, market: Market):
    painted = await version(ROW)
    await move("2.5")
    page = Page()
    await hub.watch(page.watcher, {ROW: painted})
    assert "2.50" in await page.next_frame()


async def test_a_hinted_change_is_sent_once_to_each_that_watches_it(hub: Hub, market: Market):
    pages, other = [Page(), Page()], Page()
    for page in pages:
        await hub.watch(page.watcher, {MARKET: await version(MARKET)})
    await hub.watch(other.watcher, {Topic(Kind.STATISTICS, 7): await version(Topic(Kind.STATISTICS, 7))})
    await move("2.6")
    hub.hint(hint())
    assert ["2.60" in await page.next_frame() for page in pages] == [True, True]
    assert other.frames.empty()


async def test_all_who_watch_the_same_get_the_very_same_frame(hub: Hub, market: Market):
    pages = [Page(), Page()]
    for page in pages:
        await hub.watch(page.watcher, {MARKET: await version(MARKET)})
    await move("2.6")
    hub.hint(hint())
    first, second = [await asyncio.wait_for(page.frames.get(), 5) for page in pages]
    assert first is second


async def test_a_hint_reaches_the_hub_over_the_channel_layer(hub: Hub, market: Market):
    page = Page()
    await hub.watch(page.watcher, {MARKET: await version(MARKET)})
    layer = get_channel_layer()
    await eventually(lambda: GROUP in layer.groups)
    await move("2.7")
    await layer.group_send(GROUP, hint())
    assert "2.70" in await page.next_frame()


async def test_a_change_whose_hint_was_lost_comes_with_the_sweep(hub: Hub, market: Market, monkeypatch):
    monkeypatch.setattr(hubs, "SWEEP_SECONDS", 0.05)
    sweep = asyncio.create_task(hub._sweep())
    page = Page()
    await hub.watch(page.watcher, {MARKET: await version(MARKET)})
    await move("2.8")
    assert "2.80" in await page.next_frame()
    sweep.cancel()


async def test_many_changes_within_the_pace_become_one_frame_with_the_newest(hub: Hub, market: Market):
    page = Page()
    await hub.watch(page.watcher, {MARKET: "none"})
    await page.next_frame()
    for price in ("3.1", "3.2", "3.3"):
        await move(price)
        hub.hint(hint())
    assert "3.30" in await page.next_frame()
    assert page.frames.empty()


async def test_a_page_that_acknowledges_nothing_is_sent_no_more_than_its_credit(hub: Hub, market: Market):
    page, other = Page(), Page()
    page.watcher.sent = CREDIT_FRAMES
    await hub.watch(page.watcher, {MARKET: await version(MARKET)})
    await hub.watch(other.watcher, {MARKET: await version(MARKET)})
    await move("2.9")
    hub.hint(hint())
    assert "2.90" in await other.next_frame()
    assert page.frames.empty()


async def test_with_its_next_acknowledgement_it_is_brought_up_to_date(hub: Hub, market: Market):
    page = Page()
    page.watcher.sent = CREDIT_FRAMES
    await hub.watch(page.watcher, {MARKET: await version(MARKET)})
    await move("2.9")
    await hub.acked(page.watcher, CREDIT_FRAMES)
    assert "2.90" in await page.next_frame()


async def test_a_page_cannot_acknowledge_more_than_it_was_sent(hub: Hub, market: Market):
    page = Page()
    await hub.watch(page.watcher, {MARKET: await version(MARKET)})
    await hub.acked(page.watcher, 10**9)
    assert page.watcher.acked == 0


async def test_what_nobody_watches_any_more_is_forgotten(hub: Hub, market: Market):
    page = Page()
    await hub.watch(page.watcher, {ROW: await version(ROW), MARKET: await version(MARKET)})
    await hub.watch(page.watcher, {ROW: await version(ROW)})
    assert set(hub.watchers) == {ROW}
    hub.leave(page.watcher)
    assert not hub.watchers
    assert not hub.topics_of
    assert not hub.everyone


async def test_a_fixture_that_moved_is_looked_for_on_boards(hub: Hub, market: Market):
    board, page = Topic(Kind.BOARD), Page()
    await hub.watch(page.watcher, {board: await version(board)})
    await database_sync_to_async(make_fixture)(8, "Eastham", "Westbury")
    hub.hint({"type": "feed.changed", "changes": [[8, 1, ["fixture"], [], True]]})
    assert "Eastham" in await page.next_frame()


async def test_a_source_that_went_down_suspends_its_prices_on_every_page(hub: Hub, market: Market):
    page = Page()
    await hub.watch(page.watcher, {MARKET: await version(MARKET)})
    await database_sync_to_async(make_source)(state="down", state_reason="Connection refused.")
    hub.hint({"type": "feed.state", "source": 1})
    assert "px--unvouched" in await page.next_frame()


async def test_a_page_whose_socket_fails_does_not_keep_frames_from_the_others(hub: Hub, market: Market):
    async def fail(text: str) -> None:
        raise RuntimeError("the socket is closed")

    broken, page = Watcher(fail), Page()
    await hub.watch(broken, {MARKET: await version(MARKET)})
    await hub.watch(page.watcher, {MARKET: await version(MARKET)})
    await move("3.5")
    hub.hint(hint())
    assert "3.50" in await page.next_frame()
    assert broken not in hub.everyone
