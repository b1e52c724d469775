"""The stream: who gets in, what a program is told first and then, how it comes back, what it may not do."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from channels.db import database_sync_to_async
from channels.routing import URLRouter
from channels.testing import WebsocketCommunicator
from django.utils import timezone

from feed.live import running
from feed.live.program import Program
from feed.live.running import end_programs, running_hub
from feed.live.stream import PROTOCOL
from feed.live.stream_messages import MOST_BYTES
from feed.models import Bet, FeedSource, Fixture, Market, SubscriberToken
from feed.urls import program_sockets
from tests.rows import NOW, make_bet, make_fixture, make_market, make_scoreboard, make_source

pytestmark = pytest.mark.django_db(transaction=True)


def make_token(**fields: Any) -> tuple[SubscriberToken, str]:
    token = SubscriberToken(**{"name": "odds screen", "made_at": timezone.now(), **fields})
    secret = token.new_secret()
    token.save()
    return token, secret


class Client:
    """A program at the other end of the socket."""

    def __init__(self, secret: str, **headers: Any) -> None:
        given = [(b"authorization", f"Bearer {secret}".encode())] if secret else []
        router = URLRouter(program_sockets)
        self.socket = WebsocketCommunicator(router, "/ws/v1/stream", headers=given, **headers)

    async def say(self, **said: Any) -> None:
        await self.socket.send_to(text_data=json.dumps(said))

    async def hear(self, *types: str) -> dict[str, Any]:
        """The next message, of these types if any are given; acknowledged."""
        async with asyncio.timeout(5):
            while True:
                message = json.loads(await self.socket.receive_from(timeout=5))
                if "n" in message:
                    await self.say(op="ack", n=message["n"])
                if not types or message["type"] in types:
                    return message

    async def closed(self) -> int:
        """The code with which the desk closed."""
        async with asyncio.timeout(5):
            while True:
                event = await self.socket.receive_output(timeout=5)
                if event["type"] == "websocket.close":
                    return event["code"]


Connect = Callable[..., Awaitable[Client]]


@pytest.fixture
async def connect() -> AsyncIterator[Connect]:
    """Connects programs; all are gone, and the hub with them, when the test ends."""
    clients: list[Client] = []

    async def connected(secret: str, **options: Any) -> Client:
        client = Client(secret, **options)
        clients.append(client)
        accepted, protocol = await client.socket.connect(timeout=5)
        assert accepted
        assert protocol == (PROTOCOL if options else None)
        return client

    yield connected
    for client in clients:
        await client.socket.disconnect()
    hub = running._hubs.pop(asyncio.get_running_loop(), None)
    if hub is not None:
        await hub.stop()


@pytest.fixture
def fixture() -> Fixture:
    make_source(last_message_at=timezone.now(), state_since=timezone.now())
    fixture = make_fixture(revision=1, fixture_revision=1, scoreboard_revision=1, markets_revision=1)
    make_scoreboard(fixture, revision=1)
    make_bet(make_market(fixture, revision=1), "1", "2.1", revision=1)
    return fixture


@pytest.fixture
def secret() -> str:
    return make_token()[1]


@database_sync_to_async
def move(price: str) -> None:
    """What the store does when a price moves."""
    revision = Fixture.objects.get(pk=7).revision + 1
    Bet.objects.filter(fixture_id=7).update(price=Decimal(price), revision=revision)
    Market.objects.filter(fixture_id=7).update(revision=revision)
    Fixture.objects.filter(pk=7).update(revision=revision, markets_revision=revision, stored_at=timezone.now())


def hint(parts: tuple[str, ...] = ("markets",), moved: bool = False, pk: int = 7) -> None:
    running_hub().hint({"type": "feed.changed", "changes": [[pk, 2, list(parts), [1], moved]]})


async def follow(connect: Connect, secret: str, **asked: Any) -> Client:
    """A client that is current."""
    client = await connect(secret)
    await client.say(op="subscribe", **asked)
    await client.hear("current")
    return client


@pytest.mark.parametrize("given", ["", "desk_wrong"], ids=["none", "wrong"])
async def test_without_a_valid_token_it_is_told_to_send_one(connect: Connect, given: str):
    assert await (await connect(given)).closed() == 4401


@pytest.mark.parametrize("over", ["revoked_at", "expires_at"])
async def test_a_token_that_is_over_lets_nobody_in(connect: Connect, over: str):
    ended = timezone.now() - timedelta(seconds=1)
    _, secret = await database_sync_to_async(make_token)(**{over: ended})
    assert await (await connect(secret)).closed() == 4401


async def test_a_browser_gives_its_token_as_a_subprotocol(connect: Connect, secret: str):
    client = await connect("", subprotocols=[PROTOCOL, f"bearer.{secret}"])
    assert (await client.hear())["type"] == "hello"


async def test_the_first_message_says_how_it_works_and_what_the_token_opens(connect: Connect):
    _, secret = await database_sync_to_async(make_token)(contents="scores", sports=[6046], most_fixtures=3)
    hello = await (await connect(secret)).hear()
    assert hello["token"] == {
        "name": "odds screen",
        "contents": "scores",
        "sports": [6046],
        "leagues": [],
        "most_fixtures": 3,
    }


async def test_a_token_allows_only_so_many_connections(connect: Connect):
    _, secret = await database_sync_to_async(make_token)(most_connections=1)
    await (await connect(secret)).hear("hello")
    assert await (await connect(secret)).closed() == 1013


async def test_it_is_sent_a_snapshot_and_then_told_that_it_is_current(connect: Connect, secret: str, fixture: Fixture):
    client = await connect(secret)
    await client.say(op="subscribe", fixtures=[7])
    state = (await client.hear("snapshot"))["fixtures"][0]
    assert (state["id"], state["revision"]) == (7, 1)
    assert state["markets"]["1"]["providers"]["8"]["bets"]["30713932524605000"]["price"] == "2.1"
    await client.hear("current")


async def test_ids_may_be_written_as_text(connect: Connect, secret: str, fixture: Fixture):
    client = await connect(secret)
    await client.say(op="subscribe", fixtures=["7"])
    assert (await client.hear("snapshot"))["fixtures"][0]["id"] == 7


async def test_a_change_holds_only_what_changed(connect: Connect, secret: str, fixture: Fixture):
    client = await follow(connect, secret)
    await move("2.5")
    hint()
    (change,) = (await client.hear("changes"))["changes"]
    assert set(change) == {"id", "revision", "since", "conflated", "at", "markets"}
    assert (change["since"], change["revision"], change["conflated"]) == (1, 2, False)
    assert change["markets"]["1"]["providers"]["8"]["bets"]["30713932524605000"]["price"] == "2.5"


async def test_changes_that_came_together_say_that_they_are_conflated(connect: Connect, secret: str, fixture: Fixture):
    client = await follow(connect, secret)
    for price in ("2.5", "2.6", "2.7"):
        await move(price)
    hint()
    (change,) = (await client.hear("changes"))["changes"]
    assert (change["since"], change["revision"], change["conflated"]) == (1, 4, True)


async def test_it_resumes_with_what_changed_since(connect: Connect, secret: str, fixture: Fixture):
    first = await connect(secret)
    await first.say(op="subscribe")
    view = (await first.hear("selection"))["view"]
    await move("2.5")
    second = await connect(secret)
    await second.say(op="subscribe", since={"view": view, "fixtures": {"7": 1}})
    told = await second.hear("changes", "snapshot", "snapshot_required")
    assert told["type"] == "changes"
    assert told["changes"][0]["since"] == 1


async def test_what_did_not_change_since_is_not_told_again(connect: Connect, secret: str, fixture: Fixture):
    first = await connect(secret)
    await first.say(op="subscribe")
    view = (await first.hear("selection"))["view"]
    second = await connect(secret)
    await second.say(op="subscribe", since={"view": view, "fixtures": {"7": 1}})
    assert (await second.hear("changes", "snapshot", "current"))["type"] == "current"


@pytest.mark.parametrize(
    ("view", "revision", "reason"), [("another", 1, "other_view"), (None, 99, "ahead")], ids=["view", "ahead"]
)
async def test_when_it_cannot_resume_it_is_told_why_and_sent_a_snapshot(
    connect: Connect, secret: str, fixture: Fixture, view: str | None, revision: int, reason: str
):
    first = await connect(secret)
    await first.say(op="subscribe")
    view = view or (await first.hear("selection"))["view"]
    second = await connect(secret)
    await second.say(op="subscribe", since={"view": view, "fixtures": {"7": revision}})
    assert (await second.hear("snapshot_required"))["reason"] == reason
    state = (await second.hear("snapshot"))["fixtures"][0]
    assert state["markets"]["1"]["providers"]["8"]["bets"]


async def test_a_fixture_it_had_that_is_followed_no_more_is_gone(connect: Connect, secret: str, fixture: Fixture):
    first = await connect(secret)
    await first.say(op="subscribe")
    view = (await first.hear("selection"))["view"]
    second = await connect(secret)
    await second.say(op="subscribe", since={"view": view, "fixtures": {"7": 1, "8": 1}})
    assert (await second.hear("gone"))["fixtures"] == [8]


async def test_a_new_fixture_of_the_sport_is_told_by_itself(connect: Connect, secret: str, fixture: Fixture):
    client = await follow(connect, secret, sports=[6046])
    await database_sync_to_async(make_fixture)(8, "Eastham", "Westbury")
    hint(("fixture",), moved=True, pk=8)
    assert (await client.hear("snapshot"))["fixtures"][0]["id"] == 8
    await client.hear("current")


async def test_a_fixture_that_leaves_the_scope_of_the_token_is_gone(connect: Connect, fixture: Fixture):
    _, secret = await database_sync_to_async(make_token)(leagues=[67])
    client = await follow(connect, secret)
    await database_sync_to_async(Fixture.objects.filter(pk=7).update)(league_id=68)
    hint(("fixture",), moved=True)
    assert (await client.hear("gone"))["fixtures"] == [7]


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
    told = await client.hear("selection")
    assert (told["fixtures"], told["left_out"]) == (1, True)


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


async def test_one_that_follows_scores_hears_nothing_of_prices(connect: Connect, secret: str, fixture: Fixture):
    client = await follow(connect, secret, contents="scores")
    await move("2.5")
    hint()
    hint(("scoreboard",))
    assert await client.socket.receive_nothing(timeout=0.3, interval=0.05)


async def test_only_the_markets_asked_for_are_told(connect: Connect, secret: str, fixture: Fixture):
    await database_sync_to_async(lambda: make_bet(make_market(fixture, 2, "Under/Over", revision=1), "Over", "1.9"))()
    client = await connect(secret)
    await client.say(op="subscribe", markets=[2])
    assert set((await client.hear("snapshot"))["fixtures"][0]["markets"]) == {"2"}


async def test_a_source_that_goes_down_suspends_its_prices(connect: Connect, secret: str, fixture: Fixture):
    client = await connect(secret)
    await client.say(op="subscribe")
    before = await client.hear("feed")
    assert [source["suspended"] for source in before["sources"]] == [False]
    await database_sync_to_async(FeedSource.objects.update)(state="down", state_reason="Connection refused.")
    running_hub().hint({"type": "feed.state", "source": 1})
    after = await client.hear("feed")
    assert (after["state"], [source["suspended"] for source in after["sources"]]) == ("down", [True])


async def test_a_source_that_is_switched_off_is_told_to_be_off_by_whom(connect: Connect, secret: str, fixture: Fixture):
    client = await connect(secret)
    await client.say(op="subscribe")
    await client.hear("feed")
    off = {"off_since": NOW, "off_reason": "Switched off by olga."}
    await database_sync_to_async(FeedSource.objects.update)(**off)
    running_hub().hint({"type": "feed.state", "source": 1})
    told = await client.hear("feed")
    (source,) = told["sources"]
    assert (told["state"], source["state"], source["suspended"]) == ("off", "off", True)
    assert (source["words"], source["since"]) == ("Switched off by olga.", "2026-11-21T20:00:00Z")


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("{", "truncated"),
        ('{"op": "order"}', "order"),
        ('{"op": "subscribe", "sport": [1]}', "sport"),
        ('{"op": "subscribe", "contents": "some"}', "some"),
        ('{"op": "subscribe", "fixtures": [-1]}', "whole number"),
        ('{"op": "subscribe", "fixtures": [99999999999999999999]}', ""),
    ],
)
async def test_what_cannot_be_meant_is_answered_in_words_and_ends_it(
    connect: Connect, secret: str, said: str, words: str
):
    client = await connect(secret)
    await client.socket.send_to(text_data=said)
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
    (program,) = [each for each in running_hub().everyone if isinstance(each, Program)]
    program.unacked_bytes = 10**9
    for price in ("2.5", "2.6"):
        await move(price)
        hint()
    assert await client.socket.receive_nothing(timeout=0.3, interval=0.05)
    program.unacked_bytes = 0
    running_hub().acked(program, 0)
    (change,) = (await client.hear("changes"))["changes"]
    assert (change["since"], change["revision"], change["conflated"]) == (1, 3, True)


async def test_programs_that_follow_the_same_are_sent_the_same_numbers_in_order(
    connect: Connect, secret: str, fixture: Fixture
):
    clients = [await connect(secret) for _ in range(3)]
    numbers = []
    for client in clients:
        await client.say(op="subscribe")
        numbers.append([(await client.hear("snapshot", "feed"))["n"] for _ in range(2)])
    assert numbers == [[1, 2]] * 3


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
