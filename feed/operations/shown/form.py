"""Whose screens, and when."""

from datetime import UTC, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from feed.viewings.viewers import Viewer

from .names import known_names

MOMENT = {"type": "datetime-local", "step": "0.001"}


class MomentField(forms.DateTimeField):
    """A moment that is over. What has no offset of its own is in UTC, whatever zone the reader has chosen."""

    widget = forms.DateTimeInput(attrs=MOMENT)

    def clean(self, value: Any) -> Any:
        with timezone.override(UTC):
            cleaned = super().clean(value)
        if cleaned is None:
            return None
        moment = cleaned.astimezone(UTC)
        if moment > timezone.now():
            raise ValidationError(gettext("That moment is still to come."))
        return moment


def moment_value(moment: datetime) -> str:
    """A moment as the field has it."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds")


class ShownForm(forms.Form):
    """A person, or a program's token, of whom anything is kept; a moment; which of their sockets."""

    who = forms.ChoiceField(label=gettext_lazy("Person or token"))
    at = MomentField(label=gettext_lazy("Moment (UTC)"))
    socket = forms.CharField(required=False, max_length=120)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.names = {f"{kind}:{pk}": name for (kind, pk), name in known_names().items()}
        groups = {"user": gettext("People"), "token": gettext("Tokens")}
        self.fields["who"].choices = [  # type: ignore[attr-defined]
            (title, sorted(own, key=lambda choice: choice[1].casefold()))
            for kind, title in groups.items()
            if (own := [(word, name) for word, name in self.names.items() if word.startswith(f"{kind}:")])
        ]

    def viewer(self) -> Viewer:
        """Once it is valid."""
        kind, _, pk = self.cleaned_data["who"].partition(":")
        return kind, int(pk)
