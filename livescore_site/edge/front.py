"""What every request and socket goes through first: it learns where it comes from, and gets its id."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from livescore_site.edge.addresses import Network, as_seen, last_value
from livescore_site.edge.admission import Application, Message, Receive, Send
from livescore_site.edge.request_ids import CURRENT, HEADER, request_id_of


class Front:
    """An ASGI application that knows from where its clients come. `proxies` are those whose headers are believed."""

    def __init__(self, inner: Application, proxies: Sequence[Network]) -> None:
        self.inner = inner
        self.proxies = proxies

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.inner(scope, receive, send)
            return
        scope = as_seen(scope, self.proxies)
        number = request_id_of(scope["headers"])

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message.get("headers", ()), (HEADER, number.encode())]}
            await send(message)

        before = CURRENT.set(number)
        try:
            await self.inner(scope, receive, send_with_id)
        finally:
            CURRENT.reset(before)


class SameOrigin:
    """Lets only sockets in that a page of ours opened: by scheme, name and port, as a browser compares them.

    `trusted` are origins such as `https://desk.example.com`, behind a proxy that does not pass the name on.
    """

    def __init__(self, inner: Application, trusted: Sequence[str]) -> None:
        self.inner = inner
        self.trusted = frozenset(trusted)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        origin = last_value(scope["headers"], b"origin")
        if origin in self.trusted or is_own(origin, scope):
            await self.inner(scope, receive, send)
        else:
            await refuse(receive, send)


def is_own(origin: str, scope: dict[str, Any]) -> bool:
    """Whether the origin is the address at which this socket was asked for, under one of the desk's names."""
    host = last_value(scope["headers"], b"host").lower()
    scheme = {"wss": "https", "https": "https"}.get(scope.get("scheme", "ws"), "http")
    return bool(host) and endpoint(origin) == endpoint(f"{scheme}://{host}") is not None


def endpoint(origin: str) -> tuple[str, str, int] | None:
    """Scheme, name and port; None for what is no origin of pages."""
    try:
        parts = urlsplit(origin)
        port = parts.port or {"http": 80, "https": 443}[parts.scheme]
    except (ValueError, KeyError):
        return None
    bare = parts.hostname and not (parts.path or parts.query or parts.fragment or parts.username)
    return (parts.scheme, parts.hostname or "", port) if bare else None


async def nowhere(scope: Message, receive: Receive, send: Send) -> None:
    """A socket at an address that the desk does not have: refused."""
    await refuse(receive, send)


async def refuse(receive: Receive, send: Send) -> None:
    """Refuse the handshake (403)."""
    await receive()
    await send({"type": "websocket.close", "code": 4403})
