"""Packages in the admin: buttons, bulk actions, the question before deactivating, the record of calls."""

import re
import threading
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.utils import timezone

from feed.models import FeedSource, Fixture, WebProcess
from packages_admin.models import Package, PackageCall, QueueReading
from tests.polling import poll

from .packages import LSports, make_package, make_user, signed_in

pytestmark = pytest.mark.django_db

LIST = "/admin/packages_admin/package/"
CALLS = "/admin/packages_admin/packagecall/"


@pytest.fixture
def operator() -> Client:
    make_user("operator")
    return signed_in("operator")


def messages_of(answer: Any) -> list[tuple[str, str]]:
    """The messages that an answer leaves for the next page: (level, text)."""
    return [(message.level_tag, message.message) for message in get_messages(answer.wsgi_request)]


def fields(**changed: Any) -> dict[str, Any]:
    return {
        "name": "North",
        "product": "hyper",
        "package_id": 123,
        "user_name": "ops",
        "queue_name": "_{id}_",
        "connect_seconds": 5,
        "answer_seconds": 20,
        "reactivations_per_hour": 3,
        **changed,
    }


@pytest.mark.parametrize(
    ("action", "path", "sentence"),
    [
        ("activate", "/package/activate", "LSports: Package activation completed successfully."),
        ("status", "/package/status", "LSports: the package is active."),
        ("snapshot", "/snapshots/trigger", "LSports: Livescore snapshot request sent successfully."),
    ],
)
def test_a_button_asks_lsports_and_tells_what_came_of_it(
    action: str, path: str, sentence: str, operator: Client, lsports: LSports
):
    package = make_package(api_base=lsports.url)
    answer = operator.post(f"{LIST}{package.pk}/{action}/")
    assert (answer.status_code, answer.url) == (302, f"{LIST}{package.pk}/change/")
    assert messages_of(answer) == [("success", f"North: {sentence}")]
    assert [path for path, _ in lsports.requests] == [path]
    call = PackageCall.objects.get()
    assert (call.origin, call.actor_name, call.actor.username) == ("admin", "operator", "operator")


def test_a_refusal_is_an_error_and_haste_a_warning(operator: Client, lsports: LSports):
    lsports.answers["activate"] = (400, {"error": "Username is required"})
    package = make_package(api_base=lsports.url)
    answer = operator.post(f"{LIST}{package.pk}/activate/")
    assert messages_of(answer) == [("error", "North: LSports refused: Username is required.")]
    Package.objects.update(call_lease_until=timezone.now() + timedelta(minutes=1), call_lease_holder="x")
    answer = operator.post(f"{LIST}{package.pk}/status/")
    assert ("warning", "North: Another call for this package is under way; try again in a moment.") in messages_of(
        answer
    )


@pytest.mark.parametrize("action", ["activate", "deactivate", "status", "snapshot"])
def test_a_button_takes_neither_get_nor_a_post_without_its_token(action: str, lsports: LSports):
    make_user("operator")
    package = make_package(api_base=lsports.url)
    strict = signed_in("operator", enforce_csrf_checks=True)
    assert strict.get(f"{LIST}{package.pk}/{action}/").status_code == 405
    assert strict.post(f"{LIST}{package.pk}/{action}/", {"confirmed": "yes"}).status_code == 403
    assert lsports.requests == []


@pytest.mark.parametrize(
    ("action", "permission"),
    [
        ("activate", "activate_package"),
        ("deactivate", "deactivate_package"),
        ("status", "refresh_package"),
        ("snapshot", "snapshot_package"),
    ],
)
def test_a_button_needs_its_own_permission(action: str, permission: str, lsports: LSports):
    make_user("operator", without=permission)
    package = make_package(api_base=lsports.url)
    browser = signed_in("operator")
    assert browser.post(f"{LIST}{package.pk}/{action}/", {"confirmed": "yes"}).status_code == 403
    page = browser.get(f"{LIST}{package.pk}/change/").content.decode()
    assert f"/{action}/" not in page
    bulk = {"status": "refresh"}.get(action, action) + "_selected"
    browser.post(LIST, {"action": bulk, "_selected_action": [package.pk], "confirmed": "yes"})
    assert f'value="{bulk}"' not in browser.get(LIST).content.decode()
    assert lsports.requests == []
    assert PackageCall.objects.count() == 0


def test_deactivating_asks_first_and_says_what_it_cuts(operator: Client, lsports: LSports):
    package = make_package(api_base=lsports.url)
    source = FeedSource.objects.get(pk=package.source_ids()[1])
    for number, name in enumerate(["A v B", "C v D", "E v F", "G v H", "Over v Done"]):
        Fixture.objects.create(pk=number, name=name, status=3 if "Over" in name else 2, source=source)
    page = operator.post(f"{LIST}{package.pk}/deactivate/").content.decode()
    assert "4 fixtures in play" in page
    assert "A v B, C v D, E v F …" in page
    assert "Connected now: 0 pages, 0 programs." in page
    assert lsports.requests == []
    answer = operator.post(f"{LIST}{package.pk}/deactivate/", {"confirmed": "yes"})
    assert messages_of(answer) == [("success", "North: LSports: Package deactivation completed successfully.")]


def test_the_question_says_who_is_connected_to_any_web_process(operator: Client):
    now = timezone.now()
    for name, pages, programs in (("a", 5, 1), ("b", 7, 0)):
        WebProcess.objects.create(id=name, started_at=now, seen_at=now, pages=pages, programs=programs)
    page = operator.post(f"{LIST}{make_package().pk}/deactivate/").content.decode()
    assert "Connected now: 12 pages, 1 program." in page
    assert "No fixture in play" in page


def several(lsports: LSports, names: str) -> list[int]:
    """The keys of packages with these names, and the ids 1, 2, 3 ..."""
    return [make_package(name=name, package_id=number, api_base=lsports.url).pk for number, name in enumerate(names, 1)]


def seconds_left_out(text: str) -> str:
    return re.sub(r" \(\d+\.\d s\)", "", text)


@pytest.mark.django_db(transaction=True)
def test_bulk_actions_ask_for_each_package_and_say_how_long_it_took(operator: Client, lsports: LSports):
    chosen = several(lsports, "abc")
    answer = operator.post(LIST, {"action": "activate_selected", "_selected_action": chosen[:2]})
    sentence = "LSports: Package activation completed successfully."
    assert re.fullmatch(r"a \(\d\.\d s\): .*", messages_of(answer)[0][1])
    assert [seconds_left_out(text) for _, text in messages_of(answer)] == [f"a: {sentence}", f"b: {sentence}"]
    assert sorted(body["packageId"] for _, body in lsports.requests) == [1, 2]


@pytest.mark.django_db(transaction=True)
def test_packages_are_asked_side_by_side(operator: Client, lsports: LSports, monkeypatch: pytest.MonkeyPatch):
    """None is answered before all have been asked."""
    together = threading.Barrier(3)
    answer = lsports.answer

    def wait_for_all(path: str, body: dict[str, Any]) -> tuple[int, Any]:
        together.wait(10)
        return answer(path, body)

    monkeypatch.setattr(lsports, "answer", wait_for_all)
    sent = operator.post(LIST, {"action": "refresh_selected", "_selected_action": several(lsports, "abc")})
    assert [level for level, _ in messages_of(sent)] == ["success"] * 3


@pytest.mark.django_db(transaction=True)
def test_a_page_waits_for_slow_calls_no_longer_than_a_proxy_does(
    operator: Client, lsports: LSports, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("packages_admin.side_by_side.WAIT_SECONDS", 0.2)
    monkeypatch.setattr("packages_admin.side_by_side.AT_ONCE", 1)
    lsports.gate = threading.Event()
    answer = operator.post(LIST, {"action": "refresh_selected", "_selected_action": several(lsports, "ab")})
    assert [seconds_left_out(text) for _, text in messages_of(answer)] == [
        "a: No answer after 0 s. It goes on: the record of calls says how it ends.",
        "b: The calls before it took too long. Nothing was sent: ask again.",
    ]
    lsports.gate.set()
    poll(lambda: PackageCall.objects.filter(ok=True).exists())
    assert len(lsports.requests) == 1


@pytest.mark.django_db(transaction=True)
def test_deactivating_many_asks_first(operator: Client, lsports: LSports):
    chosen = several(lsports, "ab")
    question = operator.post(LIST, {"action": "deactivate_selected", "_selected_action": chosen})
    assert question.status_code == 200
    assert lsports.requests == []
    sent = {"action": "deactivate_selected", "_selected_action": chosen, "confirmed": "yes"}
    assert {name in question.content.decode() for name in sent} == {True}
    operator.post(LIST, sent)
    assert [path for path, _ in lsports.requests] == ["/package/deactivate"] * 2


def test_the_list_shows_state_and_last_outcome_with_their_age(operator: Client, lsports: LSports):
    package = make_package(api_base=lsports.url)
    operator.post(f"{LIST}{package.pk}/activate/")
    QueueReading.objects.note(package.link_sources()[0], timezone.now(), 30_000, None, None)
    page = operator.get(LIST).content.decode()
    assert '<span class="state good">active</span>' in page
    assert "since 0 s ago, checked 0 s ago" in page
    assert "LSports: Package activation completed successfully." in page
    assert "0 s ago by operator" in page
    assert "30,000 of 50,000 (60 %)" in page


@pytest.mark.parametrize(("is_wanted", "css_class"), [(True, "state bad"), (False, "state ")])
def test_only_a_package_that_we_want_on_is_a_fault_when_it_is_off(operator: Client, is_wanted: bool, css_class: str):
    package = make_package(state="inactive", is_wanted=is_wanted)
    for path in ("/admin/", LIST, f"{LIST}{package.pk}/facts/"):
        assert f'<span class="{css_class}">inactive</span>' in operator.get(path).content.decode()


def test_after_a_snapshot_the_page_counts_what_came(operator: Client, lsports: LSports):
    package = make_package(api_base=lsports.url)
    source = FeedSource.objects.get(pk=package.source_ids()[0])
    before = timezone.now() - timedelta(minutes=1)
    Fixture.objects.create(pk=1, status=1, source=source, received_at=before)
    assert "Since the snapshot" not in operator.get(f"{LIST}{package.pk}/facts/").content.decode()
    operator.post(f"{LIST}{package.pk}/snapshot/")
    Fixture.objects.create(pk=2, status=1, source=source, received_at=timezone.now())
    Fixture.objects.create(pk=3, status=2, source=source, received_at=timezone.now())
    page = operator.get(f"{LIST}{package.pk}/facts/").content.decode()
    assert "2 fixtures new or changed" in page
    assert "1 not started." in page


def test_who_may_only_look_sees_neither_buttons_nor_a_password_field():
    make_user("administrator")
    package = make_package()
    page = signed_in("administrator").get(f"{LIST}{package.pk}/change/").content.decode()
    assert "Refresh the status" not in page
    assert "new_password" not in page
    assert "ops" in page


def test_the_list_asks_the_database_no_more_for_more_calls(operator: Client, django_assert_max_num_queries: Any):
    package = make_package()
    for number in range(30):
        PackageCall.objects.create(
            package=package,
            package_name="n",
            action="status",
            actor_name=f"a{number}",
            origin="admin",
            asked_at=timezone.now(),
        )
    with django_assert_max_num_queries(14):
        operator.get(LIST)
    with django_assert_max_num_queries(22):
        operator.get(f"{LIST}{package.pk}/change/")


def test_the_index_shows_how_packages_and_feeds_stand(operator: Client):
    make_package(state="active", state_since=timezone.now(), state_asked_at=timezone.now())
    page = operator.get("/admin/").content.decode()
    assert '<span class="state good">active</span> at LSports' in page
    assert "No consumer has run for this feed yet." in page
