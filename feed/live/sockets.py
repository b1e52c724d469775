"""A browser's socket: who may connect, what it watches, which frames it has displayed."""

import time
from typing import Any

import msgspec
from channels.db import database_sync_to_async

from .hub.budget import TooCostly
from .hub.watcher import CREDIT_FRAMES, NOT_ALLOWED, NOT_UNDERSTOOD, RESTART, SIGN_IN_AGAIN, TOO_MUCH
from .hub_socket import HubSocket
from .page import Page, PolledPage
from .parts.part import PageTopic
from .parts.registry import parse_topic
from .running import running_hub
from .sessions import VIEW

MOST_BYTES = 128 * 1024
MOST_TOPICS = 3000
#: A page acknowledges several frames at once, or every second, and sends what it watches when that changes.
MOST_MESSAGES_PER_SECOND = 100


class FromPage(msgspec.Struct, forbid_unknown_fields=True, rename={"latency": "paint", "waited": "held"}):
    """What a page may send: the topics that it shows with their versions; how many frames it has displayed in all.

    One acknowledgement serves several frames. Of the newest of them, `latency` is how many ms each took from its
    arrival until it was displayed, `waited` how many ms passed from then until this was sent. On the wire they are
    called `paint` and `held`, as pages send them that were opened before an update. A page that got content otherwise
    than through its socket sends `anew`: then the versions that it names count, not those that it was sent.
    """

    watch: dict[str, str] | None = None
    anew: bool = False
    ack: int | None = None
    latency: list[float] = []
    waited: list[float] = []


class Rate:
    """Counts the messages of a second, to refuse more than are allowed."""

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
        # Refusing the handshake would reach the page as 1006, after which it tries again forever.
        user = self.scope["user"]
        if running_hub().is_ending:
            await self.close(RESTART, "The desk restarts")
        elif not user.is_authenticated:
            await self.close(SIGN_IN_AGAIN, "Sign in again")
        elif not await database_sync_to_async(user.has_perm)(VIEW):
            await self.close(NOT_ALLOWED, "You may not see fixtures; ask an administrator for the role trader")
        else:
            page_class = PolledPage if self.scope.get("is_polled") else Page
            self.page = page_class(self.send_text, self.close_with)
            self.page.session_key, self.page.user_id = self.scope["session"].session_key, user.pk
            self.page.owner = "user", user.pk
            self.page.user_name = user.get_username()

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if self.page is None:
            return
        if text_data is None or len(text_data) > MOST_BYTES or self.rate.is_too_much():
            await self.close(TOO_MUCH, "Too much")
            return
        try:
            message = msgspec.json.decode(text_data, type=FromPage)
            # Before the names of topics are read, of which there may be thousands.
            running_hub().budget.spend(self.page.owner, self.page.message_work + len(message.watch or ()))
            have = watched(message.watch) if message.watch is not None else None
        except TooCostly as refusal:
            await self._end(refusal)
            return
        except (msgspec.DecodeError, ValueError) as error:
            await self.close(NOT_UNDERSTOOD, str(error)[:100])
            return
        try:
            self.take(self.page, message, have)
        except TooCostly as refusal:
            await self._end(refusal)

    async def _end(self, refusal: TooCostly) -> None:
        page, self.page = self.page, None
        if page is not None:
            running_hub().leave(page)
            await page.end(refusal.code, refusal.words)

    @staticmethod
    def take(page: Page, message: FromPage, have: dict[PageTopic, str] | None) -> None:
        """Do what the page asks for. Raises TooCostly."""
        hub = running_hub()
        if have is not None:
            if message.anew:
                hub.leave(page)
            hub.budget.check(page, have, hub.topics.cost)
            hub.watch(page, have)
        if message.ack is not None:
            latencies = list(zip(message.latency, message.waited, strict=False))
            hub.acked(page, message.ack, latencies[-CREDIT_FRAMES:])

    async def disconnect(self, code: int) -> None:
        if self.page is not None:
            running_hub().leave(self.page)


def watched(names: dict[str, Any]) -> dict[PageTopic, str]:
    """The topics that a page shows, with the version that it has; ValueError for a name that is not one."""
    if len(names) > MOST_TOPICS:
        raise ValueError(f"a page may show {MOST_TOPICS} topics at most")
    return {parse_topic(name): version for name, version in names.items()}
