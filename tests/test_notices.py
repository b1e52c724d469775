"""A person is told when their password or phone was changed: at the next sign-in, and by e-mail where that is set."""

from typing import Any

import pytest
from django.core import mail
from django.test import Client

from accounts.models import Notice
from accounts.phones import Phone

from .packages import make_user, signed_in
from .test_sign_in import phone_code, set_up_phone

pytestmark = pytest.mark.django_db
OLD, NEW = "open sesame 77", "a long horse 77"


def change_password(browser: Client) -> None:
    browser.post("/password/", {"old_password": OLD, "new_password1": NEW, "new_password2": NEW})


def sign_in(password: str, name: str = "trader") -> tuple[Client, str]:
    """A browser that has signed in by the page, and where it was led."""
    browser = Client()
    answer = browser.post("/sign_in/", {"username": name, "password": password})
    return browser, str(answer.headers.get("Location", ""))


def test_the_next_sign_in_begins_with_what_happened_to_ones_password():
    make_user("trader")
    change_password(signed_in("trader"))
    browser, led_to = sign_in(NEW)
    assert led_to == "/sessions/"
    assert "<b>Your password was changed.</b>" in browser.get("/sessions/").content.decode()
    assert sign_in(NEW)[1] == "/"
    assert "Your password was changed." in browser.get("/sessions/").content.decode()


def test_a_password_that_an_administrator_sets_is_told_as_well():
    user = make_user("trader")
    signed_in("trader")
    make_user("administrator")
    words = {"password1": NEW, "password2": NEW, "usable_password": "true", "set-password": "1"}
    signed_in("administrator").post(f"/admin/auth/user/{user.pk}/password/", words)
    assert sign_in(NEW)[1] == "/sessions/"


def test_nobody_else_is_told():
    make_user("trader")
    make_user("operator")
    change_password(signed_in("trader"))
    assert "Your password was changed." not in signed_in("operator").get("/sessions/").content.decode()


def test_a_new_account_has_nothing_to_be_told():
    make_user("trader")
    assert sign_in(OLD)[1] == "/"
    assert not Notice.objects.exists()


def test_the_notice_goes_by_mail_where_that_is_set(settings: Any):
    settings.EMAIL_HOST = "mail.example.test"
    make_user("trader", email="tina@example.test")
    change_password(signed_in("trader"))
    (sent,) = mail.outbox
    assert sent.to == ["tina@example.test"]
    assert sent.body.startswith("Your password was changed.")
    assert NEW not in sent.body


def test_without_a_mail_server_nothing_is_sent():
    make_user("trader", email="tina@example.test")
    change_password(signed_in("trader"))
    assert mail.outbox == []


def test_a_mail_server_that_fails_does_not_fail_the_change(settings: Any, caplog: pytest.LogCaptureFixture):
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    make_user("trader", email="tina@example.test")
    change_password(signed_in("trader"))
    assert "The notice to trader was not sent" in caplog.text
    assert sign_in(NEW)[1] == "/sessions/"


def test_a_new_phone_is_told():
    make_user("operator")
    browser = signed_in()
    set_up_phone(browser)
    assert Notice.objects.get().text == "Another phone was set up for your codes."
    assert "Another phone was set up" in browser.get("/sessions/").content.decode()


@pytest.mark.parametrize("path", ["otp_totp/totpdevice", "otp_static/staticdevice"])
def test_a_phone_or_codes_that_an_administrator_took_away_are_told(path: str):
    user = make_user("operator")
    set_up_phone(signed_in())
    Notice.objects.all().delete()
    make_user("administrator")
    administrator = signed_in("administrator")
    device = user.totpdevice_set.get() if "totp" in path else user.staticdevice_set.get()
    administrator.post(f"/admin/{path}/{device.pk}/delete/", {"post": "yes"})
    assert Notice.objects.get().user == user
    assert Notice.objects.get().kind == Notice.Kind.PHONE_GONE


def test_nobody_makes_or_changes_anothers_phone_in_the_admin():
    set_up_phone(signed_in(make_user("operator").username))
    root = make_user(username="root", is_superuser=True)
    browser = signed_in(root.username)
    phone = Phone.objects.get()
    assert browser.get("/admin/otp_totp/totpdevice/add/").status_code == 403
    assert browser.post(f"/admin/otp_totp/totpdevice/{phone.pk}/change/", {"name": "mine"}).status_code == 403
    page = browser.get(f"/admin/otp_totp/totpdevice/{phone.pk}/change/").content.decode()
    assert phone_code(phone) not in page
    assert phone.key not in page


def test_an_administrator_takes_no_superusers_phone():
    root = make_user(username="root", is_superuser=True)
    phone = Phone.make(root)
    make_user("administrator")
    answer = signed_in("administrator").post(f"/admin/otp_totp/totpdevice/{phone.pk}/delete/", {"post": "yes"})
    assert answer.status_code == 403
    assert Phone.objects.filter(user=root).exists()
