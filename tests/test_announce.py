"""Announcements: small, of plain parts, never in the consumer's way."""

import asyncio
import logging
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import msgpack
import pytest
from channels.layers import channel_layers, get_channel_layer
from hypothesis import given
from hypothesis import strategies as st

from exam.proxy import Proxy
from feed.changes import Aspect, Change
from feed.live.announce import CHANGES_IN_MESSAGE, GROUP, Announcer, messages
from tests.polling import poll

changes = st.builds(
    Change,
    fixture_id=st.integers(-(2**63), 2**63 - 1),
    revision=st.integers(1, 2**63 - 1),
    aspects=st.frozensets(st.sampled_from(Aspect)),
    markets=st.lists(st.integers(-(2**63), 2**63 - 1)).map(tuple),
    moved=st.booleans(),
)
GOAL = Change(
    fixture_id=7, revision=42, aspects=frozenset({Aspect.SCOREBOARD, Aspect.MARKETS}), markets=(1, 2), moved=True
)
GOAL_MESSAGE = {"type": "feed.changed", "changes": [[7, 42, ["markets", "scoreboard"], [1, 2], True]]}


def redis_layer(url: str) -> dict[str, Any]:
    config = {"hosts": [url], "prefix": "test-announce"}
    return {"default": {"BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer", "CONFIG": config}}


@pytest.fixture
def layer_settings(settings: Any) -> Iterator[Any]:
    """Settings whose channel layer may be changed; each test has a layer of its own."""
    channel_layers.backends.clear()
    yield settings
    channel_layers.backends.clear()


@given(st.lists(changes, max_size=3))
def test_a_layer_that_carries_plain_parts_alone_carries_it_unchanged(some: list[Change]) -> None:
    for message in messages(some):
        assert msgpack.unpackb(msgpack.packb(message)) == message


@given(st.integers(0, 3 * CHANGES_IN_MESSAGE))
def test_many_changes_become_many_small_messages(number: int) -> None:
    made = list(messages([GOAL] * number))
    assert sum(len(message["changes"]) for message in made) == number
    assert all(0 < len(message["changes"]) <= CHANGES_IN_MESSAGE for message in made)


async def test_it_sends_on_the_loop_that_it_was_given(layer_settings: Any) -> None:
    layer = get_channel_layer()
    channel = await layer.new_channel()
    await layer.group_add(GROUP, channel)
    announcer = Announcer(asyncio.get_running_loop())
    feed = threading.Thread(target=lambda: (announcer.changed([GOAL]), announcer.state_changed(3)))
    feed.start()
    assert await asyncio.wait_for(layer.receive(channel), 5) == GOAL_MESSAGE
    assert await asyncio.wait_for(layer.receive(channel), 5) == {"type": "feed.state", "source": 3}
    feed.join()
    announcer.close()


def test_a_loop_that_has_ended_takes_nothing_and_does_no_harm(layer_settings: Any) -> None:
    loop = asyncio.new_event_loop()
    loop.close()
    announcer = Announcer(loop)
    announcer.changed([GOAL])
    assert announcer.in_flight == 0


@pytest.mark.redis
async def test_it_reaches_another_process_through_redis(layer_settings: Any, redis_url: str) -> None:
    layer_settings.CHANNEL_LAYERS = redis_layer(redis_url)
    layer = get_channel_layer()
    channel = await layer.new_channel()
    await layer.group_add(GROUP, channel)
    with closing(Announcer()) as announcer:
        announcer.changed([GOAL])
        assert await asyncio.wait_for(layer.receive(channel), 5) == GOAL_MESSAGE
        poll(lambda: announcer.in_flight == 0)
    await layer.flush()


@pytest.mark.redis
def test_a_lost_redis_is_told_once_and_the_consumer_never_waits(
    layer_settings: Any, redis_url: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("feed.live.announce.QUIET_SECONDS", (0.01, 0.02))
    caplog.set_level(logging.WARNING)
    with Proxy(redis_url) as proxy, closing(Announcer()) as announcer:
        layer_settings.CHANNEL_LAYERS = redis_layer(proxy.url)
        announcer.changed([GOAL])
        poll(lambda: announcer.in_flight == 0)
        proxy.cut()
        for _ in range(3):
            began = time.perf_counter()
            announcer.changed([GOAL])
            assert time.perf_counter() - began < 0.1
            poll(lambda: announcer.in_flight == 0)
            poll(lambda: time.monotonic() >= announcer.quiet_until)
        assert announcer.failures
        assert caplog.text.count("Announcements are lost") == 1
        proxy.restore()
        poll(lambda: announcer.changed([GOAL]) or not announcer.failures)
        assert caplog.text.count("Announcements arrive again.") == 1


def test_a_layer_that_hangs_does_not_fill_the_memory(layer_settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    async def hang(*args: Any) -> None:
        await asyncio.sleep(60)

    monkeypatch.setattr("feed.live.announce.SEND_SECONDS", 0.3)
    monkeypatch.setattr(get_channel_layer(), "group_send", hang)
    with closing(Announcer()) as announcer:
        for _ in range(1000):
            announcer.changed([GOAL])
        assert announcer.in_flight == 200
        poll(lambda: announcer.in_flight == 0)


def test_it_is_quiet_for_longer_after_each_failure(layer_settings: Any) -> None:
    announcer = Announcer()
    pauses = []
    for _ in range(7):
        announcer.quiet_until = 0
        began = time.monotonic()
        announcer.note_failure(OSError("gone"))
        pauses.append(round(announcer.quiet_until - began, 1))
    assert pauses == [0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 15.0]
