"""Security events, one line each on the logger `security`: what, who, from where."""

import json
import logging
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase

logger = logging.getLogger("security")
#: In any one value: names are typed by strangers, who may type a great deal.
MOST_CHARACTERS = 200
FORBIDDEN = 403


def record(event: str, request: HttpRequest | None = None, **facts: Any) -> None:
    """Log `event` ("sign_in.failed") with who did it (`user`), from where (`address`), and `facts`.

    Every value is written as JSON in ASCII, so none can break the line or look like another field.
    """
    fields = {"event": event, **who_and_where(request), **facts}
    logger.info(" ".join(f"{name}={quoted(value)}" for name, value in fields.items()))


def who_and_where(request: HttpRequest | None) -> dict[str, str]:
    if request is None:
        return {"user": "", "address": ""}
    user = getattr(request, "user", None)
    return {"user": user.get_username() if user else "", "address": request.META.get("REMOTE_ADDR", "")}


def quoted(value: Any) -> str:
    return json.dumps(str(value)[:MOST_CHARACTERS])


class RefusalLog:
    """Middleware behind AuthenticationMiddleware: logs each refused request, with who made it and what for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if response.status_code == FORBIDDEN:
            record("access.refused", request, how=request.method, what=request.path)
        return response
