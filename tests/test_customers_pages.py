"""A package's page of what stands at LSports: who may what, orders, suspensions with a question before and an undo."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from feed.live.parts.fixture.suspensions import SUSPENSIONS
from feed.live.parts.fragments import TopicHtml, read_fragments
from packages_admin.models import Package, PackageCall, SupplierName, Suspension
from packages_admin.products import Call

from .packages import make_package, make_user, signed_in
from .rows import make_fixture
from .test_customers_api import Covered, covered  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db


@pytest.fixture
def package(covered: Covered) -> Package:  # noqa: F811
    return make_package("trade_in_play", api_base=covered.server.url)


@pytest.fixture
def operator() -> Client:
    make_user("operator")
    return signed_in()


@pytest.fixture
def page(package: Package) -> str:
    return reverse("admin:packages_admin_package_at_lsports", args=[package.pk])


def press(client: Client, page: str, button: str, **fields: Any) -> str:
    """What the page says after a button is pressed."""
    return client.post(page, {"button": button, **fields}, follow=True).content.decode()


@pytest.mark.parametrize(("button", "words"), [("quota", "credits are used"), ("ordered", "fixtures are ordered")])
def test_questions_are_answered_in_words(operator: Client, page: str, button: str, words: str):
    assert words in press(operator, page, button)


def test_names_are_fetched_by_a_button(operator: Client, page: str):
    assert "sports named" in press(operator, page, "sports")
    assert SupplierName.objects.filter(kind=Call.SPORTS).exists()


def test_fixtures_are_cancelled_by_their_ids(operator: Client, page: str, covered: Covered):  # noqa: F811
    words = press(operator, page, "order", call="cancel_fixtures", fixtures=str(covered.fixture))
    assert "done for 1 of 1" in words
    assert covered.customer.cancelled


@pytest.mark.parametrize("fields", [{"call": "cancel_fixtures"}, {"call": "order_leagues", "league": "3"}])
def test_an_order_of_nothing_is_not_sent(operator: Client, page: str, fields: dict[str, str]):
    assert "It is needed for this." in press(operator, page, "order", **fields)
    assert not PackageCall.objects.exists()


def test_suspending_is_asked_about_first_and_can_be_undone(operator: Client, page: str, covered: Covered):  # noqa: F811
    named = {"fixture": str(covered.fixture)}
    assert f"suspend fixture {covered.fixture}" in press(operator, page, "suspend", **named)
    assert not Suspension.objects.exists()
    assert "done for 1 of 1" in press(operator, page, "suspend", confirmed="yes", **named)
    suspension = Suspension.objects.get()
    assert "done for 1 of 1" in press(operator, page, "resume", which=suspension.pk)
    assert Suspension.objects.filter(resumed_by_name="operator").exists()


def test_nothing_named_is_nothing_suspended(operator: Client, page: str):
    assert "Name at least a sport" in press(operator, page, "suspend")


@pytest.mark.parametrize("which", ["", "x", "7", "9" * 30])
def test_a_suspension_that_is_not_there_cannot_be_resumed(operator: Client, page: str, which: str):
    assert operator.post(page, {"button": "resume", "which": which}).status_code == 404


@pytest.mark.parametrize("number", ["0", "-1", "x", "9" * 30])
def test_a_number_that_no_id_can_be_is_refused(operator: Client, page: str, number: str):
    assert "errorlist" in press(operator, page, "suspend", fixture=number, confirmed="yes")
    assert not PackageCall.objects.exists()


@pytest.mark.parametrize(("without", "button"), [("order_package", "order"), ("suspend_package", "suspend")])
def test_each_needs_a_right_of_its_own(page: str, without: str, button: str):
    make_user("operator", without=without)
    assert signed_in().post(page, {"button": button}).status_code == 403


def test_whoever_may_not_ask_does_not_see_the_page(page: str):
    make_user("operator", without="ask_package")
    assert signed_in().get(page).status_code == 403


def test_a_hyper_package_has_no_such_page(operator: Client):
    other = make_package("hyper", name="South", package_id=77)
    assert operator.get(reverse("admin:packages_admin_package_at_lsports", args=[other.pk])).status_code == 404


def test_who_closed_it_at_lsports_is_on_the_fixtures_page_until_it_is_taken_back(package: Package):
    fixture = make_fixture(7)
    make_user("trader", username="tom")
    trader = signed_in("tom")
    at = timezone.now()
    everything = Suspension.objects.create(package=package, sport=fixture.sport_id, by_name="olga", at=at)
    Suspension.objects.create(package=package, fixture=7, market=2, line="2.5", by_name="oscar", at=at)
    Suspension.objects.create(package=package, fixture=8, by_name="nobody here", at=at)
    page = words_of(trader, "/fixtures/7/")
    assert "Suspended at LSports by olga since" in page
    assert "Line 2.5 of market 2 suspended at LSports by oscar since" in page
    assert "nobody here" not in page
    topic = SUSPENSIONS.topic(7)
    have = {topic: [TopicHtml([topic], at).version(topic) or ""]}
    assert read_fragments(have, at) == {}
    Suspension.objects.filter(pk=everything.pk).update(resumed_at=at)
    (update,) = read_fragments(have, at).values()
    assert ["olga" in payload.html for payload in update.payloads.values()] == [False]


def words_of(client: Client, path: str) -> str:
    """A page's text, with one blank where it has several."""
    return " ".join(client.get(path).content.decode().split())
