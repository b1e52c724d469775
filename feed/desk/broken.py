"""Error pages: they say what happened and what to do, and need neither the database nor a user."""

import sys
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string


def not_understood(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400."""
    return page("400.html", 400, message="")


def not_allowed(request: HttpRequest, exception: Exception | None = None, reason: str = "") -> HttpResponse:
    """403, also for a form whose token is wrong or has expired."""
    return page("403.html", 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404, in the words of whoever did not find it."""
    message = exception.args[0] if exception.args and isinstance(exception.args[0], str) else ""
    return page("404.html", 404, message=message, way="")


def failed(request: HttpRequest) -> HttpResponse:
    """500; 503 where it is the database that does not answer now, which passes."""
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        answer = page("500.html", 503)
        answer["Retry-After"] = "5"
        return answer
    return page("500.html", 500)


def busy(message: str, seconds: int) -> HttpResponse:
    """503: what can be requested again after `seconds`."""
    answer = page("503.html", 503, message=message)
    answer["Retry-After"] = str(seconds)
    return answer


def posted(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For views that take only what a form or a script posts: whoever comes by a link or a reload gets a page that says
    so."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST":
            return view(request, *args, **kwargs)
        answer = page("405.html", 405)
        answer["Allow"] = "POST"
        return answer

    return checked


def page(template: str, status: int, **context: str) -> HttpResponse:
    return HttpResponse(render_to_string(template, context, using="desk"), status=status)
