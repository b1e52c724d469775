"""Looking after packages: silent ones are asked about, switched-off ones come back, full queues are told."""

import threading
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.utils import timezone

from feed.models import FeedSource
from packages_admin.models import Package, PackageCall, QueueReading
from packages_admin.watch import check_packages

from .packages import LSports, make_package, make_user, signed_in

pytestmark = pytest.mark.django_db


def active_package(lsports: LSports, **fields: Any) -> Package:
    return make_package(api_base=lsports.url, **{"state": "active", "is_wanted": True, **fields})


def set_up(package: Package) -> None:
    """All its feeds are well."""
    now = timezone.now()
    FeedSource.objects.filter(pk__in=package.source_ids()).update(state="up", state_since=now, last_message_at=now)


def test_a_package_whose_feeds_are_up_is_left_alone(lsports: LSports):
    set_up(active_package(lsports))
    assert list(check_packages()) == []
    assert lsports.requests == []


def test_a_silent_package_is_asked_about_once_a_minute(lsports: LSports):
    active_package(lsports)
    assert list(check_packages()) == ["North is silent. LSports: the package is active."]
    assert list(check_packages()) == []
    PackageCall.objects.update(asked_at=timezone.now() - timedelta(seconds=61))
    assert len(list(check_packages())) == 1


def test_a_package_that_was_just_switched_on_is_given_time(lsports: LSports):
    package = active_package(lsports, state_since=timezone.now() - timedelta(seconds=29))
    assert list(check_packages()) == []
    Package.objects.filter(pk=package.pk).update(state_since=timezone.now() - timedelta(seconds=31))
    assert len(list(check_packages())) == 1


def test_a_quiet_package_without_heartbeats_is_asked_about_each_5_minutes(lsports: LSports):
    package = active_package(lsports)
    set_up(package)
    last_message = timezone.now() - timedelta(minutes=5, seconds=1)
    sources = FeedSource.objects.filter(pk__in=package.source_ids())
    sources.update(last_message_at=last_message, state_since=last_message, consumer_seen_at=timezone.now())
    assert list(check_packages()) == ["North is silent. LSports: the package is active."]
    PackageCall.objects.update(asked_at=timezone.now() - timedelta(seconds=61))
    assert list(check_packages()) == []
    PackageCall.objects.update(asked_at=last_message)
    assert len(list(check_packages())) == 1
    sources.filter(name="North Incidents").update(last_message_at=timezone.now())
    PackageCall.objects.update(asked_at=last_message)
    assert list(check_packages()) == []


def test_what_lsports_switched_off_comes_back_where_that_is_allowed(lsports: LSports):
    lsports.answers["status"] = (200, {"status": "inactive"})
    active_package(lsports, auto_reactivate=True)
    active_package(lsports, name="South", package_id=9, auto_reactivate=False)
    assert list(check_packages()) == [
        "North is silent. LSports: the package is inactive.",
        "South is silent. LSports: the package is inactive.",
        "North was switched off. LSports: Package activation completed successfully.",
    ]
    assert {package.name: package.state for package in Package.objects.all()} == {
        "North": "active",
        "South": "inactive",
    }


def test_a_failing_reactivation_is_not_hammered(lsports: LSports, monkeypatch: pytest.MonkeyPatch):
    lsports.answers |= {"status": (200, {"status": "inactive"}), "activate": (400, {"error": "Not now"})}
    active_package(lsports, auto_reactivate=True, state="inactive")
    assert list(check_packages()) == ["North was switched off. LSports refused: Not now."]
    assert list(check_packages()) == []
    PackageCall.objects.update(asked_at=timezone.now() - timedelta(seconds=61))
    assert len(list(check_packages())) == 1


def test_at_the_hourly_limit_it_says_so_and_asks_no_more(lsports: LSports):
    active_package(lsports, auto_reactivate=True, state="inactive", reactivations_per_hour=1)
    lsports.answers["status"] = (200, {"status": "inactive"})
    assert len(list(check_packages())) == 1
    Package.objects.update(state="inactive")
    sent = len(lsports.requests)
    assert list(check_packages()) == [
        "North was switched off. Reactivated once within an hour, which is the limit; somebody has to look into it."
    ]
    assert len(lsports.requests) == sent
    make_user("operator")
    facts = f"/admin/packages_admin/package/{Package.objects.get().pk}/facts/"
    page = signed_in().get(facts).content.decode()
    assert "Reactivated once within an hour, which is the limit; somebody has to look into it." in page
    Package.objects.update(reactivations_per_hour=2)
    assert "which is the limit" not in signed_in().get(facts).content.decode()


def test_a_queue_is_told_from_half_of_its_limit_on(lsports: LSports):
    package = active_package(lsports)
    set_up(package)
    fixtures, incidents = package.link_sources()
    now = timezone.now()
    QueueReading.objects.note(fixtures, now, 24_999, None, None)
    QueueReading.objects.note(incidents, now, 25_000, None, None)
    assert list(check_packages()) == ["The queue of North Incidents: 25,000 of 50,000 (50 %), no trend yet."]


def test_an_old_reading_is_not_told(lsports: LSports):
    package = active_package(lsports)
    set_up(package)
    QueueReading.objects.note(package.link_sources()[0], timezone.now() - timedelta(minutes=6), 49_000, None, None)
    assert list(check_packages()) == []


@pytest.mark.parametrize("given", ["0", "-3", "x", "nan", "inf"])
def test_a_time_between_looks_that_is_none_is_refused(given: str):
    with pytest.raises(CommandError, match="is not a number of seconds above 0"):
        call_command("watch_packages", f"--every={given}")


def test_the_command_waits_for_a_database_that_is_away(monkeypatch: pytest.MonkeyPatch):
    faults = iter([OperationalError("the server is not there")])
    checks = []

    def check() -> list[str]:
        if fault := next(faults, None):
            raise fault
        checks.append("checked")
        stop.set()
        return ["North is silent."]

    stop = threading.Event()
    monkeypatch.setattr("packages_admin.management.commands.watch_packages.check_packages", check)
    monkeypatch.setattr("packages_admin.management.commands.watch_packages.Event", lambda: stop)
    out, err = StringIO(), StringIO()
    call_command("watch_packages", "--every=0.01", stdout=out, stderr=err)
    assert (
        "The packages cannot be checked while the database is not available: the server is not there" in err.getvalue()
    )
    assert out.getvalue() == "North is silent.\n"


def test_looking_once_ends_where_the_database_is_away(monkeypatch: pytest.MonkeyPatch):
    def check() -> list[str]:
        raise OperationalError("the server is not there")

    monkeypatch.setattr("packages_admin.management.commands.watch_packages.check_packages", check)
    with pytest.raises(CommandError, match="The database does not answer: the server is not there"):
        call_command("watch_packages", "--once")


def test_the_command_looks_once_and_ends(lsports: LSports):
    active_package(lsports)
    out = StringIO()
    call_command("watch_packages", "--once", stdout=out)
    assert out.getvalue() == "North is silent. LSports: the package is active.\n"
