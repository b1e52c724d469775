"""The four calls against the simulated supplier over real HTTP: from button to database, without a broker."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from feed.ingest.loop import Ingest
from feed.models import Fixture
from packages_admin.actions import perform
from packages_admin.models import Package, PackageCall
from packages_admin.products import Action
from packages_admin.secrets import Sealed
from sandbox.api import Server, serve
from sandbox.distribution import Distribution
from sandbox.packages import Package as Supplied
from sandbox.supplier import Supplier
from tests.feed_messages import ListTransport

from .packages import CRON, PASSWORD, make_package, make_user

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 21, 12, tzinfo=UTC)


class Both:
    """The supplier with its API on one side, and the desk's package with its feeds on the other."""

    def __init__(self, product: str, dialect: str) -> None:
        self.distribution = Distribution(
            Supplier(fixtures=40 if product == "hyper" else 8, start=START, dialect=dialect),
            [Supplied(id=123, user="ops", password=PASSWORD, active=False)],
        )
        self.server: Server = serve(self.distribution)
        address = self.server.url + ("/api/livescore" if product == "hyper" else "")
        self.package = make_package(product, api_base=address, snapshot_base=address)
        self.now = START

    def run(self, seconds: float = 60) -> int:
        """Let LSports send for a while; what reaches the package's queues is stored. The number of messages."""
        self.now += timedelta(seconds=seconds)
        sources = {link.virtual_host: link.source for link in self.package.link_sources()}
        bodies: dict[str, list[bytes]] = {host: [] for host in sources}
        for _, outgoing in self.distribution.messages(self.now):
            for feed in outgoing.feeds:
                if feed in bodies:
                    bodies[feed].append(outgoing.body)
        for host, waiting in bodies.items():
            Ingest(ListTransport(waiting), sources[host]).run()
        return sum(map(len, bodies.values()))

    def upcoming(self) -> set[int]:
        """What LSports has that has not started."""
        return {outgoing.fixture_id for outgoing in self.distribution.supplier.upcoming() if outgoing.fixture_id}


@pytest.fixture
def hyper() -> Iterator[Both]:
    both = Both("hyper", "hyper")
    yield both
    both.server.close()


@pytest.fixture
def trade() -> Iterator[Both]:
    both = Both("trade_in_play", "trade")
    yield both
    both.server.close()


def stored() -> set[int]:
    return set(Fixture.objects.values_list("pk", flat=True))


def test_livescore_goes_on_and_off_and_says_so_in_lsports_words(hyper: Both):
    sentences = [perform(hyper.package, action, CRON).sentence for action in (Action.STATUS, Action.ACTIVATE)]
    sentences += [perform(hyper.package, action, CRON).sentence for action in (Action.ACTIVATE, Action.STATUS)]
    sentences += [perform(hyper.package, action, CRON).sentence for action in (Action.DEACTIVATE, Action.DEACTIVATE)]
    assert sentences == [
        "LSports: the package is inactive.",
        "LSports: Package activation completed successfully.",
        "LSports: Package is already active.",
        "LSports: the package is active.",
        "LSports: Package deactivation completed successfully.",
        "LSports: Package is already inactive.",
    ]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"user_name": ""}, "LSports refused: Username is required."),
        ({"user_name": "else"}, "LSports refused: Invalid package credentials."),
        ({"package_id": 9}, "LSports refused: Invalid package credentials."),
        ({"package_id": 0}, "LSports refused: PackageId must be a positive integer."),
    ],
)
@pytest.mark.parametrize("action", list(Action))
def test_livescore_refuses_in_its_own_words(action: Action, fields: dict[str, Any], sentence: str, hyper: Both):
    written(**fields)
    assert perform(hyper.package, action, CRON).sentence == sentence


def written(**fields: Any) -> None:
    """The package as an operator writes it anew, with the same password."""
    package = Package.objects.get()
    for name, value in fields.items():
        setattr(package, name, value)
    package.set_password(PASSWORD, timezone.now())
    package.save()


def test_an_empty_password_is_refused_by_lsports(hyper: Both):
    Package.objects.update(password=Sealed(""))
    assert perform(hyper.package, Action.STATUS, CRON).sentence == "LSports refused: Password is required."


def test_a_failing_server_is_told(hyper: Both, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("packages_admin.answers.Livescore.repeat_seconds", 0)
    hyper.distribution.faults.start("api-500")
    outcome = perform(hyper.package, Action.ACTIVATE, CRON)
    assert outcome.sentence == "LSports' server failed (500): Failed to activate package."
    assert outcome.attempts == 3


def test_messages_come_only_while_it_is_active(hyper: Both):
    assert hyper.run() == 0
    perform(hyper.package, Action.ACTIVATE, CRON)
    assert hyper.run() > 0
    assert stored()
    perform(hyper.package, Action.DEACTIVATE, CRON)
    assert hyper.run() == 0
    perform(hyper.package, Action.ACTIVATE, CRON)
    assert hyper.run() > 0


def test_a_livescore_snapshot_brings_every_upcoming_fixture(hyper: Both):
    hyper.run()
    perform(hyper.package, Action.ACTIVATE, CRON)
    assert hyper.upcoming()
    assert perform(hyper.package, Action.SNAPSHOT, CRON).sentence == (
        "LSports: Livescore snapshot request sent successfully."
    )
    hyper.run(0)
    assert stored() >= hyper.upcoming()
    make_user("operator")
    browser = Client()
    browser.login(username="operator", password="open sesame 77")
    page = browser.get(f"/admin/packages_admin/package/{hyper.package.pk}/facts/").content.decode()
    assert f"{len(stored())} fixtures new or changed" in page
    assert f"{len(hyper.upcoming())} not started." in page


def test_trade_goes_on_and_off_and_keeps_lsports_pauses(trade: Both):
    assert perform(trade.package, Action.ACTIVATE, CRON).sentence == "LSports: Distribution is: Active."
    trade.run()
    status = perform(trade.package, Action.STATUS, CRON)
    assert status.sentence == "LSports: the package is active."
    assert status.queue is not None
    assert status.queue.per_second is not None
    assert status.queue.per_second > 0
    assert perform(trade.package, Action.DEACTIVATE, CRON).sentence == "LSports: Distribution is: Inactive."
    assert trade.run() == 0
    again = perform(trade.package, Action.ACTIVATE, CRON)
    assert again.sentence.startswith("LSports allows the same call once in 5 s: wait ")
    assert PackageCall.objects.count() == 3


def test_trade_refuses_in_its_own_words(trade: Both):
    written(user_name="else")
    assert perform(trade.package, Action.ACTIVATE, CRON).sentence == "LSports refused: Invalid package credentials."


def test_what_trade_refuses_for_haste_is_told(trade: Both):
    perform(trade.package, Action.STATUS, CRON)
    PackageCall.objects.all().delete()
    sentence = perform(trade.package, Action.STATUS, CRON).sentence
    assert sentence == "LSports refused (429): The same request may be sent every 5 seconds."


def test_the_command_ends_with_1_where_lsports_refuses(trade: Both):
    written(user_name="else")
    with pytest.raises(CommandError) as refused:
        call_command("package", "activate", "123")
    assert (str(refused.value), refused.value.returncode) == ("LSports refused: Invalid package credentials.", 1)
