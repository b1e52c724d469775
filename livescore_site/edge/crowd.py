"""How many sockets one user and one address may have open in this process."""

from collections import Counter
from collections.abc import Callable
from typing import Any

from livescore_site.edge.addresses import network_of
from livescore_site.edge.admission import Application, Message, Receive, Send
from livescore_site.edge.limits_log import limit_reached

#: The code of the desk's sockets for whatever is too much (docs/asyncapi.yaml).
TOO_MUCH = 4429


class Crowd:
    """An ASGI application of sockets with at most `most` for each of what `key` counts by; "" is not counted."""

    def __init__(self, inner: Application, key: Callable[[dict[str, Any]], str], most: int, words: str) -> None:
        self.inner = inner
        self.key = key
        self.most = most
        self.words = words
        self.open: Counter[str] = Counter()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        key = self.key(scope)
        if key and self.open[key] >= self.most:
            limit_reached("sockets", network_of(scope))
            await self.turn_away(receive, send)
            return
        self.open[key] += 1
        try:
            await self.inner(scope, receive, send)
        finally:
            self.open[key] -= 1
            if not self.open[key]:
                del self.open[key]

    async def turn_away(self, receive: Receive, send: Send) -> None:
        """Say why: a browser is told nothing of a handshake that was refused."""
        await receive()
        await send({"type": "websocket.accept"})
        await send({"type": "websocket.close", "code": TOO_MUCH, "reason": self.words.format(self.most)})


def by_address(inner: Application, most: int) -> Crowd:
    return Crowd(inner, network_of, most, "{} sockets are open from this address: close some")


def by_user(inner: Application, most: int) -> Crowd:
    return Crowd(inner, user_of, most, "You have {} pages open: close some")


def user_of(scope: dict[str, Any]) -> str:
    user = scope.get("user")
    return str(user.pk) if user is not None and user.is_authenticated else ""
