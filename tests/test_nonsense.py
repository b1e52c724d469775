"""Nonsense in addresses and forms: an answer that says what is so, on either database; never a failure or a script."""

from itertools import product
from typing import Any
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from feed.models import Desk, Fixture, FixtureNote
from tests.rows import make_bet, make_fixture, make_market, make_scoreboard, make_source

SCRIPT = "<script>alert(1)</script>"
NONSENSE = ("", "-1", "1.5", "9" * 18, "9" * 30, "²", "nan", SCRIPT, "'\";--", "\0", "😀", "x" * 300)
BOARD = (
    "show",
    "sport",
    "location",
    "league",
    "provider",
    "market",
    "q",
    "pins",
    "zone",
    "sports",
    "without",
    "by",
    "odds",
    "first",
    "hide",
    "stay",
)
PARAMETERS = {
    "/": BOARD,
    "/filters/": BOARD[:7],
    "/fixtures/7/": ("open", "find", "pin", "odds", "first", "hide", "stay"),
    "/fixtures/7/markets/": ("open", "find", "pin"),
    "/fixtures/7/history/": ("market", "outcome", "line", "of"),
    "/fixtures/7/history.json": ("market", "outcome", "line", "points"),
    "/fixtures/7/history.csv": ("market", "outcome", "line"),
    "/fixtures/7/spark.svg": ("market", "outcome", "line", "provider"),
    "/movers/": ("minutes", "suspended"),
    "/movers/lists/": ("minutes", "suspended", "panel"),
    "/reactions/": ("minutes",),
    "/alerts/": ("fixture", "market"),
    "/alerts/new/": ("after",),
    "/preferences/": ("saved",),
    "/sign_in/": ("next",),
}
WISHES = {"odds": "decimal", "theme": "dark", "colours": "safe", "motion": "auto", "density": "normal", "spoken": "all"}
RULE = {"name": "a", "kind": "price_moves", "amount": "1", "seconds": "1", "bookmakers": "1", "repeat_seconds": "1"}
AMOUNTS = ("amount", "seconds", "bookmakers", "repeat_seconds", "fixture_id", "market_id")
NUMBERS = ("-1", "9" * 18, "9" * 30, "nan", "\0")
FORMS = [
    *(("/views/", {"name": text, "words": text}) for text in NONSENSE),
    *(("/fixtures/7/notes/", {"text": text}) for text in NONSENSE),
    *(("/preferences/", {**WISHES, "zone": text, "place_8": text, "hidden_columns": text}) for text in NONSENSE),
    *(("/preferences/", {**WISHES, "place_8": number}) for number in NUMBERS),
    *(("/alerts/", {**RULE, "outcome": text, "name": text or "a", "try": "1"}) for text in NONSENSE),
    *(("/alerts/", {**RULE, field: number, "try": "1"}) for field, number in product(AMOUNTS, NUMBERS)),
    *(("/alerts/seen/", {"newest": number}) for number in NUMBERS),
    ("/views/", {}),
    ("/preferences/", {}),
    ("/alerts/", {}),
    ("/favourites/8/", {}),
    (f"/favourites/{'9' * 30}/", {}),
    (f"/pinned_markets/{'9' * 30}/", {}),
    (f"/alerts/rules/{'9' * 30}/", {}),
    (f"/fixtures/{'9' * 30}/notes/", {"text": "x"}),
]
OF_FIXTURES = ("", "markets/", "history/", "history.json", "history.csv", "spark.svg")
POSTED = (
    "/views/",
    "/favourites/7/",
    "/pinned_markets/1/",
    "/fixtures/7/notes/",
    "/preferences/notation/",
    "/alerts/seen/",
)


def trader() -> User:
    """Who may see fixtures."""
    ann = User.objects.create_user("ann")
    ann.user_permissions.add(Permission.objects.get(codename="view_fixture", content_type__app_label="feed"))
    return ann


@pytest.fixture
def ann(client: Client) -> Client:
    """A trader on a desk with one fixture; what fails answers 500, as it would outside of tests."""
    client.force_login(trader())
    client.raise_request_exception = False
    make_source()
    fixture = make_fixture()
    make_scoreboard(fixture)
    make_bet(make_market(fixture, revision=1), "1", "2.5")
    return client


def fault(response: Any) -> str:
    """What is wrong with an answer."""
    is_page = response.get("Content-Type", "").startswith("text/html")
    if response.status_code >= 500:
        return str(response.status_code)
    if is_page and SCRIPT.encode() in response.content:
        return "a script"
    return "" if response.status_code in (204, 302) or response.content else "empty"


def test_nonsense_in_an_address_or_a_form_is_left_out_or_told(either_database: str, ann: Client):
    faults = []
    for (path, names), value in product(PARAMETERS.items(), NONSENSE):
        address = f"{path}?{urlencode(dict.fromkeys(names, value))}"
        faults += [(address, found) for found in [fault(ann.get(address))] if found]
    for path, posted in FORMS:
        faults += [(path, posted, found) for found in [fault(ann.post(path, posted))] if found]
    for path in ("/", "/fixtures/7/", "/alerts/", "/preferences/"):
        faults += [(path, found) for found in [fault(ann.get(path))] if found]
    assert faults == []
    assert FixtureNote.objects.exclude(text="").count() == FixtureNote.objects.count()
    assert all(len(view["name"]) <= 40 for view in Desk.objects.get().views)


@pytest.mark.django_db
@pytest.mark.parametrize("part", OF_FIXTURES)
@pytest.mark.parametrize("number", ["8", "9" * 18, "9" * 19, "9" * 30])
def test_a_fixture_that_nobody_knows_is_a_page_that_says_so(ann: Client, number: str, part: str):
    answer = ann.get(f"/fixtures/{number}/{part}")
    assert answer.status_code == 404
    assert f"LSports has not sent a fixture {number}." in answer.content.decode()
    assert '<a href="/alerts/">' in answer.content.decode(), "an error page leads on"


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/fixtures/-1/", "/fixtures/x/", "/nowhere/", "/%00", "/fixtures/7"])
def test_an_address_that_is_none_is_a_page_that_says_so_or_leads_to_one(ann: Client, address: str):
    answer = ann.get(address)
    assert answer.status_code in (404, 301)
    assert answer.status_code == 301 or "To the board" in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("address", POSTED)
def test_an_address_for_forms_alone_says_so_to_whoever_comes_by_a_link(ann: Client, address: str):
    answer = ann.get(address)
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "only accepts forms" in answer.content.decode()


@pytest.mark.django_db
def test_a_form_without_its_token_is_refused_with_what_to_do(ann: Client):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = ann.cookies
    answer = strict.post("/views/", {"name": "x"})
    assert answer.status_code == 403
    assert "reload the page and try again" in answer.content.decode()


@pytest.mark.django_db
def test_a_page_that_fails_says_so_and_tells_nothing_of_its_inside(ann: Client, monkeypatch: pytest.MonkeyPatch):
    def fail(*_: object) -> None:
        raise RuntimeError("inside")

    monkeypatch.setattr("feed.views.board_query", fail)
    answer = ann.get("/")
    assert answer.status_code == 500
    assert "Reload in a moment" in answer.content.decode()
    assert b"inside" not in answer.content
    assert b"Traceback" not in answer.content


@pytest.mark.django_db
def test_a_host_that_is_not_the_desks_is_a_page_that_says_so(ann: Client):
    answer = ann.get("/", headers={"host": "elsewhere.example"})
    assert answer.status_code == 400
    assert "could not understand" in answer.content.decode()


@pytest.mark.django_db
def test_a_script_of_a_page_whose_user_is_signed_out_gets_no_page_in_its_place():
    by_script = {"HX-Request": "true", "Accept": "text/html"}
    for headers in (by_script, {"Accept": "*/*"}):
        answer = Client().get("/movers/lists/", headers=headers)
        assert (answer.status_code, answer.content) == (401, b"Sign in again.")
    assert Client().get("/movers/", headers={"Accept": "text/html,*/*"}).status_code == 302


EMPTY = {
    "/": "There are none yet.",
    "/?q=nobody": "None match these filters.",
    "/movers/": "No main price has moved in that time.",
    "/attention/": "Nothing needs you now.",
    "/competitions/": "No outrights yet.",
    "/alerts/": "No rules yet.",
    "/preferences/": "Prices and times",
    "/health/": "No feed has been connected yet",
    "/filters/": "Save this board as",
}


@pytest.mark.django_db
@pytest.mark.parametrize("address", EMPTY)
def test_on_an_empty_desk_every_page_says_what_will_be_there(client: Client, address: str):
    client.force_login(trader())
    page = client.get(address)
    assert page.status_code == 200
    assert EMPTY[address] in page.content.decode()


@pytest.mark.django_db
def test_a_fixture_of_which_nothing_but_its_number_is_known_has_a_page(client: Client):
    client.force_login(trader())
    Fixture.objects.create(pk=5)
    page = client.get("/fixtures/5/").content.decode()
    for words in ("Fixture 5", "Unknown sport", "No markets are offered.", "None so far.", "None has started yet."):
        assert words in page
    assert "No markets are offered yet." in client.get("/fixtures/5/history/").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/fixtures/7/", "/fixtures/7/history/", "/movers/", "/alerts/"])
def test_every_page_says_how_the_feed_and_its_own_connection_fare(ann: Client, address: str):
    make_source(state="down", state_reason="The broker refused the password.")
    page = ann.get(address).content.decode()
    assert "in-play: It is not connected" in page
    assert 'data-topic="feed"' in page
    assert 'id="socket"' in page
