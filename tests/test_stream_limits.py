"""The stream: what a program may ask for, what it is told when it asks for too much, and when it is sent away."""

# ruff: noqa: F811 - fixtures are imported, and are arguments of the same names

from typing import Any

import pytest
from channels.db import database_sync_to_async
from django.utils import timezone

from feed.live.programs import stream
from feed.live.programs.messages import MOST_BYTES
from feed.live.programs.program import Program
from feed.live.running import end_programs, running_hub
from feed.models import Fixture, SubscriberToken
from tests.rows import make_fixture
from tests.stream_client import Client, Connect, connect, fixture, follow, hint, make_token, move, secret  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("scope", [{"sports": [1]}, {"leagues": [1]}], ids=["sport", "league"])
async def test_a_token_opens_nothing_outside_its_scope(connect: Connect, fixture: Fixture, scope: dict[str, Any]):
    _, secret = await database_sync_to_async(make_token)(**scope)
    client = await connect(secret)
    await client.say(op="subscribe", fixtures=[7])
    assert (await client.hear("selection"))["fixtures"] == 0
    await client.hear("current")


async def test_more_fixtures_than_the_token_allows_are_left_out_and_that_is_said(connect: Connect, fixture: Fixture):
    await database_sync_to_async(make_fixture)(8)
    _, secret = await database_sync_to_async(make_token)(most_fixtures=1)
    client = await connect(secret)
    await client.say(op="subscribe")
    message = await client.hear("selection")
    assert (message["fixtures"], message["left_out"]) == (1, True)


@pytest.mark.parametrize(
    ("contents", "there", "absent"), [("scores", "scoreboard", "markets"), ("prices", "markets", "scoreboard")]
)
async def test_a_token_for_scores_or_prices_only_tells_nothing_else(
    connect: Connect, fixture: Fixture, contents: str, there: str, absent: str
):
    _, secret = await database_sync_to_async(make_token)(contents=contents)
    client = await connect(secret)
    await client.say(op="subscribe")
    state = (await client.hear("snapshot"))["fixtures"][0]
    assert there in state
    assert absent not in state


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "truncated"),
        ('{"x": ' + "[" * 60_000, "recursion"),
        ('{"op": "order"}', "order"),
        ('{"op": "subscribe", "sport": [1]}', "sport"),
        ('{"op": "subscribe", "contents": "some"}', "some"),
        ('{"op": "subscribe", "fixtures": [-1]}', "whole number"),
        ('{"op": "subscribe", "fixtures": [99999999999999999999]}', ""),
    ],
)
async def test_what_cannot_be_meant_is_answered_in_words_and_ends_it(
    connect: Connect, secret: str, text: str, words: str
):
    client = await connect(secret)
    await client.socket.send_to(text_data=text)
    assert words in (await client.hear("error"))["words"]
    assert await client.closed() == 4400


async def test_a_token_for_scores_is_told_that_it_opens_no_prices(connect: Connect):
    _, secret = await database_sync_to_async(make_token)(contents="scores")
    client = await connect(secret)
    await client.say(op="subscribe", contents="prices")
    assert "scores only" in (await client.hear("error"))["words"]


async def test_one_that_talks_too_much_is_sent_away(connect: Connect, secret: str):
    client = await connect(secret)
    for _ in range(200):
        await client.say(op="ack", n=0)
    assert await client.closed() == 4429


async def test_it_may_resume_as_many_fixtures_as_a_token_may_open(connect: Connect, secret: str):
    client = await connect(secret)
    await client.say(op="subscribe", since={"view": "another", "fixtures": {str(pk): 1 for pk in range(20_000)}})
    assert (await client.hear("snapshot_required", "error"))["type"] == "snapshot_required"


async def test_a_message_that_is_too_large_ends_it(connect: Connect, secret: str):
    client = await connect(secret)
    await client.socket.send_to(text_data=" " * (MOST_BYTES + 1))
    assert await client.closed() == 4429


async def test_one_that_acknowledges_nothing_is_told_no_more_and_then_all_at_once(
    connect: Connect, secret: str, fixture: Fixture
):
    client = await follow(connect, secret)
    (program,) = [watcher for watcher in running_hub().everyone if isinstance(watcher, Program)]
    program.unacked_bytes = 10**9
    for price in ("2.5", "2.6"):
        await move(price)
        hint()
    assert await client.socket.receive_nothing(timeout=0.3, interval=0.05)
    program.unacked_bytes = 0
    running_hub().acked(program, 0)
    (change,) = (await client.hear("changes"))["changes"]
    assert (change["since"], change["revision"], change["conflated"]) == (1, 3, True)


async def test_a_revoked_token_ends_its_connections(connect: Connect, fixture: Fixture):
    token, secret = await database_sync_to_async(make_token)()
    client = await follow(connect, secret)
    await database_sync_to_async(SubscriberToken.objects.filter(pk=token.pk).update)(revoked_at=timezone.now())
    await end_programs(running_hub())
    assert await client.closed() == 4401


async def test_a_token_that_was_narrowed_makes_its_programs_connect_again(connect: Connect, fixture: Fixture):
    token, secret = await database_sync_to_async(make_token)()
    client = await follow(connect, secret)
    await database_sync_to_async(SubscriberToken.objects.filter(pk=token.pk).update)(sports=[1])
    await end_programs(running_hub())
    assert await client.closed() == 1012


async def test_a_token_that_begins_connections_too_often_is_told_to_come_back(
    connect: Connect, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(stream, "HELD_SECONDS", 0.0)
    running_hub().budget.connections.most = 2
    for _ in range(2):
        client = await connect("nobody's")
        assert "valid token" in (await client.hear("error"))["words"]
    client = await connect("nobody's")
    message = await client.hear("error")
    assert (message["code"], message["words"][:35]) == (1013, "This token opens connections too of")


async def test_snapshots_are_paid_for_before_more_are_asked_for(connect: Connect, secret: str, fixture: Fixture):
    states = running_hub().budget.states
    states.most, states.per_second = 1, 0.0
    client = await connect(secret)
    await client.say(op="subscribe")
    await client.hear("snapshot")
    await client.hear("current")
    await client.say(op="subscribe", contents="scores")
    message = await client.hear("error")
    assert (message["code"], message["words"][:34]) == (1013, "Too many snapshots were asked for;")


async def test_who_resumes_pays_for_no_snapshot(connect: Connect, secret: str, fixture: Fixture):
    states = running_hub().budget.states
    states.most, states.per_second = 1, 0.0
    client = await connect(secret)
    await client.say(op="subscribe")
    state = (await client.hear("snapshot"))["fixtures"][0]
    view = (await client.hear("current"))["view"]
    assert [left for left, _ in states.left.values()] == [0]
    states.left.clear()
    again = await connect(secret)
    await again.say(op="subscribe", since={"view": view, "fixtures": {"7": state["revision"]}})
    await again.hear("current")
    assert [left for left, _ in states.left.values()] == [1]
