"""What a socket does without: a channel of its own, and a thread for each message that comes in."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from channels.db import database_sync_to_async
from channels.layers import get_channel_layer
from channels.testing import WebsocketCommunicator
from django.contrib.auth.models import Permission, User
from django.contrib.sessions.backends.db import SessionStore

from feed.live import running
from feed.live.sockets import PageSocket

pytestmark = pytest.mark.django_db(transaction=True)


@database_sync_to_async
def trader() -> User:
    ann = User.objects.create_user("ann")
    ann.user_permissions.add(Permission.objects.get(codename="view_fixture", content_type__app_label="feed"))
    return ann


@pytest.fixture
async def socket(settings: Any) -> AsyncIterator[WebsocketCommunicator]:
    """A page's socket that is connected, on a channel layer that no other test has used."""
    settings.CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
    made = WebsocketCommunicator(PageSocket.as_asgi(), "/ws/v1/pages/")
    made.scope |= {"user": await trader(), "session": SessionStore("of-ann")}
    accepted, _ = await made.connect(timeout=5)
    assert accepted
    yield made
    await made.disconnect()
    await running._hubs.pop(asyncio.get_running_loop()).stop()


async def test_the_hub_alone_listens_to_the_channel_layer(socket: WebsocketCommunicator):
    layer = get_channel_layer()
    async with asyncio.timeout(5):
        while not layer.groups:
            await asyncio.sleep(0.005)
    assert len(layer.channels) == 1


async def test_an_acknowledgement_goes_through_no_thread(
    socket: WebsocketCommunicator, monkeypatch: pytest.MonkeyPatch
):
    hub = running.running_hub()
    monkeypatch.setattr("asgiref.sync.SyncToAsync.__call__", None)
    await socket.send_to(text_data='{"watch": {}}')
    async with asyncio.timeout(5):
        while not hub.everyone:
            await asyncio.sleep(0.005)
    (page,) = hub.everyone
    page.write_frame("{}")
    assert await socket.receive_from(timeout=5) == "{}"
    await socket.send_to(text_data='{"ack": 1, "paint": [16.5], "held": [400.0]}')
    async with asyncio.timeout(5):
        while page.unacked:
            await asyncio.sleep(0.005)
    monkeypatch.undo()
