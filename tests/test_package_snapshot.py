"""A TRADE snapshot: matches, races and seasons, asked for as LSports allows, stored as messages are."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.utils import timezone

from feed.codes import FixtureStatus
from feed.ingest.retry import retry
from feed.models import Bet, Fixture, RejectedMessage, Scoreboard
from packages_admin.actions import Filter, perform
from packages_admin.models import Package, PackageCall
from packages_admin.outcome import Kind
from packages_admin.products import Action
from packages_admin.watch import check_packages
from sandbox.api import serve
from sandbox.distribution import Distribution
from sandbox.packages import Package as Supplied
from sandbox.supplier import Supplier

from .packages import CRON, NOTHING, PASSWORD, SNAPSHOT, LSports, make_package, make_user, package_at, signed_in

pytestmark = pytest.mark.django_db
HORSE_RACING = 687888
START = datetime(2026, 11, 21, 12, tzinfo=UTC)


class Supply:
    """The simulated supplier over HTTP, half a minute after its start, with a package of each side."""

    def __init__(self) -> None:
        supplier = Supplier(fixtures=60, start=START)
        ids = {"trade_in_play": 123, "trade_pre_match": 124}
        packages = [Supplied(id=number, user="ops", password=PASSWORD) for number in ids.values()]
        self.distribution = Distribution(supplier, packages)
        list(self.distribution.messages(START + timedelta(seconds=30)))
        self.server = serve(self.distribution, limits=False)
        url = self.server.url
        for product, number in ids.items():
            make_package(product, name=product, package_id=number, api_base=url, snapshot_base=url, state="active")


@pytest.fixture
def supply() -> Iterator[Supply]:
    made = Supply()
    yield made
    made.server.close()


@pytest.fixture
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("packages_admin.limits.FULL_SNAPSHOT_SECONDS", 0.01)
    monkeypatch.setattr("packages_admin.limits.FILTERED_SNAPSHOT_SECONDS", 0.01)


def kinds() -> dict[str, int]:
    return {kind: Fixture.objects.filter(kind=kind).count() for kind in ("match", "outright", "outright_league")}


def test_a_pre_match_snapshot_brings_every_upcoming_match_race_and_season(supply: Supply, no_pauses: None):
    out = StringIO()
    call_command("package", "snapshot", "124", stdout=out)
    covered = supply.distribution.supplier.coverages
    announced = {pk: coverage.contest for pk, coverage in covered.items() if coverage.is_announced}
    not_started = {pk for pk, contest in announced.items() if contest.status == FixtureStatus.NOT_STARTED}
    assert not_started
    assert set(Fixture.objects.values_list("pk", flat=True)) >= not_started
    assert all(kinds().values()), kinds()
    first, second, third = out.getvalue().splitlines()
    assert first == (
        f"LSports sent a snapshot; its fixtures are stored: {kinds()['match']}. "
        "GetOutrightEvents and GetOutrightLeagueEvents follow, as LSports allows one in 15 s."
    )
    assert second.startswith("GetOutrightEvents: LSports sent a snapshot; its fixtures are stored: ")
    assert third.startswith("GetOutrightLeagueEvents: LSports sent a snapshot; its fixtures are stored: ")
    assert Bet.objects.filter(fixture__kind="outright").exists()
    assert Bet.objects.filter(fixture__kind="outright_league").exists()
    assert set(Fixture.objects.values_list("source__name", flat=True)) == {"trade_pre_match"}


def test_an_in_play_snapshot_brings_scores_and_prices_too(supply: Supply, no_pauses: None):
    call_command("package", "snapshot", "123", stdout=StringIO())
    in_play = Fixture.objects.filter(kind="match").count()
    assert in_play == Scoreboard.objects.count() > 0
    assert Bet.objects.filter(fixture__kind="match", price__isnull=False).exists()


def test_a_filtered_snapshot_brings_what_was_asked_for_whatever_it_is(supply: Supply, no_pauses: None):
    covered = supply.distribution.supplier.coverages
    race = next(pk for pk, coverage in covered.items() if coverage.contest.card.sport.id == HORSE_RACING)
    package = Package.objects.get(package_id=124)
    sentence = perform(package, Action.SNAPSHOT, CRON, wanted=Filter(fixtures=(race,))).sentence
    assert sentence == (
        "LSports sent a snapshot; its fixtures are stored: 0. "
        "GetOutrightEvents: LSports sent a snapshot; its fixtures are stored: 1. "
        "GetOutrightLeagueEvents: LSports sent a snapshot; its fixtures are stored: 0."
    )
    assert set(Fixture.objects.values_list("pk", flat=True)) == {race}
    assert Package.objects.get(package_id=124).snapshot_left == []


def paths(lsports: LSports) -> list[str]:
    return [path.rpartition("/")[2] for path, _ in lsports.requests]


def a_while_later() -> None:
    PackageCall.objects.update(asked_at=timezone.now() - timedelta(seconds=16))


def test_after_the_button_the_desk_asks_for_the_other_parts_one_in_15_seconds(lsports: LSports):
    package = package_at(lsports, "trade_pre_match")
    make_user("operator")
    browser = signed_in()
    facts = f"/admin/packages_admin/package/{package.pk}/facts/"
    browser.post(f"/admin/packages_admin/package/{package.pk}/snapshot/")
    assert "Still to be requested, one every 15 s: GetOutrightEvents, GetOutrightLeagueEvents." in (
        " ".join(browser.get(facts).content.decode().split())
    )
    assert list(check_packages()) == []
    a_while_later()
    assert list(check_packages()) == ["North: GetOutrightEvents: LSports sent a snapshot; its fixtures are stored: 0."]
    assert list(check_packages()) == []
    a_while_later()
    assert list(check_packages()) == [
        "North: GetOutrightLeagueEvents: LSports sent a snapshot; its fixtures are stored: 0."
    ]
    a_while_later()
    assert list(check_packages()) == []
    assert paths(lsports) == ["GetEvents", "GetOutrightEvents", "GetOutrightLeagueEvents"]
    page = browser.get(facts).content.decode()
    assert "Still to be asked for" not in page
    assert "2 fixtures new or changed" in page, "counted from the first part on"
    assert list(PackageCall.objects.order_by("pk").values_list("actor_name", flat=True)) == [
        "operator", "the desk", "the desk",
    ]  # fmt: skip


def test_a_part_that_fails_is_told_and_not_asked_for_again(lsports: LSports):
    lsports.answers["GetOutrightEvents"] = (404, {})
    package = package_at(lsports, "trade_pre_match")
    perform(package, Action.SNAPSHOT, CRON)
    a_while_later()
    (line,) = check_packages()
    assert line == (
        f"North: GetOutrightEvents: LSports knows no {lsports.url}/PreMatch/GetOutrightEvents (404). "
        "The address and path can be changed in the package."
    )
    a_while_later()
    list(check_packages())
    assert paths(lsports) == ["GetEvents", "GetOutrightEvents", "GetOutrightLeagueEvents"]


def test_the_command_ends_with_the_fault_of_a_part(lsports: LSports, no_pauses: None):
    lsports.answers["GetOutrightLeagueEvents"] = (500, {})
    package_at(lsports, "trade_in_play")
    with pytest.raises(CommandError) as failed:
        call_command("package", "snapshot", "123", stdout=StringIO())
    sentence = "GetOutrightLeagueEvents: LSports' server failed (500) and gave no reason."
    assert (str(failed.value), failed.value.returncode) == (sentence, 1)


def test_the_command_waits_until_the_desk_has_ended_its_call(lsports: LSports, no_pauses: None, monkeypatch: Any):
    package = package_at(lsports, "trade_in_play", snapshot_left=["/InPlay/GetOutrightLeagueEvents"])
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        Package.objects.update(call_lease_until=None)

    def leased(*args: Any, **options: Any) -> Any:
        outcome = performed(*args, **options)
        Package.objects.update(call_lease_until=timezone.now() + timedelta(seconds=30), call_lease_holder="the desk")
        return outcome

    performed = perform
    monkeypatch.setattr("packages_admin.management.commands.package.perform", leased)
    monkeypatch.setattr("packages_admin.management.commands.package.time.sleep", sleep)
    call_command("package", "snapshot", "123", stdout=StringIO())
    assert paths(lsports) == ["GetEvents", "GetOutrightLeagueEvents"]
    assert slept
    assert Package.objects.get(pk=package.pk).snapshot_left == []


def test_deactivating_ends_the_asking(lsports: LSports):
    package = package_at(lsports, "trade_in_play")
    perform(package, Action.SNAPSHOT, CRON)
    assert Package.objects.get().snapshot_left == ["/InPlay/GetOutrightLeagueEvents"]
    perform(package, Action.DEACTIVATE, CRON)
    assert Package.objects.get().snapshot_left == []


@pytest.mark.django_db(transaction=True)
def test_it_is_stored_like_messages(either_database: str, lsports: LSports):
    package = package_at(lsports, "trade_in_play", snapshot_path="/InPlay/GetEvents")
    outcome = perform(package, Action.SNAPSHOT, CRON)
    assert outcome.sentence == "LSports sent a snapshot; its fixtures are stored: 2."
    (source,) = package.source_ids()
    assert set(Fixture.objects.values_list("pk", "source")) == {(7, source), (8, source)}
    assert PackageCall.objects.get().sentence == outcome.sentence


@pytest.mark.django_db(transaction=True)
def test_a_fixture_that_cannot_be_understood_hurts_no_other(either_database: str, lsports: LSports):
    broken = {"FixtureId": "seven", "Fixture": []}
    body = [SNAPSHOT["Body"][0], broken, SNAPSHOT["Body"][1]]  # type: ignore[index]
    lsports.answers["GetEvents"] = (200, {"Header": {}, "Body": body})
    package = package_at(lsports, "trade_in_play", snapshot_path="/InPlay/GetEvents")
    outcome = perform(package, Action.SNAPSHOT, CRON)
    assert outcome.ok
    assert outcome.sentence == (
        "LSports sent a snapshot; its fixtures are stored: 2. Not understood, and stored as rejected messages: 1."
    )
    assert set(Fixture.objects.values_list("pk", flat=True)) == {7, 8}
    rejected = RejectedMessage.objects.get()
    assert (rejected.queue, rejected.source_id) == ("snapshot", package.source_ids()[0])
    assert b"seven" in bytes(rejected.body)
    assert retry(RejectedMessage.objects.all()).refused == 1


def test_one_that_cannot_be_understood_at_all_is_kept(lsports: LSports):
    lsports.answers["GetEvents"] = (200, {"Header": {"Type": 77}, "Body": []})
    outcome = perform(package_at(lsports, "trade_in_play"), Action.SNAPSHOT, CRON)
    assert outcome.kind == Kind.NOT_STORED
    assert outcome.sentence.startswith("LSports sent a snapshot that cannot be understood: messages of type 77")
    assert RejectedMessage.objects.get().kind == "type"
    assert PackageCall.objects.get().ok is False
    assert Package.objects.get().snapshot_left == []


def test_an_answer_without_an_array_is_kept_whole(lsports: LSports):
    lsports.answers["GetEvents"] = (200, {"Fixtures": [1, 2]})
    outcome = perform(package_at(lsports, "trade_in_play"), Action.SNAPSHOT, CRON)
    assert outcome.kind == Kind.NOT_STORED
    assert bytes(RejectedMessage.objects.get().body) == b'{"Fixtures": [1, 2]}'


def test_a_snapshot_that_the_database_does_not_take_is_said_so(lsports: LSports, monkeypatch: pytest.MonkeyPatch):
    def away(*args: object) -> None:
        raise OperationalError("gone")

    monkeypatch.setattr("feed.ingest.storing.store_batch", away)
    monkeypatch.setattr("packages_admin.snapshot.PATIENCE_SECONDS", 0)
    outcome = perform(package_at(lsports, "trade_in_play"), Action.SNAPSHOT, CRON)
    assert outcome.kind == Kind.NOT_STORED
    assert outcome.sentence == (
        "LSports sent a snapshot, but the database does not take it. Ask again when the database is back."
    )


def test_an_empty_snapshot_is_one(lsports: LSports):
    lsports.answers["GetEvents"] = (200, NOTHING)
    package = package_at(lsports, "trade_in_play", snapshot_path="/InPlay/GetEvents")
    assert perform(package, Action.SNAPSHOT, CRON).sentence == "LSports sent a snapshot; its fixtures are stored: 0."
