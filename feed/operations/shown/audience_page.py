"""The page on which operators see to whom a fixture, or a market of it, was shown at a moment (docs/shown.md)."""

from datetime import datetime
from typing import Any

import msgspec
from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts import security_log
from feed.desk.live_page import FEED, live_page
from feed.live.parts.fragments import TopicHtml
from feed.operations.views import may_operate
from feed.past.moments import moment_text
from feed.store.leaves import note_act

from .form import MomentField, moment_value
from .page import TURN, USUAL_AGE
from .who import Audience, audience

MOST_ID = 2**63 - 1
#: Versions that have lines on the page, and readers of each that are named; the JSON has all.
MOST_LINES, MOST_READERS = 300, 50


class AudienceForm(forms.Form):
    """Of a fixture, or of one of its markets, at a moment."""

    fixture = forms.IntegerField(label=gettext_lazy("Fixture (LSports' number)"), min_value=1, max_value=MOST_ID)
    market = forms.IntegerField(label=gettext_lazy("Market"), required=False, min_value=1, max_value=MOST_ID)
    at = MomentField(label=gettext_lazy("Moment (UTC)"))


@require_http_methods(["GET", "HEAD", "POST"])
def shown_fixture(request: HttpRequest) -> HttpResponse:
    """The form; posted, who was shown which version, as a page or as JSON. The look-up is an act of the log."""
    if not may_operate(request):
        raise PermissionDenied(gettext_lazy("What was shown is for operators."))
    now = timezone.now()
    form = AudienceForm(request.POST) if request.method == "POST" else AudienceForm(initial=usual(request, now))
    context: dict[str, Any] = {"page": "health", "form": form, "found": None}
    if request.method == "POST" and form.is_valid():
        if not TURN.acquire(blocking=False):
            form.add_error(None, gettext("Somebody else is being looked up; come back in a minute."))
        else:
            try:
                found = looked_up(request, form)
            finally:
                TURN.release()
            if "json" in request.POST:
                return download(found)
            context |= {"found": found, "most_lines": MOST_LINES, "most_readers": MOST_READERS}
    response = live_page(request, "shown_fixture.html", TopicHtml([FEED], now), context)
    response.status_code = 400 if form.errors else 200
    return response


def usual(request: HttpRequest, now: datetime) -> dict[str, str]:
    """What the form is opened with: what the address names, and a minute ago."""
    named = {name: request.GET.get(name, "") for name in ("fixture", "market", "at")}
    return named | {"at": named["at"] or moment_value(now - USUAL_AGE)}


def looked_up(request: HttpRequest, form: AudienceForm) -> Audience:
    """The answer; that it was looked up is written down before it is given."""
    fixture, market, at = (form.cleaned_data[name] for name in ("fixture", "market", "at"))
    found = audience(fixture, market, at)
    security_log.record("shown.read", request, fixture=fixture, market=market or "", at=moment_text(at))
    note_act("shown.read", request.user.get_username(), fixture, market=market, at=moment_text(at))
    return found


def download(found: Audience) -> HttpResponse:
    content = msgspec.json.format(msgspec.json.encode(found))
    name = f"shown-{found.fixture}-{found.at:%Y%m%dT%H%M%S}.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type="application/json", headers=headers)
