"""Signing every visitor in as the demo trader. Only `manage.py demo` turns it on, and that listens on loopback only."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import get_user_model, login
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse

from livescore_site.people import BACKEND

DEMO_TRADER = "demo-trader"


class DemoSignInMiddleware:
    """Signs a visitor who is not signed in, in as the demo trader; the admin and the sign-in page are left alone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if not settings.DEMO_SIGN_IN:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated and not request.path.startswith(("/admin/", "/sign_")):
            trader = get_user_model().objects.get(username=DEMO_TRADER)
            login(request, trader, backend=BACKEND)
        return self.get_response(request)
