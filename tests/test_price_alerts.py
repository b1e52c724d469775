"""An alert from a price: what its rule is for, when it fires, and what of it every page shows."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from feed.alerts.facts import PriceFact
from feed.alerts.rules import RuleWatch
from feed.alerts.watch import AlertWatch
from feed.desk.alerts.from_price import next_price
from feed.models import Alert, AlertRule, Bet
from tests.rows import NOW, make_bet, make_fixture, make_market, make_source, make_trader
from tests.test_alert_rules import rule, tick

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann(client: Client) -> Client:
    client.force_login(make_trader())
    return client


@pytest.fixture
def bet() -> Bet:
    make_source(state_since=timezone.now(), last_message_at=timezone.now())
    market = make_market(make_fixture(), 2, "Under/Over", main_line="2.5")
    return make_bet(market, "Over", "2.04", line="2.5", base_line="2.5")


def address(bet: Bet) -> str:
    return f"/fixtures/{bet.fixture_id}/bets/{bet.provider_id}/{bet.bet_id}/alert/"


@pytest.mark.parametrize(("price", "following"), [("2.04", "2.05"), ("2.05", "2.10"), ("3.41", "3.5"), ("8.2", "8.5")])
def test_the_form_begins_with_the_next_round_price(price: str, following: str):
    assert next_price(Decimal(price)) == Decimal(following)


def test_the_rule_is_for_this_outcome_and_line_by_name(ann: Client, bet: Bet):
    page = ann.get(address(bet)).content.decode()
    for part in ("Northfield v Southport", "Under/Over", "Over 2.5", "Book 8", 'value="2.05"'):
        assert part in page
    answer = ann.post(address(bet), {"amount": "2.10", "is_for_all": "on"})
    assert answer.json()["text"] == "You will be told: Northfield v Southport, Under/Over, Over 2.5 passes 2.10"
    made = AlertRule.objects.get()
    assert (made.fixture_id, made.market_id, made.outcome, made.line, made.provider_id) == (7, 2, "Over", "2.5", None)


@pytest.mark.parametrize("amount", ["", "0.5", "2.04", "words"])
def test_a_price_that_cannot_be_passed_is_refused_beside_its_field(ann: Client, bet: Bet, amount: str):
    answer = ann.post(address(bet), {"amount": amount})
    assert (answer.status_code, AlertRule.objects.count()) == (422, 0)
    assert 'role="alert"' in answer.content.decode()


def test_a_price_that_nobody_sent_is_a_page_that_says_so(ann: Client):
    answer = ann.get("/fixtures/7/bets/8/1/alert/")
    assert answer.status_code == 404
    assert "LSports has not sent this price." in answer.content.decode()


def test_the_first_change_after_the_rule_was_made_may_pass(ann: Client, bet: Bet):
    ann.post(address(bet), {"amount": "2.10"})
    AlertRule.objects.update(made_at=NOW + timedelta(seconds=1))
    watching = AlertWatch(NOW + timedelta(seconds=1))
    tick(bet, "2.12", 2)
    watching.check(NOW + timedelta(seconds=3))
    assert [alert.text for alert in Alert.objects.all()] == ["Under/Over, Over 2.5 went up to 2.12"]


def seen(watch: RuleWatch, outcome: str, line: str, provider: int, *prices: str, market: int = 2) -> list[str]:
    facts = (
        PriceFact(NOW + timedelta(seconds=at), 7, market, provider, 1, outcome, line, Decimal(price))
        for at, price in enumerate(prices)
    )
    return [firing.text for fact in facts for firing in watch.see(fact)]


def test_another_line_and_another_bookmaker_do_not_count():
    watch = RuleWatch(rule("price_passes", market_id=2, outcome="Over", line="2.5", provider_id=8, amount=Decimal(2)))
    assert seen(watch, "Over", "3.5", 8, "1.9", "2.1") == []
    assert seen(watch, "Over", "2.5", 31, "1.9", "2.1") == []
    assert len(seen(watch, "Over", "2.5", 8, "1.9", "2.1")) == 1


def test_one_side_of_a_two_way_market_is_told():
    watch = RuleWatch(rule("price_moves", amount=Decimal(5)))
    assert len(seen(watch, "Over", "2.5", 8, "2.0", "2.3")) == 1
    assert seen(watch, "Under", "2.5", 8, "2.0", "1.8") == []
    assert len(seen(watch, "1", "", 8, "2.0", "2.3", market=1)) == 1
    assert len(seen(watch, "2", "", 8, "2.0", "1.8", market=1)) == 1


def test_new_alerts_come_one_message_a_fixture(ann: Client):
    make_fixture(7)
    trader = AlertRule.objects.create(user_id=make_trader("bob").pk, name="His", kind="incident", made_at=NOW).user
    ann.force_login(trader)
    own = AlertRule.objects.create(user=trader, name="Moves", kind="price_moves", made_at=NOW)
    for number in range(30):
        Alert.objects.create(rule=own, fixture_id=7 if number % 3 else 8, about=str(number), text=f"n{number}", at=NOW)
    answer = ann.get("/alerts/new/?after=0").json()
    shown = [(group["fixture"], group["number"], group["text"]) for group in answer["alerts"]]
    assert shown == [("8", 10, "n27"), ("7", 20, "Northfield v Southport: n29")]
    assert answer["unseen"] == 30


def test_an_amount_is_written_as_people_write_it(ann: Client, bet: Bet):
    ann.post(address(bet), {"amount": "20"})
    page = ann.get("/alerts/").content.decode()
    assert ", 20," in page
    assert "2E+1" not in page
