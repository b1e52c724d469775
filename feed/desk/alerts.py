"""A trader's rules and what they told: the page, a rule's trial before it is saved, what every page shows."""

import hashlib
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from feed.alerts.trial import Trial, try_rule
from feed.live.fragments import Screen
from feed.models import Alert, AlertRule, Fixture
from feed.pages.look import number
from feed.pages.movers import titles
from feed.views import FEED, live_page

from .broken import posted
from .own import change_desk, desk_of

MOST_RULES = 50
MOST_SHOWN = 200
MOST_NEW = 20
#: Neither a trial nor a watch looks back further.
MOST_SECONDS = 86_400
#: Fields that change nothing of when a rule speaks.
TELLS_THE_SAME = frozenset({"name", "has_sound"})
NEEDS_AMOUNT = {
    AlertRule.Kind.PRICE_PASSES: gettext_lazy("Say which decimal price it must pass."),
    AlertRule.Kind.PRICE_MOVES: gettext_lazy("Say by more than how many per cent it must move."),
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

    def digest(self) -> str:
        """Differs when the rule would tell something else; what a trial was of."""
        asked = sorted((name, value) for name, value in self.cleaned_data.items() if name not in TELLS_THE_SAME)
        return hashlib.blake2s(repr(asked).encode(), digest_size=8).hexdigest()

    def clean_fixture_id(self) -> int | None:
        pk = self.cleaned_data["fixture_id"]
        if pk is not None and not Fixture.objects.filter(pk=pk).exists():
            raise forms.ValidationError(gettext("LSports has not told us of such a fixture."))
        return pk

    def clean_seconds(self) -> int:
        return self._within("seconds", gettext("One second at least, and a day (86400) at most."))

    def clean_bookmakers(self) -> int:
        return self._within("bookmakers", gettext("At least one bookmaker."))

    def clean_repeat_seconds(self) -> int:
        return self._within("repeat_seconds", gettext("A day (86400) at most."), least=0)

    def _within(self, field: str, complaint: str, least: int = 1) -> int:
        if not least <= self.cleaned_data[field] <= MOST_SECONDS:
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
    """The rules, the log, and a form for a new rule, which is kept only once its trader has seen what it would tell."""
    form = RuleForm(request.POST or None, initial=asked(request))
    trial = None
    if request.method == "POST" and form.is_valid():
        if rules_of(request).count() >= MOST_RULES:
            form.add_error(None, gettext("You have %(most)s rules; remove one first.") % {"most": MOST_RULES})
            return page(request, form, None)
        rule = form.save(commit=False)
        rule.user, rule.made_at = request.user, timezone.now()
        if "save" in request.POST and request.POST.get("tried") == form.digest():
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
        "tried": form.digest() if trial else "",
        "is_refused": trial is not None and "save" in request.POST,
        "rules": rules_of(request),
        "log": log,
        "titles": titles(fixtures),
        "most": MOST_RULES,
    }
    response = live_page(request, "alerts.html", Screen([FEED], timezone.now()), context)
    response.status_code = 422 if form.errors else 200
    return response


@posted
def alerts_seen(request: HttpRequest) -> HttpResponse:
    """The trader's own alerts have been on screen, up to the one named `newest`."""
    newest = number(request.POST.get("newest", "")) or 0
    own = Alert.objects.filter(rule__user=request.user.pk, seen_at=None, pk__lte=newest)
    own.update(seen_at=timezone.now())
    return HttpResponse(status=204)


def rules_of(request: HttpRequest) -> QuerySet[AlertRule]:
    return AlertRule.objects.filter(user=request.user.pk)


@posted
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
