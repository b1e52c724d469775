"""Who may ask the REST API, and what they may see: a program by its token, a person by signing in."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any, NamedTuple

import msgspec
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from .live.program import scope_of
from .live.sessions import VIEW
from .live.stream_topics import Scope
from .models import SubscriberToken

MINUTE = 60.0


class Access(NamedTuple):
    """What the caller may see: fixtures within `scope`, of them `contents` ("all", "scores" or "prices")."""

    scope: Scope
    contents: str


class Refused(Exception):
    """The request cannot be answered: the status and the reason in words."""

    def __init__(self, status: int, words: str, **headers: str) -> None:
        super().__init__(words)
        self.status = status
        self.words = words
        self.headers = headers


def answered(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give the view the caller's `Access`, and answer in JSON whatever happens; never with a page to sign in at."""

    @login_not_required
    @wraps(view)
    def checked(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            if request.method not in ("GET", "HEAD"):
                raise Refused(405, "Only GET and HEAD are understood here.", Allow="GET, HEAD")
            return view(request, access_of(request), **kwargs)
        except Refused as refused:
            return as_json({"error": refused.words}, refused.status, **refused.headers)

    return checked


def access_of(request: HttpRequest) -> Access:
    """What the token or the signed-in user may see; raises `Refused`."""
    word, _, secret = request.headers.get("Authorization", "").partition(" ")
    if word.lower() == "bearer":
        return access_of_token(secret.strip())
    if not request.user.is_authenticated:
        raise Refused(401, "Sign in, or send a token: Authorization: Bearer <token>.", **{"WWW-Authenticate": "Bearer"})
    if not request.user.has_perm(VIEW):
        raise Refused(403, "You may not see fixtures; ask an administrator for the role trader.")
    return Access(Scope(), "all")


def access_of_token(secret: str) -> Access:
    token = SubscriberToken.objects.with_secret(secret, timezone.now())
    if token is None:
        raise Refused(401, "This token is not valid (any more).", **{"WWW-Authenticate": "Bearer"})
    if (wait := requests.wait(token.pk, token.most_requests_per_minute)) > 0:
        words = f"This token allows {token.most_requests_per_minute} requests a minute. Better follow the stream."
        raise Refused(429, words, **{"Retry-After": str(int(wait) + 1)})
    SubscriberToken.objects.filter(pk=token.pk).update(last_used_at=timezone.now())
    return Access(scope_of(token), token.contents)


class Requests:
    """Requests of each token in this process, in whole minutes."""

    def __init__(self) -> None:
        self.counts: dict[int, tuple[float, int]] = {}

    def wait(self, token_id: int, most: int) -> float:
        """Count one more; how many seconds to wait if it is one too many, else 0."""
        now = time.monotonic()
        begun, count = self.counts.get(token_id, (now, 0))
        if now - begun >= MINUTE:
            begun, count = now, 0
        self.counts[token_id] = (begun, count + 1)
        return begun + MINUTE - now if count >= most else 0.0


requests = Requests()


def as_json(answer: Any, status: int = 200, **headers: str) -> HttpResponse:
    """The answer; a cache may keep it for nobody else."""
    private = {"Cache-Control": "private, no-cache", "Vary": "Authorization, Cookie"}
    body = msgspec.json.encode(answer)
    return HttpResponse(body, status=status, content_type="application/json", headers={**private, **headers})
