"""Refuses programs that connect from another machine without TLS.

Their library would follow a redirect, and nobody would notice that the token travels in the clear each time.
"""

from typing import Any

from accounts import security_log
from livescore_site.edge.addresses import parsed, peer_of
from livescore_site.edge.admission import Application, Message, Receive, Send
from livescore_site.edge.front import refuse

#: Paths to which tokens are sent; on loopback they may be, as for metrics. Browsers' pages are redirected by Django.
PROGRAMS = ("/api/", "/ws/", "/metrics")
WORDS = b"Use https. What was sent here can be read on its way: if it held a token, have it revoked.\n"


class EncryptedPrograms:
    """An ASGI application behind `Front`, which knows who connected, and whether over TLS."""

    def __init__(self, inner: Application) -> None:
        self.inner = inner

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if not is_in_the_clear(scope):
            await self.inner(scope, receive, send)
            return
        security_log.record("access.in_the_clear", address=peer_of(scope), what=scope["path"])
        if scope["type"] == "websocket":
            await refuse(receive, send)
        else:
            await answer(send)


def is_in_the_clear(scope: dict[str, Any]) -> bool:
    """Whether a program's request or a socket came without TLS, and not over loopback."""
    if scope["type"] not in ("http", "websocket") or scope.get("scheme") in ("https", "wss"):
        return False
    address = parsed(peer_of(scope))
    return scope["path"].startswith(PROGRAMS) and not (address is not None and address.is_loopback)


async def answer(send: Send) -> None:
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(WORDS)).encode()),
        (b"cache-control", b"no-store"),
    ]
    await send({"type": "http.response.start", "status": 403, "headers": headers})
    await send({"type": "http.response.body", "body": WORDS})
