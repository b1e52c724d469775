"""Who may see the desk's pages: whoever may see fixtures, as the sockets and the REST API demand it."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from feed.live.sessions import VIEW


class TradersMiddleware:
    """Refuses (403) a signed-in user who may not see fixtures at every view of `feed` that demands a sign-in at all.

    The admin asks for permissions of its own.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any) -> None:
        is_of_desk = view.__module__.startswith("feed.") and "admin" not in request.resolver_match.app_names  # type: ignore[union-attr]
        needs_sign_in = getattr(view, "login_required", True)
        if is_of_desk and needs_sign_in and request.user.is_authenticated and not sees_fixtures(request.user):
            raise PermissionDenied


def sees_fixtures(user: Any) -> bool:
    """Read with the user by the session's backend; a query of its own where the user has only just signed in."""
    return user.sees_fixtures if hasattr(user, "sees_fixtures") else user.has_perm(VIEW)
