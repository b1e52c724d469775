"""The two forms that take a person's own password. Each counts the try before it checks the password."""

from typing import Any, cast

from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext

from accounts import first_passwords, security_log
from accounts.trials import TooManyTries, Trial, begin

LOCKED = "locked"


class SignInForm(AuthenticationForm):
    """Name and password. The error `locked` says that the password was not even tried."""

    def clean(self) -> dict[str, Any]:
        trial = begun(cast(HttpRequest, self.request), self.cleaned_data.get("username", ""))
        cleaned = super().clean()
        trial.was_right()
        return cleaned

    def confirm_login_allowed(self, user: Any) -> None:
        super().confirm_login_allowed(user)
        if first_passwords.is_over(user):
            text = gettext("This password was given to you too long ago. Ask an administrator for a new one.")
            raise ValidationError(text, code="first_password_over")


class OwnPasswordForm(PasswordChangeForm):
    """The old password and a new one."""

    request: HttpRequest

    def clean_old_password(self) -> str:
        trial = begun(self.request, self.user.get_username())
        try:
            old = super().clean_old_password()
        except ValidationError:
            security_log.record("password.wrong", self.request)
            raise
        trial.was_right()
        return old

    def clean(self) -> dict[str, Any]:
        super().clean()
        new, old = (self.cleaned_data.get(name) for name in ("new_password2", "old_password"))
        if new and new == old:
            self.add_error("new_password2", gettext("Choose a password other than your old one."))
        return self.cleaned_data


def begun(request: HttpRequest, name: str) -> Trial:
    """The trial of a password; a form's error where it may not be tried."""
    try:
        return begin(request, name)
    except TooManyTries:
        text = gettext("Too many wrong passwords. Wait a quarter of an hour, then try again.")
        raise ValidationError(text, code=LOCKED) from None
