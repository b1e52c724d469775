"""A server that speaks ASGI's lifespan, as hypercorn and granian do, has everybody told when it ends."""

import asyncio
from typing import Any

import pytest

from feed.models import Fixture
from livescore_site.lifespan import Lifespan
from tests.stream_client import Connect, connect, fixture, follow, secret  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db(transaction=True)


async def nobody(scope: Any, receive: Any, send: Any) -> None:
    raise AssertionError("a lifespan is for nobody else")


async def ended(events: asyncio.Queue[dict[str, Any]]) -> list[str]:
    """What the server is answered to these events."""
    sent: list[str] = []

    async def send(message: Any) -> None:
        sent.append(message["type"])

    await Lifespan(nobody)({"type": "lifespan"}, events.get, send)
    return sent


async def test_everybody_is_told_when_to_come_back(
    connect: Connect,  # noqa: F811
    secret: str,  # noqa: F811
    fixture: Fixture,  # noqa: F811
):
    client = await follow(connect, secret)
    events: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    for kind in ("startup", "shutdown"):
        events.put_nowait({"type": f"lifespan.{kind}"})
    answers, restart = await asyncio.gather(ended(events), client.hear("restart"))
    assert answers == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
    assert restart["in_seconds"] >= 1
    assert await client.closed() == 1012
