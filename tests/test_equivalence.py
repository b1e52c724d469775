"""Whatever comes, and however it is cut: a page that followed equals one rendered afresh, a program's states REST's."""

import asyncio
import json
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from random import Random

import msgspec
import pytest
from channels.db import database_sync_to_async
from django.utils import timezone

from feed.live import hub as hubs
from feed.live.announce import messages
from feed.live.fragments import Screen
from feed.live.hub import Hub
from feed.live.topics import Kind, Topic
from feed.models import FeedSource, Fixture, SubscriberToken
from feed.pages.reading import Reading
from feed.state import Contents, fixture_state
from feed.store import Received, store_batch
from feed.transport import Delivery
from feed.wire import Limits, decode
from sandbox.supplier import Supplier
from tests.followers import Following, ModelPage, ModelProgram, canonical, element
from tests.rows import make_source

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(120)]
#: EQUIVALENCE_SEEDS=200 for a longer look.
SEEDS = int(os.environ.get("EQUIVALENCE_SEEDS", "2"))
START = datetime(2026, 11, 21, 15, tzinfo=UTC)
STEPS = 12
ALL_PAINTED = 10**6
OF_FIXTURE = (Kind.SCOREBOARD, Kind.PERIODS, Kind.INCIDENTS, Kind.STATISTICS, Kind.MARKETS)
LIMITS = Limits(max_bytes=10**7, max_depth=64)


class Feed:
    """Simulated matches that go through the store, a few seconds at a time, in batches of any size."""

    def __init__(self, seed: int) -> None:
        self.rng = Random(f"feed {seed}")
        self.supplier = Supplier(seed=seed, fixtures=4, start=START, speed=60.0, bookmakers=2)
        self.now = START
        self.source = make_source(state_since=timezone.now(), last_message_at=timezone.now())

    @database_sync_to_async
    def step(self) -> list[dict]:  # type: ignore[type-arg]
        """Some time goes by. What was announced of it: some of it twice, some of it never."""
        self.now += timedelta(seconds=self.rng.uniform(0.2, 4))
        arrived = [self.received(outgoing.body) for outgoing in self.supplier.advance(self.now)]
        announced = []
        while arrived:
            size = self.rng.randint(1, 60)
            announced += messages(store_batch(self.source, arrived[:size]))
            arrived = arrived[size:]
        FeedSource.objects.update(last_message_at=timezone.now(), state="up")
        return [hint for hint in announced for _ in range(self.rng.choice((0, 1, 1, 2)))]

    def received(self, body: bytes) -> Received:
        delivery = Delivery(body=body, received_at=timezone.now(), tag=0)
        return Received(delivery=delivery, message=decode(body, LIMITS))


def rendered(topics: Sequence[Topic]) -> list[str]:
    """What a page with these topics is sent when it is opened now."""
    screen = Screen(topics, timezone.now(), ALL_PAINTED)
    return [screen.fragment(topic).html for topic in topics]


def fresh(topics: Sequence[Topic]) -> dict[str, str]:
    return {str(topic): canonical(element(html)) for topic, html in zip(topics, rendered(topics), strict=True)}


def states(contents: Contents) -> dict[int, dict]:  # type: ignore[type-arg]
    """All states as REST has them."""
    ids = list(Fixture.objects.values_list("pk", flat=True))
    reading = Reading(ids, contents.markets)
    return {pk: without_times(json.loads(msgspec.json.encode(fixture_state(reading, pk, contents)))) for pk in ids}


def without_times(state: dict) -> dict:  # type: ignore[type-arg]
    """`at` is of the newest change of anything of the fixture, perhaps of what these contents do not have."""
    return {key: value for key, value in state.items() if key != "at"}


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
    """The one becomes what the other is, within 10 s; a difference is shown by pytest."""
    with suppress(TimeoutError):
        async with asyncio.timeout(10):
            while left() != await database_sync_to_async(right)():
                await asyncio.sleep(0.05)
    assert left() == await database_sync_to_async(right)()


@pytest.mark.parametrize("seed", range(SEEDS))
async def test_whoever_followed_has_what_a_newcomer_is_given(seed: int, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(hubs, "SWEEP_SECONDS", 0.2)
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
    some = await database_sync_to_async(lambda: list(Fixture.objects.values_list("pk", flat=True)[:2]))()
    shows: list[list[Topic]] = [
        [Topic(Kind.FEED), Topic(Kind.BOARD)],
        [Topic(Kind.FEED), Topic(Kind.BOARD, query="show=in_play")],
        *([Topic(kind, pk) for kind in OF_FIXTURE] for pk in some),
    ]
    pages = [ModelPage(hub, rng, await database_sync_to_async(rendered)(topics)) for topics in shows]
    token = SubscriberToken(pk=1, most_fixtures=1000)
    wanted = {"all": Contents(), "scores": Contents(prices=False), "prices": Contents(scores=False)}
    programs = {name: ModelProgram(hub, rng, token, contents=name) for name in wanted}
    one = ModelProgram(hub, rng, token, markets=[1, 2])
    followers: list[Following] = [*pages, *programs.values(), one]
    for _ in range(STEPS):
        for hint in await feed.step():
            hub.hint(hint)
        for follower in followers:
            await disturb(rng, follower)
        await asyncio.sleep(rng.choice((0, 0.01, 0.05)))
    for follower in followers:
        await settle(follower)
    for page, topics in zip(pages, shows, strict=True):
        await eventually_equal(page.dom, lambda topics=topics: fresh(topics))  # type: ignore[misc]
    for program, contents in [*((programs[name], wanted[name]) for name in wanted), (one, Contents(markets=(1, 2)))]:
        await eventually_equal(
            lambda program=program: {pk: without_times(state) for pk, state in program.follower.states.items()},  # type: ignore[misc]
            lambda contents=contents: states(contents),  # type: ignore[misc]
        )
