"""The stream: who gets in, what a program is told first and then, how it comes back, what it may not do."""

# ruff: noqa: F811 - fixtures are imported, and are arguments of the same names

from datetime import timedelta

import pytest
from channels.db import database_sync_to_async
from django.utils import timezone

from feed.live.programs.stream import PROTOCOL
from feed.live.running import running_hub
from feed.models import FeedSource, Fixture
from tests.rows import NOW, make_bet, make_fixture, make_market
from tests.stream_client import Client, Connect, connect, fixture, follow, hint, make_token, move, secret  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db(transaction=True)


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
        "name": "odds html",
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
    assert set(change) == {"id", "revision", "since", "conflated", "at", "vouching", "markets"}
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
    message = await second.hear("changes", "snapshot", "snapshot_required")
    assert message["type"] == "changes"
    assert message["changes"][0]["since"] == 1


async def test_what_did_not_change_since_is_not_told_again(connect: Connect, secret: str, fixture: Fixture):
    first = await connect(secret)
    await first.say(op="subscribe")
    view = (await first.hear("selection"))["view"]
    vouching = (await first.hear("snapshot"))["fixtures"][0]["vouching"]
    second = await connect(secret)
    await second.say(op="subscribe", since={"view": view, "fixtures": {"7": 1}, "vouching": {"7": vouching}})
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
    await database_sync_to_async(FeedSource.objects.update)(
        state="down", state_reason="The broker at b.example:5672 refuses the user ops or the password."
    )
    running_hub().hint({"type": "feed.state", "source": 1})
    after = await client.hear("feed")
    assert (after["state"], [source["suspended"] for source in after["sources"]]) == ("down", [True])
    assert (after["words"], after["sources"][0]["words"]) == ("in-play: It is not connected", "It is not connected.")


async def test_a_source_that_is_switched_off_is_told_to_be_off_but_not_by_whom(
    connect: Connect, secret: str, fixture: Fixture
):
    client = await connect(secret)
    await client.say(op="subscribe")
    await client.hear("feed")
    off = {"off_since": NOW, "off_reason": "Switched off by olga."}
    await database_sync_to_async(FeedSource.objects.update)(**off)
    running_hub().hint({"type": "feed.state", "source": 1})
    message = await client.hear("feed")
    (source,) = message["sources"]
    assert (message["state"], source["state"], source["suspended"]) == ("off", "off", True)
    assert "olga" not in str(message)
    assert (source["words"], source["since"]) == ("It is switched off.", "2026-11-21T20:00:00Z")


async def test_programs_that_follow_the_same_are_sent_the_same_numbers_in_order(
    connect: Connect, secret: str, fixture: Fixture
):
    clients = [await connect(secret) for _ in range(3)]
    numbers = []
    for client in clients:
        await client.say(op="subscribe")
        numbers.append([(await client.hear("snapshot", "feed"))["n"] for _ in range(2)])
    assert numbers == [[1, 2]] * 3
