"""Errors as programs understand them: `application/problem+json` (RFC 9457), whoever refused."""

import json
from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

CONTENT_TYPE = "application/problem+json"
#: Addresses below this are for programs.
PREFIX = "/api/"
#: For what is refused before a view is asked.
DETAILS = {
    400: "The request could not be understood.",
    401: "Sign in, or send a token: Authorization: Bearer <token>.",
    403: "You may not do this.",
    404: "There is nothing at this address. /docs/openapi.yaml has all addresses.",
    405: "Only GET and HEAD are understood here.",
    500: "The desk failed. It has been noted; try again later.",
    503: "The desk cannot answer just now. Try again in a few seconds.",
}


def problem(status: int, detail: str) -> HttpResponse:
    """A refusal with its reason in words."""
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    return HttpResponse(json.dumps(body), status=status, content_type=CONTENT_TYPE)


class Problems:
    """Middleware: what is refused below `PREFIX`, by whatever part of Django, is refused in JSON."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        is_refusal = response.status_code >= HTTPStatus.BAD_REQUEST and response.get("Content-Type") != CONTENT_TYPE
        if not request.path.startswith(PREFIX) or not is_refusal:
            return response
        words = DETAILS.get(response.status_code, "The request was refused.")
        answer = problem(response.status_code, words)
        for name in ("Allow", "Retry-After", "WWW-Authenticate"):
            if name in response:
                answer[name] = response[name]
        return answer
