"""Where everybody needs a second factor, a password alone shows a trader nothing: no page, no state, no socket."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import UserSession
from accounts.phones import Phone
from accounts.unfinished import next_page

from .packages import make_user, signed_in
from .test_sign_in import phone_code

pytestmark = pytest.mark.django_db


@pytest.fixture
def trader(settings: Any) -> Client:
    """A trader who has just entered a right password."""
    settings.EVERYBODY_TOTP_REQUIRED = settings.OPERATOR_TOTP_REQUIRED = True
    make_user("trader")
    return signed_in("trader")


def set_up(browser: Client) -> str:
    """Set up a phone as its user would; the page with the recovery codes."""
    browser.post("/phone/", {"start": "1"})
    return browser.post("/phone/", {"code": phone_code(Phone.objects.get(confirmed=False))}).content.decode()


def test_a_password_alone_shows_nothing(trader: Client):
    assert [trader.get(path).url for path in ("/", "/fixtures/7/")] == ["/code/?next=/", "/code/?next=/fixtures/7/"]
    statuses = [trader.get(path).status_code for path in ("/api/v1/fixtures/", "/api/v1/feed/", "/metrics")]
    assert statuses == [401, 401, 403]
    assert trader.post("/favourites/7/").status_code == 403
    assert next_page(trader.session) == "own_code"


def test_without_a_phone_one_is_led_to_set_one_up_and_then_to_where_one_wanted(trader: Client):
    assert trader.get("/code/?next=/movers/").url == "/phone/?next=/movers/"
    assert "Set up a phone" in trader.get("/phone/").content.decode()
    page = set_up(trader)
    assert page.count("<li><code>") == 8
    assert trader.get("/").status_code == 200


def test_the_next_sign_in_asks_for_the_code(trader: Client):
    set_up(trader)
    browser = signed_in("trader")
    assert browser.get("/").url == "/code/?next=/"
    later = browser.post("/code/?next=/movers/", {"code": phone_code(Phone.objects.get(), 1)})
    assert (later.url, browser.get("/").status_code) == ("/movers/", 200)


def test_a_stolen_password_sets_up_no_phone_of_its_own(trader: Client):
    set_up(trader)
    assert signed_in("trader").post("/phone/", {"start": "1"}).status_code == 403


def test_the_session_has_another_key_after_the_code(trader: Client):
    before = trader.session.session_key
    set_up(trader)
    assert before != trader.session.session_key
    assert [row.session_key for row in UserSession.objects.all()] == [trader.session.session_key]


def test_where_it_is_not_demanded_there_are_no_such_pages(settings: Any):
    make_user("trader")
    assert [signed_in("trader").get(path).status_code for path in ("/code/", "/phone/", "/")] == [404, 404, 200]
