"""Who sends a request, as far as its headers say, and how much of the desk's time each may have.

A request of a user costs up to some tenths of a second of the processor, which all sockets share. So each caller has a
few requests inside at a time, and so many seconds of the processor. Who has used those up has one request inside, which
gives way to what pages follow, and waits for each further one; programs that ask give way too, and who shows nothing.
What a request waits for, LSports or the database, is not counted. A token that has used up its minute is refused here.
"""

import asyncio
import math
import time
from collections import OrderedDict
from collections.abc import Callable
from contextlib import nullcontext
from hashlib import blake2s
from typing import Any, cast

from django.conf import settings
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse, parse_cookie

from accounts.sessions import CALLER
from feed.api.problems import PREFIX
from feed.api.rates import SPENT, Rate
from feed.live.allowance import Allowance
from feed.live.right_of_way import CHANGES_FIRST
from livescore_site.edge.addresses import last_value
from livescore_site.edge.waiting_line import WaitingLine

#: Requests of one caller that are inside at a time, and that may wait for it.
AT_ONCE, MOST_WAITING = 3, 40
#: Seconds of the processor at once; from then on CALLER_PERCENT of each second.
SECONDS = 5.0
#: The longest that a request is delayed because its caller's earlier ones used too much.
MOST_PAUSE = 4.0
#: What a request costs the event loop beside its own thread.
LOOP_SECONDS = 0.002
#: Where a request's time at the processor is noted in its scope, and whether it gives way.
TOOK, GIVES_WAY = "desk.took", "desk.gives_way"
#: Below these a program's token is read.
BY_TOKEN = ("/api/", "/metrics")
#: Sessions whose users are remembered.
MOST_SESSIONS = 10_000


class Meter:
    """Middleware around all others: how many seconds of the processor a request takes, in the thread it runs in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        scope = cast(dict[str, Any], request.scope) if isinstance(request, ASGIRequest) else {}
        begun = time.thread_time()
        try:
            with CHANGES_FIRST.given() if scope.get(GIVES_WAY) else nullcontext():
                return self.get_response(request)
        finally:
            scope[TOOK] = time.thread_time() - begun


class Callers:
    """The callers of one event loop. Every `enter` that returned True needs one `leave`."""

    def __init__(self) -> None:
        self.line = WaitingLine(places=10**9, share=self.at_once, most_waiting=MOST_WAITING)
        self.time = Allowance(SECONDS, settings.CALLER_PERCENT / 100)
        #: Of a session's digest its user: a user's sessions are one caller, once each has been seen.
        self.users: OrderedDict[str, str] = OrderedDict()
        #: Of tokens whose minute is used up: their rate, and when it ends.
        self.spent: dict[str, tuple[Rate, float]] = {}

    def caller(self, scope: dict[str, Any]) -> str:
        """Empty for somebody who shows nothing."""
        shown = shown_by(scope)
        return self.users.get(shown, shown)

    def gives_way(self, caller: str, scope: dict[str, Any]) -> bool:
        """Whether a request lets pass what pages follow: of a program, of nobody, of a session that was not seen to be
        anybody's, and of who has used up their seconds."""
        return not caller or self.is_spent(caller) or shown_by(scope) not in self.users

    def spent_rate(self, caller: str, scope: dict[str, Any]) -> Rate | None:
        """The rate of a token that has no requests left, with the seconds until it has."""
        rate, ends_at = self.spent.get(caller, (None, 0.0))
        seconds = math.ceil(ends_at - time.monotonic())
        if rate is None or seconds <= 0 or not scope["path"].startswith(PREFIX):
            return None
        return rate._replace(seconds=seconds)

    def is_spent(self, caller: str) -> bool:
        """Whether the caller has used up their seconds."""
        return self.time.of(caller) <= 0

    def at_once(self, caller: str) -> int:
        """How many requests of the caller may be inside now."""
        return 1 if self.is_spent(caller) else AT_ONCE

    async def enter(self, caller: str, seconds: float) -> bool:
        """Wait for the caller's turn, at most `seconds`, and for what was used before; whether the turn came."""
        if not await self.line.enter(caller, seconds):
            return False
        try:
            await asyncio.sleep(max(0.0, -self.time.of(caller) / self.time.per_second))
        except asyncio.CancelledError:
            self.line.leave(caller)
            raise
        return True

    def leave(self, caller: str, scope: dict[str, Any]) -> None:
        """Count what a request took, and remember whose session it was."""
        found = scope.get(CALLER)
        took = scope.get(TOOK, 0.0) + LOOP_SECONDS
        self.time.take(found or caller, took, -MOST_PAUSE * self.time.per_second)
        self.line.leave(caller)
        if rate := scope.get(SPENT):
            self.spent[caller] = rate, time.monotonic() + rate.seconds
        if found and (shown := shown_by(scope)):
            self.users[shown] = found
            self.users.move_to_end(shown)
            if len(self.users) > MOST_SESSIONS:
                self.users.popitem(last=False)
        if len(self.time.left) > MOST_SESSIONS:
            self.time.forget_full()
        if len(self.spent) > MOST_SESSIONS:
            self.spent = {name: (rate, end) for name, (rate, end) in self.spent.items() if end > time.monotonic()}


def shown_by(scope: dict[str, Any]) -> str:
    """The digest of a program's token, else of a session's key, as whoever lets them in reads it.

    So there is one for each of them, whatever else is sent, and however they are written.
    """
    shown = token_of(scope) or session_of(scope)
    return blake2s(shown.encode(), digest_size=12).hexdigest() if shown else ""


def token_of(scope: dict[str, Any]) -> str:
    """Empty for what no token opens (`feed.api.access`, `feed.operations.views`)."""
    if not scope.get("path", "").startswith(BY_TOKEN):
        return ""
    word, _, secret = last_value(scope.get("headers", ()), b"authorization").partition(" ")
    return f"token {secret.strip()}" if word.lower() == "bearer" else ""


def session_of(scope: dict[str, Any]) -> str:
    """The session key, read from the cookie as Django and Channels read it."""
    cookies = [value.decode("latin-1") for name, value in scope.get("headers", ()) if name == b"cookie"]
    text = cookies[0] if cookies and scope["type"] == "websocket" else ",".join(cookies)
    key = parse_cookie(text).get(settings.SESSION_COOKIE_NAME, "")
    return f"session {key}" if key else ""
