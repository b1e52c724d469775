"""Whatever comes, and however it is cut: a page that followed equals one rendered afresh, a program's states REST's."""

import asyncio
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import cycle
from random import Random
from typing import Any

import pytest
from channels.db import database_sync_to_async
from django.test import Client
from django.utils import timezone

from feed.live.announce import messages
from feed.live.hub import hub as hubs
from feed.live.hub import watcher
from feed.live.hub.hub import Hub
from feed.live.parts.board.board import BOARD
from feed.live.parts.feed_line import FEED_LINE
from feed.live.parts.fixture.notes import NOTES
from feed.live.parts.fragments import TopicHtml
from feed.live.parts.markets.market import MARKET
from feed.live.parts.markets.markets import MARKETS
from feed.live.parts.part import PageTopic
from feed.live.parts.registry import PARTS
from feed.live.parts.tree import TREE
from feed.live.programs.topics import StateTopic
from feed.models import FeedSource, Fixture, FixtureNote
from feed.pages.display import Display
from feed.pages.markets.groups import GROUPS, MarketsQuery
from feed.pages.prices.odds import NOTATIONS
from feed.store import Received, store_batch
from feed.transport import Delivery
from feed.views import fixture_topics
from feed.wire import Limits, decode
from sandbox.schedule import KINDS
from sandbox.supplier import Supplier
from tests.followers import Following, ModelPage, ModelProgram, canonical, element
from tests.rows import make_source
from tests.stream_client import make_token

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]
#: EQUIVALENCE_SEEDS=40 for a longer look.
SEEDS = int(os.environ.get("EQUIVALENCE_SEEDS", "2"))
#: Recent whatever the date: a program's selection leaves out what was over for days.
#: Less than a day ago at any hour: what began earlier is among no selection.
START = (datetime.now(UTC) - timedelta(hours=20)).replace(minute=0, second=0, microsecond=0)
STEPS = 14
ALL_INLINE = 10**6
FEED = FEED_LINE.topic()
LIMITS = Limits(max_bytes=10**7, max_depth=64)
BOARDS = ("", "show=in_play", "show=today&zone=Asia%2FTokyo", "show=finished", "market=2", "provider=8", "q=u")


class Feed:
    """A match of every sport, a race and a season go through the store, some seconds at a time, in batches of any size.

    Two sources vouch for what they send; now and then one of them is lost.
    """

    def __init__(self, seed: int) -> None:
        self.rng = Random(f"feed {seed}")
        self.supplier = Supplier(seed=seed, fixtures=KINDS, start=START, speed=60.0, bookmakers=2)
        self.now = START
        now = timezone.now()
        self.sources = [make_source(name, state_since=now, last_message_at=now) for name in ("in-play", "pre-match")]

    @database_sync_to_async
    def step(self) -> list[dict[str, Any]]:
        """Some time goes by. What was announced of it: some of it twice, some of it never."""
        self.now += timedelta(seconds=self.rng.uniform(0.2, 4))
        arrived = [self.received(outgoing.body) for outgoing in self.supplier.advance(self.now)]
        announced = []
        while arrived:
            size = self.rng.randint(1, 60)
            announced += messages(store_batch(self.rng.choice(self.sources), arrived[:size]))
            arrived = arrived[size:]
        if self.rng.random() < 0.2:
            lost = self.rng.choice(self.sources)
            state = self.rng.choice((FeedSource.State.UP, FeedSource.State.DOWN))
            FeedSource.objects.filter(pk=lost.pk).update(state=state, state_since=timezone.now())
            announced.append({"type": "feed.state", "source": lost.pk})
        return [hint for hint in announced for _ in range(self.rng.choice((0, 1, 1, 2)))]

    def received(self, body: bytes) -> Received:
        """Messages come seconds apart, however quickly this test has them."""
        delivery = Delivery(body=body, received_at=self.now + timedelta(seconds=self.rng.uniform(0, 9)), tag=0)
        return Received(delivery=delivery, message=decode(body, LIMITS))


class Reader:
    """A trader with a page: the topics that it shows now, which the reader may change."""

    def __init__(self, hub: Hub, rng: Random, shown: list[PageTopic]) -> None:
        self.rng = rng
        self.topics = shown
        self.page = ModelPage(hub, rng, rendered(shown))
        self.under_way: str | None = None

    async def do_something(self) -> None:
        """Open other groups of markets, whose answer may be slow; pin a match; write a note."""
        if self.under_way is not None:
            self.page.fetched(self.under_way)
            self.under_way = None
        elif self.rng.random() < 0.3:
            await database_sync_to_async(self.act)()

    def act(self) -> None:
        for place, topic in enumerate(self.topics):
            if topic.part is MARKETS:
                self.topics[place] = MARKETS.topic(topic.fixture_id, query=markets_query(self.rng).words)
                self.under_way = TopicHtml([self.topics[place]], timezone.now(), 40).fragment(self.topics[place]).html
            elif topic.part is BOARD and "pins=" not in topic.query:
                pinned = self.rng.choice(list(Fixture.objects.values_list("pk", flat=True)))
                self.topics[place] = BOARD.topic(query="&".join(filter(None, (topic.query, f"pins={pinned}"))))
            elif topic.part is NOTES:
                FixtureNote.objects.create(fixture_id=topic.fixture_id, text="Lineup is out", written_at=timezone.now())

    def ask(self) -> None:
        """Have the board that was asked for brought by the socket."""
        for topic in self.topics:
            if topic.part is BOARD and self.page.found("board").get("data-topic") != str(topic):
                self.page.ask("board", str(topic))


def markets_query(rng: Random) -> MarketsQuery:
    opened = tuple(rng.sample(sorted(GROUPS), rng.randint(1, 4)))
    display = Display(
        rng.choice(sorted(NOTATIONS)), (8,) if rng.random() < 0.3 else (), (4,) if rng.random() < 0.2 else ()
    )
    pinned = (1, 2) if rng.random() < 0.3 else ()
    return MarketsQuery(opened, pinned, "under" if rng.random() < 0.2 else "", display)


def shows(rng: Random) -> list[list[PageTopic]]:
    """Two boards, the outrights' tree, a match, the race and the season, each as some reader wants it."""
    boards = [[FEED, BOARD.topic(query=words)] for words in ("show=in_play", rng.choice(BOARDS))]
    boards.append([FEED, TREE.topic()])
    matches = list(Fixture.objects.matches().order_by("pk"))
    outrights = list(Fixture.objects.exclude(pk__in=[fixture.pk for fixture in matches]))
    chosen = [rng.choice(matches), *outrights]
    return [*boards, *([FEED, *fixture_topics(row, markets_query(rng)).values()] for row in chosen)]


def rendered(shown: Sequence[PageTopic]) -> list[str]:
    """What a page with these topics is sent when it is opened now."""
    html = TopicHtml(shown, timezone.now(), ALL_INLINE)
    return [html.fragment(topic).html for topic in shown]


def fresh(shown: Sequence[PageTopic]) -> dict[str, str]:
    return {str(topic): canonical(element(html)) for topic, html in zip(shown, rendered(shown), strict=True)}


def states(client: Client, words: dict[str, str]) -> dict[int, dict[str, Any]]:
    """All states as REST has them."""
    answer = client.get("/api/v1/fixtures/", {"limit": "100", **words})
    assert answer.status_code == 200, answer.content
    return without_times(answer.json()["fixtures"])


def without_times(states: Sequence[dict[str, Any]]) -> dict[int, dict[str, Any]]:
    """`at` is newer where a later message changed nothing that a state has."""
    return {state["id"]: {key: value for key, value in state.items() if key != "at"} for state in states}


async def disturb(rng: Random, follower: Following) -> None:
    """Cut its connection, bring it back, put it to sleep, wake it; or leave it in peace."""
    happening = rng.random()
    if happening < 0.15:
        follower.cut()
    elif happening < 0.4 and follower.watcher is None:
        follower.connect()  # type: ignore[attr-defined]
    elif happening < 0.5:
        follower.is_asleep = not follower.is_asleep
        follower.acknowledge()


async def settle(follower: Following) -> None:
    """Awake and connected."""
    follower.is_asleep = False
    if follower.watcher is None:
        follower.connect()  # type: ignore[attr-defined]
    follower.acknowledge()


async def eventually_equal(left: Callable[[], object], right: Callable[[], object]) -> None:
    """The one becomes what the other is, within a minute; a difference is shown by pytest."""
    with suppress(TimeoutError):
        async with asyncio.timeout(60):
            while left() != await database_sync_to_async(right)():
                await asyncio.sleep(0.05)
    assert left() == await database_sync_to_async(right)()


@pytest.fixture
def in_haste(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    """As much goes on in a second as otherwise in a minute; and no source is lost but where the test says so."""
    monkeypatch.setattr(hubs, "SWEEP_SECONDS", 0.2)
    for part in PARTS.values():
        monkeypatch.setattr(type(part), "pace", 0.02)
    monkeypatch.setattr(type(MARKET), "pace", 0.01)
    monkeypatch.setattr(StateTopic, "pace", 0.01)
    monkeypatch.setattr(watcher, "CREDIT_FRAMES", 3)
    settings.FEED_LATE_SECONDS = settings.FEED_DOWN_SECONDS = 10**6


@pytest.mark.parametrize("seed", range(SEEDS))
async def test_whoever_followed_has_what_a_newcomer_is_given(seed: int, in_haste: None):
    rng = Random(seed)
    feed = await database_sync_to_async(Feed)(seed)
    for _ in range(3):
        await feed.step()
    hub = Hub()
    hub.start()
    try:
        await follow_through(hub, feed, rng)
    finally:
        await hub.stop()


async def follow_through(hub: Hub, feed: Feed, rng: Random) -> None:
    readers = [
        await database_sync_to_async(Reader)(hub, rng, shown) for shown in await database_sync_to_async(shows)(rng)
    ]
    token, secret = await database_sync_to_async(make_token)(most_fixtures=1000, most_requests_per_minute=10**6)
    client = Client(headers={"authorization": f"Bearer {secret}"})
    sport = await database_sync_to_async(lambda: Fixture.objects.values_list("sport_id", flat=True).first())()
    queries: list[tuple[dict[str, Any], dict[str, str]]] = [
        ({}, {}),
        ({"contents": "scores"}, {"contents": "scores"}),
        ({"contents": "prices", "sports": [sport]}, {"contents": "prices", "sport": str(sport)}),
        ({"markets": [1, 2]}, {"markets": "1,2"}),
    ]
    programs = [(ModelProgram(hub, rng, token, **words), rest) for words, rest in queries]
    followers: list[Following] = [*(reader.page for reader in readers), *(program for program, _ in programs)]
    for _, reader in zip(range(STEPS * 2), cycle(readers), strict=False):
        if reader is readers[0]:
            for hint in await feed.step():
                hub.hint(hint)
        await reader.do_something()
        reader.ask()
        for follower in followers:
            await disturb(rng, follower)
        await asyncio.sleep(rng.choice((0, 0.01, 0.05)))
    for reader in readers:
        if reader.under_way is not None:
            reader.page.fetched(reader.under_way)
    for follower in followers:
        await settle(follower)
    for reader in readers:
        await eventually_equal(reader.page.dom, lambda shown=reader.topics: fresh(shown))  # type: ignore[misc]
    for program, rest in programs:
        await eventually_equal(
            lambda program=program: without_times(list(program.follower.states.values())),  # type: ignore[misc]
            lambda rest=rest: states(client, rest),  # type: ignore[misc]
        )
