"""Deactivating what is in play: two people where it is set, a time at which it comes back, and no command unasked."""

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from feed.models import FeedSource, Fixture
from packages_admin.admin.forms import HELD
from packages_admin.deactivation import BY_ONE, deactivate
from packages_admin.models import Package
from packages_admin.outcome import Kind
from packages_admin.watch import check_packages

from .packages import CRON, LSports, make_user, package_at, signed_in
from .test_package_admin import LIST, fields, messages_of

pytestmark = pytest.mark.django_db
AGREE = (
    "North: It feeds what is in play: another operator has to deactivate it too, within 15 minutes. Nothing was sent."
)


@pytest.fixture
def package(lsports: LSports, settings: Any) -> Package:
    """An active package that feeds one fixture in play, where two people are needed."""
    settings.TWO_PEOPLE_DEACTIVATE = True
    package = package_at(lsports, state="active", is_wanted=True)
    Fixture.objects.create(pk=7, name="A v B", status=2, source=FeedSource.objects.get(pk=package.source_ids()[0]))
    return package


@pytest.fixture
def olga() -> Client:
    make_user("operator", username="olga")
    return signed_in("olga")


@pytest.fixture
def otto() -> Client:
    make_user("operator", username="otto")
    return signed_in("otto")


def press(browser: Client, package: Package, **chosen: str) -> list[tuple[str, str]]:
    return messages_of(browser.post(f"{LIST}{package.pk}/deactivate/", {"confirmed": "yes", **chosen}))[-1:]


def test_one_operator_alone_does_not_deactivate_what_is_in_play(package: Package, olga: Client, lsports: LSports):
    assert press(olga, package) == press(olga, package) == [("warning", AGREE)]
    assert lsports.requests == []
    assert Package.objects.get().is_wanted
    page = olga.get(f"{LIST}{package.pk}/change/").content.decode()
    assert "olga wants it deactivated; another operator has 15 min to agree." in page


def test_a_second_operator_agrees_and_it_is_done_once(package: Package, olga: Client, otto: Client, lsports: LSports):
    press(olga, package)
    page = otto.post(f"{LIST}{package.pk}/deactivate/").content.decode()
    assert "olga wants it deactivated" in page
    assert press(otto, package) == [("success", "North: LSports: Package deactivation completed successfully.")]
    stored = Package.objects.get()
    assert (stored.state, stored.off_proposed_by) == ("inactive", None)
    assert [path for path, _ in lsports.requests] == ["/package/deactivate"]


def test_an_old_proposal_counts_no_more(package: Package, olga: Client, otto: Client, lsports: LSports):
    press(olga, package)
    Package.objects.update(off_proposed_at=timezone.now() - timedelta(minutes=16))
    assert press(otto, package) == [("warning", AGREE)]
    assert lsports.requests == []


def test_many_at_once_need_a_second_operator_too(package: Package, olga: Client, lsports: LSports):
    chosen = {"action": "deactivate_selected", "_selected_action": [package.pk], "confirmed": "yes"}
    olga.post(LIST, chosen)
    assert lsports.requests == []


def test_one_person_does_not_delete_what_is_in_play_either(package: Package, lsports: LSports):
    make_user("administrator", username="anna", is_superuser=True)
    anna = signed_in("anna")
    assert "deletelink" not in anna.get(f"{LIST}{package.pk}/change/").content.decode()
    assert anna.post(f"{LIST}{package.pk}/delete/", {"post": "yes"}).status_code == 403
    anna.post(LIST, {"action": "delete_selected", "_selected_action": [package.pk], "post": "yes"})
    assert Package.objects.exists()
    Package.objects.update(state="inactive")
    anna.post(f"{LIST}{package.pk}/delete/", {"post": "yes"})
    assert not Package.objects.exists()


@pytest.mark.parametrize(
    "changed", [{"package_id": "124"}, {"product": "trade_in_play", "new_password": "another one"}], ids=str
)
def test_one_person_does_not_make_another_package_of_it(package: Package, lsports: LSports, changed: dict[str, str]):
    make_user("administrator", username="anna", is_superuser=True)
    answer = signed_in("anna").post(f"{LIST}{package.pk}/change/", fields(api_base=package.api_base) | changed)
    assert HELD in answer.content.decode()
    stored = Package.objects.get()
    assert (stored.product, stored.package_id, stored.state) == ("hyper", 123, "active")


def test_a_command_is_nobody_of_two(package: Package, lsports: LSports):
    outcome = deactivate(package, CRON)
    assert (outcome.kind, outcome.sentence) == (Kind.REFUSED, BY_ONE)
    assert lsports.requests == []


def test_what_is_not_in_play_needs_one(package: Package, olga: Client, lsports: LSports):
    Fixture.objects.all().delete()
    press(olga, package)
    assert Package.objects.get().state == "inactive"


def test_without_the_setting_one_operator_is_enough(package: Package, olga: Client, settings: Any):
    settings.TWO_PEOPLE_DEACTIVATE = False
    press(olga, package)
    assert Package.objects.get().state == "inactive"


def test_it_comes_back_at_the_time_that_was_chosen(package: Package, olga: Client, settings: Any, lsports: LSports):
    settings.TWO_PEOPLE_DEACTIVATE = False
    press(olga, package, minutes_off="30")
    stored = Package.objects.get()
    assert stored.reactivate_at is not None
    assert timedelta(minutes=29) < stored.reactivate_at - timezone.now() <= timedelta(minutes=30)
    page = olga.get(f"{LIST}{package.pk}/change/").content.decode()
    assert "Will be activated again automatically at" in page
    assert "Undo: activate again" in page
    list(check_packages())
    assert Package.objects.get().state == "inactive"
    Package.objects.update(reactivate_at=timezone.now())
    lines = list(check_packages())
    assert (
        "The time for which North was deactivated is over. LSports: Package activation completed successfully." in lines
    )
    stored = Package.objects.get()
    assert (stored.state, stored.is_wanted, stored.reactivate_at) == ("active", True, None)


def test_a_deactivation_that_failed_sets_no_time(package: Package, olga: Client, settings: Any, lsports: LSports):
    settings.TWO_PEOPLE_DEACTIVATE = False
    lsports.answers["deactivate"] = (400, {"error": "no"})
    press(olga, package, minutes_off="30")
    assert Package.objects.get().reactivate_at is None


def test_only_the_times_of_the_page_are_taken(package: Package, olga: Client, settings: Any):
    settings.TWO_PEOPLE_DEACTIVATE = False
    press(olga, package, minutes_off="99999999999")
    stored = Package.objects.get()
    assert (stored.state, stored.reactivate_at) == ("inactive", None)


def test_a_command_demands_yes_before_it_cuts_what_is_in_play(package: Package, settings: Any, lsports: LSports):
    settings.TWO_PEOPLE_DEACTIVATE = False
    with pytest.raises(CommandError) as refused:
        call_command("package", "deactivate", "123")
    assert refused.value.returncode == 2
    assert str(refused.value) == (
        "North (Hyper Livescore 123) feeds 1 in play (A v B). Add --yes to deactivate it all the same."
    )
    assert lsports.requests == []
    output = StringIO()
    call_command("package", "deactivate", "123", "--yes", "--back-in", "20", stdout=output)
    assert output.getvalue() == "LSports: Package deactivation completed successfully.\n"
    assert Package.objects.get().reactivate_at is not None
