"""The index of rules: a fact is seen by those whom it concerns, however many others there are."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from threading import Event

import pytest
from django.contrib.auth.models import User
from django.db import InterfaceError, OperationalError, connection
from django.test.utils import CaptureQueriesContext

from feed.alerts.facts import Fact, PriceFact, ScoreFact
from feed.alerts.index import RuleIndex
from feed.alerts.rules import Firing, RuleWatch
from feed.alerts.watch import AlertWatch, store
from feed.alerts.watches import Watches
from feed.models import Alert, AlertRule, Desk
from tests.rows import NOW, make_bet, make_fixture, make_market, make_source
from tests.test_alert_rules import rule, tick

KINDS = list(AlertRule.Kind.values)


def rules_of(random: Random) -> Iterator[RuleWatch]:
    for _ in range(300):
        own = rule(
            random.choice(KINDS),
            fixture_id=random.choice([None, 7, 8, 9]),
            only_favourites=random.random() < 0.3,
            market_id=random.choice([None, 1, 2, 900]),
            provider_id=random.choice([None, 8, 31]),
            outcome=random.choice(["", "1", "over"]),
            line=random.choice(["", "2.5"]),
            amount=Decimal(random.randrange(1, 4)),
            seconds=random.choice([2, 20]),
            bookmakers=2,
            repeat_seconds=random.choice([0, 5]),
        )
        yield RuleWatch(own, random.choice([(), (7,), (8, 9)]))


def facts_of(random: Random) -> Iterator[Fact]:
    for second in range(400):
        at, fixture_id = NOW + timedelta(seconds=second), random.choice([7, 8, 9, 10])
        if random.random() < 0.2:
            yield ScoreFact(at, fixture_id, random.choice([2, 8]), {"1": str(random.randrange(3)), "2": "0"})
        else:
            bet = random.choice([1, 2, 900]), random.choice([8, 31, 32]), random.choice([100, 101])
            name, line = random.choice([("1", ""), ("Over", "2.5"), ("Over", "3.5")])
            yield PriceFact(at, fixture_id, *bet, name, line, Decimal(random.randrange(11, 50)) / 10)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_index_finds_just_those_who_would_have_fired_had_all_seen_everything(seed: int):
    indexed, alone = list(rules_of(Random(seed))), list(rules_of(Random(seed)))
    index = RuleIndex(indexed)
    for fact in facts_of(Random(seed)):
        fired = [firing for watch in index.of(fact) for firing in watch.note(fact)]
        alone_fired = [firing for watch in alone for firing in watch.see(fact)]
        assert sorted(fired) == sorted(alone_fired)
        if isinstance(fact, PriceFact):
            providers = index.providers(fact.fixture_id, fact.market_id)
            assert not providers.isdisjoint((0, fact.provider_id)) or not alone_fired


@pytest.fixture
def ann() -> User:
    return User.objects.create_user("ann")


@pytest.mark.django_db
def test_while_no_rule_changes_two_queries_say_so_and_a_changed_one_starts_again_alone(ann: User):
    for number in range(3):
        rule("price_moves", user=ann, amount=Decimal(5), only_favourites=number == 2).save()
    Desk.objects.create(user=ann, favourites=[7])
    watches = Watches()
    watches.refresh()
    before = dict(watches.of_rules)
    with CaptureQueriesContext(connection) as queries:
        watches.refresh()
    assert (len(queries), watches.of_rules) == (2, before)
    changed, same, of_favourites = sorted(before)
    AlertRule.objects.filter(pk=changed).update(amount=Decimal(6))
    Desk.objects.update(favourites=[7, 8])
    watches.refresh()
    assert watches.of_rules[same] is before[same]
    assert watches.of_rules[changed].rule.amount == 6
    assert watches.of_rules[of_favourites].favourites == {7, 8}
    AlertRule.objects.filter(pk=same).update(is_on=False)
    watches.refresh()
    assert sorted(watches.of_rules) == [changed, of_favourites]


@pytest.mark.django_db
def test_prices_that_no_rule_looks_at_cost_no_reading_of_their_bets(ann: User):
    make_source()
    looked_at, other = (make_bet(make_market(make_fixture(pk)), "1", "2.1") for pk in (7, 8))
    rule("price_passes", user=ann, amount=Decimal(2), fixture_id=7).save()
    watch = AlertWatch(NOW)
    watch.check(NOW)
    for bet, amount, seconds in ((looked_at, "2.5", 1), (looked_at, "1.9", 2), (other, "1.9", 2)):
        tick(bet, amount, seconds)
    with CaptureQueriesContext(connection) as queries:
        watch.check(NOW + timedelta(seconds=3))
    assert [alert.fixture_id for alert in Alert.objects.all()] == [7]
    assert len(queries) < 15


@pytest.mark.django_db(transaction=True)
def test_a_rule_that_was_removed_meanwhile_costs_no_other_its_alert(ann: User):
    rules = [rule("coverage_lost", user=ann) for _ in range(2)]
    for own in rules:
        own.save()
    AlertRule.objects.filter(pk=rules[0].pk).delete()
    store([(own, Firing(NOW, 7, "7:coverage", "Coverage is lost")) for own in rules])
    assert [alert.rule_id for alert in Alert.objects.all()] == [rules[1].pk]


@pytest.mark.django_db
@pytest.mark.parametrize("failure", [OperationalError, InterfaceError])
def test_the_watch_outlives_every_failure_of_the_database(failure: type[Exception], monkeypatch: pytest.MonkeyPatch):
    stop, checks = Event(), iter([failure("the connection is closed"), None])

    def check(watch: AlertWatch, now: datetime) -> None:
        if error := next(checks):
            raise error
        stop.set()

    monkeypatch.setattr("feed.alerts.watch.CHECK_SECONDS", 0)
    monkeypatch.setattr(AlertWatch, "check", check)
    AlertWatch(NOW).run(stop)
    assert stop.is_set()
