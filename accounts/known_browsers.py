"""A cookie for the browser in which a user has signed in: OWASP's device cookies.

Tries from a browser that has one are counted apart from those of strangers who try the same name, so strangers cannot
lock its user out. The cookie says only who has signed in there; it signs nobody in.
"""

import secrets

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

SALT = "accounts.known-browser"
COOKIE_SECONDS = 180 * 24 * 60 * 60


def number_of(request: HttpRequest, name: str) -> str:
    """The browser's own number, if this user has signed in there; otherwise ""."""
    try:
        user, number = signing.loads(
            request.COOKIES.get(settings.KNOWN_BROWSER_COOKIE_NAME, ""), salt=SALT, max_age=COOKIE_SECONDS
        )
    except (signing.BadSignature, ValueError, TypeError):
        return ""
    return str(number) if user == name else ""


def remember(response: HttpResponse, name: str) -> None:
    """Give the browser a cookie of its own for this user."""
    response.set_cookie(
        settings.KNOWN_BROWSER_COOKIE_NAME,
        signing.dumps([name, secrets.token_hex(16)], salt=SALT),
        max_age=COOKIE_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
