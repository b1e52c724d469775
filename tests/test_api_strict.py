"""Programs are answered in JSON whatever they ask, told their limits, and refused rather than half understood."""

from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.utils import timezone

from feed.api.problems import CONTENT_TYPE
from feed.models import Fixture, Sport
from tests.rows import make_bet, make_fixture, make_market, make_source
from tests.stream_client import make_token

pytestmark = pytest.mark.django_db
LIST, ONE, FEED = "/api/v1/fixtures/", "/api/v1/fixtures/7/", "/api/v1/feed/"
ORIGIN = "https://odds.example.com"


@pytest.fixture
def program() -> Client:
    make_source(last_message_at=timezone.now(), state_since=timezone.now())
    make_bet(make_market(make_fixture(revision=1, fixture_revision=1), revision=1), "1", "2.1", revision=1)
    _, secret = make_token(most_requests_per_minute=100)
    return Client(headers={"authorization": f"Bearer {secret}"}, enforce_csrf_checks=True)


@pytest.fixture
def trader() -> Client:
    """A trader whose browser sends forms."""
    user = User.objects.create_user("ann")
    user.groups.set(Group.objects.filter(name="trader"))
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)
    return client


@pytest.mark.parametrize(
    ("method", "address", "status"),
    [
        ("get", "/api/", 404),
        ("get", "/api/v1/nowhere/", 404),
        ("get", "/api/v1/fixtures/seven/", 404),
        ("get", "/api/v1/fixtures/8/", 404),
        ("post", "/api/v1/nowhere/", 404),
        ("post", ONE, 405),
        ("delete", ONE, 405),
        ("options", ONE, 405),
        ("get", f"{LIST}?limit=0", 400),
    ],
)
def test_every_refusal_is_a_problem_in_json(program: Client, method: str, address: str, status: int):
    answer = getattr(program, method)(address)
    problem = answer.json()
    assert (answer.status_code, answer["Content-Type"]) == (status, CONTENT_TYPE)
    assert (problem["status"], problem["type"]) == (status, "about:blank")
    assert len(problem["detail"]) > 10


def test_a_form_without_its_token_is_refused_in_json_too(trader: Client):
    assert trader.post(ONE).status_code == 405


def test_another_host_is_refused_in_json(program: Client):
    answer = program.get(ONE, headers={"host": "elsewhere.example"})
    assert (answer.status_code, answer["Content-Type"]) == (400, CONTENT_TYPE)


def test_pages_for_people_are_refused_in_html(trader: Client):
    assert "text/html" in trader.get("/nowhere/")["Content-Type"]


@pytest.mark.parametrize("words", ["limit=1&limit=2", "contents=all&contents=all", "markets=1&markets=2"])
def test_what_is_given_twice_is_refused(program: Client, words: str):
    answer = program.get(f"{LIST}?{words}")
    assert (answer.status_code, "more than once" in answer.json()["detail"]) == (400, True)


@pytest.mark.parametrize("words", ["limit=07", "limit=+7", "limit=", "limit=%D9%A7", "sport=1e3", "markets=", "show="])
def test_numbers_and_words_are_read_as_the_schema_has_them(program: Client, words: str):
    assert program.get(f"{LIST}?{words}").status_code == 400


def test_a_token_is_told_how_many_requests_are_left(program: Client):
    program.get(FEED)
    answer = program.get(FEED)
    assert answer["RateLimit-Policy"] == '"requests";q=100;w=60'
    assert answer["RateLimit"].startswith('"requests";r=98;t=')


def test_a_refusal_counts_and_says_so(program: Client):
    assert "r=99" in program.get("/api/v1/fixtures/8/")["RateLimit"]


def test_a_person_is_told_no_limit(trader: Client):
    make_source(last_message_at=timezone.now(), state_since=timezone.now())
    assert "RateLimit" not in trader.get(FEED)


def test_pages_of_named_origins_may_ask(program: Client, settings: Any):
    settings.CORS_ALLOWED_ORIGINS = [ORIGIN]
    answer = program.get(ONE, headers={"origin": ORIGIN})
    assert answer["Access-Control-Allow-Origin"] == ORIGIN
    assert "ratelimit" in answer["Access-Control-Expose-Headers"]
    assert "Access-Control-Allow-Credentials" not in answer


def test_a_browser_may_ask_first_without_a_token(client: Client, settings: Any):
    settings.CORS_ALLOWED_ORIGINS = [ORIGIN]
    question = {
        "origin": ORIGIN,
        "access-control-request-method": "GET",
        "access-control-request-headers": "authorization",
    }
    answer = client.options(ONE, headers=question)
    assert (answer.status_code, answer["Access-Control-Allow-Origin"]) == (200, ORIGIN)
    assert "authorization" in answer["Access-Control-Allow-Headers"]


@pytest.mark.parametrize("origin", ["https://other.example.com", "null"])
def test_pages_of_other_origins_may_not(program: Client, settings: Any, origin: str):
    settings.CORS_ALLOWED_ORIGINS = [ORIGIN]
    assert "Access-Control-Allow-Origin" not in program.get(ONE, headers={"origin": origin})


def test_a_tag_differs_though_no_revision_does(program: Client):
    tag = program.get(ONE)["ETag"]
    Sport.objects.update(name="Soccer")
    assert program.get(ONE, headers={"if-none-match": tag}).status_code == 200


def test_a_tag_is_the_same_while_the_answer_is(program: Client):
    tag = program.get(f"{ONE}?contents=scores")["ETag"]
    Fixture.objects.update(revision=2, markets_revision=2, stored_at=timezone.now())
    assert program.get(f"{ONE}?contents=scores", headers={"if-none-match": tag}).status_code == 304


def test_the_feed_has_a_tag_too(program: Client):
    assert program.get(FEED, headers={"if-none-match": program.get(FEED)["ETag"]}).status_code == 304
