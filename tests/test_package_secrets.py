"""The password: sealed at rest, nowhere in the clear, readable after a rotation, and a clear error with a wrong key."""

import base64
import io
import json
import logging
import pickle
from collections.abc import Iterator

import pytest
from cryptography.fernet import Fernet
from django.contrib.admin.models import LogEntry
from django.core import serializers
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import override_settings
from django.utils import timezone
from pytest_django.fixtures import Settings

from feed.models import SubscriberToken
from packages_admin.actions import perform
from packages_admin.models import Package, PackageCall
from packages_admin.outcome import Kind
from packages_admin.products import Action
from packages_admin.secrets import SealBroken, Sealed, keys

from .packages import CRON, PASSWORD, LSports, make_package, make_user, running_lsports


def new_key() -> str:
    return Fernet.generate_key().decode()


#: As it would stand in plain text, JSON, HTML and a URL.
FORMS = (PASSWORD, json.dumps(PASSWORD)[1:-1], "&lt;77&gt;", "%3C77%3E", "wise")


def test_a_sealed_password_opens_to_what_it_was():
    assert Sealed.of(PASSWORD).reveal() == PASSWORD


@pytest.mark.parametrize("place", [0, 9, 20, 40, -20, -3])
def test_a_sealed_password_that_was_altered_does_not_open(place: int):
    sealed = bytearray(base64.urlsafe_b64decode(Sealed.of(PASSWORD).token))
    sealed[place] ^= 1
    with pytest.raises(SealBroken):
        Sealed(base64.urlsafe_b64encode(sealed).decode()).reveal()


def test_neither_text_nor_repr_of_a_sealed_password_says_anything():
    sealed = Sealed.of(PASSWORD)
    assert (str(sealed), repr(sealed), f"{sealed}") == ("(sealed)",) * 3
    assert str(Sealed("")) == "(not set)"
    assert PASSWORD.encode() not in pickle.dumps(sealed)


def test_the_first_key_seals_and_every_key_opens(settings: Settings):
    old, new = new_key(), new_key()
    settings.CREDENTIAL_KEYS = [old]
    sealed = Sealed.of(PASSWORD)
    settings.CREDENTIAL_KEYS = [new, old]
    assert sealed.reveal() == PASSWORD
    rotated = sealed.rotated()
    settings.CREDENTIAL_KEYS = [new]
    assert rotated.reveal() == PASSWORD
    with pytest.raises(SealBroken):
        sealed.reveal()
    with pytest.raises(SealBroken):
        sealed.rotated()


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ([], "CREDENTIAL_KEYS holds no key"),
        (["short"], "CREDENTIAL_KEYS: entry 1 is not a key (32 random bytes in URL-safe base64)"),
    ],
)
def test_keys_that_are_none_are_named(given: list[str], sentence: str, settings: Settings):
    settings.CREDENTIAL_KEYS = given
    with pytest.raises(ImproperlyConfigured) as refused:
        keys()
    assert str(refused.value) == sentence


@pytest.mark.django_db
def test_the_column_holds_no_plain_text():
    make_package()
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM packages_admin_package")
        row = str(cursor.fetchall())
    assert not [form for form in FORMS if form in row]


@pytest.mark.django_db
def test_plain_text_cannot_be_written_into_the_column():
    with pytest.raises(TypeError, match=r"password takes Sealed\.of"):
        Package.objects.create(name="N", product="hyper", package_id=1, user_name="u", password="plain")


@pytest.mark.django_db
def test_a_dump_carries_the_sealed_text_and_loads_again():
    make_package()
    dump = serializers.serialize("json", Package.objects.all())
    assert not [form for form in FORMS if form in dump]
    (loaded,) = serializers.deserialize("json", dump)
    loaded.save()
    assert Package.objects.get().reveal_password() == PASSWORD


@pytest.mark.django_db
def test_the_password_appears_nowhere_but_in_the_call(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
):
    """Log, error, page, repr, audit row: all that the four calls leave behind, in good times and in bad."""
    monkeypatch.setattr("packages_admin.answers.Livescore.repeat_seconds", 0)
    caplog.set_level(logging.DEBUG)
    make_user("operator")
    browser = Client()
    browser.login(username="operator", password="open sesame 77")
    with running_lsports() as lsports:
        package = make_package(api_base=lsports.url)
        lsports.answers["deactivate"] = (500, {"success": False, "message": f"no {PASSWORD}", "error": PASSWORD})
        lsports.answers["trigger"] = (200, f"<html>{PASSWORD}</html>".encode())
        seen = list(pressed(browser, package, lsports))
    pages = ("change/", "facts/", "history/")
    for path in ("package/", "packagecall/", *(f"package/{package.pk}/{page}" for page in pages)):
        seen.append(browser.get(f"/admin/packages_admin/{path}").content.decode())
    for call in PackageCall.objects.all():
        seen.append(browser.get(f"/admin/packages_admin/packagecall/{call.pk}/change/").content.decode())
    assert "Password" in seen[-len(lsports.requests) - 1], "the history says that it was changed"
    seen += [browser.get(path).content.decode() for path in ("/", "/health/", "/admin/")]
    token = SubscriberToken(name="program", made_at=timezone.now())
    secret = token.new_secret()
    token.save()
    rest = Client(headers={"authorization": f"Bearer {secret}"})
    answers = [rest.get(path) for path in ("/api/v1/feed/", "/api/v1/fixtures/")]
    assert [answer.status_code for answer in answers] == [200, 200]
    seen += [answer.content.decode() for answer in answers]
    export = browser.get("/admin/packages_admin/packagecall/export/")
    seen.append(b"".join(export.streaming_content).decode())
    seen += [repr(Package.objects.get().__dict__), repr(package), str(package), str(list(PackageCall.objects.values()))]
    seen += [caplog.text, str(list(LogEntry.objects.values()))]
    assert [body["password"] for _, body in lsports.requests] == [PASSWORD] * len(lsports.requests)
    assert len(lsports.requests) >= 4
    for form in FORMS:
        assert form not in "\n".join(seen)


def pressed(browser: Client, package: Package, lsports: LSports) -> Iterator[str]:
    """The pages after each button, and after saving the form with a new password."""
    for action in Action:
        path = f"/admin/packages_admin/package/{package.pk}/{action}/"
        yield browser.post(path, {"confirmed": "yes"}, follow=True).content.decode()
    fields = {"name": "North", "product": "hyper", "package_id": 123, "user_name": "ops", "new_password": PASSWORD}
    rest = {"queue_name": "_{id}_", "connect_seconds": 5, "answer_seconds": 20, "reactivations_per_hour": 3}
    wrong = {**fields, **rest, "api_base": "nonsense"}
    yield browser.post(f"/admin/packages_admin/package/{package.pk}/change/", wrong).content.decode()
    right = {**fields, **rest, "api_base": lsports.url}
    yield browser.post(f"/admin/packages_admin/package/{package.pk}/change/", right, follow=True).content.decode()


def test_no_header_of_an_answer_is_logged_whatever_level_is_set():
    assert not logging.getLogger("httpcore.http11").isEnabledFor(logging.INFO)


@pytest.mark.django_db
def test_an_error_page_in_debug_mode_does_not_show_it(monkeypatch: pytest.MonkeyPatch):
    def broken(*args: object) -> None:
        raise RuntimeError("the desk is broken here")

    make_user("operator")
    browser = Client(raise_request_exception=False)
    browser.login(username="operator", password="open sesame 77")
    monkeypatch.setattr("packages_admin.actions.learn", broken)
    with running_lsports() as lsports, override_settings(DEBUG=True):
        package = make_package(api_base=lsports.url)
        page = browser.post(f"/admin/packages_admin/package/{package.pk}/status/")
    assert page.status_code == 500
    assert "the desk is broken here" in page.content.decode()
    assert not [form for form in FORMS if form in page.content.decode()]


OF_SERVICES = "-".join(("sl0w", "river", "sings"))  # in parts, since the page shows the lines of this file
ADDRESS = f"postgres://desk:{OF_SERVICES}@127.0.0.1/desk"


@pytest.mark.django_db
def test_an_error_page_in_debug_mode_shows_no_address_that_may_hold_a_password(monkeypatch: pytest.MonkeyPatch):
    def broken(*args: object, **options: object) -> None:
        raise RuntimeError("the desk is broken here")

    make_user("administrator", username="anna", is_superuser=True)
    browser = Client(raise_request_exception=False)
    browser.login(username="anna", password="open sesame 77")
    monkeypatch.setattr("alarms.admin.DestinationForm.save", broken)
    layers = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer", "CONFIG": {"hosts": [ADDRESS]}}}
    settings = {"DATABASE_URL": ADDRESS, "REDIS_URL": ADDRESS, "AMQP_URL": ADDRESS, "CHANNEL_LAYERS": layers}
    typed = {"name": "ops", "kind": "slack", "new_address": f"https://hooks.slack.com/services/T0/{OF_SERVICES}"}
    with override_settings(DEBUG=True, **settings):
        page = browser.post("/admin/alarms/destination/add/", typed)
    assert page.status_code == 500
    text = page.content.decode()
    assert "the desk is broken here" in text
    assert "REDIS_URL" in text, "the page shows settings"
    assert OF_SERVICES not in text


@pytest.mark.django_db
@pytest.mark.parametrize("broken", ["packages_admin.secrets.keys", "packages_admin.models.Package.save"])
def test_an_error_page_in_debug_mode_does_not_show_what_was_typed_into_the_form(
    broken: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    def fail(*args: object, **options: object) -> None:
        raise RuntimeError("the desk is broken here")

    caplog.set_level(logging.DEBUG)
    make_user("operator")
    browser = Client(raise_request_exception=False)
    browser.login(username="operator", password="open sesame 77")
    monkeypatch.setattr(broken, fail)
    fields = {"name": "North", "product": "hyper", "package_id": 9, "user_name": "ops", "new_password": PASSWORD}
    rest = {"queue_name": "_{id}_", "connect_seconds": 5, "answer_seconds": 20, "reactivations_per_hour": 3}
    with override_settings(DEBUG=True):
        page = browser.post("/admin/packages_admin/package/add/", fields | rest)
    assert page.status_code == 500
    text = page.content.decode()
    assert "the desk is broken here" in text
    assert "new_password" in text, "the page shows what was posted"
    assert "ops" in text
    for form in FORMS:
        assert form not in text
        assert form not in caplog.text


@pytest.mark.django_db
def test_with_a_wrong_key_nothing_is_sent(settings: Settings):
    with running_lsports() as lsports:
        package = make_package(api_base=lsports.url)
        settings.CREDENTIAL_KEYS = [new_key()]
        outcome = perform(package, Action.ACTIVATE, CRON)
    assert outcome.kind == Kind.SEALED
    assert outcome.sentence == (
        "The password cannot be read: CREDENTIAL_KEYS lacks the key it was sealed with. Nothing was sent."
    )
    assert lsports.requests == []


@pytest.mark.django_db
def test_a_wrong_key_is_an_error_when_a_command_starts(settings: Settings):
    make_package()
    assert [error for error in run_checks() if error.id.startswith("packages_admin")] == []
    settings.CREDENTIAL_KEYS = [new_key()]
    (error,) = (error for error in run_checks() if error.id == "packages_admin.E002")
    assert error.msg == "No key in CREDENTIAL_KEYS opens the password of: North."


@pytest.mark.django_db
def test_a_key_that_is_none_is_an_error_when_a_command_starts(settings: Settings):
    settings.CREDENTIAL_KEYS = ["nonsense"]
    assert "packages_admin.E001" in [error.id for error in run_checks()]


def test_a_deployment_without_a_second_factor_is_warned(settings: Settings):
    settings.OPERATOR_TOTP_REQUIRED = False
    assert "packages_admin.W001" in [
        warning.id for warning in run_checks(tags=["security"], include_deployment_checks=True)
    ]
    settings.OPERATOR_TOTP_REQUIRED = True
    found = run_checks(tags=["security"], include_deployment_checks=True)
    assert "packages_admin.W001" not in [warning.id for warning in found]


@pytest.mark.django_db
def test_rotation_keeps_every_package_working(settings: Settings):
    old, new = new_key(), new_key()
    settings.CREDENTIAL_KEYS = [old]
    make_package()
    make_package("trade_in_play", name="South")
    settings.CREDENTIAL_KEYS = [new, old]
    out = io.StringIO()
    call_command("rotate_credentials", stdout=out)
    assert out.getvalue() == "2 passwords and 0 phones are sealed with the first key; the others may be removed.\n"
    settings.CREDENTIAL_KEYS = [new]
    assert {package.reveal_password() for package in Package.objects.all()} == {PASSWORD}


@pytest.mark.django_db
def test_rotation_without_the_right_key_changes_nothing(settings: Settings):
    make_package()
    sealed = Package.objects.get().password
    settings.CREDENTIAL_KEYS = [new_key()]
    make_package("trade_in_play", name="South")
    with pytest.raises(CommandError) as refused:
        call_command("rotate_credentials")
    assert str(refused.value) == "No key in CREDENTIAL_KEYS opens the password of: North. Nothing was changed."
    assert Package.objects.get(name="North").password == sealed
