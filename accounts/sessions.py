"""How long a session lasts, and the list of those by which a user is signed in.

Both limits are the session's own expiry, which Django and the sockets look at: it moves on with use, at most once a
minute, and never past the absolute limit.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, cast

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.sessions.models import Session
from django.core.handlers.asgi import ASGIRequest
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts.models import UserSession

BEGAN = "began"
SEEN = "seen"
#: Where the front of the site reads whose request it was.
CALLER = "desk.caller"
TOUCH_SECONDS = 60
HOUR = 3600


class SessionLimits:
    """Middleware behind AuthenticationMiddleware: ends a session at its absolute limit and notes that it is used."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            if isinstance(request, ASGIRequest):
                cast(dict[str, Any], request.scope)[CALLER] = f"user {request.user.pk}"
            now = time.time()
            if now >= request.session.get(BEGAN, now) + settings.SESSION_HOURS * HOUR:
                logout(request)
            elif now >= request.session.get(SEEN, 0) + TOUCH_SECONDS:
                touch(request, now, request.user.pk)
        return self.get_response(request)


def touch(request: HttpRequest, now: float, user_id: int) -> None:
    """Note that the signed-in user's session is used: it lasts for the idle limit from now."""
    session = request.session
    began = session.setdefault(BEGAN, now)
    session[SEEN] = now
    session.set_expiry(int(min(settings.SESSION_IDLE_HOURS * HOUR, began + settings.SESSION_HOURS * HOUR - now)))
    if session.session_key is None:
        session.save()
    fields = {
        "user_id": user_id,
        "began_at": datetime.fromtimestamp(began, UTC),
        "seen_at": datetime.fromtimestamp(now, UTC),
        "address": request.META.get("REMOTE_ADDR", "")[:45],
        "browser": request.META.get("HTTP_USER_AGENT", "")[:200],
    }
    UserSession.objects.update_or_create(session_key=session.session_key, defaults=fields)


def begin(request: HttpRequest, user_id: int) -> None:
    """A session that a sign-in has begun: its times are its own, whatever the visitor's session held before."""
    for name in (BEGAN, SEEN):
        request.session.pop(name, None)
    touch(request, time.time(), user_id)


def renew(request: HttpRequest) -> None:
    """Give the session another key."""
    old = request.session.session_key
    request.session.cycle_key()
    UserSession.objects.filter(session_key=old).update(session_key=request.session.session_key)


def of(user_id: int) -> QuerySet[UserSession]:
    """The sessions by which the user is signed in now. Ended ones are forgotten."""
    rows = UserSession.objects.filter(user_id=user_id)
    live = Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")
    rows.exclude(session_key__in=live).delete()
    return rows


def end(rows: QuerySet[UserSession]) -> int:
    """End these sessions: their next request is a stranger's, and their sockets close within a minute. How many."""
    keys = list(rows.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    rows.delete()
    return len(keys)
