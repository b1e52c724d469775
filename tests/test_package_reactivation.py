"""Bringing back what LSports switched off: asked first, bounded, and never against a person."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from django.utils import timezone

from packages_admin.actions import perform, reactivate
from packages_admin.deactivation import deactivate
from packages_admin.models import Package, PackageCall
from packages_admin.products import Action
from packages_admin.watch import check_packages

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
def test_what_a_look_finds_switched_off_is_on_again_in_the_same_look(lsports: LSports):
    lsports.answers["GetDistributionStatus"] = (200, {"Body": {"IsDistributionOn": False}})
    package_at(lsports, "trade_in_play", is_wanted=True, auto_reactivate=True, state="active")
    list(check_packages())
    assert [path for path, _ in lsports.requests] == ["/Package/GetDistributionStatus", "/Distribution/Start"]
    assert Package.objects.get().state == "active"


@pytest.mark.django_db
def test_what_came_too_soon_for_lsports_is_tried_again_in_the_next_look(lsports: LSports):
    lsports.answers["GetDistributionStatus"] = (200, {"Body": {"IsDistributionOn": False}})
    welcome = lsports.answers["Start"]
    lsports.answers["Start"] = (429, {"Header": {"Errors": ["The same request may be sent every 5 seconds"]}})
    package_at(lsports, "trade_in_play", is_wanted=True, auto_reactivate=True, state="active")
    list(check_packages())
    assert Package.objects.get().state == "inactive"
    lsports.answers["Start"] = welcome
    PackageCall.objects.update(asked_at=timezone.now() - timedelta(seconds=6))
    list(check_packages())
    assert Package.objects.get().state == "active"
    assert [path.rpartition("/")[2] for path, _ in lsports.requests] == ["GetDistributionStatus", "Start", "Start"]


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
    assert refused.sentence == ("Reactivated 2 times within an hour, which is the limit; somebody has to look into it.")
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
def test_a_deactivation_that_lsports_refused_is_not_what_was_wished(lsports: LSports):
    lsports.answers["deactivate"] = (400, {"error": PASSWORD})
    package = package_at(lsports, is_wanted=True, state="active", auto_reactivate=True)
    perform(package, Action.DEACTIVATE, CRON)
    package = Package.objects.get()
    assert (package.is_wanted, package.off_asked_at, package.state) == (True, None, "active")
    Package.objects.update(state="inactive")
    assert list(Package.objects.to_reactivate()) == [package]


@pytest.mark.django_db
@pytest.mark.parametrize("answer", [(200, {}), (200, b"<html>"), (500, {})])
def test_a_deactivation_in_doubt_is_asked_about_and_never_undone(
    answer: tuple[int, Any], lsports: LSports, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("packages_admin.client.time.sleep", lambda seconds: None)
    lsports.answers["deactivate"] = answer
    lsports.answers["status"] = (200, {"success": True, "status": "inactive"})
    package = package_at(lsports, is_wanted=True, state="active", auto_reactivate=True)
    perform(package, Action.DEACTIVATE, CRON)
    package = Package.objects.get()
    assert package.off_asked_at is not None
    assert package.is_wanted
    list(check_packages())
    package = Package.objects.get()
    assert (package.state, package.is_wanted, package.off_asked_at) == ("inactive", False, None)
    assert not Package.objects.to_reactivate().exists()


@pytest.mark.django_db
def test_a_deactivation_in_doubt_that_was_not_done_is_forgotten(lsports: LSports):
    package = package_at(lsports, is_wanted=True, state="active", auto_reactivate=True, off_asked_at=timezone.now())
    perform(package, Action.STATUS, DESK)
    package = Package.objects.get()
    assert (package.state, package.is_wanted, package.off_asked_at) == ("active", True, None)


@pytest.mark.django_db
@pytest.mark.parametrize("refusal", [(400, {"error": "Package is busy"}), (403, {})])
def test_a_refused_second_try_does_not_forget_that_the_first_is_in_doubt(
    refusal: tuple[int, Any], lsports: LSports, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("packages_admin.client.time.sleep", lambda seconds: None)
    package = package_at(lsports, is_wanted=True, state="active", auto_reactivate=True)
    for lsports.answers["deactivate"] in ((500, {}), refusal):
        perform(package, Action.DEACTIVATE, CRON)
    lsports.answers["status"] = (200, {"success": True, "status": "inactive"})
    list(check_packages())
    package = Package.objects.get()
    assert (package.state, package.is_wanted) == ("inactive", False)
    assert not Package.objects.to_reactivate().exists()


@pytest.mark.django_db
def test_whoever_is_killed_while_it_is_deactivated_leaves_the_time_at_which_it_comes_back(lsports: LSports):
    def killed(request: httpx.Request) -> httpx.Response:
        raise KeyboardInterrupt

    package = package_at(lsports, is_wanted=True, state="active")
    with pytest.raises(KeyboardInterrupt):
        deactivate(package, CRON, 15, httpx.MockTransport(killed))
    lsports.answers["status"] = (200, {"success": True, "status": "inactive"})
    list(check_packages())
    package = Package.objects.get()
    assert package.state == "inactive"
    assert package.reactivate_at is not None
    Package.objects.update(reactivate_at=timezone.now())
    list(check_packages())
    assert Package.objects.get().state == "active"


@pytest.mark.django_db
def test_a_refused_deactivation_leaves_the_time_of_the_one_before(lsports: LSports):
    back_at = timezone.now() + timedelta(minutes=5)
    package = package_at(lsports, state="inactive", reactivate_at=back_at)
    lsports.answers["deactivate"] = (400, {"error": "no"})
    deactivate(package, CRON)
    assert Package.objects.get().reactivate_at == back_at
