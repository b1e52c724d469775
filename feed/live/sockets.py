"""A browser's socket: who may connect, what it watches, which frames it has painted."""

import time
from typing import Any

import msgspec
from channels.generic.websocket import AsyncWebsocketConsumer

from .hub import Watcher, running_hub
from .topics import Topic, parse_topic

SIGN_IN_AGAIN = 4401
NOT_UNDERSTOOD = 4400
TOO_MUCH = 4429
MOST_BYTES = 128 * 1024
MOST_TOPICS = 3000
#: A page sends an acknowledgement for each frame at most, and frames are paced.
MOST_MESSAGES_PER_SECOND = 100


class FromPage(msgspec.Struct, forbid_unknown_fields=True):
    """What a page may say: all that it shows with each version; how many frames it has painted since it connected."""

    watch: dict[str, str] | None = None
    ack: int | None = None


class PageSocket(AsyncWebsocketConsumer):
    """One page's socket. All it is sent comes from the hub."""

    async def connect(self) -> None:
        self.watcher: Watcher | None = None
        self.second, self.messages = 0, 0
        await self.accept()
        if not self.scope["user"].is_authenticated:
            # Refusing the handshake would reach the page as 1006, after which it tries again for ever.
            await self.close(SIGN_IN_AGAIN, "Sign in again")
            return
        self.watcher = Watcher(self._send_frame)

    async def _send_frame(self, text: str) -> None:
        await self.send(text_data=text)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if self.watcher is None:
            return
        if text_data is None or len(text_data) > MOST_BYTES or self._is_too_often():
            await self.close(TOO_MUCH, "Too much")
            return
        try:
            said = msgspec.json.decode(text_data, type=FromPage)
            have = watched(said.watch) if said.watch is not None else None
        except (msgspec.DecodeError, ValueError) as error:
            await self.close(NOT_UNDERSTOOD, str(error)[:100])
            return
        hub = running_hub()
        if have is not None:
            await hub.watch(self.watcher, have)
        if said.ack is not None:
            await hub.acked(self.watcher, said.ack)

    def _is_too_often(self) -> bool:
        second = int(time.monotonic())
        if second != self.second:
            self.second, self.messages = second, 0
        self.messages += 1
        return self.messages > MOST_MESSAGES_PER_SECOND

    async def disconnect(self, code: int) -> None:
        if self.watcher is not None:
            running_hub().leave(self.watcher)


def watched(names: dict[str, Any]) -> dict[Topic, str]:
    """The topics that a page shows, with the version that it has; ValueError for a name that is not one."""
    if len(names) > MOST_TOPICS:
        raise ValueError(f"a page may show {MOST_TOPICS} topics at most")
    return {parse_topic(name): version for name, version in names.items()}
