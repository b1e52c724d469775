"""A page's socket: who is let in, what it may say, and with which code it is closed."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from channels.db import database_sync_to_async
from channels.testing import WebsocketCommunicator
from django.contrib.auth.models import AnonymousUser, User
from django.contrib.sessions.backends.db import SessionStore

from feed.live import running
from feed.live.hub.budget import WORK
from feed.live.running import end_sessions, running_hub
from feed.live.sockets import MOST_BYTES, MOST_MESSAGES_PER_SECOND, MOST_TOPICS, PageSocket
from tests.rows import make_trader

pytestmark = pytest.mark.django_db(transaction=True)
Connect = Callable[..., Awaitable[WebsocketCommunicator]]


@pytest.fixture
async def connect() -> AsyncIterator[Connect]:
    """Connects pages of a user; all are gone, and the hub with them, when the test ends."""
    made: list[WebsocketCommunicator] = []

    async def connected(user: User | AnonymousUser, session_key: str = "session-of-ann") -> WebsocketCommunicator:
        socket = WebsocketCommunicator(PageSocket.as_asgi(), "/ws/v1/pages/")
        socket.scope |= {"user": user, "session": SessionStore(session_key)}
        made.append(socket)
        assert (await socket.connect(timeout=5))[0]
        return socket

    yield connected
    for socket in made:
        await socket.disconnect()
    hub = running._hubs.pop(asyncio.get_running_loop(), None)
    if hub is not None:
        await hub.stop()


@pytest.fixture
def bob() -> User:
    return User.objects.create_user("bob")


@pytest.fixture
def ann() -> User:
    return make_trader()


async def closed(socket: WebsocketCommunicator) -> int:
    """The code with which the desk closed."""
    async with asyncio.timeout(5):
        while (event := await socket.receive_output(timeout=5))["type"] != "websocket.close":
            pass
    return int(event["code"])


async def test_who_is_not_signed_in_is_told_to_sign_in(connect: Connect):
    assert await closed(await connect(AnonymousUser())) == 4401


async def test_who_may_not_see_fixtures_is_not_let_in(connect: Connect, bob: User):
    assert await closed(await connect(bob)) == 4403


async def test_a_process_that_ends_lets_nobody_in(connect: Connect, ann: User):
    running_hub().is_ending = True
    assert await closed(await connect(ann)) == 1012


@pytest.mark.parametrize(
    "message",
    [
        "{",
        '{"watch": ["row:7"]}',
        '{"watch": {"row": ""}}',
        '{"watch": {"secret:7": ""}}',
        '{"ack": "many"}',
        '{"shout": 1}',
        json.dumps({"watch": {f"row:{pk}": "" for pk in range(1, MOST_TOPICS + 2)}}),
    ],
    ids=["no JSON", "a list", "no fixture", "no such kind", "no number", "no such word", "too many topics"],
)
async def test_what_no_page_of_ours_would_say_ends_it(connect: Connect, ann: User, message: str):
    socket = await connect(ann)
    await socket.send_to(text_data=message)
    assert await closed(socket) == 4400


@pytest.mark.parametrize(
    "message", [{"text_data": " " * (MOST_BYTES + 1)}, {"bytes_data": b"{}"}], ids=["long", "bytes"]
)
async def test_a_message_that_is_too_large_or_no_text_ends_it(connect: Connect, ann: User, message: dict[str, Any]):
    socket = await connect(ann)
    await socket.send_to(**message)
    assert await closed(socket) == 4429


async def test_one_that_talks_too_much_is_sent_away(connect: Connect, ann: User):
    socket = await connect(ann)
    for _ in range(2 * MOST_MESSAGES_PER_SECOND + 1):  # a second may end meanwhile
        await socket.send_to(text_data='{"ack": 0}')
    assert await closed(socket) == 4429


async def test_a_role_that_was_taken_away_ends_the_page(connect: Connect, ann: User, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(running, "ended", lambda keys: set())
    socket = await connect(ann)
    await socket.send_to(text_data='{"watch": {"feed": ""}}')
    await socket.receive_from(timeout=5)
    await end_sessions(running_hub())
    assert len(running_hub().everyone) == 1
    await database_sync_to_async(ann.user_permissions.clear)()
    await end_sessions(running_hub())
    assert await closed(socket) == 4403


async def test_versions_that_a_page_tells_anew_count_instead_of_those_that_it_was_sent(connect: Connect, ann: User):
    socket = await connect(ann)
    await socket.send_to(text_data='{"watch": {"feed": ""}}')
    first = await frame(socket)
    await socket.send_to(text_data='{"watch": {"feed": "older"}, "anew": true}')
    assert (await frame(socket))["content"] == first["content"]


async def frame(socket: WebsocketCommunicator) -> dict[str, Any]:
    while "content" not in (message := json.loads(await socket.receive_from(timeout=5))):
        pass
    return message


async def test_one_that_asks_for_a_thousand_searches_is_refused_with_words_and_followed_no_more(
    connect: Connect, ann: User
):
    socket = await connect(ann)
    await socket.send_to(text_data=json.dumps({"watch": {f"board?q=word{place}": "" for place in range(1000)}}))
    answer = json.loads(await socket.receive_from(timeout=5))
    assert "more than a single page may follow" in answer["closing"]
    assert await closed(socket) == 4429
    assert not running_hub().everyone
    assert not running_hub().topics.by_topic


async def test_one_that_changes_what_it_watches_too_often_is_refused(connect: Connect, ann: User):
    socket = await connect(ann)
    for _ in range(8):
        await socket.send_to(text_data=json.dumps({"watch": {f"row:{pk}": "" for pk in range(1, MOST_TOPICS)}}))
    assert await closed(socket) == 4429


async def test_names_of_topics_are_not_read_where_nothing_more_may_be_sent(connect: Connect, ann: User):
    socket = await connect(ann)
    running_hub().budget.work.take(("user", ann.pk), 2 * WORK)
    await socket.send_to(text_data='{"watch": {"no such topic": ""}}')
    assert await closed(socket) == 4429


async def test_a_search_for_a_tilde_is_followed(connect: Connect, ann: User):
    socket = await connect(ann)
    await socket.send_to(text_data='{"watch": {"board?q=~x": ""}}')
    assert "outlines" in await frame(socket)
