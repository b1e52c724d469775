"""A row of the board: the state of play in words and numbers as the sport's followers read them."""

import pytest
from lxml import html

from feed.codes import SportId
from feed.live.parts.board.board import BOARD
from feed.live.parts.board.row import ROW
from feed.live.parts.fragments import TopicHtml
from feed.live.parts.part import PageTopic
from feed.models import Fixture, FixtureNote, Incident, League, Location, Period, Scoreboard, Sport, Statistic
from tests.rows import NOW, make_bet, make_fixture, make_market, make_scoreboard, make_source

pytestmark = pytest.mark.django_db


@pytest.fixture
def fixture() -> Fixture:
    make_source()
    return make_fixture(received_at=NOW)


def texts(topic: PageTopic) -> str:
    """The fragment's text without its tags, one space between any two pieces."""
    return " ".join(" ".join(html.fragment_fromstring(page(topic), create_parent="div").itertext()).split())


def page(topic: PageTopic) -> str:
    return TopicHtml([topic], NOW, inline=40).fragment(topic).html


def row() -> str:
    return texts(ROW.topic(7))


def test_a_match_in_play_has_its_clock_its_period_its_score_and_what_happened_last(fixture: Fixture):
    make_scoreboard(fixture)
    Statistic.objects.create(fixture=fixture, type=7, values={"1": "0", "2": "2"})
    Incident.objects.create(
        fixture=fixture, parent="period", parent_type=10, ordinal=1, period=10, type=9, seconds=540, player_name="Lenz"
    )
    text = row()
    for part in ("10:00 1st half", "Northfield Southport 2 red cards · 1 0", "10' Goal (Lenz)"):
        assert part in text


STATES = {
    9: "About to start",
    8: "Coverage lost",
    6: "Interrupted",
    4: "Cancelled",
    5: "Postponed",
    7: "Abandoned",
    3: "Finished",
    77: "Status 77",
}


@pytest.mark.parametrize("status", STATES)
def test_a_state_of_play_is_told_in_words(fixture: Fixture, status: int):
    Fixture.objects.update(status=status)
    make_scoreboard(fixture, status=status)
    assert STATES[status] in row()


@pytest.mark.parametrize("status", [6, 7, 8])
def test_a_match_that_was_halted_stands_out(fixture: Fixture, status: int):
    Fixture.objects.update(status=status)
    make_scoreboard(fixture, status=status)
    assert "row--halted" in page(ROW.topic(7))


def test_a_break_is_told_with_what_lsports_says_of_it(fixture: Fixture):
    make_scoreboard(fixture, current_period=80, description=1)
    assert "10:00 Half-time" in row()
    Scoreboard.objects.update(description=None)
    assert "Break" in row()


def play(sport: SportId, periods: dict[int, tuple[str, str]], **fields: object) -> str:
    """The row of a match of the sport with these scores by period."""
    Sport.objects.get_or_create(id=sport, defaults={"name": sport.name})
    Fixture.objects.update(sport_id=sport)
    fixture = Fixture.objects.get()
    make_scoreboard(fixture, **fields)
    for type_, (home, away) in periods.items():
        Period.objects.create(fixture=fixture, type=type_, is_finished=type_ < 2, scores={"1": home, "2": away})
    return row()


def test_tennis_has_its_sets_its_game_and_who_serves(fixture: Fixture):
    text = play(
        SportId.TENNIS, {1: ("6", "4"), 2: ("2", "3"), 60: ("40", "15")}, current_period=2, extra_data={"Turn": "2"}
    )
    assert "6 2 40 1" in text
    assert "4 3 15 0" in text
    assert "Southport serving" in text


def test_basketball_has_its_quarters(fixture: Fixture):
    assert "21 19 1" in play(SportId.BASKETBALL, {1: ("21", "18"), 2: ("19", "25")}, current_period=2)


def test_baseball_has_its_newest_five_innings(fixture: Fixture):
    text = play(SportId.BASEBALL, {inning: (str(inning), "0") for inning in range(1, 8)}, current_period=7)
    assert "3 4 5 6 7 1" in text


def test_football_has_its_score_alone(fixture: Fixture):
    assert "0 1 1" not in play(SportId.FOOTBALL, {10: ("0", "0"), 20: ("1", "0")}, current_period=20)


def test_the_best_price_of_each_main_market_stands_with_whose_it_is(fixture: Fixture):
    winner = make_market(fixture, 1, revision=1)
    for provider, price in ((8, "2.1"), (31, "2.2")):
        make_bet(winner, "1", price, provider)
    totals = make_market(fixture, 2, "Under/Over", main_line="2.5", revision=1)
    for line in ("1.5", "2.5"):
        make_bet(totals, "Over", "1.9", 8, line=line, base_line=line)
    handicap = make_market(fixture, 3, "Asian Handicap", main_line="-0.5", revision=1)
    make_bet(handicap, "1", "1.85", 31, line="-0.5 (0-0)", base_line="-0.5")
    assert "2.20 Book 31" in row()
    assert "2.5 1.90 Book 8" in row()
    assert "-0.5 1.85 Book 31" in row()
    assert "2.10" not in row()


def test_what_has_not_begun_has_its_start_and_no_age(fixture: Fixture):
    Fixture.objects.update(status=1)
    assert 'data-local="short"' in page(ROW.topic(7))
    assert "data-heard" not in page(ROW.topic(7))


def test_what_is_in_play_has_the_time_when_lsports_last_told_something(fixture: Fixture):
    make_scoreboard(fixture)
    assert "data-heard" in page(ROW.topic(7))


def test_leagues_stand_under_their_sport_and_location_and_sports_by_their_number(fixture: Fixture):
    Sport.objects.create(id=54094, name="Tennis")
    Location.objects.create(id=5, name="France")
    League.objects.create(id=6, name="Open")
    for pk in (8, 9):
        make_fixture(pk, sport_id=54094, location_id=5, league_id=6)
    board = texts(BOARD.topic())
    assert "Football England · First League" in board
    assert "Tennis France · Open" in board
    assert board.index("Tennis 2") < board.index("Football 1")
    assert "In play 3 Today" in board


def test_a_row_has_the_newest_note_and_is_another_version_with_it(fixture: Fixture):
    before = TopicHtml([ROW.topic(7)], NOW).version(ROW.topic(7))
    assert "noted" not in page(ROW.topic(7))
    for text in ("first word", "<b>keeper</b> is hurt"):
        FixtureNote.objects.create(fixture=fixture, text=text, written_at=NOW)
    assert TopicHtml([ROW.topic(7)], NOW).version(ROW.topic(7)) != before
    assert "Note: <b>keeper</b> is hurt" in row()
    assert "first word" not in row()
    assert "<b>keeper" not in page(ROW.topic(7))
    FixtureNote.objects.all().delete()
    assert TopicHtml([ROW.topic(7)], NOW).version(ROW.topic(7)) == before


def test_a_board_of_one_bookmaker_marks_no_price_as_the_best(fixture: Fixture):
    market = make_market(fixture)
    for provider_id, price in ((8, "2.10"), (31, "2.20")):
        make_bet(market, "1", price, provider_id=provider_id, bet_id=provider_id)
    assert "px--best" in page(ROW.topic(7))
    alone = page(ROW.topic(7, query="provider=31"))
    assert "2.20" in alone
    assert "px--best" not in alone
