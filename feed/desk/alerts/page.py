"""The page of a trader's rules and their alerts; a rule's trial before it is saved."""

import hashlib
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_http_methods

from feed.alerts.trial import Trial, try_rule
from feed.desk.broken import posted
from feed.desk.filters import markets
from feed.desk.live_page import FEED, live_page
from feed.desk.own import change_desk, desk_of
from feed.live.parts.fragments import TopicHtml
from feed.models import Alert, AlertRule, Desk, Fixture
from feed.pages.board.places import places
from feed.pages.board.query import BoardQuery
from feed.pages.display import number
from feed.pages.labels import market_label
from feed.pages.prices.movers import titles

MOST_RULES = 50
MOST_SHOWN = 200
MOST_FIXTURES = 300
#: The farthest that a rule looks back, live and on trial.
MOST_SECONDS = 86_400
#: Fields that make no difference to when a rule fires.
WITHOUT_EFFECT = frozenset({"name", "has_sound"})
NEEDS_AMOUNT = {
    AlertRule.Kind.PRICE_PASSES: gettext_lazy("Enter the decimal price to pass."),
    AlertRule.Kind.PRICE_MOVES: gettext_lazy("Enter the size of the move in per cent."),
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
            "line",
            "amount",
            "seconds",
            "bookmakers",
            "repeat_seconds",
            "has_sound",
        )

    def name_choices(self, desk: Desk) -> None:
        """Let fixtures and markets be chosen by name: favourites first, then what is in play, then what is to start.

        A fixture that the form has already stays a choice, whatever its state.
        """
        value = self["fixture_id"].value()
        given = number(str(value)) if value else None
        named = fixture_names(desk)
        if given is not None and given not in dict(named):
            named = [(given, titles([given]).get(given, str(given))), *named]
        self.fields["fixture_id"].widget = forms.Select(choices=[("", gettext("All fixtures")), *named])
        self.fields["market_id"].widget = forms.Select(choices=[("", gettext("The main markets")), *markets()])

    def digest(self) -> str:
        """Differs between rules that would fire differently, so it shows which rule a trial was of."""
        given = sorted((name, value) for name, value in self.cleaned_data.items() if name not in WITHOUT_EFFECT)
        return hashlib.blake2s(repr(given).encode(), digest_size=8).hexdigest()

    def clean_fixture_id(self) -> int | None:
        pk = self.cleaned_data["fixture_id"]
        if pk is not None and not Fixture.objects.filter(pk=pk).exists():
            raise forms.ValidationError(gettext("LSports has not sent this fixture."))
        return pk

    def clean_seconds(self) -> int:
        return self._within("seconds", gettext("Between one second and one day (86400)."))

    def clean_bookmakers(self) -> int:
        return self._within("bookmakers", gettext("At least one bookmaker."))

    def clean_repeat_seconds(self) -> int:
        return self._within("repeat_seconds", gettext("At most one day (86400)."), least=0)

    def _within(self, field: str, complaint: str, least: int = 1) -> int:
        if not least <= self.cleaned_data[field] <= MOST_SECONDS:
            raise forms.ValidationError(complaint)
        return int(self.cleaned_data[field])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        amount = cleaned.get("amount")
        needed = NEEDS_AMOUNT.get(cleaned.get("kind", ""))
        if needed and (amount is None or amount <= 0):
            self.add_error("amount", needed)
        return cleaned


@require_http_methods(["GET", "HEAD", "POST"])
def alerts(request: HttpRequest) -> HttpResponse:
    """The rules, the log, and a form for a new rule, which is saved only once its trader has seen what it would have
    fired on."""
    form = RuleForm(request.POST or None, initial=from_link(request))
    form.name_choices(desk_of(request.user))
    trial = None
    if request.method == "POST" and form.is_valid():
        if rules_of(request).count() >= MOST_RULES:
            form.add_error(None, gettext("You have %(most)s rules; remove one first.") % {"most": MOST_RULES})
            return page(request, form, None)
        new_rule = form.save(commit=False)
        new_rule.user, new_rule.made_at = request.user, timezone.now()
        if "save" in request.POST and request.POST.get("tried") == form.digest():
            change_desk(request.user, lambda desk: None)
            new_rule.save()
            return redirect("/alerts/")
        trial = try_rule(new_rule, desk_of(request.user).favourites, timezone.now())
    return page(request, form, trial)


def fixture_names(desk: Desk) -> list[tuple[int, str]]:
    """The fixtures that a rule may be for, in the order of the trader's board."""
    board = places(BoardQuery(favourites=tuple(desk.favourites)), timezone.now(), MOST_FIXTURES)
    current = [place for place in board if place.own_section != "finished"]
    return [(place.fixture_id, f"{' – '.join(filter(None, place.sides))} ({place.league})") for place in current]


def from_link(request: HttpRequest) -> dict[str, Any]:
    """What a link from another page fills in."""
    return {"fixture_id": number(request.GET.get("fixture", "")), "market_id": number(request.GET.get("market", ""))}


def page(request: HttpRequest, form: RuleForm, trial: Trial | None) -> HttpResponse:
    """The page; once it is painted it reports that its log was seen (`alerts_seen`)."""
    log = list(Alert.objects.filter(rule__user=request.user.pk).select_related("rule")[:MOST_SHOWN])
    rules = list(rules_of(request))
    fixtures = {alert.fixture_id for alert in log} | {firing.fixture_id for firing in (trial.firings if trial else ())}
    fixtures |= {rule.fixture_id for rule in rules if rule.fixture_id is not None}
    context = {
        "page": "alerts",
        "form": form,
        "trial": trial,
        "tried": form.digest() if trial else "",
        "is_refused": trial is not None and "save" in request.POST,
        "rules": rules,
        "market_label": market_label,
        "log": log,
        "titles": titles(fixtures),
        "most": MOST_RULES,
    }
    response = live_page(request, "alerts.html", TopicHtml([FEED], timezone.now()), context)
    response.status_code = 422 if form.errors else 200
    return response


def rules_of(request: HttpRequest) -> QuerySet[AlertRule]:
    return AlertRule.objects.filter(user=request.user.pk)


@posted
def rule(request: HttpRequest, pk: int) -> HttpResponse:
    """Turn one of the trader's own rules on or off, or with `remove` delete it."""
    found = get_object_or_404(rules_of(request), pk=pk)
    if "remove" in request.POST:
        found.delete()
    else:
        found.is_on = not found.is_on
        found.save(update_fields=["is_on"])
    return redirect("/alerts/")
