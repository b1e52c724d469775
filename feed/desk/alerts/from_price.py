"""A rule from a price that the trader points at: "tell me when this passes 2.10"."""

from decimal import ROUND_FLOOR, Decimal
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_http_methods

from feed.desk.history import known_bet
from feed.desk.own import change_desk
from feed.models import AlertRule, Bet, Market, Provider
from feed.pages.labels import market_title
from feed.pages.markets.provider import provider_name
from feed.pages.prices.movers import titles
from feed.pages.prices.odds import decimal_text

from .page import MOST_RULES, rules_of

#: Up to this price, the steps in which traders think of it.
STEPS = ((Decimal(3), Decimal("0.05")), (Decimal(6), Decimal("0.1")), (Decimal(20), Decimal("0.5")))
WIDEST = Decimal(1)
MOST_CHARACTERS = 80


class PriceForm(forms.Form):
    """The price to pass, at any bookmaker or at the one that was pointed at."""

    amount = forms.DecimalField(
        min_value=Decimal("1.001"),
        max_value=Decimal(10_000),
        max_digits=9,
        decimal_places=4,
        error_messages={"required": gettext_lazy("Enter the decimal price to pass.")},
    )
    is_for_all = forms.BooleanField(required=False)
    has_sound = forms.BooleanField(required=False)

    def __init__(self, bet: Bet, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.bet = bet

    def clean_amount(self) -> Decimal:
        amount: Decimal = self.cleaned_data["amount"]
        if amount == self.bet.price:
            raise forms.ValidationError(gettext("That is the price now: enter one above or below it."))
        return amount


@require_http_methods(["GET", "HEAD", "POST"])
def price_alert(request: HttpRequest, fixture_id: int, provider_id: int, bet_id: int) -> HttpResponse:
    """The form, for a page to show beside the price; posted, the rule is kept and its sentence is the answer."""
    bet = known_bet(fixture_id, provider_id, bet_id)
    form = PriceForm(bet, request.POST or None, initial={"amount": next_price(bet.price), "is_for_all": True})
    names = names_of(bet)
    if request.method == "POST" and form.is_valid():
        if rules_of(request).count() < MOST_RULES:
            change_desk(request.user, lambda desk: None)
            rule = rule_of(request, form, names)
            rule.save()
            return JsonResponse({"text": gettext("You will be told: %(rule)s") % {"rule": rule.name}})
        form.add_error(None, gettext("You have %(most)s rules; remove one first.") % {"most": MOST_RULES})
    context = {"form": form, "names": names, "price": decimal_text(bet.price) if bet.price else "–"}
    return render(request, "_price_alert.html", context, using="desk", status=422 if form.errors else 200)


def names_of(bet: Bet) -> dict[str, str]:
    """What the price is called: its fixture, market, outcome with line, and bookmaker."""
    name = Market.objects.filter(fixture_id=bet.fixture_id, market_id=bet.market_id).values_list("name", flat=True)
    provider = Provider.objects.filter(pk=bet.provider_id).values_list("name", flat=True).first()
    return {
        "fixture": titles([bet.fixture_id]).get(bet.fixture_id, str(bet.fixture_id)),
        "market": market_title(bet.market_id, name.first() or str(bet.market_id)),
        "outcome": f"{bet.name} {bet.line}".strip(),
        "provider": provider_name(bet.provider_id, provider),
    }


def rule_of(request: HttpRequest, form: PriceForm, names: dict[str, str]) -> AlertRule:
    """The rule, not saved yet. It fires once, and again only after an hour."""
    chosen, bet = form.cleaned_data, form.bet
    ending = gettext(" passes %(price)s") % {"price": decimal_text(chosen["amount"])}
    what = f"{names['fixture']}, {names['market']}, {names['outcome']}"[: MOST_CHARACTERS - len(ending)]
    return AlertRule(
        user=request.user,  # type: ignore[misc]
        name=what + ending,
        kind=AlertRule.Kind.PRICE_PASSES,
        fixture_id=bet.fixture_id,
        market_id=bet.market_id,
        outcome=bet.name,
        line=bet.line,
        provider_id=None if chosen["is_for_all"] else bet.provider_id,
        amount=chosen["amount"],
        repeat_seconds=3600,
        has_sound=chosen["has_sound"],
        made_at=timezone.now(),
    )


def next_price(price: Decimal | None) -> Decimal | None:
    """The next round price above: 2.04 gives 2.05, 3.41 gives 3.50, 8.2 gives 8.50."""
    if price is None:
        return None
    step = next((step for most, step in STEPS if price < most), WIDEST)
    return ((price / step).to_integral_value(ROUND_FLOOR) + 1) * step
