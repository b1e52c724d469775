"""What the feed is told of a package's sources: off by a person is no fault, off by LSports is."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from feed.models import FeedSource
from feed.vouching.source_health import Health, state_of
from packages_admin.actions import Asker, perform
from packages_admin.models import Package, PackageCall
from packages_admin.products import Action
from packages_admin.watch import check_packages

from .packages import CRON, DESK, LSports, make_package, make_user, package_at, signed_in

pytestmark = pytest.mark.django_db
State = FeedSource.State
CHANGE = "/admin/packages_admin/package/{}/change/"


def health(name: str = "North") -> Health:
    return state_of(FeedSource.objects.get(name=name), timezone.now())


def state(name: str = "North") -> tuple[str, str]:
    """The state of a source at this moment, and why."""
    return health(name).state, health(name).reason


def set_up() -> None:
    """The consumer is connected, and messages come."""
    now = timezone.now()
    FeedSource.objects.update(state=State.UP, state_reason="", state_since=now, last_message_at=now)


def trade_at(lsports: LSports, **fields: Any) -> Package:
    package = package_at(lsports, "trade_in_play", **fields)
    list(check_packages())
    return package


def test_a_new_package_is_not_a_fault_before_its_activation(lsports: LSports):
    trade_at(lsports)
    assert state() == (State.OFF, "Not activated yet.")


def test_activating_makes_its_silence_a_fault_until_messages_come(lsports: LSports):
    package = trade_at(lsports)
    assert perform(package, Action.ACTIVATE, CRON).ok
    assert state() == (State.DOWN, "No consumer has run for this feed yet.")
    set_up()
    assert state() == (State.UP, "")


def test_a_deactivated_package_says_who_switched_it_off_and_when(lsports: LSports):
    package = trade_at(lsports)
    perform(package, Action.ACTIVATE, CRON)
    set_up()
    user = make_user("operator")
    olga = Asker(origin=PackageCall.Origin.ADMIN, name="olga", user=user)
    assert perform(package, Action.DEACTIVATE, olga).ok
    assert state() == (State.OFF, "Switched off by olga.")
    since = health().since
    assert since is not None
    assert timezone.now() - since < timedelta(seconds=30)
    list(check_packages())
    assert health().since == since


def test_switching_it_on_again_waits_for_a_consumer(lsports: LSports):
    package = trade_at(lsports)
    perform(package, Action.DEACTIVATE, CRON)
    FeedSource.objects.update(state=State.DOWN, state_reason="Not to be consumed.", state_since=timezone.now())
    perform(package, Action.ACTIVATE, CRON)
    assert state() == (State.DOWN, "Switched on; no consumer has connected since.")


def test_a_package_that_was_off_is_on_again_only_once_its_old_prices_are_unconfirmed(
    lsports: LSports, monkeypatch: pytest.MonkeyPatch
):
    package = trade_at(lsports)
    states = []
    monkeypatch.setattr("packages_admin.source_expectation.expect_break", lambda *_: states.append(health().state))
    perform(package, Action.ACTIVATE, CRON)
    assert states == [State.OFF]


def test_what_lsports_switched_off_is_a_fault(lsports: LSports):
    package = trade_at(lsports)
    perform(package, Action.ACTIVATE, CRON)
    set_up()
    lsports.answers["GetDistributionStatus"] = (200, {"Body": {"IsDistributionOn": False}})
    assert perform(package, Action.STATUS, DESK).ok
    assert state() == (State.DOWN, "LSports has switched the package off.")
    perform(package, Action.DEACTIVATE, CRON)
    assert state() == (State.OFF, "Switched off by cron.")


def test_a_package_that_was_never_on_here_is_off_as_lsports_says(lsports: LSports):
    package = trade_at(lsports)
    lsports.answers["GetDistributionStatus"] = (200, {"Body": {"IsDistributionOn": False}})
    perform(package, Action.STATUS, CRON)
    assert state() == (State.OFF, "LSports says that the package is inactive.")


def test_a_refused_deactivation_switches_nothing_off(lsports: LSports):
    package = trade_at(lsports)
    perform(package, Action.ACTIVATE, CRON)
    set_up()
    lsports.answers["Stop"] = (400, {"Header": {"Errors": [{"Message": "Not now"}]}})
    assert not perform(package, Action.DEACTIVATE, CRON).ok
    assert state() == (State.UP, "")


def test_each_source_of_a_package_is_told_and_another_packages_is_not(lsports: LSports):
    package_at(lsports, name="South", package_id=9, state="active")
    package = package_at(lsports, state="active")
    list(check_packages())
    set_up()
    perform(package, Action.DEACTIVATE, CRON)
    assert state("North Fixtures") == state("North Incidents") == (State.OFF, "Switched off by cron.")
    assert state("South Fixtures") == (State.UP, "")


def test_the_sources_of_hyper_are_known_to_have_no_heartbeat():
    make_package()
    assert set(FeedSource.objects.values_list("has_heartbeat", flat=True)) == {False}
    FeedSource.objects.update(has_heartbeat=True)
    list(check_packages())
    assert set(FeedSource.objects.values_list("has_heartbeat", flat=True)) == {False}


@pytest.fixture
def administrator() -> Client:
    make_user("administrator", is_superuser=True)
    return signed_in("administrator")


@pytest.mark.parametrize("is_bulk", [False, True])
def test_the_feed_of_a_deleted_package_is_no_fault_and_its_name_is_free_again(
    administrator: Client, is_bulk: bool, lsports: LSports
):
    package = trade_at(lsports, state="active")
    set_up()
    if is_bulk:
        form = {"action": "delete_selected", "_selected_action": package.pk, "post": "yes"}
        administrator.post("/admin/packages_admin/package/", form)
    else:
        administrator.post(f"/admin/packages_admin/package/{package.pk}/delete/", {"post": "yes"})
    assert not Package.objects.exists()
    assert state() == (State.OFF, "Its package was deleted by administrator.")
    new = {
        "name": "North", "product": "trade_in_play", "package_id": 7, "user_name": "u", "new_password": "p",
        "connect_seconds": 5, "answer_seconds": 20, "queue_name": "_{id}_", "reactivations_per_hour": 3,
    }  # fmt: skip
    administrator.post("/admin/packages_admin/package/add/", new)
    assert Package.objects.get().package_id == 7
    assert state() == (State.OFF, "Not activated yet.")


def test_a_virtual_host_that_is_taken_from_a_package_leaves_no_fault():
    package = make_package(state="active")
    Package.objects.update(virtual_hosts="Fixtures")
    list(check_packages())
    assert state("North Incidents") == (State.OFF, "The package has no queue in Incidents any more.")
    Package.objects.update(virtual_hosts="")
    list(check_packages())
    assert state("North Incidents") == (State.DOWN, "No consumer has run for this feed yet.")
    assert len(package.link_sources()) == 2
