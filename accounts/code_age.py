"""How long ago the code may have been entered: hours for the operations pages, minutes for what is dangerous.

`with_new_code` is for every view that hands out rights, keys or passwords, or takes the feed down.
"""

import functools
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse

from accounts import sessions

CODE_AT = "code_at"
#: Extra time for a form after its page was opened, so that nobody loses what they were typing.
TYPING_SECONDS = 30 * 60


def note_code(request: HttpRequest) -> None:
    """Note that the right code was entered just now. Where it completes the sign-in, the session gets a new key."""
    if settings.EVERYBODY_TOTP_REQUIRED and CODE_AT not in request.session:
        sessions.renew(request)
    request.session[CODE_AT] = time.time()


def is_within(request: HttpRequest, seconds: float) -> bool:
    """Whether the user has entered a code in this session in the last `seconds`."""
    shown = request.session.get(CODE_AT, 0)
    return bool(request.user.is_verified()) and time.time() < shown + seconds  # type: ignore[union-attr]


def has_new_code(request: HttpRequest, *, is_form: bool) -> bool:
    """Whether something dangerous may be done now: the code is new enough (a form has longer), or none is demanded."""
    seconds = settings.SECOND_FACTOR_MINUTES * 60 + (TYPING_SECONDS if is_form else 0)
    return not settings.OPERATOR_TOTP_REQUIRED or is_within(request, seconds)


def code_first(back: str) -> HttpResponseRedirect:
    """Ask for a code, then lead `back`."""
    return redirect_to_login(back, reverse("admin:code"))


def with_new_code(view: Callable[..., Any]) -> Callable[..., Any]:
    """Lets in only users who have entered a code in the last few minutes, and asks everybody else for one first."""

    @functools.wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not has_new_code(request, is_form=request.method == "POST"):
            return code_first(request.get_full_path())
        return view(request, *args, **kwargs)

    return inner
