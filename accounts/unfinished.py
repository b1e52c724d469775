"""What somebody must do after signing in, before the desk lets them in: choose a password, enter a code."""

from collections.abc import Awaitable, Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext

from accounts.code_age import CODE_AT
from accounts.first_passwords import IS_FIRST

#: The pages, by name, that are open to them before that.
OPEN = frozenset({"change_password", "password_changed", "own_code", "own_phone", "sign_out"})


def next_page(session: Any) -> str:
    """The name of the page where the user of this session has something to do first; "" if there is nothing."""
    if session.get(IS_FIRST):
        return "change_password"
    if settings.EVERYBODY_TOTP_REQUIRED and CODE_AT not in session:
        return "own_code"
    return ""


class SignInFinished:
    """Middleware behind AuthenticationMiddleware: sends people to that page until they are done there.

    Requests for anything but a page are refused meanwhile; in views that need no signing in, they are anonymous.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        name = next_page(request.session) if request.user.is_authenticated else ""
        if not name or (request.resolver_match and request.resolver_match.view_name in OPEN):
            return None
        if not getattr(view, "login_required", True):
            request.user = AnonymousUser()
            return None
        if request.method == "GET" and "HX-Request" not in request.headers:
            return redirect_to_login(request.get_full_path(), reverse(name))
        return HttpResponse(gettext("Finish signing in first."), status=403, content_type="text/plain; charset=utf-8")


class FinishedSockets:
    """ASGI middleware for sockets, behind the session's: whoever has not finished signing in is anonymous."""

    def __init__(self, inner: Callable[..., Awaitable[None]]) -> None:
        self.inner = inner

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["user"].is_authenticated and next_page(scope["session"]):
            scope = {**scope, "user": AnonymousUser()}
        await self.inner(scope, receive, send)
