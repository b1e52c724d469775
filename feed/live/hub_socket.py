"""What the sockets of pages and of programs have in common: the hub writes to them, and little is received."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from channels.consumer import get_handler_name
from channels.exceptions import StopConsumer
from channels.generic.websocket import AsyncWebsocketConsumer

Message = dict[str, Any]


class HubSocket(AsyncWebsocketConsumer):
    """Channels' consumer without a channel of its own, since the hub listens for all.

    Channels' own also takes every message through a thread, to close old database connections. Here only `connect`
    touches the database, through `database_sync_to_async`, which does that itself.
    """

    async def __call__(
        self,
        scope: Message,
        receive: Callable[[], Awaitable[Message]],
        send: Callable[[Message], Awaitable[None]],
    ) -> None:
        self.scope, self.base_send = scope, send
        with suppress(StopConsumer):
            while True:
                message = await receive()
                await getattr(self, get_handler_name(message))(message)

    async def send_text(self, text: str) -> None:
        await self.base_send({"type": "websocket.send", "text": text})

    async def close_with(self, code: int, words: str) -> None:
        await self.close(code, words)
