"""Fragments: what a topic looks like, at which version, for how many queries."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from feed.live.parts.board.board import BOARD as BOARD_PART
from feed.live.parts.board.row import ROW as ROW_PART
from feed.live.parts.feed_line import FEED_LINE
from feed.live.parts.fixture.about import ABOUT as ABOUT_PART
from feed.live.parts.fixture.card import CARD
from feed.live.parts.fixture.crumbs import CRUMBS as CRUMBS_PART
from feed.live.parts.fixture.incidents import INCIDENTS
from feed.live.parts.fixture.notes import NOTES
from feed.live.parts.fixture.periods import PERIODS
from feed.live.parts.fixture.scoreboard import SCOREBOARD
from feed.live.parts.fixture.statistics import STATISTICS
from feed.live.parts.fragments import TopicHtml, read_fragments
from feed.live.parts.markets.market import MARKET as MARKET_PART
from feed.live.parts.markets.markets import MARKETS
from feed.live.parts.part import PageTopic
from feed.live.parts.tree import TREE as TREE_PART
from feed.models import Bet, FeedSource, Fixture, FixtureNote, Incident, League, Market, Scoreboard
from tests.rows import NOW, make_bet, make_fixture, make_market, make_scoreboard, make_source

pytestmark = pytest.mark.django_db
ROW, MARKET, BOARD, FEED = ROW_PART.topic(7), MARKET_PART.topic(7, 1), BOARD_PART.topic(), FEED_LINE.topic()
OF_FIXTURE = [part.topic(7) for part in (SCOREBOARD, PERIODS, INCIDENTS, STATISTICS, MARKETS)]
TREE, CRUMBS, ABOUT = TREE_PART.topic(), CRUMBS_PART.topic(7), ABOUT_PART.topic(7)


@pytest.fixture
def fixture() -> Fixture:
    make_source()
    fixture = make_fixture()
    make_scoreboard(fixture)
    market = make_market(fixture, main_line="", revision=1)
    for provider_id, prices in {8: ("2.1", "3.4", "3.6"), 31: ("2.15", "3.3", "3.5")}.items():
        for name, price in zip(("1", "X", "2"), prices, strict=True):
            make_bet(market, name, price, provider_id)
    return fixture


def pushed(have: dict[PageTopic, str], now: datetime = NOW) -> dict[PageTopic, str]:
    """The HTML that a page is sent which has these versions."""
    updates = read_fragments({topic: [version] for topic, version in have.items()}, now)
    return {topic: update.payloads[have[topic]].html for topic, update in updates.items()}


def html(topic: PageTopic) -> str:
    return TopicHtml([topic], NOW).fragment(topic).html


def test_a_row_has_the_names_the_score_and_the_best_price_of_each_outcome(fixture: Fixture):
    row = html(ROW)
    for text in ("Northfield", "Southport", "<b>1</b>", "<b>0</b>", "2.15", "3.40", "3.60", "Book 31", "1st half"):
        assert text in row
    assert "2.10" not in row


def test_foreign_text_is_escaped(fixture: Fixture):
    fixture.participants.filter(position=1).update(name="<script>alert(1)</script>")
    assert "<script>" not in html(ROW)
    assert "<script>" not in html(SCOREBOARD.topic(7))


@pytest.mark.parametrize("topic", [ROW, MARKET, BOARD, FEED, TREE, CRUMBS, ABOUT, *OF_FIXTURE], ids=str)
def test_the_root_element_has_the_topics_id_and_version(fixture: Fixture, topic: PageTopic):
    fragment = TopicHtml([topic], NOW).fragment(topic)
    opening = fragment.html.strip().split(">")[0]
    assert f'id="{topic.element_id}"' in opening
    assert f'data-topic="{topic}"' in opening
    assert f'data-version="{fragment.version}"' in opening


def test_what_the_page_has_already_is_not_rendered_again(fixture: Fixture):
    version = TopicHtml([ROW], NOW).version(ROW)
    assert version is not None
    assert pushed({ROW: version}) == {}


def test_a_new_revision_of_the_main_market_changes_the_row_and_the_market(fixture: Fixture):
    have = {topic: TopicHtml([topic], NOW).version(topic) or "" for topic in (ROW, MARKET, *OF_FIXTURE)}
    Market.objects.filter(fixture=fixture, market_id=1).update(revision=2)
    assert set(pushed(have)) == {ROW, MARKET}


def test_a_new_scoreboard_changes_the_row_and_the_scoreboard(fixture: Fixture):
    have = {topic: TopicHtml([topic], NOW).version(topic) or "" for topic in (ROW, MARKET, *OF_FIXTURE)}
    Fixture.objects.update(scoreboard_revision=2)
    assert set(pushed(have)) == {ROW, SCOREBOARD.topic(7)}


def test_a_new_market_changes_the_list_of_markets(fixture: Fixture):
    topic = MARKETS.topic(7)
    have = {topic: TopicHtml([topic], NOW).version(topic) or ""}
    make_market(fixture, 2, "Under/Over")
    assert "Under/Over" in pushed(have)[topic]


def test_a_source_that_falls_silent_changes_every_price_and_suspends_it(fixture: Fixture):
    have = {topic: TopicHtml([topic], NOW).version(topic) or "" for topic in (ROW, MARKET, FEED)}
    later = NOW + timedelta(minutes=2)
    changed = pushed(have, later)
    assert set(changed) == {ROW, MARKET, FEED}
    assert "px--open" not in changed[MARKET]
    assert "px--unvouched" in changed[MARKET]
    assert 'data-state="down"' in changed[FEED]


@pytest.mark.parametrize("named", [True, False], ids=["named", "without names"])
def test_a_part_looks_the_same_alone_as_beside_others(fixture: Fixture, named: bool):
    if not named:
        fixture.participants.all().delete()
    race = make_fixture(9, kind=Fixture.Kind.OUTRIGHT, name="The 15:30", revision=1)
    make_bet(make_market(race, 274, "Race winner", revision=1), "Northfield", "4.5")
    cards = [CARD.topic(9), SCOREBOARD.topic(9)]
    for together in ([BOARD, ROW], [FEED, *OF_FIXTURE, MARKET], cards):
        page = TopicHtml(together, NOW)
        for topic in together:
            assert TopicHtml([topic], NOW).fragment(topic).html == page.fragment(topic).html
    whole_page = TopicHtml([BOARD], NOW, inline=40).fragment(BOARD).html
    assert html(ROW).strip() in whole_page


def test_another_name_of_a_league_changes_the_board(fixture: Fixture):
    have = {BOARD: TopicHtml([BOARD], NOW).version(BOARD) or ""}
    fixture.league.__class__.objects.update(name="Premier League")
    assert "Premier League" in pushed(have)[BOARD]


def test_another_league_or_description_changes_what_leads_to_a_fixture_and_when_it_was_described(fixture: Fixture):
    have = {topic: TopicHtml([topic], NOW).version(topic) or "" for topic in (CRUMBS, ABOUT)}
    assert pushed(have) == {}
    Fixture.objects.update(league=League.objects.create(id=68, name="Second League"), last_update=NOW)
    changed = pushed(have)
    assert "Second League" in changed[CRUMBS]
    assert NOW.isoformat() in changed[ABOUT]


def test_the_tree_of_outrights_changes_as_one_ends(fixture: Fixture):
    race = make_fixture(9, kind=Fixture.Kind.OUTRIGHT, name="The 15:30", status=1)
    have = {TREE: TopicHtml([TREE], NOW).version(TREE) or ""}
    assert "The 15:30" in html(TREE)
    assert pushed(have) == {}
    Fixture.objects.filter(pk=race.pk).update(status=3)
    assert "Finished" in pushed(have)[TREE]


def test_a_search_among_markets_still_counts_them_all(fixture: Fixture):
    topic = MARKETS.topic(7, query="find=1x2")
    have = {topic: TopicHtml([topic], NOW).version(topic) or ""}
    make_market(fixture, 2, "Under/Over")
    assert '<span class="count">2</span>' in pushed(have)[topic]


def test_a_note_in_place_of_another_changes_the_notes(fixture: Fixture):
    topic = NOTES.topic(7)
    note = FixtureNote.objects.create(fixture=fixture, text="Rain", written_at=NOW)
    have = {topic: TopicHtml([topic], NOW).version(topic) or ""}
    note.delete()
    FixtureNote.objects.create(fixture=fixture, text="Sun", written_at=NOW)
    assert "Sun" in pushed(have)[topic]


def test_extra_time_makes_the_axis_of_incidents_longer_by_quarters_of_an_hour(fixture: Fixture):
    topic = INCIDENTS.topic(7)
    Incident.objects.create(fixture=fixture, parent=20, parent_type=0, ordinal=1, type=9, seconds=5400)
    have = {topic: TopicHtml([topic], NOW).version(topic) or ""}
    Scoreboard.objects.update(time=5399)
    assert pushed(have) == {}
    Scoreboard.objects.update(time=5401)
    assert "105'" in pushed(have)[topic].replace("&#39;", "'")


def test_a_row_says_within_ten_seconds_when_something_new_of_the_match_was_told(fixture: Fixture):
    Fixture.objects.update(received_at=NOW)
    have = {ROW: TopicHtml([ROW], NOW).version(ROW) or ""}
    Fixture.objects.update(received_at=NOW + timedelta(seconds=9))
    assert pushed(have) == {}
    Fixture.objects.update(received_at=NOW + timedelta(seconds=25))
    moment = int((NOW + timedelta(seconds=20)).timestamp() * 1000)
    assert f'data-heard="{moment}"' in pushed(have)[ROW]


def test_of_equal_prices_always_the_same_bookmaker_is_named(fixture: Fixture):
    Bet.objects.filter(name="X").update(price="3.35")
    before = html(ROW)
    values = Bet.objects.filter(name="X", provider_id=8).values().get()
    Bet.objects.filter(bet_id=values["bet_id"]).delete()
    Bet.objects.create(**values)
    assert html(ROW) == before


def test_a_fixture_that_is_not_there_has_no_fragment():
    assert pushed({ROW: "", MARKET: ""}) == {}


def test_a_fixture_that_went_in_play_moves_on_the_board(fixture: Fixture):
    upcoming = BOARD_PART.topic(query="show=upcoming")
    have = {topic: TopicHtml([topic], NOW).version(topic) or "" for topic in (BOARD, upcoming)}
    make_fixture(8, "Eastham", "Westbury", status=1)
    changed = pushed(have)
    assert "Eastham" in changed[BOARD]
    assert "Northfield" not in changed[upcoming]


def test_an_empty_board_says_so_and_what_to_do():
    assert "No fixtures here." in html(BOARD)


def test_the_main_line_comes_first_in_a_grid(fixture: Fixture):
    market = make_market(fixture, 2, "Under/Over", main_line="2.5")
    for line in ("0.5", "2.5", "10.5"):
        make_bet(market, "Over", "1.9", line=line, base_line=line)
    grid = html(MARKET_PART.topic(7, 2))
    places = [grid.index(f'<span class="line">{line}</span>') for line in ("2.5", "0.5", "10.5")]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("topics", "most"), [([BOARD, FEED], 10), ([MARKET, *OF_FIXTURE, FEED], 13)], ids=["board", "fixture"]
)
def test_the_number_of_queries_does_not_grow_with_the_number_of_fixtures(
    fixture: Fixture, topics: list[PageTopic], most: int
):
    queries_for(topics)  # boards have the list of fixtures in memory from then on
    one = queries_for(topics)
    for pk in range(100, 120):
        market = make_market(make_fixture(pk))
        make_bet(market, "1", "1.5")
    queries_for(topics)
    many = queries_for(topics)
    assert many == one <= most


def queries_for(topics: list[PageTopic]) -> int:
    with CaptureQueriesContext(connection) as queries:
        page = TopicHtml(topics, NOW, inline=40)
        for topic in topics:
            page.fragment(topic)
    return len(queries)


def test_a_bookmaker_without_a_name_is_shown_by_its_number(fixture: Fixture):
    Bet.objects.filter(provider_id=31).update(provider_id=145)
    assert "Provider 145" in html(MARKET)


def test_the_feed_line_is_of_the_worst_live_source_and_not_of_a_recording_that_ended():
    make_source("in-play")
    make_source("old", kind=FeedSource.Kind.RECORDING, state="down", state_reason="The recording has ended.")
    assert 'data-state="up"' in html(FEED)
    make_source("pre-match", state="down", state_reason="The broker refused the password.")
    assert "pre-match: It is not connected<" in html(FEED)


def test_a_feed_that_was_switched_off_is_named_but_is_no_fault():
    make_source("in-play")
    make_source("new", last_message_at=None, off_since=NOW, off_reason="Not activated yet.")
    assert "Feed live<" in html(FEED)
    version = TopicHtml([FEED], NOW).version(FEED) or ""
    make_source("pre-match", state="down", off_since=NOW, off_reason="Switched off by olga.")
    line = pushed({FEED: version})[FEED]
    assert 'data-state="up"' in line
    assert "Feed live; pre-match is off<" in line
    make_source("South", off_since=NOW, off_reason="Switched off by olga.")
    assert "Feed live; South, pre-match are off<" in html(FEED)
    make_source("East", off_since=NOW, off_reason="Switched off by olga.")
    assert "Feed live; 3 feeds are off<" in html(FEED)


def test_where_every_feed_is_switched_off_the_line_says_so_and_since_when_but_not_by_whom():
    make_source("in-play", off_since=NOW, off_reason="Switched off by olga.")
    make_source("pre-match", off_since=NOW - timedelta(hours=1), off_reason="Not activated yet.")
    line = html(FEED)
    assert 'data-state="off"' in line
    assert "in-play: It is switched off<" in line
    assert "20:00:00 UTC" in line


def test_a_recording_that_plays_is_live_while_every_feed_is_switched_off():
    make_source("in-play", off_since=NOW, off_reason="Switched off by olga.")
    make_source("old", kind=FeedSource.Kind.RECORDING, state="down", state_reason="The recording has ended.")
    assert "in-play: It is switched off<" in html(FEED)
    make_source("Friday", kind=FeedSource.Kind.RECORDING)
    assert "Feed live; in-play is off<" in html(FEED)


def test_prices_of_a_feed_that_was_switched_off_do_not_look_tradable(fixture: Fixture):
    assert "px--unvouched" not in html(MARKET)
    FeedSource.objects.update(off_since=NOW, off_reason="Switched off by olga.")
    assert "px--unvouched" in html(MARKET)
    assert "px--open" not in html(MARKET)
