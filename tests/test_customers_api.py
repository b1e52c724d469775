"""TRADE's Customers API, asked of the simulated supplier: names, orders, suspensions; every call is recorded."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import httpx
import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from feed.models import Sport
from packages_admin.customers import metadata, orders, suspending
from packages_admin.customers.asking import ask_for
from packages_admin.customers.suspending import Target
from packages_admin.models import Package, PackageCall, SupplierName, Suspension
from packages_admin.outcome import Kind
from packages_admin.products import CALL_PATHS, Call
from sandbox.api import Server, serve
from sandbox.distribution import Distribution
from sandbox.packages import Package as Customer
from sandbox.supplier import Supplier

from .packages import CRON, PASSWORD, answering, make_package, make_user

pytestmark = pytest.mark.django_db
START = datetime(2026, 1, 10, 15, tzinfo=UTC)
READS = sorted(
    {*CALL_PATHS} - {call for call in Call if call.startswith(("order_", "cancel_"))} - {Call.SUSPEND, Call.RESUME}
)


class Covered:
    """A supplier with its fixtures, one customer, and the API served."""

    def __init__(self) -> None:
        self.customer = Customer(id=123, user="ops", password=PASSWORD)
        self.distribution = Distribution(
            Supplier(seed=3, fixtures=6, start=START, speed=10.0, bookmakers=2), [self.customer]
        )
        self.now = START
        self.sent()
        self.server: Server = serve(self.distribution, limits=False)

    def sent(self, seconds: float = 30) -> list[Any]:
        """What goes to the customer within the next seconds."""
        self.now += timedelta(seconds=seconds)
        return [outgoing for _, outgoing in self.distribution.messages(self.now)]

    @property
    def fixture(self) -> int:
        """One that is covered and has open prices."""
        coverages = self.distribution.supplier.coverages.values()
        return next(one.fixture_id for one in coverages if one.is_announced and one.offer.is_open)


@pytest.fixture
def covered() -> Iterator[Covered]:
    made = Covered()
    yield made
    made.server.close()


@pytest.fixture
def package(covered: Covered) -> Package:
    return make_package("trade_in_play", api_base=covered.server.url)


@pytest.mark.parametrize("call", READS)
def test_every_question_is_answered_and_recorded(package: Package, call: Call):
    wanted = {"Languages": [4]} if call is Call.TRANSLATIONS else {}
    answered = ask_for(package, call, CRON, wanted)
    row = PackageCall.objects.get()
    assert (answered.outcome.ok, row.action, row.ok) == (True, call, True)
    assert answered.body != {}
    assert PASSWORD not in str(row.request)


def test_names_are_kept_and_name_what_the_feed_has_only_ids_of(package: Package):
    Sport.objects.create(id=6046, name="Sport 6046")
    outcome = metadata.fetch_metadata(package, Call.SPORTS, CRON)
    assert "sports named" in outcome.sentence
    assert Sport.objects.get(pk=6046).name == "Football"
    assert metadata.supplier_name(Call.SPORTS, 6046) == "Football"


def test_a_name_that_the_feed_told_stays(package: Package):
    Sport.objects.create(id=6046, name="Soccer")
    metadata.fetch_metadata(package, Call.SPORTS, CRON)
    assert Sport.objects.get(pk=6046).name == "Soccer"


def test_participants_come_in_pages(package: Package, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(metadata, "PAGE_SIZE", 10)
    assert metadata.fetch_metadata(package, Call.PARTICIPANTS, CRON).ok
    assert PackageCall.objects.count() > 1
    assert SupplierName.objects.filter(kind=Call.PARTICIPANTS).count() > 10


def test_translations_are_in_the_desks_language(package: Package):
    package.language = 4
    package.save()
    metadata.fetch_metadata(package, Call.SPORTS, CRON)
    assert metadata.fetch_translations(package, CRON).ok
    assert SupplierName.objects.filter(kind=Call.SPORTS, language=4, number=6046, name="Football").exists()


def test_each_kind_of_name_is_renewed_daily_one_at_a_time(package: Package):
    for _ in metadata.FORMS:
        assert len(list(metadata.renew_metadata(package, CRON, timezone.now()))) == 1
    assert list(metadata.renew_metadata(package, CRON, timezone.now())) == []
    assert len(list(metadata.renew_metadata(package, CRON, timezone.now() + timedelta(days=2)))) == 1


def test_a_cancelled_fixture_is_sent_no_more_until_it_is_ordered_again(package: Package, covered: Covered):
    fixture = covered.fixture
    outcome = orders.order_fixtures(package, Call.CANCEL_FIXTURES, CRON, [fixture])
    assert outcome.sentence == "LSports: done for 1 of 1."
    assert fixture not in {outgoing.fixture_id for outgoing in covered.sent(60)}
    assert orders.order_fixtures(package, Call.ORDER_FIXTURES, CRON, [fixture]).ok
    assert fixture in {outgoing.fixture_id for outgoing in covered.sent(60)}


def test_an_order_that_lsports_refuses_for_one_id_says_which_and_why(package: Package, covered: Covered):
    outcome = orders.order_fixtures(package, Call.ORDER_FIXTURES, CRON, [covered.fixture, 1])
    assert outcome.kind is Kind.REFUSED
    assert outcome.sentence == "LSports: done for 1 of 2. Refused: 1: Fixture was not found"
    row = PackageCall.objects.get()
    assert (row.ok, row.sentence) == (False, outcome.sentence)


def test_a_whole_sport_is_cancelled_at_once(package: Package, covered: Covered):
    area = orders.Area(sport=6046)
    assert orders.order_areas(package, Call.CANCEL_LEAGUES, CRON, [area]).ok
    assert covered.customer.cancelled


def test_the_quota_says_what_is_left(package: Package):
    outcome, quota = orders.ask_quota(package, CRON)
    assert quota is not None
    assert (quota.limit, quota.left) == (1000, 1000 - (quota.used or 0))
    assert "credits are used" in outcome.sentence


def test_a_suspended_fixture_has_no_open_price_until_it_is_resumed(package: Package, covered: Covered):
    fixture, olga = covered.fixture, make_user("operator")
    offer = covered.distribution.supplier.coverages[fixture].offer
    asker = type(CRON)(origin=PackageCall.Origin.ADMIN, name="olga", user=olga)
    assert suspending.suspend(package, asker, Target(fixture=fixture)).ok
    assert any(outgoing.fixture_id == fixture for outgoing in covered.sent(1))
    assert not any(quote.status == 1 for bet in offer for quote in bet.quotes.values())
    suspension = Suspension.objects.get()
    assert (suspension.by, str(suspension)) == (olga, f"fixture {fixture}")
    assert [part["fixtureid"] for part in suspending.ask_suspensions(package, CRON)[1]] == [fixture]
    assert suspending.resume(suspension, CRON).ok
    covered.sent(1)
    assert any(quote.status == 1 for bet in offer for quote in bet.quotes.values())
    assert Suspension.objects.get().resumed_at is not None


def test_one_market_is_suspended_and_the_others_are_not(package: Package, covered: Covered):
    offer = covered.distribution.supplier.coverages[covered.fixture].offer
    market = offer.markets[0].id
    assert suspending.suspend(package, CRON, Target(fixture=covered.fixture, market=market)).ok
    covered.sent(1)
    assert not any(quote.status == 1 for bet in offer.bets[market].values() for quote in bet.quotes.values())
    assert any(quote.status == 1 for bet in offer for quote in bet.quotes.values())


def test_a_suspension_of_nothing_is_not_sent(package: Package):
    assert suspending.suspend(package, CRON, Target()).kind is Kind.REFUSED
    assert not PackageCall.objects.exists()


ANSWERS = [
    (
        400,
        {"Header": {"HttpStatusCode": 400, "Errors": [{"Message": "Not yours"}]}},
        "refused",
        "LSports refused: Not yours.",
    ),
    (429, {"Header": {"Errors": [{"Message": "Too many"}]}}, "refused", "LSports refused (429): Too many."),
    (500, {"Header": {"Errors": [{"Message": "Broken"}]}}, "server_error", "LSports' server failed (500): Broken."),
    (200, "<html>", "not_json", "The answer (200) is not LSports' JSON but of no stated type: <html>."),
    (200, {"Header": {"HttpStatusCode": 200}}, "unexpected", "LSports answered, but not that it is done."),
    (200, {"Body": {"Succeeded": False, "Reason": "Closed"}}, "refused", "LSports refused: Closed."),
]


@pytest.mark.parametrize("call", [Call.QUOTA, Call.ORDERED, Call.SUSPENSIONS, Call.SPORTS])
@pytest.mark.parametrize(
    ("status", "body", "kind", "sentence"), ANSWERS, ids=[f"{kind}-{status}" for status, _, kind, _ in ANSWERS]
)
def test_whatever_lsports_answers_the_operator_reads_it(
    call: Call, status: int, body: Any, kind: str, sentence: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("packages_admin.client.time.sleep", lambda seconds: None)
    package = make_package("trade_in_play", api_base="https://stm-api.lsports.eu", connect_seconds=0.1)
    outcome = ask_for(package, call, CRON, {}, answering(status, body)).outcome
    assert (outcome.kind, outcome.sentence) == (kind, sentence)


QUESTIONS = {
    Call.ORDERED: lambda package, carry: orders.ask_ordered(package, CRON, {}, carry)[0],
    Call.SCHEDULE: lambda package, carry: orders.ask_schedule(package, CRON, {}, carry)[0],
    Call.ORDERED_DETAILS: lambda package, carry: orders.ask_ordered_details(package, CRON, START, START, carry)[0],
    Call.QUOTA: lambda package, carry: orders.ask_quota(package, CRON, carry)[0],
    Call.SUSPENSIONS: lambda package, carry: suspending.ask_suspensions(package, CRON, carry)[0],
    Call.SPORTS: lambda package, carry: metadata.fetch_metadata(package, Call.SPORTS, CRON, carry),
    Call.PARTICIPANTS: lambda package, carry: metadata.fetch_metadata(package, Call.PARTICIPANTS, CRON, carry),
}


@pytest.mark.parametrize("body", [{}, {"Fixtures": None, "Sports": {}, "Suspensions": "none"}, {"Message": "OK"}])
@pytest.mark.parametrize("call", QUESTIONS)
def test_an_answer_without_its_list_is_not_read_as_none(call: Call, body: Any):
    package = make_package("trade_in_play", api_base="https://stm-api.lsports.eu", connect_seconds=0.1)
    outcome = QUESTIONS[call](package, answering(200, {"Header": {"HttpStatusCode": 200}, "Body": body}))
    assert outcome.kind is Kind.UNEXPECTED
    assert outcome.sentence.startswith("LSports answered, but ")


def test_a_last_page_without_a_list_takes_nothing_from_those_before(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("packages_admin.customers.metadata.PAGE_SIZE", 1)
    monkeypatch.setattr("packages_admin.customers.asking.time.sleep", lambda seconds: None)
    monkeypatch.setattr("packages_admin.customers.asking.seconds_until_asked", lambda *arguments: 0.0)
    bodies = iter([{"Data": [{"Id": 1, "Name": "Meadow"}]}, {"Data": None}])
    carry = httpx.MockTransport(lambda request: httpx.Response(200, json={"Body": next(bodies)}))
    package = make_package("trade_in_play", api_base="https://stm-api.lsports.eu", connect_seconds=0.1)
    outcome = metadata.fetch_metadata(package, Call.PARTICIPANTS, CRON, carry)
    assert outcome.sentence == "LSports: 1 participants named."


def test_hyper_has_no_such_calls():
    assert ask_for(make_package("hyper"), Call.QUOTA, CRON, {}).outcome.kind is Kind.REFUSED


def test_a_path_that_lsports_has_otherwise_is_set_in_the_package():
    package = make_package("trade_in_play", call_paths={"quota": "/Quota/Get"})
    assert package.url(Call.QUOTA) == "https://stm-api.lsports.eu/Quota/Get"


@pytest.mark.parametrize("words", [["quota"], ["ordered"], ["schedule"], ["suspensions"], ["sports"]])
def test_the_command_tells_what_lsports_told(package: Package, words: list[str]):
    out = StringIO()
    call_command("customers", "123", *words, stdout=out)
    assert out.getvalue()


def test_the_command_suspends_and_resumes(package: Package, covered: Covered):
    for call in ("suspend", "resume"):
        call_command("customers", "123", call, "--fixture", str(covered.fixture), stdout=StringIO())
    assert Suspension.objects.get().resumed_at is not None


def test_the_command_fails_with_lsports_words(package: Package):
    with pytest.raises(CommandError, match="Fixture was not found"):
        call_command("customers", "123", "order_fixtures", "--fixtures", "1")
