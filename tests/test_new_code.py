"""Before what is dangerous at packages and phones the second factor is asked for again; nothing is done without it."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from feed.models import FeedSource
from packages_admin.models import Package, PackageCall

from .packages import PASSWORD, make_package, make_user, signed_in
from .test_package_admin import LIST, fields
from .test_sessions import later
from .test_sign_in import set_up_phone

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Client:
    """An operator whose code is twenty minutes old."""
    settings.OPERATOR_TOTP_REQUIRED = True
    make_user("operator")
    return with_an_old_code("operator", monkeypatch)


def with_an_old_code(name: str, monkeypatch: pytest.MonkeyPatch, hours: float = 20 / 60) -> Client:
    browser = signed_in(name)
    set_up_phone(browser)
    later(monkeypatch, hours)
    return browser


def test_a_package_is_shown_to_read_and_leads_to_the_code(operator: Client):
    package = make_package()
    page = operator.get(f"{LIST}{package.pk}/change/").content.decode()
    assert f"/admin/code/?next={LIST}{package.pk}/change/" in page
    assert 'name="new_password"' not in page


def test_with_a_new_code_it_is_shown_to_change(settings: Any):
    settings.OPERATOR_TOTP_REQUIRED = True
    make_user("operator")
    browser = signed_in()
    set_up_phone(browser)
    package = make_package()
    page = browser.get(f"{LIST}{package.pk}/change/").content.decode()
    assert 'name="new_password"' in page
    assert "/admin/code/?next=" not in page


def test_credentials_and_addresses_are_not_changed_with_an_old_code(settings: Any, monkeypatch: pytest.MonkeyPatch):
    settings.OPERATOR_TOTP_REQUIRED = True
    make_user("operator")
    browser = with_an_old_code("operator", monkeypatch, hours=1)
    package = make_package()
    given = fields(user_name="else", new_password=PASSWORD)
    assert browser.post(f"{LIST}{package.pk}/change/", given).status_code == 403
    assert Package.objects.get().user_name == "ops"


def test_what_was_typed_in_meanwhile_is_not_lost(operator: Client):
    package = make_package()
    given = fields(user_name="else", new_password=PASSWORD)
    assert operator.post(f"{LIST}{package.pk}/change/", given).status_code == 302
    assert Package.objects.get().user_name == "else"


def test_a_new_package_wants_a_new_code(operator: Client):
    assert operator.get(f"{LIST}add/").headers["Location"] == f"/admin/code/?next={LIST}add/"


def test_deactivating_wants_a_new_code_by_button_and_by_list(operator: Client):
    package = make_package()
    change = f"{LIST}{package.pk}/change/"
    assert operator.post(f"{LIST}{package.pk}/deactivate/").headers["Location"] == f"/admin/code/?next={change}"
    chosen = {"action": "deactivate_selected", "_selected_action": package.pk}
    assert operator.post(LIST, chosen).headers["Location"] == f"/admin/code/?next={LIST}"
    assert not PackageCall.objects.exists()


def test_a_confirmation_that_comes_an_hour_later_deactivates_nothing(settings: Any, monkeypatch: pytest.MonkeyPatch):
    settings.OPERATOR_TOTP_REQUIRED = True
    make_user("operator")
    browser = with_an_old_code("operator", monkeypatch, hours=1)
    package = make_package()
    assert browser.post(f"{LIST}{package.pk}/deactivate/", {"confirmed": "1"}).status_code == 302
    assert not PackageCall.objects.exists()


def test_reading_the_status_wants_none(operator: Client):
    package = make_package(api_base="https://127.0.0.1:1", connect_seconds=1)
    operator.post(f"{LIST}{package.pk}/status/")
    assert PackageCall.objects.get().action == "status"


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("/admin/otp_totp/totpdevice/{phone}/delete/", {"post": "yes"}),
        ("/admin/auth/user/", {"action": "unlock", "_selected_action": "{user}"}),
        ("/admin/auth/user/{user}/password/", {"password1": "a long horse 77", "password2": "a long horse 77"}),
    ],
)
def test_phones_and_locks_of_others_want_a_new_code(
    path: str, data: dict[str, str], settings: Any, monkeypatch: pytest.MonkeyPatch
):
    settings.OPERATOR_TOTP_REQUIRED = True
    user = make_user("operator")
    set_up_phone(signed_in())
    phone = user.totpdevice_set.get()
    make_user("administrator")
    browser = with_an_old_code("administrator", monkeypatch, hours=1)
    names = {"phone": phone.pk, "user": user.pk}
    answer = browser.post(path.format(**names), {name: text.format(**names) for name, text in data.items()})
    assert answer.headers["Location"].startswith("/admin/code/?next=")
    assert user.totpdevice_set.exists()


@pytest.mark.parametrize(
    ("role", "path", "data"),
    [
        ("administrator", "/admin/feed/subscribertoken/add/", {"name": "x"}),
        ("operator", "/admin/alarms/destination/add/", {"name": "x"}),
        ("administrator", "/admin/webhooks/webhook/add/", {"name": "x"}),
        ("operator", "/admin/feed/feedsource/", {"action": "expect_nothing", "_selected_action": "{source}"}),
        ("operator", LIST + "{package}/at_lsports/", {"button": "order", "call": "cancel_leagues", "sport": "1"}),
    ],
)
def test_keys_alarms_and_an_end_of_a_feed_want_a_new_code(
    role: str, path: str, data: dict[str, str], settings: Any, monkeypatch: pytest.MonkeyPatch
):
    settings.OPERATOR_TOTP_REQUIRED = True
    user = make_user(role)
    user.user_permissions.set(Permission.objects.filter(codename__in=["expect_feedsource", "order_package"]))
    browser = with_an_old_code(role, monkeypatch, hours=1)
    source, package = FeedSource.objects.create(name="old", kind="queue"), make_package("trade_in_play")
    names = {"source": source.pk, "package": package.pk}
    answer = browser.post(path.format(**names), {name: text.format(**names) for name, text in data.items()})
    assert answer.headers["Location"].startswith("/admin/code/?next=")
    assert not FeedSource.objects.exclude(off_since=None).exists()


def test_a_refused_request_is_a_security_event(caplog: pytest.LogCaptureFixture):
    make_user("trader")
    with caplog.at_level("INFO", logger="security"):
        signed_in("trader").get("/admin/auth/user/?q=x")
    assert 'event="access.refused" user="trader" address="127.0.0.1" how="GET" what="/admin/auth/user/"' in caplog.text
