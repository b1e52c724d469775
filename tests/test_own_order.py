"""The board in the trader's own order: sports that the trader put first, hidden ones hidden, by league or by start."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from feed.live.parts.board.board import BOARD, ORDER_PACE_SECONDS
from feed.live.parts.part import PACE_SECONDS
from feed.models import Desk, Fixture, League, Sport
from tests.rows import NOW, make_fixture, make_source, make_trader

pytestmark = pytest.mark.django_db
TENNIS, HOCKEY, FOOTBALL = 54094, 35232, 6046
WISHES = {"odds": "decimal", "theme": "dark", "colours": "safe", "motion": "auto", "density": "normal", "spoken": "all"}


@pytest.fixture
def ann(client: Client) -> Client:
    make_source()
    for pk, name in ((TENNIS, "Tennis"), (HOCKEY, "Ice Hockey")):
        Sport.objects.create(pk=pk, name=name)
    League.objects.create(pk=68, name="Another League")
    for pk, sport_id, league_id, minutes in (
        (7, FOOTBALL, 67, 3),
        (8, TENNIS, 68, 2),
        (9, HOCKEY, 68, 1),
        (10, FOOTBALL, 68, 9),
    ):
        make_fixture(pk, sport_id=sport_id, start_at=NOW + timedelta(minutes=minutes))
        Fixture.objects.filter(pk=pk).update(league_id=league_id)
    client.force_login(make_trader())
    return client


def rows(client: Client, address: str = "/") -> list[int]:
    return [int(pk) for pk in re.findall(r'<tr\s+id="row-(\d+)"', client.get(address).content.decode())]


def bar(client: Client) -> list[int]:
    return [int(pk) for pk in re.findall(r'id="sport-(\d+)"', client.get("/").content.decode())]


def wish(client: Client, **wishes: object) -> None:
    assert client.post("/preferences/", {**WISHES, **wishes}).status_code == 302


def test_sports_stand_in_the_traders_order_on_the_board_and_in_its_bar(ann: Client):
    assert rows(ann) == [10, 7, 9, 8]
    wish(ann, sports=[TENNIS, HOCKEY, FOOTBALL])
    assert rows(ann) == [8, 9, 10, 7]
    assert bar(ann) == [TENNIS, HOCKEY, FOOTBALL]


def test_a_sport_that_is_no_ones_first_comes_after_those_that_are(ann: Client):
    Desk.objects.create(user_id=ann.session["_auth_user_id"], sports={"first": [TENNIS]})
    assert rows(ann) == [8, 10, 7, 9]


def test_a_hidden_sport_is_neither_shown_nor_counted_until_it_is_asked_for(ann: Client):
    wish(ann, hide_sport=[HOCKEY, TENNIS])
    page = ann.get("/").content.decode()
    assert rows(ann) == [10, 7]
    assert 'id="tab-all"' in page
    assert re.search(r'id="tab-all"[^>]*>All <span class="count">2<', page)
    assert bar(ann) == [FOOTBALL]
    assert rows(ann, f"/?sport={HOCKEY}") == [9]


def test_a_favourite_of_a_hidden_sport_is_shown(ann: Client):
    wish(ann, hide_sport=[HOCKEY])
    ann.post("/favourites/9/")
    assert rows(ann)[0] == 9


def test_by_start_leagues_do_not_part_the_fixtures_of_a_sport(ann: Client):
    wish(ann, order="start")
    assert rows(ann) == [7, 10, 9, 8]
    page = ann.get("/").content.decode()
    assert page.count('class="league"') == 3
    assert "Another League" not in page.split('id="board"')[1]


def test_by_last_change_the_newest_stands_first_in_its_sport(ann: Client):
    for pk, seconds in ((7, 5), (10, 9), (9, 90)):
        Fixture.objects.filter(pk=pk).update(received_at=NOW + timedelta(seconds=seconds))
    wish(ann, order="change")
    assert rows(ann) == [10, 7, 9, 8]
    Fixture.objects.filter(pk=7).update(received_at=NOW + timedelta(seconds=10))
    assert rows(ann) == [7, 10, 9, 8]
    assert rows(ann, "/?order=league") == [10, 7, 9, 8]
    assert "by last change" in ann.get("/").content.decode()


def test_only_a_board_by_last_change_follows_every_change_and_that_in_steps():
    usual, by_change = (BOARD.topic(query=words) for words in ("show=in_play", "order=change"))
    own = BOARD.topic(query="by=change")
    assert [topic.follows_everything for topic in (usual, by_change, own)] == [False, True, True]
    assert [topic.pace for topic in (usual, own)] == [PACE_SECONDS, ORDER_PACE_SECONDS]
    assert own.may_show((), (), moved=False)
    assert not usual.may_show((), (), moved=False)


def test_an_order_that_is_the_usual_one_is_none(ann: Client):
    wish(ann, sports=[FOOTBALL, HOCKEY, TENNIS])
    assert Desk.objects.get().sports == {"first": [], "hidden": []}


def test_a_folded_sport_stays_folded_and_what_is_saved_leaves_it_so(ann: Client):
    assert ann.post(f"/sports/{TENNIS}/fold/").json() == {"folded": True}
    wish(ann)
    assert f'data-folded-sports="{TENNIS}"' in ann.get("/").content.decode()
    assert ann.post(f"/sports/{TENNIS}/fold/").json() == {"folded": False}


def test_what_is_no_sport_is_left_out(ann: Client):
    wish(ann, sports=["x", "-1", "99", TENNIS], hide_sport=["99"])
    assert Desk.objects.get().sports == {"first": [TENNIS], "hidden": []}
