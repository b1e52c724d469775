"""A program at the other end of the stream, and what it follows."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from decimal import Decimal
from typing import Any

import pytest
from channels.db import database_sync_to_async
from channels.routing import URLRouter
from channels.testing import WebsocketCommunicator
from django.utils import timezone

from feed.live import running
from feed.live.programs.stream import PROTOCOL
from feed.live.running import running_hub
from feed.models import Bet, Fixture, Market, SubscriberToken
from feed.urls import program_sockets
from tests.rows import make_bet, make_fixture, make_market, make_scoreboard, make_source


def make_token(**fields: Any) -> tuple[SubscriberToken, str]:
    token = SubscriberToken(**{"name": "odds html", "made_at": timezone.now(), **fields})
    secret = token.new_secret()
    token.save()
    return token, secret


class Client:
    """A program at the other end of the socket."""

    def __init__(self, secret: str, **headers: Any) -> None:
        given = [(b"authorization", f"Bearer {secret}".encode())] if secret else []
        router = URLRouter(program_sockets)
        self.socket = WebsocketCommunicator(router, "/ws/v1/stream", headers=given, **headers)

    async def say(self, **request: Any) -> None:
        await self.socket.send_to(text_data=json.dumps(request))

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


async def follow(connect: Connect, secret: str, **query: Any) -> Client:
    """A client that is current."""
    client = await connect(secret)
    await client.say(op="subscribe", **query)
    await client.hear("current")
    return client
