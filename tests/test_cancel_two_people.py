"""Cancelling orders for what is in play: two operators where two are asked for, who want the very same."""

import time
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from feed.models import Bet, FeedSource, Fixture, League, Location, Provider, Sport
from packages_admin.admin.at_lsports import OrderForm
from packages_admin.customers import orders
from packages_admin.customers.cancelling import BY_ONE
from packages_admin.models import CancelProposal, Package
from packages_admin.outcome import Kind
from packages_admin.products import Call

from .packages import CRON, LSports, make_user, package_at, signed_in
from .test_package_admin import messages_of

pytestmark = pytest.mark.django_db
AGREE = (
    "North: It cancels what is in play: another operator has to ask for the same too, within 15 minutes. "
    "Nothing was sent."
)
DONE = "North: LSports: done for 1 of 1."
SEVEN = {"call": "cancel_fixtures", "fixtures": "7"}
SOCCER = {"call": "cancel_leagues", "sport": "6046"}


@pytest.fixture
def package(lsports: LSports, settings: Any) -> Package:
    """A TRADE package that feeds fixture 7, in play, in sport 6046, location 1, league 2; and 8, which is to come."""
    settings.TWO_PEOPLE_DEACTIVATE = True
    lsports.answers |= {
        "UnSubscribe": (200, {"Body": {"Fixtures": [{"FixtureId": 7, "Success": True}]}}),
        "Subscribe": (200, {"Body": {"Fixtures": [{"FixtureId": 7, "Success": True}]}}),
    }
    package = package_at(lsports, "trade_in_play", state="active", is_wanted=True)
    place = {
        "sport": Sport.objects.create(pk=6046, name="Football"),
        "location": Location.objects.create(pk=1, name="Spain"),
        "league": League.objects.create(pk=2, name="Segunda"),
        "source": FeedSource.objects.get(pk=package.source_ids()[0]),
    }
    Fixture.objects.create(pk=7, name="A v B", status=2, **place)
    Fixture.objects.create(pk=8, name="C v D", status=1, **place)
    return package


@pytest.fixture
def olga() -> Client:
    make_user("operator", username="olga")
    return signed_in("olga")


@pytest.fixture
def otto() -> Client:
    make_user("operator", username="otto")
    return signed_in("otto")


def page_of(package: Package) -> str:
    return reverse("admin:packages_admin_package_at_lsports", args=[package.pk])


def press(browser: Client, package: Package, **chosen: str) -> tuple[str, str]:
    return messages_of(browser.post(page_of(package), {"button": "order", **chosen}))[-1]


@pytest.mark.parametrize(
    "chosen",
    [
        SEVEN,
        {"call": "cancel_fixtures", "fixtures": "8, 7"},
        SOCCER,
        SOCCER | {"location": "1"},
        SOCCER | {"location": "1", "league": "2"},
    ],
    ids=str,
)
def test_one_operator_alone_cancels_nothing_that_is_in_play(
    package: Package, olga: Client, lsports: LSports, chosen: dict[str, str]
):
    assert press(olga, package, **chosen) == press(olga, package, **chosen) == ("warning", AGREE)
    assert lsports.requests == []
    assert CancelProposal.objects.count() == 1


def test_a_second_operator_who_asks_for_the_same_has_it_sent_once(
    package: Package, olga: Client, otto: Client, lsports: LSports
):
    press(olga, package, **SEVEN)
    assert "olga wants: cancel fixtures" in otto.get(page_of(package)).content.decode()
    assert press(otto, package, **SEVEN) == ("success", DONE)
    assert [body["Fixtures"] for _, body in lsports.requests] == [[7]]
    assert not CancelProposal.objects.exists()


@pytest.mark.parametrize("gap", ["  ", "\r\n", " \t", " , ", "   \n  "])
def test_a_long_list_with_a_wrong_word_is_refused_at_once(package: Package, olga: Client, lsports: LSports, gap: str):
    ids = gap.join(["7"] * 40)
    begun = time.thread_time()
    for wrong in (f"{ids}{gap}x", f"7{gap * 300}x", f"7,{gap},8"):
        assert not OrderForm({"call": "cancel_fixtures", "fixtures": wrong}).is_valid()
    assert time.thread_time() < begun + 1.0
    assert OrderForm({"call": "cancel_fixtures", "fixtures": f" {ids} "}).is_valid()


def test_two_wishes_of_one_operator_at_the_same_moment_are_one(package: Package, olga: Client, lsports: LSports):
    press(olga, package, **SEVEN)
    twin = CancelProposal.objects.get()
    twin.pk = None
    twin.save()
    assert press(olga, package, **SEVEN) == ("warning", AGREE)
    assert CancelProposal.objects.count() == 1


def test_a_wish_that_was_fulfilled_serves_nobody_again(package: Package, olga: Client, otto: Client, lsports: LSports):
    """Both asked at the same moment, so that neither saw the other's wish."""
    press(olga, package, **SEVEN)
    CancelProposal.objects.create(**proposal_of("otto", CancelProposal.objects.get()))
    assert press(olga, package, **SEVEN) == ("success", DONE)
    assert press(otto, package, **SEVEN) == ("warning", AGREE)
    assert len(lsports.requests) == 1


def proposal_of(name: str, like: CancelProposal) -> dict[str, Any]:
    user = User.objects.get(username=name)
    return {"package": like.package, "call": like.call, "wanted": like.wanted, "by": user, "at": like.at}


def test_a_second_operator_who_asks_for_something_else_agrees_to_nothing(
    package: Package, olga: Client, otto: Client, lsports: LSports
):
    press(olga, package, **SEVEN)
    assert press(otto, package, **SOCCER) == ("warning", AGREE)
    assert lsports.requests == []


@pytest.mark.parametrize("chosen", [SEVEN, SOCCER], ids=str)
def test_prices_alone_that_are_not_settled_are_fed_too(
    package: Package, olga: Client, lsports: LSports, chosen: dict[str, str]
):
    fixture, other = Fixture.objects.get(pk=7), FeedSource.objects.create(name="other", kind="queue")
    bet = a_bet(fixture, fixture.source)
    Fixture.objects.update(source=other)
    assert press(olga, package, **chosen) == ("warning", AGREE)
    Bet.objects.filter(bet_id=bet.bet_id).update(status=3)
    press(olga, package, **chosen)
    assert len(lsports.requests) == 1


@pytest.mark.parametrize("chosen", [SOCCER, SOCCER | {"location": "1"}, SOCCER | {"location": "1", "league": "2"}])
def test_what_is_in_play_and_not_described_yet_is_in_every_area(
    package: Package, olga: Client, lsports: LSports, chosen: dict[str, str]
):
    Fixture.objects.update(sport=None, location=None, league=None)
    assert press(olga, package, **chosen) == ("warning", AGREE)
    assert lsports.requests == []


def a_bet(fixture: Fixture, source: FeedSource | None) -> Bet:
    provider, _ = Provider.objects.get_or_create(pk=1, name="Tipwell")
    given = {"market_id": 1, "provider": provider, "bet_id": 1, "name": "1", "status": 1, "source": source}
    return Bet.objects.create(fixture=fixture, received_at=timezone.now(), **given)


def test_an_old_wish_to_cancel_counts_no_more(package: Package, olga: Client, otto: Client, lsports: LSports):
    press(olga, package, **SEVEN)
    CancelProposal.objects.update(at=timezone.now() - timedelta(minutes=16))
    assert press(otto, package, **SEVEN) == ("warning", AGREE)
    assert lsports.requests == []


def test_a_command_cancels_nothing_that_is_in_play(package: Package, lsports: LSports):
    outcome = orders.order_fixtures(package, Call.CANCEL_FIXTURES, CRON, [7])
    assert (outcome.kind, outcome.sentence) == (Kind.REFUSED, BY_ONE)
    assert lsports.requests == []


@pytest.mark.parametrize(
    "chosen",
    [
        {"call": "cancel_fixtures", "fixtures": "8"},
        {"call": "order_fixtures", "fixtures": "7"},
        {"call": "cancel_leagues", "sport": "6046", "location": "1", "league": "3"},
        {"call": "cancel_leagues", "sport": "48242"},
    ],
    ids=str,
)
def test_what_cuts_nothing_in_play_needs_one(package: Package, olga: Client, lsports: LSports, chosen: dict[str, str]):
    press(olga, package, **chosen)
    assert len(lsports.requests) == 1


def test_without_the_setting_one_operator_cancels(package: Package, olga: Client, settings: Any, lsports: LSports):
    settings.TWO_PEOPLE_DEACTIVATE = False
    assert press(olga, package, **SEVEN) == ("success", DONE)
