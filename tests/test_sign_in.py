"""Signing in and out, locking out, the demo's doors, and the second factor."""

import re
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, User
from django.core.serializers import serialize
from django.test import Client
from django_otp.oath import totp
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts import trials
from accounts.models import PhoneKey
from accounts.phones import Phone, digest_of
from livescore_site.second_factor import typed

from .packages import make_user, signed_in

seal = import_module("accounts.migrations.0005_sealed").seal
pytestmark = pytest.mark.django_db
RIGHT = {"username": "operator", "password": "open sesame 77"}


def test_a_stranger_is_sent_to_the_one_sign_in_page_and_back():
    make_user("operator")
    browser = Client()
    answer = browser.get("/admin/packages_admin/package/?q=a", follow=True)
    assert answer.status_code == 200
    page, _ = answer.redirect_chain[-1]
    assert page == "/sign_in/?next=/admin/packages_admin/package/%3Fq%3Da"
    answer = browser.post(page, {**RIGHT, "next": "/admin/packages_admin/package/?q=a"})
    assert answer.url == "/admin/packages_admin/package/?q=a"


def test_without_a_wish_one_comes_to_the_board():
    make_user("trader")
    assert Client().post("/sign_in/", {**RIGHT, "username": "trader"}).url == "/"


def test_a_sign_in_does_not_send_on_to_another_site():
    make_user("operator")
    assert Client().post("/sign_in/", {**RIGHT, "next": "https://evil.example.test/"}).url == "/"


def test_a_wrong_password_is_told_without_saying_which_part_was_wrong():
    make_user("operator")
    pages = [
        Client().post("/sign_in/", {"username": name, "password": "no"}).content.decode() for name in ("operator", "x")
    ]
    assert all("The user name and password do not match." in page for page in pages)


def test_signing_out_is_a_post_and_ends_the_session():
    make_user("operator")
    browser = signed_in()
    assert browser.get("/sign_out/").status_code == 405
    assert browser.get("/admin/").status_code == 200
    assert browser.post("/sign_out/").url == "/sign_in/"
    assert browser.get("/admin/").status_code == 302


def test_signing_in_needs_its_token():
    make_user("operator")
    assert Client(enforce_csrf_checks=True).post("/sign_in/", RIGHT).status_code == 403


@pytest.mark.parametrize("role", ["trader", "operator", "administrator"])
def test_the_demo_has_a_door_for_each_role(role: str, settings: Any):
    make_user("trader", username="someone")
    settings.DEMO_SIGN_IN = True
    browser = Client()
    assert f'value="{role}"' in browser.get("/sign_in/").content.decode()
    assert browser.post("/sign_in/demo/", {"role": role}).url == "/"
    made = User.objects.get(username=f"demo-{role}")
    assert not made.has_usable_password()
    assert role in [group.name for group in made.groups.all()]
    assert browser.get("/admin/").status_code == (403 if role == "trader" else 200)


@pytest.mark.parametrize(
    ("is_on", "address", "role"),
    [(False, "127.0.0.1", "operator"), (True, "192.0.2.1", "operator"), (True, "127.0.0.1", "superuser")],
)
def test_the_demo_doors_are_shut_otherwise(is_on: bool, address: str, role: str, settings: Any):
    settings.DEMO_SIGN_IN = is_on
    browser = Client(REMOTE_ADDR=address)
    assert browser.post("/sign_in/demo/", {"role": role}).status_code == 404
    assert ("This is the demo" in browser.get("/sign_in/").content.decode()) is (is_on and address == "127.0.0.1")
    assert not User.objects.exists()


# The second factor.


@pytest.fixture
def demanded(settings: Any) -> None:
    settings.OPERATOR_TOTP_REQUIRED = True
    settings.OTP_TOTP_THROTTLE_FACTOR = settings.OTP_STATIC_THROTTLE_FACTOR = 0


def phone_code(device: Phone, steps: int = 0) -> str:
    """What the phone shows now, or some half minutes on."""
    return f"{totp(device.bin_key, drift=steps):06d}"


def set_up_phone(browser: Client) -> list[str]:
    """Set up a phone as its user would; the recovery codes."""
    browser.post("/admin/enrol/", {"start": "1"})
    device = Phone.objects.get(confirmed=False)
    page = browser.post("/admin/enrol/", {"code": phone_code(device)}).content.decode()
    return re.findall(r"<li>([a-z2-7 ]{29})</li>", page)


def test_without_a_phone_an_operator_is_led_to_set_one_up(demanded: None):
    make_user("operator")
    browser = signed_in()
    assert browser.get("/admin/packages_admin/package/").url == "/admin/enrol/?next=/admin/packages_admin/package/"
    assert not Phone.objects.exists()
    assert "Set up a phone" in browser.get("/admin/enrol/").content.decode()
    browser.post("/admin/enrol/", {"start": "1"})
    page = browser.get("/admin/enrol/").content.decode()
    assert 'src="data:image/svg+xml;base64,' in page
    assert "That is not the code." in browser.post("/admin/enrol/", {"code": "000000"}).content.decode()
    assert browser.get("/admin/").status_code == 302
    device = Phone.objects.get()
    browser.post("/admin/enrol/", {"code": phone_code(device)})
    assert browser.get("/admin/").status_code == 200


def test_a_new_session_is_asked_for_the_code(demanded: None):
    make_user("operator")
    set_up_phone(signed_in())
    browser = signed_in()
    assert browser.get("/admin/").url == "/admin/code/?next=/admin/"
    assert "That is not the code." in browser.post("/admin/code/", {"code": "000000"}).content.decode()
    answer = browser.post("/admin/code/?next=/admin/feed/", {"code": phone_code(Phone.objects.get(), 1)})
    assert answer.url == "/admin/feed/"
    assert browser.get("/admin/").status_code == 200


def test_a_code_is_taken_once(demanded: None):
    make_user("operator")
    set_up_phone(signed_in())
    code = phone_code(Phone.objects.get(), 1)
    assert signed_in().post("/admin/code/", {"code": code}).status_code == 302
    assert signed_in().post("/admin/code/", {"code": code}).status_code == 200


def test_a_recovery_code_opens_once(demanded: None):
    make_user("operator")
    codes = set_up_phone(signed_in())
    assert len(codes) == 8
    assert signed_in().post("/admin/code/", {"code": codes[0].upper()}).status_code == 302
    assert "That is not the code." in signed_in().post("/admin/code/", {"code": codes[0]}).content.decode()
    assert StaticToken.objects.count() == 7


def test_a_recovery_code_has_more_than_112_bits(demanded: None):
    make_user("operator")
    codes = set_up_phone(signed_in())
    assert [len(typed(code)) * 5 for code in codes] == [120] * 8
    assert len(set(codes)) == 8


def test_a_stolen_password_does_not_replace_the_phone(demanded: None):
    make_user("operator")
    set_up_phone(signed_in())
    thief = signed_in()
    assert thief.get("/admin/enrol/").status_code == 403
    assert thief.post("/admin/enrol/", {"start": "1"}).status_code == 403
    assert Phone.objects.count() == 1


def test_a_new_phone_ends_the_old_one_and_its_recovery_codes(demanded: None):
    make_user("operator")
    browser = signed_in()
    old = set_up_phone(browser)
    first = Phone.objects.get()
    new = set_up_phone(browser)
    assert Phone.objects.get() != first
    assert not set(old) & set(new)
    assert set(StaticToken.objects.values_list("token", flat=True)) == {
        digest_of(typed(code), first.user_id) for code in new
    }


def test_wrong_codes_slow_the_next_one_down(demanded: None, settings: Any):
    settings.OTP_TOTP_THROTTLE_FACTOR = 60
    make_user("operator")
    set_up_phone(signed_in())
    browser = signed_in()
    for _ in range(2):
        browser.post("/admin/code/", {"code": "000000"})
    right = browser.post("/admin/code/", {"code": phone_code(Phone.objects.get(), 1)})
    assert right.status_code == 200


def test_no_more_than_five_codes_are_tried_of_whichever_kind(demanded: None):
    user = make_user("operator")
    recovery = set_up_phone(signed_in())
    wrong = ["000000", "aaaaaaaa", "000001", "aaaaaaab", "000002", "aaaaaaac"]
    browsers = [signed_in() for _ in wrong]
    tried = [browser.post("/admin/code/", {"code": code}) for browser, code in zip(browsers, wrong, strict=True)]
    assert [answer.status_code for answer in tried] == [200] * 5 + [429]
    assert "wait a quarter of an hour" in tried[-1].content.decode()
    for right in (phone_code(Phone.objects.get(), 1), recovery[0]):
        assert signed_in().post("/admin/code/", {"code": right}).status_code == 429
    trials.forget(user)
    assert signed_in().post("/admin/code/", {"code": recovery[0]}).status_code == 302


def test_a_wrong_code_does_not_come_back_with_the_page(demanded: None):
    make_user("operator")
    code = set_up_phone(signed_in())[0]
    assert code not in signed_in().post("/admin/code/", {"code": f"{code}x"}).content.decode()


def test_right_codes_do_not_count(demanded: None):
    make_user("operator")
    codes = set_up_phone(signed_in())
    assert [signed_in().post("/admin/code/", {"code": code}).status_code for code in codes] == [302] * 8


def test_after_the_code_nobody_is_sent_to_another_site(demanded: None):
    make_user("operator")
    set_up_phone(signed_in())
    code = phone_code(Phone.objects.get(), 1)
    assert signed_in().post("/admin/code/?next=https://evil.example.test/", {"code": code}).url == "/admin/"


def test_a_trader_has_nothing_to_do_there(demanded: None):
    make_user("trader")
    browser = signed_in("trader")
    assert browser.get("/").status_code == 200
    for path in ("/admin/", "/admin/code/", "/admin/enrol/"):
        assert browser.get(path).status_code == 403


def test_where_it_is_not_demanded_a_password_is_enough(settings: Any):
    settings.OPERATOR_TOTP_REQUIRED = False
    make_user("operator")
    assert signed_in().get("/admin/").status_code == 200
    assert Group.objects.count() == 3


def test_everybody_changes_their_own_password():
    make_user("trader")
    browser = signed_in("trader")
    given = {"old_password": "open sesame 77", "new_password1": "a long horse 77", "new_password2": "a long horse 77"}
    assert (
        "too short"
        in browser.post("/password/", {**given, "new_password1": "a", "new_password2": "a"}).content.decode()
    )
    assert "Your password is changed" in browser.post("/password/", given, follow=True).content.decode()
    assert Client().login(username="trader", password="a long horse 77")
    assert browser.get("/").status_code == 200


def test_neither_phones_keys_nor_recovery_codes_stand_in_the_database(demanded: None):
    make_user("operator")
    codes = set_up_phone(signed_in())
    key = Phone.objects.get().bin_key.hex()
    stored = serialize("json", [*TOTPDevice.objects.all(), *PhoneKey.objects.all(), *StaticToken.objects.all()])
    assert [secret for secret in [key, *codes] if secret in stored] == []


def test_phones_from_before_are_sealed_and_still_open(demanded: None):
    user = make_user("operator")
    old = TOTPDevice.objects.create(user=user, name="phone")
    token = StaticDevice.objects.create(user=user, name="recovery codes").token_set.create(token="abcdefgh")
    key = old.key
    seal(apps, None)
    old.refresh_from_db()
    token.refresh_from_db()
    assert (Phone.objects.get().bin_key.hex(), old.key != key) == (key, True)
    assert token.token == digest_of("abcdefgh", user.pk)
    assert signed_in().post("/admin/code/", {"code": phone_code(Phone.objects.get())}).status_code == 302
    assert signed_in().post("/admin/code/", {"code": "abcdefgh"}).status_code == 302
