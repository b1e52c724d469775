"""Who may ask the REST API, and what they may see: a program by its token, a person by signing in."""

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any, NamedTuple, cast

import msgspec
from django.contrib.auth.decorators import login_not_required
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.views.decorators.csrf import csrf_exempt

from feed.database.moment import one_moment
from feed.live.programs.program import scope_of
from feed.live.programs.topics import Scope
from feed.live.sessions import VIEW
from feed.models import SubscriberToken

from .problems import problem
from .rates import SPENT, Rate, Requests

PRIVATE = {"Cache-Control": "private, no-cache", "Vary": "Authorization, Cookie"}


class Access(NamedTuple):
    """What the caller may see: fixtures within `scope`, of them `contents` ("all", "scores" or "prices").

    `rate` says how many requests its token has left; a person's are not counted.
    """

    scope: Scope
    contents: str
    rate: Rate | None = None


class Refused(Exception):
    """The request cannot be answered: the status and the reason in words."""

    def __init__(self, status: int, words: str, **headers: str) -> None:
        super().__init__(words)
        self.status = status
        self.words = words
        self.headers = headers


def answered(view: Callable[..., Any]) -> Callable[..., HttpResponse]:
    """Give the view the caller's `Access`, and answer with what it returns, or with what it refuses, in JSON.

    Nothing can be changed here, so whoever posts is told so rather than asked for a form's token; and nobody is sent
    to a page to sign in at.
    """

    @csrf_exempt
    @login_not_required
    @wraps(view)
    def checked(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        headers: dict[str, str] = {}
        try:
            if request.method not in ("GET", "HEAD"):
                raise Refused(405, "Only GET and HEAD are understood here.", Allow="GET, HEAD")
            access = access_of(request)
            headers |= access.rate.headers if access.rate else {}
            refuse_too_many(request, access)
            with one_moment():
                answer = found(view, request, access, kwargs)
            if isinstance(answer, Refused):
                raise answer
            response = as_json(request, answer)
        except Refused as refused:
            response = problem(refused.status, refused.words)
            headers |= refused.headers
        for name, value in (PRIVATE | headers).items():
            response[name] = value
        return response

    return checked


def found(view: Callable[..., Any], request: HttpRequest, access: Access, kwargs: dict[str, Any]) -> Any:
    """What the view returns, or its refusal: not raised, so that the reading ends as it should."""
    try:
        return view(request, access, **kwargs)
    except Refused as refused:
        return refused


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
    rate = requests.count(token.pk, token.most_requests_per_minute)
    if rate.left >= 0:
        SubscriberToken.objects.filter(pk=token.pk).update(last_used_at=timezone.now())
    return Access(scope_of(token), token.contents, rate)


def refuse_too_many(request: HttpRequest, access: Access) -> None:
    if access.rate is not None and access.rate.left < 0:
        if isinstance(request, ASGIRequest):
            cast(dict[str, Any], request.scope)[SPENT] = access.rate
        raise Refused(429, access.rate.refusal)


requests = Requests()


def as_json(request: HttpRequest, answer: Any) -> HttpResponse:
    """The answer under a tag made of its bytes, or 304 where the caller has it."""
    body = msgspec.json.encode(answer)
    tag = f'"{hashlib.blake2s(body, digest_size=12).hexdigest()}"'
    response = HttpResponse(body, content_type="application/json", headers={"ETag": tag})
    unchanged = get_conditional_response(request, etag=tag, response=response)
    return unchanged if isinstance(unchanged, HttpResponse) else response
