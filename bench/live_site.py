"""The desk's ASGI application, and beside its sockets those of the reference: Channels' own groups.

The reference is as Channels' documentation has it, behind the middleware for sockets of users who are signed in, and in
the same Daphne process as the hub.
"""

from channels.auth import AuthMiddlewareStack
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.urls import path, re_path

from livescore_site import asgi


def group(fixture_id: int | str) -> str:
    """The group of those who watch a fixture."""
    return f"bench.fixture.{fixture_id}"


class GroupSocket(AsyncWebsocketConsumer):
    """As Channels' documentation has it: join groups when connecting, and pass on what the groups are sent."""

    async def connect(self) -> None:
        self.fixtures = self.scope["url_route"]["kwargs"]["fixtures"].split("-")
        for fixture_id in self.fixtures:
            await self.channel_layer.group_add(group(fixture_id), self.channel_name)
        await self.accept()

    async def disconnect(self, code: int) -> None:
        for fixture_id in self.fixtures:
            await self.channel_layer.group_discard(group(fixture_id), self.channel_name)

    async def frame(self, message: dict[str, str]) -> None:
        await self.send(text_data=message["text"])


reference = AllowedHostsOriginValidator(
    AuthMiddlewareStack(URLRouter([path("<str:fixtures>/", GroupSocket.as_asgi())]))
)
websocket = URLRouter([re_path(r"^group_send/", reference), re_path(r"", asgi.websocket)])
application = ProtocolTypeRouter({"http": asgi.http, "websocket": websocket})
