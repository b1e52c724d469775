"""Rules: when each kind fires, live and on the past, and that it does not repeat itself."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import User

from feed.alerts.facts import CardFact, Fact, PriceFact, ScoreFact
from feed.alerts.rules import RuleWatch
from feed.alerts.trial import try_rule
from feed.alerts.watch import AlertWatch
from feed.models import Alert, AlertRule, Bet
from feed.vouching.predicate import bet_reasons
from tests.journal_rows import note_price
from tests.rows import NOW, make_bet, make_fixture, make_market, make_source


def rule(kind: str, **fields: Any) -> AlertRule:
    return AlertRule(**{"name": "A rule", "kind": kind, "seconds": 60, "repeat_seconds": 300, "made_at": NOW, **fields})


def price(amount: str, at: float = 0, provider: int = 8, status: int = 1, **fields: Any) -> PriceFact:
    reasons = bet_reasons(status, Decimal(amount))
    fact = PriceFact(NOW + timedelta(seconds=at), 7, 1, provider, provider * 10, "1", "", Decimal(amount), reasons)
    return fact._replace(**fields)


def texts_of(watch: RuleWatch, *facts: Fact) -> list[str]:
    return [firing.text for fact in facts for firing in watch.see(fact)]


def test_a_price_that_passes_a_value_is_told_from_either_side():
    watch = RuleWatch(rule("price_passes", amount=Decimal(2), repeat_seconds=0))
    assert texts_of(watch, price("1.9"), price("2.0", 1)) == ["1X2, 1 went up to 2.00"]
    assert texts_of(watch, price("2.2", 2), price("1.8", 3)) == ["1X2, 1 went down to 1.80"]


def test_the_first_price_passes_nothing():
    assert texts_of(RuleWatch(rule("price_passes", amount=Decimal(2))), price("3.0")) == []


def test_a_move_counts_within_its_time_only():
    watch = RuleWatch(rule("price_moves", amount=Decimal(10)))
    assert texts_of(watch, price("2.0"), price("2.1", 10), price("2.3", 20)) == ["1X2, 1 moved +15.0 % to 2.30"]
    slow = RuleWatch(rule("price_moves", amount=Decimal(10)))
    assert texts_of(slow, price("2.0"), price("2.1", 70), price("2.3", 140), price("2.35", 400)) == []


def test_so_many_bookmakers_must_go_the_same_way():
    watch = RuleWatch(rule("bookmakers_move", bookmakers=2))
    start = [price("2.0", provider=8), price("2.0", provider=9), price("2.0", provider=10)]
    assert texts_of(watch, *start, price("2.1", 1, 8), price("1.9", 2, 9)) == []
    assert texts_of(watch, price("2.1", 3, 10)) == ["2 bookmakers went longer on 1X2, 1"]


def test_a_market_is_told_of_when_it_has_been_suspended_for_the_time():
    watch = RuleWatch(rule("suspended"))
    texts_of(watch, price("2.0"), price("2.0", 1, status=2))
    assert watch.pass_time(NOW + timedelta(seconds=60)) == []
    assert [alert.text for alert in watch.pass_time(NOW + timedelta(seconds=61))] == ["1X2 has been suspended for 60 s"]
    assert watch.pass_time(NOW + timedelta(seconds=90)) == []


def test_one_that_opens_again_in_time_is_not():
    watch = RuleWatch(rule("suspended"))
    texts_of(watch, price("2.0"), price("2.0", 1, status=2), price("2.0", 30))
    assert watch.pass_time(NOW + timedelta(seconds=120)) == []


def test_a_goal_and_a_red_card_are_told():
    watch = RuleWatch(rule("incident"))
    facts = [
        ScoreFact(NOW, 7, 2, {"1": "0", "2": "0"}),
        ScoreFact(NOW, 7, 2, {"1": "1", "2": "0"}),
        CardFact(NOW, 7, 1),
    ]
    assert texts_of(watch, *facts) == ["The score is 1–0", "Red card"]


def test_lost_coverage_is_told_once():
    watch = RuleWatch(rule("coverage_lost"))
    facts = [ScoreFact(NOW, 7, status, {}) for status in (2, 8, 8)]
    assert texts_of(watch, *facts) == ["Coverage is lost"]


def test_the_same_thing_is_not_told_again_within_the_time():
    watch = RuleWatch(rule("price_passes", amount=Decimal(2)))
    assert len(texts_of(watch, price("1.9"), price("2.1", 1), price("1.9", 2), price("2.1", 299))) == 1
    assert len(texts_of(watch, price("1.9", 302))) == 1


@pytest.mark.parametrize(
    "fields", [{"fixture_id": 8}, {"only_favourites": True}, {"market_id": 2}, {"outcome": "2"}], ids=str
)
def test_what_is_outside_a_rules_scope_is_not_told(fields: dict[str, Any]):
    watch = RuleWatch(rule("price_passes", amount=Decimal(2), **fields), favourites=[9])
    assert texts_of(watch, price("1.9"), price("2.1", 1)) == []


def tick(bet: Bet, amount: str, seconds: float) -> None:
    note_price(bet, amount, NOW + timedelta(seconds=seconds))


@pytest.mark.django_db
def test_a_trial_tells_what_the_rule_would_have_told_of_stored_prices():
    make_source()
    bet = make_bet(make_market(make_fixture()), "1", "2.1")
    tick(bet, "1.9", -60)
    tick(bet, "2.1", -30)
    trial = try_rule(rule("price_passes", amount=Decimal(2)), [], NOW)
    assert (trial.facts, [firing.text for firing in trial.firings]) == (2, ["1X2, 1 went up to 2.10"])
    assert trial.since == NOW - timedelta(seconds=60), "it looked at a minute, not at a day"


@pytest.mark.django_db
def test_the_watch_stores_what_rules_tell_of_new_prices_once():
    make_source()
    bet = make_bet(make_market(make_fixture()), "1", "2.1")
    tick(bet, "2.5", -1)
    own = rule("price_passes", amount=Decimal(2), user=User.objects.create_user("ann"))
    own.save()
    watch = AlertWatch(NOW)
    watch.check(NOW)
    tick(bet, "1.9", 1)
    watch.check(NOW + timedelta(seconds=2))
    tick(bet, "2.1", 3)
    for seconds in (4, 5):
        watch.check(NOW + timedelta(seconds=seconds))
    assert [alert.text for alert in Alert.objects.all()] == ["1X2, 1 went up to 2.10"]
