"""Actions: one call at a time, LSports' pauses kept, a row for each call, and what is learned from the answers."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from packages_admin import client
from packages_admin.actions import Asker, perform
from packages_admin.lease import Taken, lease
from packages_admin.models import Package, PackageCall, QueueReading
from packages_admin.outcome import Kind
from packages_admin.products import Action

from .packages import CRON, LSports, make_package, make_user, package_at


def at_once(package: Package, action: Action, asker: Asker = CRON) -> Kind:
    """Perform as if LSports' pauses were over."""
    PackageCall.objects.update(asked_at=timezone.now() - timedelta(minutes=5))
    return perform(package, action, asker).kind


@pytest.mark.django_db
def test_a_call_is_a_row_with_all_but_the_password(lsports: LSports):
    user = make_user("operator")
    package = package_at(lsports)
    outcome = perform(package, Action.ACTIVATE, Asker(origin=PackageCall.Origin.ADMIN, name="operator", user=user))
    call = PackageCall.objects.get()
    assert (call.package, call.package_name) == (package, "North (Hyper Livescore 123)")
    assert (call.actor, call.actor_name, call.origin, call.action) == (user, "operator", "admin", "activate")
    assert (call.url, call.request) == (f"{lsports.url}/package/activate", {"packageId": 123, "username": "ops"})
    assert (call.kind, call.ok, call.status_code) == ("success", True, 200)
    assert call.sentence == outcome.sentence == "LSports: Package activation completed successfully."
    assert call.answer == '{"success": true, "message": "Package activation completed successfully"}'
    assert call.attempts == 1
    assert call.duration_ms is not None
    assert timezone.now() - call.asked_at < timedelta(seconds=30)


@pytest.mark.django_db
def test_the_row_outlives_package_and_user(lsports: LSports):
    user = make_user("operator")
    package = package_at(lsports)
    perform(package, Action.STATUS, Asker(origin=PackageCall.Origin.ADMIN, name="operator", user=user))
    package.delete()
    user.delete()
    call = PackageCall.objects.get()
    assert (call.package, call.actor) == (None, None)
    assert (call.package_name, call.actor_name) == ("North (Hyper Livescore 123)", "operator")


@pytest.mark.django_db
def test_a_call_whose_process_died_has_left_its_row(lsports: LSports, monkeypatch: pytest.MonkeyPatch):
    def died(*args: object, **options: object) -> None:
        raise SystemExit

    monkeypatch.setattr("packages_admin.client.ask", died)
    with pytest.raises(SystemExit):
        perform(package_at(lsports), Action.ACTIVATE, CRON)
    call = PackageCall.objects.get()
    assert (call.action, call.kind, call.ok) == ("activate", "", None)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("product", ["hyper", "trade_in_play"])
def test_a_package_that_is_deleted_during_its_call_leaves_the_row_complete(
    product: str, either_database: str, lsports: LSports, monkeypatch: pytest.MonkeyPatch
):
    def ask_and_delete(package: Package, *args: Any, **options: Any) -> client.Reply:
        reply = ask(package, *args, **options)
        Package.objects.all().delete()
        return reply

    ask = client.ask
    monkeypatch.setattr("packages_admin.client.ask", ask_and_delete)
    assert perform(package_at(lsports, product), Action.STATUS, CRON).ok
    call = PackageCall.objects.get()
    assert (call.package, call.ok, call.sentence) == (None, True, "LSports: the package is active.")


@pytest.mark.django_db(transaction=True)
def test_whatever_lsports_answers_can_be_recorded(either_database: str, lsports: LSports):
    lsports.answers["activate"] = (400, {"error": "no\0pe " + "x" * 9000})
    perform(package_at(lsports), Action.ACTIVATE, CRON)
    call = PackageCall.objects.get()
    assert call.sentence.startswith("LSports refused: no pe xxx")
    assert len(call.answer) == 4000


@pytest.mark.django_db
def test_answers_tell_the_state_and_since_when(lsports: LSports):
    package = package_at(lsports)
    perform(package, Action.STATUS, CRON)
    package.refresh_from_db()
    first = package.state_since
    assert package.state == "active"
    assert package.is_wanted
    at_once(package, Action.STATUS)
    package.refresh_from_db()
    assert package.state_since == first
    assert package.state_asked_at is not None
    assert first is not None
    assert package.state_asked_at > first
    perform(package, Action.DEACTIVATE, CRON)
    package.refresh_from_db()
    assert package.state == "inactive"
    assert not package.is_wanted
    assert package.state_since is not None
    assert package.state_since > first


@pytest.mark.django_db
@pytest.mark.parametrize("answer", [(400, {"error": "Invalid package credentials"}), (200, b"<html>")])
def test_an_answer_that_says_nothing_of_the_state_leaves_it(lsports: LSports, answer: tuple[int, Any]):
    package = package_at(lsports)
    perform(package, Action.ACTIVATE, CRON)
    lsports.answers["deactivate"] = answer
    outcome = perform(package, Action.DEACTIVATE, CRON)
    package.refresh_from_db()
    assert not outcome.ok
    assert package.state == "active"
    assert package.last_call is not None
    assert package.last_call.sentence == outcome.sentence


@pytest.mark.django_db(transaction=True)
def test_two_calls_for_a_package_never_overlap(either_database: str, lsports: LSports):
    package = package_at(lsports)
    lsports.gate = threading.Event()
    kinds: list[Kind] = []

    def first() -> None:
        kinds.append(perform(package, Action.ACTIVATE, CRON).kind)
        connection.close()

    thread = threading.Thread(target=first)
    thread.start()
    try:
        while not lsports.requests and thread.is_alive():
            thread.join(0.01)
        second = perform(Package.objects.get(), Action.DEACTIVATE, CRON)
    finally:
        lsports.gate.set()
        thread.join(10)
    assert second.kind == Kind.BUSY
    assert second.sentence == "Another call for this package is under way; try again in a moment."
    assert kinds == [Kind.SUCCESS]
    assert [path for path, _ in lsports.requests] == ["/package/activate"]
    assert perform(Package.objects.get(), Action.DEACTIVATE, CRON).ok


@pytest.mark.django_db
def test_a_lease_that_a_crash_left_behind_runs_out():
    package = make_package()
    soon, past = timezone.now() + timedelta(seconds=60), timezone.now() - timedelta(seconds=1)
    Package.objects.update(call_lease_until=soon, call_lease_holder="dead")
    with pytest.raises(Taken), lease(package.pk, 10):
        pass
    Package.objects.update(call_lease_until=past)
    with lease(package.pk, 10):
        assert Package.objects.get().call_lease_holder not in ("", "dead")
    assert Package.objects.get().call_lease_until is None


@pytest.mark.django_db
def test_a_lease_that_ran_out_is_not_given_back_by_its_old_holder():
    package = make_package()
    with lease(package.pk, 10):
        Package.objects.update(call_lease_holder="another")
    assert Package.objects.get().call_lease_holder == "another"


@pytest.mark.django_db
def test_an_error_in_between_gives_the_lease_back(monkeypatch: pytest.MonkeyPatch):
    def broken(*args: object, **options: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("packages_admin.client.ask", broken)
    with pytest.raises(RuntimeError):
        perform(make_package(), Action.STATUS, CRON)
    assert Package.objects.get().call_lease_until is None


@pytest.mark.django_db
def test_a_distribution_status_leaves_a_reading_of_the_queue(lsports: LSports):
    package = package_at(lsports, "trade_in_play")
    perform(package, Action.STATUS, CRON)
    reading = QueueReading.objects.get()
    assert (reading.queue.package, reading.waiting, reading.per_second) == (package, 40, 2.5)
