"""How long a session lasts, the list of one's own, and how old the second factor may be."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from accounts import code_age, sessions
from accounts.models import UserSession
from feed.live.sessions import ended

from .packages import make_user, signed_in
from .test_sign_in import set_up_phone

pytestmark = pytest.mark.django_db
HOUR = 3600


def later(monkeypatch: pytest.MonkeyPatch, hours: float) -> None:
    """It is so many hours later, for the limits and for the age of codes."""
    now = sessions.time.time()
    for module in (sessions, code_age):
        monkeypatch.setattr(module, "time", Clock(now + hours * HOUR))


class Clock:
    def __init__(self, now: float) -> None:
        self.now = now

    def time(self) -> float:
        return self.now


def expiry(browser: Client) -> Any:
    return Session.objects.get(session_key=browser.session.session_key).expire_date


def test_a_session_lasts_for_the_idle_limit():
    make_user("trader")
    browser = signed_in("trader")
    left = expiry(browser) - timezone.now()
    assert timedelta(hours=11.9) < left <= timedelta(hours=12)
    assert browser.session.get_expiry_age() == 12 * HOUR


def test_an_idle_session_signs_nobody_in():
    make_user("trader")
    browser = signed_in("trader")
    Session.objects.update(expire_date=timezone.now())
    assert browser.get("/").status_code == 302


def test_a_session_that_is_used_lasts_on(monkeypatch: pytest.MonkeyPatch):
    make_user("trader")
    browser = signed_in("trader")
    before = UserSession.objects.get().seen_at
    later(monkeypatch, 1)
    browser.get("/")
    assert UserSession.objects.get().seen_at - before >= timedelta(hours=1)


def test_no_session_outlives_the_absolute_limit(monkeypatch: pytest.MonkeyPatch):
    make_user("trader")
    browser = signed_in("trader")
    later(monkeypatch, 7 * 24 - 1)
    browser.get("/")
    assert browser.session.get_expiry_age() <= HOUR
    later(monkeypatch, 1)
    assert browser.get("/").status_code == 302


def test_one_sees_ones_own_sessions_alone_and_ends_another():
    user = make_user("trader")
    make_user("operator")
    here, there, stranger = signed_in("trader"), signed_in("trader"), signed_in("operator")
    key = there.session.session_key
    other = UserSession.objects.get(session_key=key)
    foreign = UserSession.objects.get(session_key=stranger.session.session_key)
    page = here.get("/sessions/").content.decode()
    assert f'value="{other.pk}"' in page
    assert f'value="{foreign.pk}"' not in page
    here.post("/sessions/", {"pk": foreign.pk})
    here.post("/sessions/", {"pk": other.pk})
    assert [browser.get("/").status_code for browser in (here, there, stranger)] == [200, 302, 200]
    assert ended({key: user.pk}) == {key}


def test_one_signs_out_everywhere_else():
    make_user("trader")
    browsers = [signed_in("trader") for _ in range(3)]
    browsers[0].post("/sessions/", {"others": "1"})
    assert [browser.get("/").status_code for browser in browsers] == [200, 302, 302]


@pytest.mark.parametrize("pk", ["", "x", "-1", "9" * 40, "٣"])
def test_nonsense_ends_no_session(pk: str):
    make_user("trader")
    here, there = signed_in("trader"), signed_in("trader")
    assert here.post("/sessions/", {"pk": pk}).status_code == 302
    assert there.get("/").status_code == 200


def test_an_account_that_is_closed_is_signed_out_at_once():
    user = make_user("trader")
    browser = signed_in("trader")
    assert browser.get("/").status_code == 200
    user.is_active = False
    user.save()
    assert browser.get("/").status_code == 302


def test_an_administrator_signs_somebody_out_everywhere():
    user = make_user("operator")
    make_user("administrator")
    browser = signed_in()
    signed_in("administrator").post("/admin/auth/user/", {"action": "sign_out_everywhere", "_selected_action": user.pk})
    assert browser.get("/").status_code == 302


def test_a_new_password_ends_all_other_sessions_and_changes_this_ones_key():
    make_user("trader")
    here, there = signed_in("trader"), signed_in("trader")
    before = here.session.session_key
    new = "a long horse 77"
    here.post("/password/", {"old_password": "open sesame 77", "new_password1": new, "new_password2": new})
    assert here.session.session_key != before
    assert [browser.get("/").status_code for browser in (here, there)] == [200, 302]
    assert [row.session_key for row in UserSession.objects.all()] == [here.session.session_key]


@pytest.fixture
def demanded(settings: Any) -> None:
    settings.OPERATOR_TOTP_REQUIRED = True


def test_the_code_is_asked_again_after_twelve_hours(demanded: None, monkeypatch: pytest.MonkeyPatch):
    make_user("operator")
    browser = signed_in()
    set_up_phone(browser)
    later(monkeypatch, 11.9)
    assert browser.get("/admin/").status_code == 200
    later(monkeypatch, 0.2)
    assert browser.get("/admin/").url == "/admin/code/?next=/admin/"


@pytest.mark.parametrize("path", ["/admin/auth/user/add/", "/admin/auth/group/add/", "/admin/enrol/"])
def test_what_is_dangerous_wants_a_new_code(path: str, demanded: None, monkeypatch: pytest.MonkeyPatch):
    make_user("administrator")
    browser = signed_in("administrator")
    set_up_phone(browser)
    assert browser.get(path).status_code == 200
    later(monkeypatch, 0.3)
    assert browser.get(path).url == f"/admin/code/?next={path}"
    assert browser.get("/admin/auth/user/").status_code == 200
