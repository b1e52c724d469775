"""What is shown to somebody who is signed in, no cache keeps: not a proxy's, not the browser's of a shared machine."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase


class NoStore:
    """Adds `Cache-Control: no-store` to what a session, a token or a form has brought about.

    What a view itself says about caching stays. Static files are answered before this, and the public documents of
    the stream to strangers may be kept.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if is_somebodys(request) and not is_public(response):
            response["Cache-Control"] = "no-store"
        return response


def is_somebodys(request: HttpRequest) -> bool:
    return bool(request.COOKIES or "Authorization" in request.headers or request.method != "GET")


def is_public(response: HttpResponseBase) -> bool:
    """Whether the view says that it is the same for everybody."""
    control = response.get("Cache-Control", "")
    return "public" in control or "immutable" in control
