"""A new alert kind is a word, a method and its entry: it then fires live, on the past, and repeats itself as told."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import User

from feed.alerts import rules, trial
from feed.alerts.facts import Fact, PriceFact
from feed.alerts.rules import Firing, RuleWatch, about_outcome
from feed.alerts.trial import try_rule
from feed.alerts.watch import AlertWatch
from feed.models import Alert, AlertRule, Bet
from tests.rows import NOW, make_bet, make_fixture, make_market, make_source
from tests.test_alert_rules import rule, tick

pytestmark = pytest.mark.django_db
WORD = "price_is_long"


def is_long(self: RuleWatch, fact: Fact) -> Iterator[Firing]:
    """An open price above the amount."""
    if isinstance(fact, PriceFact) and fact.price and fact.price > (self.rule.amount or Decimal(0)):
        yield Firing(fact.at, fact.fixture_id, about_outcome(fact), f"{fact.price:.2f} is long")


@pytest.fixture(autouse=True)
def new_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    """Steps 2 and 3 of the checklist; the word of step 1 needs no more than its letters."""
    monkeypatch.setitem(rules.CHECKS, WORD, is_long)
    for module in (rules, trial):
        monkeypatch.setattr(module, "OF_PRICES", rules.OF_PRICES | {WORD})


@pytest.fixture
def bet() -> Bet:
    make_source()
    return make_bet(make_market(make_fixture()), "1", "2.1")


def test_it_fires_on_the_past(bet: Bet):
    tick(bet, "1.9", -60)
    tick(bet, "2.1", -30)
    tried = try_rule(rule(WORD, amount=Decimal(2)), [], NOW)
    assert [firing.text for firing in tried.firings] == ["2.10 is long"]


def test_it_fires_live_and_does_not_repeat_itself(bet: Bet):
    own: AlertRule = rule(WORD, amount=Decimal(2), user=User.objects.create_user("ann"))
    own.save()
    watching = AlertWatch(NOW)
    watching.check(NOW)
    for seconds, amount in ((1, "2.5"), (3, "2.6")):
        tick(bet, amount, seconds)
        watching.check(NOW + timedelta(seconds=seconds + 1))
    assert [alert.text for alert in Alert.objects.all()] == ["2.50 is long"]
