"""How many sockets one user and one address may have open in this process, and how often they may open another."""

import asyncio
from collections import Counter
from collections.abc import Callable
from typing import Any

from feed.live.allowance import Allowance
from livescore_site.edge.addresses import network_of
from livescore_site.edge.admission import Application, Message, Receive, Send
from livescore_site.edge.callers import shown_by
from livescore_site.edge.limits_log import limit_reached

#: The codes of the desk's sockets for whatever is too much, and for what may be tried again (docs/asyncapi.yaml).
TOO_MUCH, TRY_LATER = 4429, 1013
#: When the desk is back, as many are opened at once as may be open, and never fewer than this; then a number a second.
OPENED_AT_ONCE = 100
OF_ADDRESS_PER_SECOND, OF_USER_PER_SECOND = 50.0, 5.0
TOO_OFTEN = "Sockets are opened too often: come back in a few seconds"
#: Whoever connects too often waits at least this long for the refusal, with the socket open meanwhile. Refusals go out
#: one after the other: clients that are answered together come back together.
HELD_SECONDS = 5.0


class Crowd:
    """An ASGI application of sockets with at most `most` for each of what `key` counts by; "" is not counted.

    Of each, so many are opened at once, and then `per_second`. Whoever comes more often is held, and then sent away.
    """

    def __init__(
        self, inner: Application, key: Callable[[dict[str, Any]], str], most: int, per_second: float, words: str
    ) -> None:
        self.inner = inner
        self.key = key
        self.most = most
        self.words = words
        self.open: Counter[str] = Counter()
        self.openings = Allowance(max(most, OPENED_AT_ONCE), per_second)
        #: When the last of those that are held will be answered, by the loop's clock.
        self.answered_at: dict[str, float] = {}

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        key = self.key(scope)
        is_too_often = bool(key) and not self.openings.take(key, 1, -1)
        if key and self.open[key] >= self.most * (2 if is_too_often else 1):
            limit_reached("sockets", network_of(scope))
            if is_too_often:
                await send({"type": "websocket.close"})  # the handshake is refused, which costs least
            else:
                await self.turn_away(receive, send, TOO_MUCH, self.words.format(self.most))
            return
        self.open[key] += 1
        try:
            if is_too_often:
                limit_reached("openings", network_of(scope))
                await asyncio.sleep(self.held_seconds(key, asyncio.get_running_loop().time()))
                await self.turn_away(receive, send, TRY_LATER, TOO_OFTEN)
            else:
                await self.inner(scope, receive, send)
        finally:
            self.open[key] -= 1
            if not self.open[key]:
                del self.open[key]
                self.answered_at.pop(key, None)
                self.openings.forget_full()

    def held_seconds(self, key: str, now: float) -> float:
        """How long one more that comes too often waits: up to twice HELD_SECONDS, evenly behind those that wait."""
        at = max(now + HELD_SECONDS, self.answered_at.get(key, 0.0) + HELD_SECONDS / self.most)
        self.answered_at[key] = min(at, now + 2 * HELD_SECONDS)
        return self.answered_at[key] - now

    async def turn_away(self, receive: Receive, send: Send, code: int, words: str) -> None:
        """Say why: a browser is told nothing of a handshake that was refused."""
        await receive()
        await send({"type": "websocket.accept"})
        await send({"type": "websocket.close", "code": code, "reason": words})


def by_address(inner: Application, most: int) -> Crowd:
    return Crowd(inner, network_of, most, OF_ADDRESS_PER_SECOND, "{} sockets are open from this address: close some")


def by_user(inner: Application, most: int) -> Crowd:
    return Crowd(inner, user_of, most, OF_USER_PER_SECOND, "You have {} pages open: close some")


def by_session(inner: Application, most: int) -> Crowd:
    """Before anybody has asked the database whose session it is: who comes too often costs no queries."""
    return Crowd(inner, shown_by, most, OF_USER_PER_SECOND, "You have {} pages open: close some")


def user_of(scope: dict[str, Any]) -> str:
    user = scope.get("user")
    return str(user.pk) if user is not None and user.is_authenticated else ""
