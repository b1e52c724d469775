"""What traders set up and their other pages, over HTTP."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from feed.desk.alerts import page as alerts
from feed.models import AlertRule, Desk, FixtureNote, Participant
from tests.journal_rows import note_price
from tests.rows import NOW, make_bet, make_fixture, make_market, make_scoreboard, make_source

pytestmark = pytest.mark.django_db
RULE = {"name": "Long", "kind": "price_passes", "amount": "2", "seconds": "9", "bookmakers": "1", "repeat_seconds": "9"}


@pytest.fixture
def ann(client: Client) -> Client:
    user = User.objects.create_user("ann")
    user.groups.set(Group.objects.filter(name="trader"))
    client.force_login(user)
    make_source()
    fixture = make_fixture()
    make_scoreboard(fixture)
    bet = make_bet(make_market(fixture, revision=1), "1", "2.5")
    note_price(bet, "2.5", NOW)
    return client


def text(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, response.content
    return response.content.decode()


@pytest.mark.parametrize(
    "address",
    [
        "/preferences/",
        "/movers/",
        "/movers/lists/?panel",
        "/attention/",
        "/reactions/",
        "/shift/",
        "/alerts/",
        "/competitions/",
        "/filters/",
        "/fixtures/7/history/",
        "/fixtures/7/history.json?market=1&outcome=1",
        "/fixtures/7/spark.svg?market=1&outcome=1",
    ],
)
def test_every_page_is_there_and_for_those_who_are_signed_in(ann: Client, address: str):
    text(ann, address)
    assert Client().get(address).status_code == 302


def test_the_notation_of_prices_is_kept_and_used_on_every_page(ann: Client):
    form = {"odds": "fractional", "theme": "dark", "colours": "classic", "motion": "auto", "density": "compact"}
    assert ann.post("/preferences/", {**form, "spoken": "all", "hidden_columns": ["totals"]}).status_code == 302
    assert Desk.objects.get().hidden_columns == ["totals"]
    for address in ("/", "/fixtures/7/"):
        page = text(ann, address)
        assert ">6/4<" in page
        assert 'data-theme="dark" data-colours="classic" data-density="compact"' in page


def test_preferences_that_make_no_sense_are_not_saved(ann: Client):
    assert ann.post("/preferences/", {"odds": "rubbish"}).status_code == 422
    assert not Desk.objects.exists()


def test_the_key_for_the_next_notation_goes_round(ann: Client):
    found = [ann.post("/preferences/notation/").json()["odds"] for _ in range(6)]
    assert found == ["fractional", "american", "hong_kong", "malay", "indonesian", "decimal"]


def test_a_favourite_stands_on_top_of_the_board_until_it_is_taken_off(ann: Client):
    assert ann.post("/favourites/7/").json() == {"pinned": True, "pins": "7"}
    assert 'id="section-favourites"' in text(ann, "/")
    assert ann.post("/favourites/7/").json() == {"pinned": False, "pins": ""}
    assert 'id="section-favourites"' not in text(ann, "/")


def test_a_pinned_market_comes_first_on_the_fixture_page(ann: Client):
    ann.post("/pinned_markets/1/")
    assert 'id="group-pinned"' in text(ann, "/fixtures/7/")


def test_a_board_is_saved_under_a_name_and_forgotten(ann: Client):
    response = ann.post("/views/", {"name": "Mine", "words": "show=in_play&pins=7"})
    shown = "order=league&density=normal&columns=totals,handicap,last,age"
    assert response["Location"] == f"/?show=in_play&{shown}"
    assert ">Mine</a>" in text(ann, "/")
    ann.post("/views/", {"name": "Mine", "forget": "1"})
    assert ">Mine</a>" not in text(ann, "/")
    assert ann.post("/views/", {"name": " "}).status_code == 400


def test_a_saved_board_is_shown_as_it_was_saved_whatever_the_reader_prefers_now(ann: Client):
    wishes = Desk.objects.filter(user_id=ann.session["_auth_user_id"])
    ann.post("/views/", {"name": "Plain", "words": ""})
    wishes.update(density="dense", order="start", hidden_columns=["totals", "last"])
    dense = ann.post("/views/", {"name": "Dense", "words": "show=in_play"})["Location"]
    assert dense == "/?show=in_play&order=start&density=dense&columns=handicap,age"
    wishes.update(density="roomy", order="league", hidden_columns=[])
    page = text(ann, dense)
    assert 'data-density="dense"' in page
    assert 'data-hide="totals last"' in page
    assert f'<a href="{dense.replace("&", "&amp;")}" aria-current="true">Dense</a>' in page
    assert 'href="/?show=all' not in page
    assert 'href="/?order=start&amp;density=dense&amp;columns=handicap,age"' in page
    assert 'data-density="roomy"' in text(ann, "/")


def test_one_board_too_many_is_refused_and_none_is_lost(ann: Client):
    for number in range(30):
        ann.post("/views/", {"name": f"Board {number}", "words": ""})
    refused = ann.post("/views/", {"name": "One more", "words": ""})
    assert refused.status_code == 400
    assert "There are 30 boards with names already" in refused.content.decode()
    assert ann.post("/views/", {"name": "Board 0", "words": "show=in_play"}).status_code == 302
    views = Desk.objects.get(user_id=ann.session["_auth_user_id"]).views
    assert [view["name"] for view in views] == [f"Board {number}" for number in range(30)]
    assert views[0]["words"].startswith("show=in_play")


def test_a_note_is_read_by_all_and_escaped(ann: Client):
    ann.post("/fixtures/7/notes/", {"text": "<b>watch</b>"})
    ann.post("/fixtures/7/notes/", {"text": "  "})
    assert FixtureNote.objects.count() == 1
    assert "&lt;b&gt;watch&lt;/b&gt;" in text(ann, "/fixtures/7/")


def test_of_one_traders_notes_the_newest_fifty_stay_and_the_newest_is_taken_back(ann: Client):
    of_bob = FixtureNote.objects.create(fixture_id=7, author=User.objects.create_user("bob"), text="x", written_at=NOW)
    own = User.objects.get(username="ann")
    FixtureNote.objects.bulk_create(FixtureNote(fixture_id=7, author=own, text="x", written_at=NOW) for _ in range(50))
    ann.post("/fixtures/7/notes/", {"text": "the newest"})
    notes = FixtureNote.objects.filter(author=own)
    assert (notes.count(), notes.filter(text="the newest").count()) == (50, 1)
    ann.post("/fixtures/7/notes/", {"take_back": ""})
    assert (notes.count(), notes.filter(text="the newest").count()) == (49, 0)
    notes.delete()
    ann.post("/fixtures/7/notes/", {"take_back": ""})
    assert list(FixtureNote.objects.all()) == [of_bob]


def test_a_closed_group_of_markets_is_not_rendered(ann: Client):
    market = make_market(make_fixture(8), 11, "Total Corners")
    make_bet(market, "Over", "1.9")
    assert 'id="market-8-11"' not in text(ann, "/fixtures/8/")
    assert 'id="market-8-11"' in text(ann, "/fixtures/8/?open=other")
    assert 'id="market-8-11"' in text(ann, "/fixtures/8/markets/?find=corn")


def test_history_is_a_chart_a_table_and_csv(ann: Client):
    answer = ann.get("/fixtures/7/history.json?market=1&outcome=1").json()
    assert answer["series"] == [{"id": 8, "name": "Book 8", "prices": [2.5]}]
    rows = text(ann, "/fixtures/7/history.csv?market=1&outcome=1").splitlines()
    assert rows[1] == "2026-11-21T20:00:00+00:00,8,Book 8,1,1,,2.5,Open"
    assert 'id="chart"' in text(ann, "/fixtures/7/history/?market=1&outcome=1")


def test_a_rule_is_tried_before_it_is_saved(ann: Client):
    assert "It would not have alerted you" in ann.post("/alerts/", {**RULE, "try": "1"}).content.decode()
    assert not AlertRule.objects.exists()
    assert 'id="trial"' in ann.post("/alerts/", {**RULE, "save": "1"}).content.decode()
    assert not AlertRule.objects.exists()
    assert save(ann, RULE).status_code == 302
    assert AlertRule.objects.get().user.username == "ann"


def save(client: Client, rule: dict[str, str], **changed: str) -> Any:
    """Try a rule, change it, save it."""
    tried = re.search(r'name="tried" value="(\w+)"', client.post("/alerts/", {**rule, "try": "1"}).content.decode())
    assert tried is not None
    return client.post("/alerts/", {**rule, "tried": tried[1], "save": "1", **changed})


RULE = {
    "name": "Long",
    "kind": "price_passes",
    "amount": "2",
    "seconds": "60",
    "bookmakers": "1",
    "repeat_seconds": "60",
}


def test_a_rule_that_was_changed_after_its_trial_is_tried_again_before_it_is_saved(ann: Client):
    answer = save(ann, RULE, amount="3").content.decode()
    assert "has changed since you tried it" in answer
    assert not AlertRule.objects.exists()
    assert save(ann, RULE, name="Longer").status_code == 302


def test_one_rule_too_many_is_refused_with_what_to_do(ann: Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(alerts, "MOST_RULES", 1)
    save(ann, RULE)
    answer = ann.post("/alerts/", {**RULE, "try": "1"})
    assert answer.status_code == 422
    assert "remove one first" in answer.content.decode()


def test_a_rule_without_its_amount_is_refused_beside_the_field(ann: Client):
    rule = {"name": "Long", "kind": "price_moves", "seconds": "60", "bookmakers": "1", "repeat_seconds": "60"}
    response = ann.post("/alerts/", {**rule, "save": "1"})
    assert response.status_code == 422
    assert "size of the move in per cent" in response.content.decode()


def test_nobody_changes_the_rules_of_others(ann: Client):
    bob = User.objects.create_user("bob")
    rule = AlertRule.objects.create(user=bob, name="His", kind="incident", made_at=NOW)
    assert ann.post(f"/alerts/rules/{rule.pk}/", {"remove": "1"}).status_code == 404
    assert AlertRule.objects.exists()


def test_a_race_has_a_card_with_its_non_runners_struck_out(ann: Client):
    race = make_fixture(9, kind="outright", name="Harbour Stakes", status=3)
    race.participants.all().delete()
    for number, (name, fields) in enumerate(
        {"Quiet Meadow": {"result": "1"}, "Grey Lantern": {"is_active": False}}.items(), 1
    ):
        extra = {"Jockey": "Ilmarin A.", "SilkUrl": "https://pictures.example/1.png"}
        Participant.objects.create(
            fixture=race, participant_id=number, position=number, name=name, extra_data=extra, **fields
        )
    page = text(ann, "/fixtures/9/")
    for part in ("Harbour Stakes", "Quiet Meadow", "runner--out", "non-runner", "Ilmarin A."):
        assert part in page
    assert "pictures.example" not in page


def test_what_is_missing_says_so_in_words(ann: Client):
    page = ann.get("/fixtures/8/").content.decode()
    assert "LSports has not sent a fixture 8." in page
    assert "To the board" in page


def test_a_form_that_stood_open_too_long_is_refused_with_what_to_do(ann: Client):
    careful = Client(enforce_csrf_checks=True)
    careful.cookies = ann.cookies
    response = careful.post("/preferences/", {"odds": "decimal"})
    assert response.status_code == 403
    assert "reload the page and try again" in response.content.decode()


@pytest.mark.parametrize(("address", "most"), [("/", 12), ("/fixtures/7/", 15)])
def test_a_page_asks_the_database_a_bounded_number_of_questions(ann: Client, address: str, most: int):
    for pk in range(100, 120):
        fixture = make_fixture(pk)
        for market in [make_market(fixture, market_id) for market_id in (1, 2, 3)]:
            for provider in (8, 9):
                make_bet(market, "1", "1.5", provider)
    text(ann, address)  # the list of fixtures is in memory from then on
    with CaptureQueriesContext(connection) as queries:
        text(ann, address)
    assert len(queries) <= most, "\n".join(query["sql"][:150] for query in queries.captured_queries)
