"""What docs/security/asvs.md says of what is served: headers, addresses, passwords, sessions, the log."""

import logging
import re
import time
from typing import Any

import pytest
from django.conf import settings as site
from django.contrib.auth.models import User
from django.contrib.sessions.serializers import JSONSerializer
from django.test import Client
from django.utils.module_loading import import_string

from accounts import known_browsers

from .packages import make_user, signed_in
from .rows import make_fixture

pytestmark = pytest.mark.django_db
PAGES = (
    "/",
    "/fixtures/7/",
    "/health/",
    "/movers/",
    "/attention/",
    "/alerts/",
    "/preferences/",
    "/sessions/",
    "/password/",
)


@pytest.fixture
def trader() -> Client:
    make_user("trader")
    make_fixture()
    return signed_in("trader")


def test_every_text_says_its_charset_and_no_answer_lets_other_sites_read_it(trader: Client):
    for path in (*PAGES, "/api/v1/feed/", "/nowhere/"):
        headers = trader.get(path, headers={"Origin": "https://evil.example"}).headers
        kind = headers["Content-Type"]
        assert kind.endswith("charset=utf-8") or kind == "application/json", path
        assert [name for name in headers if name.lower().startswith("access-control-")] == []


def test_no_page_may_be_framed_run_foreign_scripts_or_be_read_as_what_it_is_not():
    make_user("administrator", username="anna", is_superuser=True)
    make_fixture()
    anna, stranger = signed_in("anna"), Client()
    answers = [anna.get(path) for path in (*PAGES, "/admin/", "/admin/auth/user/", "/api/v1/feed/", "/nowhere/")]
    answers += [stranger.get(path) for path in ("/sign_in/", "/", "/api/v1/feed/", "/nowhere/", "/healthz")]
    answers += [anna.post("/sign_in/", {"username": "x"}), Client(enforce_csrf_checks=True).post("/sign_in/")]
    for answer in answers:
        policy = answer.headers.get("Content-Security-Policy", "")
        assert {"script-src 'self'", "frame-ancestors 'none'", "object-src 'none'"} <= set(policy.split("; ")), answer
        others = ("X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy")
        assert [answer.headers.get(name) for name in others] == ["nosniff", "DENY", "same-origin"], answer


def test_no_page_loads_anything_from_elsewhere(trader: Client):
    for path in PAGES:
        page = trader.get(path).content.decode()
        loaded = re.findall(r'<(?:script|link|img|iframe|source)[^>]* (?:src|href)="([^"]*)"', page)
        assert [address for address in loaded if not re.match(r"/(?!/)|data:image/", address)] == []
        assert loaded


@pytest.mark.parametrize(
    "path", ["/static/", "/static/js/", "/.git/config", "/static/.git/config", "/static/../manage.py"]
)
def test_no_folder_is_listed_and_no_source_is_served(path: str):
    assert signed_in_somebody().get(path).status_code == 404


def test_nothing_gives_a_request_back(trader: Client):
    answer = trader.generic("TRACE", "/", headers={"X-Mine": "0123secret"})
    assert answer.status_code == 405
    assert "0123secret" not in answer.content.decode()


def signed_in_somebody() -> Client:
    make_user("trader")
    return signed_in("trader")


def test_password_fields_are_masked_and_tell_password_managers_what_they_are(trader: Client):
    fields = re.findall(r"<input[^>]*password[^>]*>", Client().get("/sign_in/").content.decode())
    fields += re.findall(r"<input[^>]*_password[^>]*>", trader.get("/password/").content.decode())
    assert len(fields) == 4
    for field in fields:
        assert 'type="password"' in field
        assert re.search(r'autocomplete="(current|new)-password"', field)


def test_a_password_is_taken_exactly_as_it_is_typed():
    typed = "  Zwölf Äpfel im Korb 7  "
    User.objects.create_user("nora", password=typed)
    browser = Client()
    assert browser.post("/sign_in/", {"username": "nora", "password": typed.strip()}).status_code == 200
    assert browser.post("/sign_in/", {"username": "nora", "password": typed.lower()}).status_code == 200
    assert browser.post("/sign_in/", {"username": "nora", "password": typed}).status_code == 302


def test_passwords_are_hashed_slowly():
    """By the first of Django's hashers; the tests' own are quick."""
    hasher = import_string("django.contrib.auth.hashers.PBKDF2PasswordHasher")
    assert hasher.algorithm == "pbkdf2_sha256"
    assert hasher.iterations >= 600_000
    assert "PASSWORD_HASHERS" not in (import_string("livescore_site.settings.__dict__"))


def test_a_sign_in_begins_a_session_with_a_long_key_of_its_own():
    make_user("trader")
    browser = Client()
    browser.get("/sign_in/")
    keys = set()
    for _ in range(2):
        browser.post("/sign_in/", {"username": "trader", "password": "open sesame 77"})
        keys.add(browser.cookies["sessionid"].value)
        browser.post("/sign_out/")
    assert len(keys) == 2
    assert {len(key) for key in keys} == {32}
    assert issubclass(import_string(site.SESSION_SERIALIZER), JSONSerializer)


def test_the_cookie_of_a_known_browser_runs_out(monkeypatch: pytest.MonkeyPatch):
    make_user("trader")
    browser = Client()
    browser.post("/sign_in/", {"username": "trader", "password": "open sesame 77"})
    request: Any = type("Request", (), {"COOKIES": {"known_browser": browser.cookies["known_browser"].value}})
    assert known_browsers.number_of(request, "trader")
    later = time.time() + known_browsers.COOKIE_SECONDS + 1
    monkeypatch.setattr("django.core.signing.time.time", lambda: later)
    assert known_browsers.number_of(request, "trader") == ""


def test_the_log_is_in_utc_and_on_standard_error_alone():
    assert time.tzname[0] == "UTC"
    assert {handler["class"] for handler in site.LOGGING["handlers"].values()} == {"logging.StreamHandler"}
    assert all("handlers" not in logger for logger in site.LOGGING["loggers"].values())
    assert logging.getLogger("security").getEffectiveLevel() <= logging.INFO


def test_every_page_of_a_trader_lets_them_sign_out(trader: Client):
    for path in PAGES[:-2]:
        assert 'action="/sign_out/"' in trader.get(path).content.decode(), path


def test_a_download_is_named_by_the_desk_whatever_is_asked_for(trader: Client):
    words = {"market": "1", "outcome": '1"; filename="evil.exe', "line": "../../x"}
    disposition = trader.get("/fixtures/7/history.csv", words).headers.get("Content-Disposition", "")
    assert re.fullmatch(r'(attachment; filename="prices-7-\d+\.csv")?', disposition)
