"""A password that an administrator chose for somebody: accepted for a short time, and only to choose another."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import FirstPassword

#: In a session: whoever signed in by such a password has not changed it yet.
IS_FIRST = "password_is_first"


def give(user: Any) -> None:
    """Somebody else has chosen the user's password just now."""
    until = timezone.now() + timedelta(hours=settings.FIRST_PASSWORD_HOURS)
    FirstPassword.objects.update_or_create(user=user, defaults={"until": until})


def note_own(request: HttpRequest, user: Any) -> None:
    """The user has chosen a password of their own."""
    FirstPassword.objects.filter(user=user).delete()
    request.session.pop(IS_FIRST, None)


def is_over(user: Any) -> bool:
    """Whether the user's password was given to them too long ago to be accepted."""
    return FirstPassword.objects.filter(user=user, until__lte=timezone.now()).exists()


def mark(request: HttpRequest, user: Any) -> None:
    """Note in the session that has just begun whether its password is to be changed first."""
    request.session[IS_FIRST] = FirstPassword.objects.filter(user=user).exists()
