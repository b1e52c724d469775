"""A limited number of requests at a time: the others wait for their turn, and not for long."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from django.conf import settings

from feed.api.problems import problem
from feed.api.rates import Rate
from livescore_site.edge.addresses import last_value, network_of
from livescore_site.edge.callers import GIVES_WAY, Callers
from livescore_site.edge.limits_log import limit_reached
from livescore_site.edge.waiting_line import WaitingLine

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]

#: How long a request waits for its turn, and the answer when its turn has not come by then.
WAIT_SECONDS = 8.0
RETRY_SECONDS = 5
#: How long a program whose minute is used up waits for its refusal.
REFUSAL_SECONDS = 0.25
#: Of one address; browsers open six connections each.
MOST_WAITING = 500
BUSY = b"The desk is busy. Try again in a few seconds.\n"
#: What programs are told, below /api/ (`feed.api.problems`).
BUSY_PROBLEM = b'{"type": "about:blank", "title": "Service Unavailable", "status": 503, "detail": "The desk is busy."}'


class Admission:
    """An ASGI application of HTTP with at most `places` requests inside; one address has three quarters of them.

    Before that each caller waits for its own turn (`callers`).
    """

    def __init__(self, inner: Application, places: int) -> None:
        self.inner = inner
        self.places = places
        self.loops: dict[asyncio.AbstractEventLoop, tuple[Callers, WaitingLine]] = {}

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        callers, line = self.of_loop()
        caller = callers.caller(scope)
        scope[GIVES_WAY] = callers.gives_way(caller, scope)
        if not caller:
            await self.admit(line, scope, receive, send)
        elif await callers.enter(caller, WAIT_SECONDS):
            try:
                if rate := callers.spent_rate(caller, scope):
                    await refuse_rate(rate, last_value(scope["headers"], b"origin"), send)
                else:
                    await self.admit(line, scope, receive, send)
            finally:
                callers.leave(caller, scope)
        else:
            await refuse(scope, send)

    async def admit(self, line: WaitingLine, scope: Message, receive: Receive, send: Send) -> None:
        """Let a request in when there is a place."""
        address = network_of(scope)
        if not await line.enter(address, WAIT_SECONDS):
            await refuse(scope, send)
            return
        try:
            await self.inner(scope, receive, send)
        finally:
            line.leave(address)

    def of_loop(self) -> tuple[Callers, WaitingLine]:
        """The callers and the waiting line of the running event loop."""
        loop = asyncio.get_running_loop()
        if loop not in self.loops:
            share = max(1, self.places * 3 // 4)
            line = WaitingLine(self.places, share=lambda _: share, most_waiting=MOST_WAITING)
            self.loops[loop] = Callers(), line
        return self.loops[loop]


async def refuse(scope: Message, send: Send) -> None:
    limit_reached("requests at once", network_of(scope))
    await answer_busy(send, is_program=scope.get("path", "").startswith("/api/"))


async def refuse_rate(rate: Rate, origin: str, send: Send) -> None:
    """As the API itself does, later and at a smaller cost. Pages of allowed origins can read it."""
    await asyncio.sleep(REFUSAL_SECONDS)
    refusal = problem(429, rate.refusal)
    headers = {
        **refusal.headers,
        "Cache-Control": "no-store",
        **rate.headers,
        "Content-Length": str(len(refusal.content)),
    }
    if origin in settings.CORS_ALLOWED_ORIGINS:
        exposed = ", ".join(settings.CORS_EXPOSE_HEADERS)
        headers |= {"Access-Control-Allow-Origin": origin, "Access-Control-Expose-Headers": exposed}
    coded = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": refusal.status_code, "headers": coded})
    await send({"type": "http.response.body", "body": refusal.content})


async def answer_busy(send: Send, *, is_program: bool) -> None:
    body, kind = (BUSY_PROBLEM, b"application/problem+json") if is_program else (BUSY, b"text/plain; charset=utf-8")
    headers = [
        (b"content-type", kind),
        (b"content-length", str(len(body)).encode()),
        (b"retry-after", str(RETRY_SECONDS).encode()),
        (b"cache-control", b"no-store"),
    ]
    await send({"type": "http.response.start", "status": 503, "headers": headers})
    await send({"type": "http.response.body", "body": body})
