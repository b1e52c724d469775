"""A trader's rules and what they told: the page, a rule's trial before it is saved, what every page shows."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from feed.alerts.trial import Trial, try_rule
from feed.live.fragments import Screen
from feed.models import Alert, AlertRule, Fixture
from feed.pages.look import number
from feed.pages.movers import titles
from feed.views import FEED, live_page

from .own import change_desk, desk_of

MOST_RULES = 50
MOST_SHOWN = 200
MOST_NEW = 20
NEEDS_AMOUNT = {
    AlertRule.Kind.PRICE_PASSES: "Say which decimal price it must pass.",
    AlertRule.Kind.PRICE_MOVES: "Say by more than how many per cent it must move.",
}


class RuleForm(forms.ModelForm):
    """A rule as a page posts it; each complaint stands beside its field."""

    class Meta:
        model = AlertRule
        fields = (
            "name",
            "kind",
            "fixture_id",
            "only_favourites",
            "market_id",
            "outcome",
            "amount",
            "seconds",
            "bookmakers",
            "repeat_seconds",
            "has_sound",
        )

    def clean_fixture_id(self) -> int | None:
        pk = self.cleaned_data["fixture_id"]
        if pk is not None and not Fixture.objects.filter(pk=pk).exists():
            raise forms.ValidationError("LSports has not told us of such a fixture.")
        return pk

    def clean_seconds(self) -> int:
        return self._positive("seconds", "At least one second.")

    def clean_bookmakers(self) -> int:
        return self._positive("bookmakers", "At least one bookmaker.")

    def _positive(self, field: str, complaint: str) -> int:
        if self.cleaned_data[field] < 1:
            raise forms.ValidationError(complaint)
        return int(self.cleaned_data[field])

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        amount = told.get("amount")
        needed = NEEDS_AMOUNT.get(told.get("kind", ""))
        if needed and (amount is None or amount <= 0):
            self.add_error("amount", needed)
        return told


@require_http_methods(["GET", "POST"])
def alerts(request: HttpRequest) -> HttpResponse:
    """The rules, the log, and a form for a new rule: "Try" shows what it would have told, "Save" keeps it."""
    form = RuleForm(request.POST or None, initial=asked(request))
    trial = None
    if request.method == "POST" and form.is_valid():
        rule = form.save(commit=False)
        rule.user, rule.made_at = request.user, timezone.now()
        if "save" in request.POST and rules_of(request).count() < MOST_RULES:
            change_desk(request.user, lambda desk: None)
            rule.save()
            return redirect("/alerts/")
        trial = try_rule(rule, desk_of(request.user).favourites, timezone.now())
    return page(request, form, trial)


def asked(request: HttpRequest) -> dict[str, Any]:
    """What a link from another page fills in."""
    return {"fixture_id": number(request.GET.get("fixture", "")), "market_id": number(request.GET.get("market", ""))}


def page(request: HttpRequest, form: RuleForm, trial: Trial | None) -> HttpResponse:
    """The page; once it is painted it says that its log is seen (`alerts_seen`)."""
    log = list(Alert.objects.filter(rule__user=request.user.pk).select_related("rule")[:MOST_SHOWN])
    fixtures = {alert.fixture_id for alert in log} | {firing.fixture_id for firing in (trial.firings if trial else ())}
    context = {
        "page": "alerts",
        "form": form,
        "trial": trial,
        "rules": rules_of(request),
        "log": log,
        "titles": titles(fixtures),
        "most": MOST_RULES,
    }
    response = live_page(request, "alerts.html", Screen([FEED], timezone.now()), context)
    response.status_code = 422 if form.errors else 200
    return response


@require_POST
def alerts_seen(request: HttpRequest) -> HttpResponse:
    """The trader's own alerts have been on screen, up to the one named `newest`."""
    newest = number(request.POST.get("newest", "")) or 0
    own = Alert.objects.filter(rule__user=request.user.pk, seen_at=None, pk__lte=newest)
    own.update(seen_at=timezone.now())
    return HttpResponse(status=204)


def rules_of(request: HttpRequest) -> QuerySet[AlertRule]:
    return AlertRule.objects.filter(user=request.user.pk)


@require_POST
def rule(request: HttpRequest, pk: int) -> HttpResponse:
    """Turn a rule of one's own on or off, or with `remove` drop it."""
    found = get_object_or_404(rules_of(request), pk=pk)
    if "remove" in request.POST:
        found.delete()
    else:
        found.is_on = not found.is_on
        found.save(update_fields=["is_on"])
    return redirect("/alerts/")


@require_GET
def new_alerts(request: HttpRequest) -> HttpResponse:
    """What was told after the alert `?after=`, for a message on every page; without it, where that stands now."""
    own = Alert.objects.filter(rule__user=request.user.pk)
    after = number(request.GET.get("after", ""))
    fresh = list(own.filter(pk__gt=after).select_related("rule").order_by("pk")[:MOST_NEW]) if after is not None else []
    newest = own.order_by("-pk").values_list("pk", flat=True).first() or 0
    shown = [
        {
            "id": str(alert.pk),
            "fixture": str(alert.fixture_id),
            "rule": alert.rule.name,
            "text": f"{title}: {alert.text}" if (title := names.get(alert.fixture_id)) else alert.text,
            "sound": alert.rule.has_sound,
        }
        for names in [titles({alert.fixture_id for alert in fresh}) if fresh else {}]
        for alert in fresh
    ]
    last = fresh[-1].pk if len(fresh) == MOST_NEW else newest
    return JsonResponse({"alerts": shown, "newest": str(last), "unseen": own.filter(seen_at=None).count()})
