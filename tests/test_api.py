"""The REST API: who may ask, what is found, pages, what did not change."""

from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.utils import timezone

from feed.models import Bet, Fixture, Market
from tests.rows import make_bet, make_fixture, make_market, make_scoreboard, make_source
from tests.stream_client import make_token

pytestmark = pytest.mark.django_db
LIST, ONE, FEED = "/api/v1/fixtures/", "/api/v1/fixtures/7/", "/api/v1/feed/"
HISTORY = "/api/v1/fixtures/7/markets/1/bets/30713932524605000/history/"


@pytest.fixture
def trader(client: Client) -> Client:
    user = User.objects.create_user("ann")
    user.groups.set(Group.objects.filter(name="trader"))
    client.force_login(user)
    return client


@pytest.fixture
def fixture() -> Fixture:
    make_source(last_message_at=timezone.now(), state_since=timezone.now())
    fixture = make_fixture(revision=1, fixture_revision=1, scoreboard_revision=1, markets_revision=1)
    make_scoreboard(fixture, revision=1)
    make_bet(make_market(fixture, revision=1), "1", "2.1", revision=1)
    return fixture


def program(**fields: Any) -> Client:
    """A client with a token of its own."""
    _, secret = make_token(**fields)
    return Client(headers={"authorization": f"Bearer {secret}"})


def ids(answer: Any) -> list[int]:
    return [state["id"] for state in answer.json()["fixtures"]]


@pytest.mark.parametrize("address", [LIST, ONE, FEED, HISTORY])
def test_a_stranger_is_told_how_to_get_in(client: Client, fixture: Fixture, address: str):
    answer = client.get(address)
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")
    assert "token" in answer.json()["detail"]


@pytest.mark.parametrize("address", [LIST, ONE, FEED, HISTORY])
def test_a_user_without_a_role_may_not_see_anything(client: Client, fixture: Fixture, address: str):
    client.force_login(User.objects.create_user("bob"))
    assert client.get(address).status_code == 403


@pytest.mark.parametrize("address", [LIST, ONE, FEED, HISTORY])
def test_nothing_can_be_changed_through_it(trader: Client, fixture: Fixture, address: str):
    answer = trader.post(address)
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize("address", [LIST, ONE, FEED, HISTORY])
def test_a_program_gets_in_by_its_token(fixture: Fixture, address: str):
    assert program().get(address).status_code == 200


def test_a_token_that_was_revoked_gets_nothing(fixture: Fixture):
    assert program(revoked_at=timezone.now()).get(ONE).status_code == 401


def test_a_token_has_so_many_requests_a_minute(fixture: Fixture):
    client = program(most_requests_per_minute=2)
    assert [client.get(FEED).status_code for _ in range(3)] == [200, 200, 429]
    assert 0 < int(client.get(FEED)["Retry-After"]) <= 61


def test_a_state_has_what_the_page_shows(trader: Client, fixture: Fixture):
    state = trader.get(ONE).json()
    assert state["revision"] == 1
    assert state["scoreboard"]["scores"] == {"1": "1", "2": "0"}
    assert [participant["name"] for participant in state["participants"]] == ["Northfield", "Southport"]


def test_bet_ids_and_prices_are_text(trader: Client, fixture: Fixture):
    bets = trader.get(ONE).json()["markets"]["1"]["providers"]["8"]["bets"]
    assert bets["30713932524605000"]["price"] == "2.1"
    assert bets["30713932524605000"]["last_update"] == "2026-11-21T20:00:00Z"


@pytest.mark.parametrize("pk", [8, 2**63, 10**30])
def test_a_fixture_that_lsports_never_told_of_is_not_found(trader: Client, pk: int):
    answer = trader.get(f"/api/v1/fixtures/{pk}/")
    assert answer.status_code == 404
    assert str(pk) in answer.json()["detail"]


@pytest.mark.parametrize("scope", [{"sports": [1]}, {"leagues": [1]}])
def test_a_token_finds_nothing_outside_its_scope(fixture: Fixture, scope: dict[str, Any]):
    client = program(**scope)
    assert [client.get(address).status_code for address in (ONE, HISTORY)] == [404, 404]
    assert ids(client.get(LIST)) == []


def test_a_token_for_scores_sees_no_price_anywhere(fixture: Fixture):
    client = program(contents="scores")
    assert "markets" not in client.get(ONE).json()
    assert "markets" not in client.get(LIST).json()["fixtures"][0]
    assert client.get(HISTORY).status_code == 403
    assert client.get(f"{ONE}?contents=prices").status_code == 403


@pytest.mark.parametrize("address", [ONE, LIST])
def test_what_did_not_change_is_not_sent_again(trader: Client, fixture: Fixture, address: str):
    tag = trader.get(address)["ETag"]
    assert trader.get(address, headers={"if-none-match": f'"other", {tag}'}).status_code == 304
    Market.objects.update(revision=2)
    Fixture.objects.update(revision=2, markets_revision=2)
    assert trader.get(address, headers={"if-none-match": tag}).status_code == 200


def test_other_contents_have_another_tag(trader: Client, fixture: Fixture):
    tags = {trader.get(f"{ONE}?contents={contents}")["ETag"] for contents in ("all", "scores", "prices")}
    assert len(tags) == 3


def test_only_the_markets_asked_for_are_sent(trader: Client, fixture: Fixture):
    make_bet(make_market(fixture, 2, "Under/Over", revision=1), "Over", "1.9")
    assert set(trader.get(f"{ONE}?markets=2,3").json()["markets"]) == {"2"}


def test_the_list_leads_from_page_to_page_until_all_were_seen(trader: Client):
    for pk in range(1, 6):
        make_fixture(pk)
    seen, address = [], f"{LIST}?limit=2&sport=6046"
    while address:
        answer = trader.get(address)
        seen.append(ids(answer))
        address = answer.json()["next"]
    assert seen == [[1, 2], [3, 4], [5]]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("show=in_play", [1]),
        ("show=upcoming", [2]),
        ("show=finished", [3]),
        ("sport=1", []),
        ("league=67&location=243", [1, 2, 3]),
    ],
)
def test_filters_narrow_the_list(trader: Client, words: str, found: list[int]):
    for pk, status in ((1, 2), (2, 1), (3, 3)):
        make_fixture(pk, status=status)
    assert ids(trader.get(f"{LIST}?{words}")) == found


@pytest.mark.parametrize(
    "address",
    [
        f"{LIST}?sport=x",
        f"{LIST}?limit=0",
        f"{LIST}?limit=101",
        f"{LIST}?show=now",
        f"{LIST}?page=2",
        f"{LIST}?after=-1",
        f"{LIST}?league=99999999999999999999",
        f"{ONE}?contents=some",
        f"{ONE}?markets=1,,2",
        f"{ONE}?after=1",
        f"{HISTORY}?points=0",
        f"{HISTORY}?points=many",
        f"{FEED}?x=1",
    ],
)
def test_what_is_not_understood_is_refused_in_words(trader: Client, fixture: Fixture, address: str):
    answer = trader.get(address)
    assert answer.status_code == 400
    assert len(answer.json()["detail"]) > 10


def test_the_number_of_queries_does_not_grow_with_the_fixtures(
    trader: Client, fixture: Fixture, django_assert_max_num_queries: Any
):
    for pk in range(20, 40):
        make_bet(make_market(make_fixture(pk), revision=1), "1", "1.5")
    with django_assert_max_num_queries(20):
        assert len(ids(trader.get(f"{LIST}?limit=50"))) == 21


def test_the_history_of_a_bet_is_told(trader: Client, fixture: Fixture):
    answer = trader.get(HISTORY).json()
    assert (answer["bet_id"], answer["current"]) == ("30713932524605000", "2.1")


def test_a_bet_that_is_not_there_has_no_history(trader: Client, fixture: Fixture):
    Bet.objects.all().delete()
    assert trader.get(HISTORY).status_code == 404


def test_the_feed_says_whose_prices_are_suspended(trader: Client):
    make_source("in-play", last_message_at=timezone.now(), state_since=timezone.now())
    answer = trader.get(FEED).json()
    assert [(source["name"], source["suspended"]) for source in answer["sources"]] == [("in-play", False)]
