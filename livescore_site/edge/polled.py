"""For pages that no websocket reaches, since some proxies cut them: each poll is a socket for a few seconds.

A poll is a POST to the sockets' own address. It passes the same checks as a socket and counts as one while it lasts;
its answer is what the socket was sent. It says which versions the page has. Nothing is kept from one poll to the next,
so any web process can answer any poll.
"""

import asyncio
import time
from contextlib import suppress
from typing import Any

import msgspec

from livescore_site.edge.admission import Application, Message, Receive, Send

#: Where pages have their sockets (`feed.urls`).
PATH = "/ws/v1/pages/"
MOST_BYTES = 128 * 1024
BODY_SECONDS = 10.0
#: A poll that waits ends with a change, or with the first beat after the former; at the latest after the latter.
LEAST_SECONDS, MOST_SECONDS = 3.0, 8.0
#: One that does not wait ends once all that it asks for has been read, at the latest after this.
READ_SECONDS = 2.0
#: Changes that follow the first one within this time are in the same answer.
GATHER_SECONDS = 0.05
#: How long the socket may take to end.
END_SECONDS = 5.0


class PollRequest(msgspec.Struct, forbid_unknown_fields=True):
    """A poll: the topics that the page shows with their versions, and whether it waits for a change of them."""

    watch: dict[str, str]
    wait: bool = False


class Status(msgspec.Struct):
    """A beat: the time now, when the database was last read (epoch ms), whether all that was read has been sent."""

    now: int | None = None
    read: int | None = None
    current: bool = False


class PolledPages:
    """An ASGI application of HTTP: polls go to `sockets`, all else to `inner`."""

    def __init__(self, inner: Application, sockets: Application) -> None:
        self.inner = inner
        self.sockets = sockets

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope.get("path") != PATH or scope.get("method") != "POST":
            await self.inner(scope, receive, send)
            return
        try:
            body = await body_of(receive)
            request = msgspec.json.decode(body, type=PollRequest)
        except (msgspec.DecodeError, TimeoutError, ConnectionError):
            await answer(send, 400, b"")
            return
        poll = Poll(request)
        await poll.run(self.sockets, as_socket(scope), receive)
        await answer(send, 200 if poll.is_accepted else 403, poll.answer())


class Poll:
    """The other end of a socket: what it is sent until the poll ends."""

    def __init__(self, request: PollRequest) -> None:
        self.request = request
        self.begun = time.monotonic()
        self.is_accepted = False
        self.is_read = False
        self.messages: list[str] = []
        self.status, self.status_at = Status(), self.begun
        self.code: int | None = None
        self.done = asyncio.Event()
        watch = msgspec.json.encode({"watch": request.watch}).decode()
        self.events: asyncio.Queue[Message] = asyncio.Queue()
        self.events.put_nowait({"type": "websocket.connect"})
        self.events.put_nowait({"type": "websocket.receive", "text": watch})

    async def run(self, sockets: Application, scope: Message, receive: Receive) -> None:
        """Be a socket until there is an answer, or until nobody waits for one any more."""
        socket = asyncio.ensure_future(sockets(scope, self.events.get, self.take))
        socket.add_done_callback(lambda _: self.done.set())
        gone = asyncio.create_task(until_gone(receive))
        done = asyncio.create_task(self.done.wait())
        try:
            seconds = MOST_SECONDS if self.request.wait else READ_SECONDS
            await asyncio.wait([done, gone], timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
            if self.messages and self.code is None:
                await asyncio.sleep(GATHER_SECONDS)
        finally:
            self.events.put_nowait({"type": "websocket.disconnect", "code": 1000})
            for task in (gone, done):
                task.cancel()
            with suppress(TimeoutError):
                await asyncio.wait_for(socket, END_SECONDS)

    async def take(self, message: Message) -> None:
        """Take what the socket is sent."""
        if message["type"] == "websocket.accept":
            self.is_accepted = True
        elif message["type"] == "websocket.close":
            self.code = message.get("code", 1000)
            self.done.set()
        else:
            self.take_text(message["text"])

    def take_text(self, text: str) -> None:
        """A poll ends only once all that it asks for was read: else quick topics would crowd out slow ones."""
        status = msgspec.json.decode(text, type=Status)
        if status.now is None:
            self.messages.append(text)
        else:
            self.status, self.status_at = status, time.monotonic()
            self.is_read |= status.current
        has_waited = time.monotonic() - self.begun > LEAST_SECONDS
        is_stale = self.is_read and not self.status.current
        if self.is_read and (self.messages or is_stale or has_waited or not self.request.wait):
            self.done.set()

    def answer(self) -> bytes:
        """{"messages": [...], "status": a beat as of now, "code": with which the socket was closed}."""
        now = int(time.time() * 1000)
        status: dict[str, Any] = {"now": now, "read": None, "current": self.status.current}
        if self.status.read is not None:
            status["read"] = self.status.read + int((time.monotonic() - self.status_at) * 1000)
        head = msgspec.json.encode({"status": status, "code": self.code})[:-1]
        return head + b',"messages":[' + ",".join(self.messages).encode() + b"]}"


async def body_of(receive: Receive) -> bytes:
    """All of the request's body. Raises ConnectionError where it is too large or its sender goes away."""
    body = b""
    async with asyncio.timeout(BODY_SECONDS):
        while True:
            message = await receive()
            body += message.get("body", b"")
            if message["type"] == "http.disconnect" or len(body) > MOST_BYTES:
                raise ConnectionError("no whole body")
            if not message.get("more_body"):
                return body


async def until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def as_socket(scope: Message) -> Message:
    """The request's scope as that of the socket that the page would have."""
    scheme = "wss" if scope.get("scheme") == "https" else "ws"
    return {**scope, "type": "websocket", "scheme": scheme, "subprotocols": [], "is_polled": True}


async def answer(send: Send, status: int, body: bytes) -> None:
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
