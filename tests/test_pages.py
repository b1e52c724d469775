"""The pages over HTTP: who may see them, what they say, how many queries they cost."""

import re

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import URLPattern

from feed import urls as feed_urls
from feed.desk import urls as desk_urls
from feed.models import Fixture
from tests.rows import make_bet, make_fixture, make_market, make_scoreboard, make_source

pytestmark = pytest.mark.django_db
PAGES = ("/", "/fixtures/7/")


@pytest.fixture
def trader(client: Client) -> Client:
    ann = User.objects.create_user("ann")
    ann.groups.set(Group.objects.filter(name="trader"))
    client.force_login(ann)
    return client


PAGES_OF_DESK = sorted(
    str(pattern.pattern)
    for pattern in (*feed_urls.urlpatterns, *desk_urls.urlpatterns)
    if isinstance(pattern, URLPattern) and getattr(pattern.callback, "login_required", True)
)


@pytest.mark.parametrize("address", PAGES_OF_DESK)
def test_who_may_not_see_fixtures_is_refused_every_page_and_told_who_can_help(client: Client, address: str):
    client.force_login(User.objects.create_user("bob"))
    words = {"int": "7", "moment": "2026-11-26T20:14:03", "slug": "goal", "str": "yesterday", "path": "health"}
    answer = client.get("/" + re.sub(r"<(\w+):\w+>", lambda found: words[found[1]], address))
    assert answer.status_code == 403
    assert "role" in answer.content.decode()


@pytest.fixture
def fixture() -> Fixture:
    make_source()
    fixture = make_fixture(fixture_revision=1, scoreboard_revision=1, markets_revision=1)
    make_scoreboard(fixture)
    make_bet(make_market(fixture, revision=1), "1", "2.1")
    return fixture


@pytest.mark.parametrize("address", PAGES)
def test_a_stranger_is_sent_to_sign_in(client: Client, address: str):
    response = client.get(address)
    assert response.status_code == 302
    assert response["Location"] == f"/sign_in/?next={address}"


def test_a_stranger_may_ask_whether_the_desk_is_healthy(client: Client):
    response = client.get("/healthz")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})


def test_the_board_shows_the_fixture_and_its_price(trader: Client, fixture: Fixture):
    page = trader.get("/").content.decode()
    for text in ("Northfield", "Southport", "2.10", "First League"):
        assert text in page


def test_the_fixture_page_shows_every_part(trader: Client, fixture: Fixture):
    page = trader.get("/fixtures/7/").content.decode()
    for part in ("scoreboard-7", "periods-7", "incidents-7", "statistics-7", "markets-7", "market-7-1"):
        assert f'id="{part}"' in page


@pytest.mark.parametrize("address", ["/fixtures/8/", "/fixtures/99999999999999999999/"])
def test_a_fixture_that_lsports_never_told_of_is_not_found(trader: Client, address: str):
    assert trader.get(address).status_code == 404


@pytest.mark.parametrize(
    "words", ["show=rubbish", "sport=x", "sport=99999999999999999999", "show=in_play&show=", "%00"]
)
def test_a_board_asked_for_in_words_that_mean_nothing_is_still_a_board(trader: Client, fixture: Fixture, words: str):
    assert trader.get(f"/?{words}").status_code == 200


@pytest.mark.parametrize("address", PAGES)
def test_a_page_cannot_be_changed_by_post(trader: Client, fixture: Fixture, address: str):
    assert trader.post(address).status_code == 405


@pytest.mark.parametrize("address", PAGES)
def test_every_page_has_a_strict_content_security_policy(trader: Client, fixture: Fixture, address: str):
    response = trader.get(address)
    policy = response["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    page = response.content.decode()
    assert "style=" not in page
    assert "<script>" not in page
