"""The filters of a fixture's log: a time, a type, a market, a text."""

from datetime import UTC
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, gettext_lazy

from feed.codes import MessageType
from feed.pages.log.messages import LogScope
from feed.pages.visible import visible

MOST_ID = 2**63 - 1
WIDGET = {"type": "datetime-local", "step": "1"}


def type_name(number: int | None) -> str:
    """A message's type in words."""
    try:
        return MessageType(number).name.replace("_", " ").capitalize() if number is not None else ""
    except ValueError:
        return gettext("Type %(number)s") % {"number": number}


class LogForm(forms.Form):
    """Times are UTC, when the messages were committed. What is left empty asks for nothing."""

    begin = forms.DateTimeField(label=gettext_lazy("From (UTC)"), required=False)
    end = forms.DateTimeField(label=gettext_lazy("To (UTC)"), required=False)
    type = forms.IntegerField(label=gettext_lazy("Type"), required=False, min_value=0, max_value=MOST_ID)
    market = forms.IntegerField(label=gettext_lazy("Market"), required=False, min_value=0, max_value=MOST_ID)
    text = forms.CharField(label=gettext_lazy("MsgGuid or MsgSeq"), required=False, max_length=100)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name in ("begin", "end"):
            if cleaned.get(name):
                cleaned[name] = cleaned[name].replace(tzinfo=UTC)
        if cleaned.get("begin") and cleaned.get("end") and cleaned["begin"] >= cleaned["end"]:
            raise ValidationError({"end": gettext("The end must be later than the beginning.")})
        return cleaned

    def scope(self) -> LogScope:
        """Once it is valid."""
        cleaned = self.cleaned_data
        times = {name: cleaned.get(name) for name in ("begin", "end")}
        numbers = {name: cleaned.get(name) for name in ("type", "market")}
        return LogScope(**times, **numbers, text=visible(cleaned.get("text", "")).strip())
