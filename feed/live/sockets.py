"""A browser's socket: who may connect, what it watches, which frames it has painted."""

import time
from typing import Any

import msgspec
from channels.db import database_sync_to_async

from .hub_socket import HubSocket
from .page import Page
from .running import running_hub
from .sessions import VIEW
from .topics import Topic, parse_topic
from .watcher import CREDIT_FRAMES, NOT_ALLOWED, RESTART, SIGN_IN_AGAIN

NOT_UNDERSTOOD = 4400
TOO_MUCH = 4429
MOST_BYTES = 128 * 1024
MOST_TOPICS = 3000
#: A page sends an acknowledgement for several frames, or each second, and says what it watches when that changes.
MOST_MESSAGES_PER_SECOND = 100


class FromPage(msgspec.Struct, forbid_unknown_fields=True):
    """What a page may say: all that it shows with each version; how many frames it has painted since it connected.

    `paint` tells of the newest of those how many ms each took from its coming until it was on the screen, `held` how
    many ms passed from then until this was said: one acknowledgement serves several frames. A page that got something
    otherwise than by its socket says so by `anew`: the versions that it tells count then, not those that it was sent.
    """

    watch: dict[str, str] | None = None
    anew: bool = False
    ack: int | None = None
    paint: list[float] = []
    held: list[float] = []


class Rate:
    """Counts what comes in a second, to refuse what is too much."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.second, self.count = 0, 0

    def is_too_much(self) -> bool:
        """Count one more."""
        second = int(time.monotonic())
        if second != self.second:
            self.second, self.count = second, 0
        self.count += 1
        return self.count > self.most


class PageSocket(HubSocket):
    """One page's socket. All it is sent comes from the hub."""

    async def connect(self) -> None:
        self.page: Page | None = None
        self.rate = Rate(MOST_MESSAGES_PER_SECOND)
        await self.accept()
        # Refusing the handshake would reach the page as 1006, after which it tries again for ever.
        user = self.scope["user"]
        if running_hub().is_ending:
            await self.close(RESTART, "The desk restarts")
        elif not user.is_authenticated:
            await self.close(SIGN_IN_AGAIN, "Sign in again")
        elif not await database_sync_to_async(user.has_perm)(VIEW):
            await self.close(NOT_ALLOWED, "You may not see fixtures; ask an administrator for the role trader")
        else:
            self.page = Page(self.send_text, self.close_with)
            self.page.session_key, self.page.user_id = self.scope["session"].session_key, user.pk

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if self.page is None:
            return
        if text_data is None or len(text_data) > MOST_BYTES or self.rate.is_too_much():
            await self.close(TOO_MUCH, "Too much")
            return
        try:
            said = msgspec.json.decode(text_data, type=FromPage)
            have = watched(said.watch) if said.watch is not None else None
        except (msgspec.DecodeError, ValueError) as error:
            await self.close(NOT_UNDERSTOOD, str(error)[:100])
            return
        if have is not None and said.anew:
            running_hub().leave(self.page)
        if have is not None:
            running_hub().watch(self.page, have)
        if said.ack is not None:
            paints = list(zip(said.paint, said.held, strict=False))
            running_hub().acked(self.page, said.ack, paints[-CREDIT_FRAMES:])

    async def disconnect(self, code: int) -> None:
        if self.page is not None:
            running_hub().leave(self.page)


def watched(names: dict[str, Any]) -> dict[Topic, str]:
    """The topics that a page shows, with the version that it has; ValueError for a name that is not one."""
    if len(names) > MOST_TOPICS:
        raise ValueError(f"a page may show {MOST_TOPICS} topics at most")
    return {parse_topic(name): version for name, version in names.items()}
