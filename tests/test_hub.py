"""The hub: what it sends, to whom, and when it holds back."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from channels.db import database_sync_to_async
from channels.layers import get_channel_layer
from django.db import transaction

from feed.live.announce import GROUP
from feed.live.hub import hub as hubs
from feed.live.hub.hub import Hub
from feed.live.hub.watcher import CREDIT_FRAMES, Unacked
from feed.live.page import Page
from feed.live.parts.board.board import BOARD
from feed.live.parts.board.row import ROW as ROW_PART
from feed.live.parts.fixture.statistics import STATISTICS
from feed.live.parts.fragments import TopicHtml
from feed.live.parts.markets.market import MARKET as MARKET_PART
from feed.live.parts.part import PageTopic
from feed.models import Bet, Fixture, Market
from tests.rows import NOW, make_bet, make_fixture, make_market, make_scoreboard, make_source

pytestmark = pytest.mark.django_db(transaction=True)
ROW, MARKET = ROW_PART.topic(7), MARKET_PART.topic(7, 1)


class Browser:
    """A page's browser, which keeps every frame it is sent and how it was closed."""

    def __init__(self) -> None:
        self.frames: asyncio.Queue[str] = asyncio.Queue()
        self.notices: list[dict[str, Any]] = []
        self.closed: list[int] = []
        self.page = Page(self.receive, self.close)

    async def receive(self, text: str) -> None:
        if "content" in (frame := json.loads(text)):
            await self.frames.put(text)
        else:
            self.notices.append(frame)

    async def close(self, code: int, words: str) -> None:
        assert words
        self.closed.append(code)

    async def next_text(self) -> str:
        return await asyncio.wait_for(self.frames.get(), 5)

    async def next_frame(self) -> str:
        """The HTML of the next frame."""
        frame = json.loads(await self.next_text())
        return frame["content"] + "".join(frame.get("outlines", []))

    def owe(self, frames: int) -> None:
        """Make it owe the acknowledgement of so many frames."""
        for _ in range(frames):
            self.page.unacked.append(Unacked(1, 0.0, ()))
        self.page.owes_since = time.monotonic()


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


async def version(topic: PageTopic) -> str:
    return await database_sync_to_async(lambda: TopicHtml([topic], NOW).version(topic) or "")()


@database_sync_to_async
@transaction.atomic
def move(price: str) -> None:
    """What the store does when a price moves: the bet, its market and its fixture are at a new revision, at once."""
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
    page = Browser()
    hub.watch(page.page, {ROW: "an older version"})
    assert "2.10" in await page.next_frame()


async def test_a_change_between_the_page_and_its_socket_is_not_missed(hub: Hub, market: Market):
    rendered = await version(ROW)
    await move("2.5")
    page = Browser()
    hub.watch(page.page, {ROW: rendered})
    assert "2.50" in await page.next_frame()


async def test_a_hinted_change_is_sent_once_to_each_that_watches_it(hub: Hub, market: Market):
    pages, other = [Browser(), Browser()], Browser()
    for page in pages:
        hub.watch(page.page, {MARKET: await version(MARKET)})
    hub.watch(other.page, {STATISTICS.topic(7): await version(STATISTICS.topic(7))})
    await move("2.6")
    hub.hint(hint())
    assert ["2.60" in await page.next_frame() for page in pages] == [True, True]
    assert other.frames.empty()


async def test_all_who_watch_the_same_get_the_very_same_frame(hub: Hub, market: Market):
    pages = [Browser(), Browser()]
    for page in pages:
        hub.watch(page.page, {MARKET: await version(MARKET)})
    await move("2.6")
    hub.hint(hint())
    first, second = [await page.next_text() for page in pages]
    assert first is second


async def test_a_hint_reaches_the_hub_over_the_channel_layer(hub: Hub, market: Market):
    page = Browser()
    hub.watch(page.page, {MARKET: await version(MARKET)})
    layer = get_channel_layer()
    await eventually(lambda: GROUP in layer.groups)
    await move("2.7")
    await layer.group_send(GROUP, hint())
    assert "2.70" in await page.next_frame()


async def test_a_change_whose_hint_was_lost_comes_with_the_sweep(
    hub: Hub, market: Market, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(hubs, "SWEEP_SECONDS", 0.05)
    sweep = asyncio.create_task(hub._sweep())
    page = Browser()
    hub.watch(page.page, {MARKET: await version(MARKET)})
    await move("2.8")
    assert "2.80" in await page.next_frame()
    sweep.cancel()


async def test_many_changes_within_the_pace_become_one_frame_with_the_newest(hub: Hub, market: Market):
    page = Browser()
    hub.watch(page.page, {MARKET: "none"})
    await page.next_frame()
    for price in ("3.1", "3.2", "3.3"):
        await move(price)
        hub.hint(hint())
    assert "3.30" in await page.next_frame()
    assert page.frames.empty()


async def test_what_comes_shortly_after_a_poll_is_polled_together(
    hub: Hub, market: Market, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(hubs, "POLL_SECONDS", 1)
    polled: list[set[PageTopic]] = []
    poll = hubs.poll

    def noted(have: dict[PageTopic, Any], *others: Any) -> Any:
        polled.append(set(have))
        return poll(have, *others)

    monkeypatch.setattr(hubs, "poll", noted)
    first, others = Browser(), [Browser(), Browser()]
    hub.watch(first.page, {MARKET: ""})
    await first.next_frame()
    hub.watch(others[0].page, {ROW: ""})
    await asyncio.sleep(0)
    hub.watch(others[1].page, {STATISTICS.topic(7): ""})
    for page in others:
        await page.next_frame()
    assert polled == [{MARKET}, {ROW, STATISTICS.topic(7)}]


async def test_a_page_that_acknowledges_nothing_is_sent_no_more_than_its_credit(hub: Hub, market: Market):
    page, other = Browser(), Browser()
    page.owe(CREDIT_FRAMES)
    hub.watch(page.page, {MARKET: await version(MARKET)})
    hub.watch(other.page, {MARKET: await version(MARKET)})
    await move("2.9")
    hub.hint(hint())
    assert "2.90" in await other.next_frame()
    assert page.frames.empty()


async def test_with_its_next_acknowledgement_it_is_brought_up_to_date(hub: Hub, market: Market):
    page = Browser()
    page.owe(CREDIT_FRAMES)
    hub.watch(page.page, {MARKET: "older"})
    await eventually(lambda: MARKET in page.page.behind)
    await move("2.9")
    hub.acked(page.page, CREDIT_FRAMES)
    assert "2.90" in await page.next_frame()


async def test_a_page_cannot_acknowledge_more_than_it_was_sent(hub: Hub, market: Market):
    page = Browser()
    hub.watch(page.page, {MARKET: await version(MARKET)})
    hub.acked(page.page, 10**9)
    assert page.page.acked == 0


async def test_what_nobody_watches_any_more_is_forgotten(hub: Hub, market: Market):
    page = Browser()
    hub.watch(page.page, {ROW: await version(ROW), MARKET: await version(MARKET)})
    hub.watch(page.page, {ROW: await version(ROW)})
    assert set(hub.topics.by_topic) == {ROW}
    hub.leave(page.page)
    assert not hub.topics.by_topic
    assert not hub.topics.of_fixture
    assert not hub.everyone


async def test_a_fixture_that_moved_is_looked_for_on_boards(hub: Hub, market: Market):
    board, page = BOARD.topic(), Browser()
    hub.watch(page.page, {board: await version(board)})
    await database_sync_to_async(make_fixture)(8, "Eastham", "Westbury")
    hub.hint({"type": "feed.changed", "changes": [[8, 1, ["fixture"], [], True]]})
    assert "Eastham" in await page.next_frame()


async def test_a_source_that_went_down_suspends_its_prices_on_every_page(hub: Hub, market: Market):
    page = Browser()
    hub.watch(page.page, {MARKET: await version(MARKET)})
    await database_sync_to_async(make_source)(state="down", state_reason="Connection refused.")
    hub.hint({"type": "feed.state", "source": 1})
    assert "px--unvouched" in await page.next_frame()


@pytest.fixture
def often_swept(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sweep looks each hundredth of a second, and finds that all was polled lately."""
    monkeypatch.setattr(hubs, "SWEEP_STEPS", 360_000)


async def test_a_silence_is_on_the_page_as_soon_as_it_is_too_long(
    often_swept: None, hub: Hub, market: Market, monkeypatch: pytest.MonkeyPatch
):
    now, page = NOW + timedelta(seconds=14.9), Browser()
    monkeypatch.setattr(hubs.timezone, "now", lambda: now)
    hub.watch(page.page, {MARKET: await version(MARKET)})
    await eventually(lambda: hub.quick.caches.turns_at == NOW + timedelta(seconds=15))
    now = NOW + timedelta(seconds=15)
    assert "px--unvouched" in await page.next_frame()
    assert hub.quick.caches.turns_at == NOW + timedelta(seconds=30)


async def test_a_page_whose_socket_fails_does_not_keep_frames_from_the_others(hub: Hub, market: Market):
    async def fail(*args: object) -> None:
        raise RuntimeError("the socket is closed")

    broken, page = Page(fail, fail), Browser()
    hub.watch(broken, {MARKET: await version(MARKET)})
    hub.watch(page.page, {MARKET: await version(MARKET)})
    await move("3.5")
    hub.hint(hint())
    assert "3.50" in await page.next_frame()
