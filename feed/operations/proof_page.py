"""The page on which operators make a bundle of a fixture, for a stranger to check (docs/proof.md)."""

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts import security_log
from feed.desk.live_page import FEED, live_page
from feed.live.parts.fragments import TopicHtml
from feed.proof.bundle import BundleScope, NoProof, make_bundle
from feed.proof.notes import BadKey, read_signer
from feed.proof.signing import proof_folder
from feed.proof.status import attested_line, proof_line
from feed.store.leaves import note_act

from .views import may_operate

#: A bundle of more, or of longer, is made by `manage.py proof bundle`: this process serves pages meanwhile.
MOST_TIME, MOST_LEAVES = timedelta(hours=6), 200_000
MOST_ID = 2**63 - 1
#: The window that a page is opened with: this much before now, until now.
USUAL_TIME = timedelta(minutes=10)
#: One is made at a time.
MAKING = threading.Lock()


class BundleForm(forms.Form):
    """Which fixture, from when to when (UTC), and whether with all other leaves."""

    fixture = forms.IntegerField(min_value=1, max_value=MOST_ID)
    begin = forms.DateTimeField(widget=forms.DateTimeInput(attrs={"type": "datetime-local", "step": "1"}))
    end = forms.DateTimeField(widget=forms.DateTimeInput(attrs={"type": "datetime-local", "step": "1"}))
    others = forms.BooleanField(required=False, initial=True)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if {"begin", "end"} <= cleaned.keys():
            cleaned["begin"], cleaned["end"] = (cleaned[name].replace(tzinfo=UTC) for name in ("begin", "end"))
            if not timedelta() < cleaned["end"] - cleaned["begin"] <= MOST_TIME:
                words = gettext("The end must be later than the beginning, by %(hours)d hours at most.")
                raise ValidationError({"end": words % {"hours": MOST_TIME.total_seconds() / 3600}})
        return cleaned

    def scope(self) -> BundleScope:
        return BundleScope(
            fixture=self.cleaned_data["fixture"],
            begin=self.cleaned_data["begin"],
            end=self.cleaned_data["end"],
            is_complete=self.cleaned_data["others"],
            recordings=Path(settings.RECORDINGS),
            most_leaves=MOST_LEAVES,
        )


@require_http_methods(["GET", "HEAD", "POST"])
def proof(request: HttpRequest) -> HttpResponse:
    """The form; posted, the bundle as a file, or why there is none. For operators: it holds messages as they came."""
    if not may_operate(request):
        raise PermissionDenied(gettext_lazy("Bundles are made by operators."))
    now = timezone.now()
    form = BundleForm(request.POST) if request.method == "POST" else BundleForm(initial=usual(request, now))
    if request.method == "POST" and form.is_valid():
        try:
            return download(request, form.scope())
        except (NoProof, BadKey) as error:
            form.add_error(None, str(error))
    html = TopicHtml([FEED], now)
    context = {"page": "health", "form": form, "proof": f"{proof_line(now)} {attested_line(now)}".strip()}
    response = live_page(request, "proof.html", html, context)
    response.status_code = 400 if form.errors else 200
    return response


def usual(request: HttpRequest, now: datetime) -> dict[str, Any]:
    """What the form is opened with: the fixture that the address names, and the last minutes."""
    begin, end = (f"{moment:%Y-%m-%dT%H:%M:%S}" for moment in (now - USUAL_TIME, now))
    fixture = request.GET.get("fixture", "")
    return {"fixture": fixture if fixture.isdecimal() else "", "begin": begin, "end": end, "others": True}


def download(request: HttpRequest, scope: BundleScope) -> HttpResponse:
    """The zip. Raises `NoProof` and `BadKey`."""
    if not MAKING.acquire(blocking=False):
        raise NoProof(gettext("Another bundle is being made; come back in a minute."))
    try:
        signer = read_signer(settings.PROOF_KEY)
        content, _ = make_bundle(proof_folder(), signer, scope)
    finally:
        MAKING.release()
    security_log.record("proof.bundle", request, fixture=scope.fixture)
    note_act("bundle.made", request.user.get_username(), scope.fixture, begin=scope.begin, end=scope.end)
    name = f"proof-{scope.fixture}-{scope.begin:%Y%m%dT%H%M%S}.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type="application/zip", headers=headers)
