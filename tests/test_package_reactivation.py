"""Bringing back what LSports switched off: asked first, bounded, and never against a person."""

from datetime import timedelta

import pytest
from django.utils import timezone

from packages_admin.actions import perform, reactivate
from packages_admin.models import Package, PackageCall
from packages_admin.products import Action

from .packages import CRON, DESK, PASSWORD, LSports, package_at


@pytest.mark.django_db
def test_what_lsports_switched_off_is_asked_about_and_then_activated(lsports: LSports):
    lsports.answers["status"] = (200, {"status": "inactive"})
    package = package_at(lsports, is_wanted=True, auto_reactivate=True, state="inactive")
    assert reactivate(package, DESK).sentence == "LSports: Package activation completed successfully."
    assert [path for path, _ in lsports.requests] == ["/package/status", "/package/activate"]
    assert Package.objects.get().state == "active"
    assert set(PackageCall.objects.values_list("origin", "actor_name")) == {("automatic", "the desk")}


@pytest.mark.django_db
def test_what_is_on_already_is_not_activated(lsports: LSports):
    package = package_at(lsports, is_wanted=True, auto_reactivate=True, state="inactive")
    assert reactivate(package, DESK).is_active is True
    assert [path for path, _ in lsports.requests] == ["/package/status"]


@pytest.mark.django_db
def test_it_is_not_reactivated_more_often_than_allowed(lsports: LSports):
    lsports.answers["status"] = (200, {"status": "inactive"})
    package = package_at(lsports, is_wanted=True, auto_reactivate=True, reactivations_per_hour=2)
    assert [reactivate(package, DESK).ok for _ in range(2)] == [True, True]
    refused = reactivate(package, DESK)
    assert refused.sentence == (
        "Reactivated 2 times within an hour, which is the limit; now a person has to look at it."
    )
    assert len(lsports.requests) == 4
    PackageCall.objects.update(asked_at=timezone.now() - timedelta(minutes=61))
    assert reactivate(package, DESK).ok


@pytest.mark.django_db
def test_what_a_person_deactivated_meanwhile_is_not_reactivated(lsports: LSports):
    lsports.answers["status"] = (200, {"status": "inactive"})
    package = package_at(lsports, is_wanted=True, auto_reactivate=True, state="inactive")
    perform(package, Action.DEACTIVATE, CRON)
    outcome = reactivate(package, DESK)
    assert outcome.sentence == "A person has deactivated this package since; it is not reactivated."
    assert "/package/activate" not in [path for path, _ in lsports.requests]


@pytest.mark.django_db
def test_even_a_failed_deactivation_by_a_person_ends_the_reactivating(lsports: LSports):
    lsports.answers["deactivate"] = (400, {"error": PASSWORD})
    package = package_at(lsports, is_wanted=True, state="active")
    perform(package, Action.DEACTIVATE, CRON)
    assert not Package.objects.get().is_wanted
