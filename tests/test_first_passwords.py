"""A password that an administrator chose opens the desk for a short time, and only so that it is changed."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.test import Client
from django.utils import timezone

from accounts.models import FirstPassword
from accounts.unfinished import FinishedSockets

from .packages import make_user, signed_in

pytestmark = pytest.mark.django_db
GIVEN, OWN = "given by an administrator 5", "chosen by herself 9 alone"


@pytest.fixture
def administrator() -> Client:
    make_user("administrator")
    return signed_in("administrator")


@pytest.fixture
def newcomer(administrator: Client) -> User:
    """A trader whose account an administrator has made."""
    made = {"username": "nora", "usable_password": "true", "password1": GIVEN, "password2": GIVEN}
    assert administrator.post("/admin/auth/user/add/", made).status_code == 302
    user = User.objects.get(username="nora")
    user.groups.set(make_user("trader").groups.all())
    return user


def sign_in(password: str = GIVEN) -> tuple[Client, Any]:
    browser = Client()
    return browser, browser.post("/sign_in/", {"username": "nora", "password": password})


def change(browser: Client, new: str = OWN, old: str = GIVEN) -> Any:
    return browser.post("/password/", {"old_password": old, "new_password1": new, "new_password2": new})


@pytest.mark.parametrize("path", ["/", "/fixtures/7/", "/health/", "/sessions/", "/preferences/"])
def test_whoever_has_a_first_password_is_led_to_change_it(newcomer: User, path: str):
    browser, _ = sign_in()
    assert browser.get(path).url == f"/password/?next={path}"


def test_what_is_no_page_is_refused_until_then(newcomer: User):
    browser, _ = sign_in()
    answers = [browser.post("/favourites/7/"), browser.get("/filters/", headers={"HX-Request": "true"})]
    assert [answer.status_code for answer in [*answers, browser.get("/api/v1/feed/")]] == [403, 403, 401]


def test_with_a_password_of_ones_own_the_desk_opens(newcomer: User):
    browser, _ = sign_in()
    assert change(browser).url == "/password/changed/"
    assert browser.get("/").status_code == 200
    assert sign_in(OWN)[0].get("/").status_code == 200


def test_the_first_password_does_not_become_ones_own(newcomer: User):
    browser, _ = sign_in()
    assert "Choose a password other than your old one." in change(browser, new=GIVEN).content.decode()
    assert browser.get("/").status_code == 302


def test_a_password_that_an_administrator_sets_later_is_a_first_one_too(administrator: Client, newcomer: User):
    change(sign_in()[0])
    again = "another given by him 77"
    words = {"usable_password": "true", "password1": again, "password2": again}
    administrator.post(f"/admin/auth/user/{newcomer.pk}/password/", words)
    assert sign_in(again)[0].get("/").url == "/password/?next=/"


def test_it_is_taken_for_so_many_hours_and_no_longer(newcomer: User, settings: Any):
    until = FirstPassword.objects.get().until
    assert abs(until - timezone.now() - timedelta(hours=settings.FIRST_PASSWORD_HOURS)) < timedelta(minutes=1)
    FirstPassword.objects.update(until=timezone.now())
    browser, answer = sign_in()
    assert "Ask an administrator for a new one." in answer.content.decode()
    assert "_auth_user_id" not in browser.session


def test_an_administrator_changes_his_own_password_where_the_old_one_is_asked_for(administrator: Client):
    own = User.objects.get(username="administrator")
    words = {"usable_password": "true", "password1": OWN, "password2": OWN}
    ids = (f"{own.pk}", f"0{own.pk}", f"%20{own.pk}")
    for path in (*(f"/admin/auth/user/{pk}/password/" for pk in ids), "/admin/password_change/"):
        assert administrator.post(path, words).url == "/password/"
    assert User.objects.get(pk=own.pk).password == own.password


@pytest.mark.parametrize(("session", "is_nobody"), [({"password_is_first": True}, True), ({}, False)])
async def test_a_socket_is_nobodys_until_then(session: dict[str, Any], is_nobody: bool):
    seen = []

    async def inner(scope: Any, receive: Any, send: Any) -> None:
        seen.append(scope["user"])

    await FinishedSockets(inner)({"user": User(username="nora"), "session": session}, None, None)
    assert isinstance(seen[0], AnonymousUser) is is_nobody
