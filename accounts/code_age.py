"""How old the second factor may be: hours for the operations pages, minutes for what is dangerous.

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
#: How much later than its page a form may be sent, so that nothing that was typed meanwhile is lost.
TYPING_SECONDS = 30 * 60


def note_code(request: HttpRequest) -> None:
    """The code was right just now. Where it ends each sign-in, the session goes on under a new key."""
    if settings.EVERYBODY_TOTP_REQUIRED and CODE_AT not in request.session:
        sessions.renew(request)
    request.session[CODE_AT] = time.time()


def is_within(request: HttpRequest, seconds: float) -> bool:
    """Whether the user has shown the second factor in this session in the last `seconds`."""
    shown = request.session.get(CODE_AT, 0)
    return bool(request.user.is_verified()) and time.time() < shown + seconds  # type: ignore[union-attr]


def has_new_code(request: HttpRequest, *, is_form: bool) -> bool:
    """Whether what is dangerous may be done now, or no code is demanded; a form may come later than its page."""
    seconds = settings.SECOND_FACTOR_MINUTES * 60 + (TYPING_SECONDS if is_form else 0)
    return not settings.OPERATOR_TOTP_REQUIRED or is_within(request, seconds)


def code_first(back: str) -> HttpResponseRedirect:
    """Ask for a code, then lead `back`."""
    return redirect_to_login(back, reverse("admin:code"))


def with_new_code(view: Callable[..., Any]) -> Callable[..., Any]:
    """The view of a user who has entered a code in the last minutes; another is asked for one first."""

    @functools.wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not has_new_code(request, is_form=request.method == "POST"):
            return code_first(request.get_full_path())
        return view(request, *args, **kwargs)

    return inner
