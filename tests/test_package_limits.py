"""LSports' pauses between calls: kept before LSports has to."""

from datetime import timedelta

import pytest
from django.utils import timezone

from packages_admin.actions import Filter, perform
from packages_admin.models import PackageCall
from packages_admin.outcome import Kind
from packages_admin.products import Action

from .packages import CRON, PASSWORD, LSports, make_package, package_at


@pytest.mark.django_db
def test_a_full_snapshot_is_asked_for_once_in_15_seconds(lsports: LSports):
    package = package_at(lsports)
    assert perform(package, Action.SNAPSHOT, CRON).ok
    again = perform(package, Action.SNAPSHOT, CRON)
    assert again.kind == Kind.TOO_SOON
    assert again.sentence == "LSports allows one full snapshot in 15 s: wait 15 s more. Nothing was sent."
    assert len(lsports.requests) == PackageCall.objects.count() == 1
    PackageCall.objects.update(asked_at=timezone.now() - timedelta(seconds=15.5))
    assert perform(package, Action.SNAPSHOT, CRON).ok


@pytest.mark.django_db
def test_a_filtered_snapshot_waits_out_its_second(lsports: LSports, monkeypatch: pytest.MonkeyPatch):
    slept: list[float] = []
    monkeypatch.setattr("packages_admin.actions.time.sleep", slept.append)
    package = package_at(lsports, "trade_in_play")
    wanted = Filter(fixtures=(7,), since=timezone.now())
    assert perform(package, Action.SNAPSHOT, CRON, wanted=wanted).ok
    assert [path for path, _ in lsports.requests] == ["/InPlay/GetEvents", "/InPlay/GetOutrightLeagueEvents"]
    assert slept[0] == 0
    assert 0.5 < slept[1] <= 1
    assert [set(body) for _, body in lsports.requests] == [
        {"PackageId", "UserName", "Password", "Fixtures", "Timestamp"}
    ] * 2


@pytest.mark.django_db
def test_trade_is_left_5_seconds_between_equal_calls(lsports: LSports):
    package = package_at(lsports, "trade_in_play")
    assert perform(package, Action.ACTIVATE, CRON).ok
    assert perform(package, Action.STATUS, CRON).ok
    again = perform(package, Action.STATUS, CRON)
    assert again.sentence == "LSports allows the same call once in 5 s: wait 5 s more. Nothing was sent."


@pytest.mark.django_db
def test_a_call_that_never_arrived_does_not_count_as_one(lsports: LSports, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("packages_admin.client.RECONNECT_SECONDS", 0)
    package = make_package(api_base="http://127.0.0.1:1", snapshot_base="http://127.0.0.1:1")
    assert perform(package, Action.SNAPSHOT, CRON).kind == Kind.NO_CONNECTION
    package.api_base = package.snapshot_base = lsports.url
    package.set_password(PASSWORD, timezone.now())
    package.save()
    assert perform(package, Action.SNAPSHOT, CRON).ok
