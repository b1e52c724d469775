"""Attention: what needs a trader now, from rows: each kind with its evidence, when it is due, and when it is not."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from feed.attention.concerns import Concern, Kind
from feed.attention.listing import AttentionList
from feed.attention.rhythm import LEAST_GAPS, LEAST_SECONDS, Rhythms
from feed.live.parts.attention import ATTENTION
from feed.live.parts.fragments import TopicHtml
from feed.models import Bet, Desk, FeedSource, Fixture, Market, Sport
from feed.vouching.source_health import Health
from feed.vouching.sources import SourceHealth, Vouching
from tests.rows import NOW, make_bet, make_fixture, make_market, make_scoreboard, make_source, make_trader

pytestmark = pytest.mark.django_db
BOOKS = (8, 9, 10, 11, 12)


@pytest.fixture
def fixture() -> Fixture:
    make_source()
    return make_fixture()


def feed(state: str = "up") -> Vouching:
    return Vouching((SourceHealth(FeedSource.objects.get(), Health(FeedSource.State(state), NOW)),))


def found(seconds: float = 0, listing: AttentionList | None = None, state: str = "up") -> list[Concern]:
    """What is listed so many seconds after a first reading."""
    listing = listing or AttentionList()
    listing.due(NOW, feed(state))
    return listing.due(NOW + timedelta(seconds=seconds), feed(state))


def kinds(seconds: float = 0, **options: Any) -> list[Kind]:
    return [concern.kind for concern in found(seconds, **options)]


def quote(fixture: Fixture, market_id: int, *prices: tuple[str, str], books: Any = BOOKS, **fields: Any) -> list[Bet]:
    """Every bookmaker's bets: (outcome, price) each."""
    market = Market.objects.filter(fixture=fixture, market_id=market_id).first() or make_market(fixture, market_id)
    return [make_bet(market, name, price, book, **fields) for book in books for name, price in prices]


def change(bets: list[Bet], seconds: float, **fields: Any) -> None:
    """As a batch would, so many seconds later."""
    for bet in bets:
        revision = Fixture.objects.get(pk=bet.fixture_id).revision + 1
        at = NOW + timedelta(seconds=seconds)
        Bet.objects.filter(pk=bet.pk).update(**{"revision": revision, "received_at": at, **fields})
        Fixture.objects.filter(pk=bet.fixture_id).update(revision=revision, stored_at=at)


def test_a_total_that_the_score_has_passed_and_that_is_still_open_contradicts_it(fixture: Fixture):
    make_scoreboard(fixture, "2", "1")
    quote(fixture, 2, ("Over", "1.5"), ("Under", "2.5"), line="2.5")
    assert kinds(10) == []
    concerns = found(20)
    assert {concern.kind for concern in concerns} == {Kind.SCORE}
    assert "Book 8 still has Over 2.5 open at 1.50, and the score is 2:1" in concerns[0].text
    assert concerns[0].address == "/fixtures/7/history/?market=2"


def test_a_total_above_the_score_is_none(fixture: Fixture):
    make_scoreboard(fixture, "2", "1")
    quote(fixture, 2, ("Over", "1.5"), ("Under", "2.5"), line="3.5")
    assert kinds(20) == []


@pytest.mark.parametrize(("minute", "listed"), [(20, []), (70, [Kind.SCORE])])
def test_who_leads_by_two_in_the_second_half_is_no_outsider(fixture: Fixture, minute: int, listed: list[Kind]):
    make_scoreboard(fixture, "3", "1", time=60 * minute)
    quote(fixture, 1, ("1", "8.0"), ("X", "5.0"), ("2", "1.3"), books=(8,))
    assert kinds(20) == listed


@pytest.mark.parametrize(("sport", "score", "listed"), [(35709, 21, []), (35709, 28, [Kind.SCORE]), (274791, 21, [])])
def test_a_lead_of_two_is_little_where_many_points_are_scored(sport: int, score: int, listed: list[Kind]):
    make_source()
    Sport.objects.create(id=sport, name="Handball or rugby")
    fixture = make_fixture(sport_id=sport)
    make_scoreboard(fixture, f"{score}", "19", time=60 * 50)
    quote(fixture, 1, ("1", "2.6"), ("X", "8.0"), ("2", "1.6"), books=(8,))
    assert kinds(20) == listed


def test_a_bookmaker_far_from_the_others_is_listed_with_both_chances(fixture: Fixture):
    quote(fixture, 52, ("1", "1.9"), ("2", "1.9"))
    quote(fixture, 52, ("1", "3.2"), ("2", "1.3"), books=(13,))
    assert kinds(20) == []
    concern = found(40)[0]
    assert (concern.kind, concern.provider_id) == (Kind.BOOKS, 13)
    assert "without its margin; the median of 6 bookmakers is 50 %" in concern.text


def test_a_large_margin_alone_is_no_contradiction(fixture: Fixture):
    quote(fixture, 52, ("1", "1.95"), ("2", "1.95"))
    quote(fixture, 52, ("1", "1.5"), ("2", "1.5"), books=(13,))
    assert kinds(60) == []


def test_one_that_agrees_again_is_listed_no_more(fixture: Fixture):
    quote(fixture, 52, ("1", "1.9"), ("2", "1.9"))
    stray = quote(fixture, 52, ("1", "3.2"), ("2", "1.3"), books=(13,))
    listing = AttentionList()
    assert kinds(40, listing=listing) == [Kind.BOOKS]
    change(stray, 41, price="1.9")
    assert listing.due(NOW + timedelta(seconds=42), feed()) == []


def test_a_bookmaker_that_is_closed_though_nearly_all_others_are_open_is_listed(fixture: Fixture):
    quote(fixture, 1, ("1", "2.0"))
    quote(fixture, 1, ("1", "2.0"), books=(13,), status=2)
    assert kinds(60) == []
    assert found(100)[0].text == "1X2: Book 13 is suspended, 5 of 5 others are open"


def test_holes_are_listed_at_once(fixture: Fixture):
    for market_id in (1, 2):
        make_market(fixture, market_id, gap_since=NOW, skipped_at=NOW, numbered_by=FeedSource.objects.get().pk)
    assert [concern.text for concern in found()] == ["Messages of 2 markets are missing: 1X2, Under/Over"]


def test_markets_that_no_bookmaker_opens_for_three_minutes_are_listed_with_the_reason(fixture: Fixture):
    for market_id in (1, 2):
        quote(fixture, market_id, ("1", "2.0"), status=2, suspension_reason=6)
    assert kinds(170) == []
    assert [concern.text for concern in found(190)] == ["1X2, Under/Over: score inconsistent"]


def test_markets_that_are_closed_by_turns_are_not_closed_for_long(fixture: Fixture):
    winners, totals = (quote(fixture, market_id, ("1", "2.0")) for market_id in (1, 2))
    listing = AttentionList()
    for seconds in range(0, 400, 50):
        shut, reopened = (winners, totals) if seconds % 100 else (totals, winners)
        change(shut, seconds, status=2)
        listing.due(NOW + timedelta(seconds=seconds), feed())
        change(reopened, seconds + 5, status=1)
        assert listing.due(NOW + timedelta(seconds=seconds + 5), feed()) == []
    concerns = listing.due(NOW + timedelta(seconds=531), feed())
    assert [concern.text for concern in concerns] == ["1X2: no bookmaker is open"]


def test_a_market_that_is_closed_again_and_again_is_closed_since_the_first_time(fixture: Fixture):
    bets, listing = quote(fixture, 1, ("1", "2.0"), status=2), AttentionList()
    for seconds in (0, 100, 190):
        change(bets, seconds, status=2)
        concerns = listing.due(NOW + timedelta(seconds=seconds), feed())
    assert [(concern.kind, concern.since) for concern in concerns] == [(Kind.SUSPENDED, NOW)]


def test_a_fixture_that_starts_within_five_minutes_without_an_open_price_is_listed(fixture: Fixture):
    for pk, minutes in ((8, 4), (9, 10)):
        make_fixture(pk, status=1, start_at=NOW + timedelta(minutes=minutes))
    make_fixture(10, status=1, start_at=NOW + timedelta(minutes=4))
    quote(Fixture.objects.get(pk=10), 1, ("1", "2.0"))
    assert [(concern.kind, concern.fixture_id) for concern in found()] == [(Kind.START, 8)]


def test_one_whose_start_is_put_off_is_listed_before_the_new_one_alone(fixture: Fixture):
    quote(fixture, 1, ("1", "2.0"))
    later = make_fixture(8, status=1, start_at=NOW + timedelta(minutes=4))
    listing = AttentionList()
    assert kinds(listing=listing) == [Kind.START]
    Fixture.objects.filter(pk=later.pk).update(start_at=NOW + timedelta(minutes=30), revision=2)
    for minutes, listed in ((1, []), (26, [Kind.START])):
        assert [concern.kind for concern in listing.due(NOW + timedelta(minutes=minutes), feed())] == listed


def test_no_price_is_missed_where_the_feed_is_not_up_or_brings_none_at_all(fixture: Fixture):
    make_fixture(8, status=1, start_at=NOW + timedelta(minutes=4))
    assert kinds() == []
    quote(fixture, 1, ("1", "2.0"))
    assert kinds(state="down") == []
    assert kinds() == [Kind.START]


def test_each_bookmaker_is_silent_by_its_own_rhythm():
    rhythms = Rhythms()
    for _ in range(LEAST_GAPS):
        rhythms.note(8, NOW, NOW + timedelta(seconds=2))
        rhythms.note(9, NOW, NOW + timedelta(seconds=60))
    rhythms.note(10, NOW, NOW + timedelta(seconds=2))
    assert [rhythms.limit(book) for book in (8, 9, 10)] == [LEAST_SECONDS, 300.0, None]


def test_a_bookmaker_that_says_nothing_while_others_speak_is_listed_and_one_that_is_slow_is_not(fixture: Fixture):
    listing = AttentionList()
    for _ in range(LEAST_GAPS):
        for book in BOOKS:
            listing.rhythms.note(book, NOW, NOW + timedelta(seconds=100 if book == 9 else 2))
    bets = {bet.provider_id: bet for bet in quote(fixture, 1, ("1", "2.0"))}
    listing.due(NOW, feed())
    change([bets[10], bets[11], bets[12]], 100)
    concerns = listing.due(NOW + timedelta(seconds=101), feed())
    assert [(concern.kind, concern.provider_id) for concern in concerns] == [(Kind.STALE, 8)]
    assert concerns[0].since == NOW


def test_a_bookmaker_that_is_silent_nearly_everywhere_is_one_concern(fixture: Fixture):
    listing = AttentionList()
    for _ in range(LEAST_GAPS):
        listing.rhythms.note(8, NOW, NOW + timedelta(seconds=2))
    others = [make_fixture(pk) for pk in (8, 9, 10)]
    bets = [bet for match in (fixture, *others) for bet in quote(match, 1, ("1", "2.0"))]
    listing.due(NOW, feed())
    change([bet for bet in bets if bet.provider_id != 8], 100)
    concerns = listing.due(NOW + timedelta(seconds=101), feed())
    assert [(concern.kind, concern.fixture_id, concern.provider_id) for concern in concerns] == [(Kind.STALE, 0, 8)]
    assert "In 4 of its 4 fixtures in play." in concerns[0].text


def test_the_worst_comes_first(fixture: Fixture):
    make_scoreboard(fixture, "2", "1")
    quote(fixture, 2, ("Over", "1.5"), ("Under", "2.5"), books=(8,), line="2.5")
    quote(fixture, 1, ("1", "2.0"), status=2)
    make_fixture(8, status=1, start_at=NOW + timedelta(minutes=2))
    assert kinds(200) == [Kind.SCORE, Kind.SUSPENDED, Kind.START]


@pytest.mark.parametrize("state", ["down", "late", "recovering"])
def test_of_what_no_feed_vouches_for_nothing_is_said(fixture: Fixture, state: str):
    make_scoreboard(fixture, "2", "1")
    quote(fixture, 2, ("Over", "1.5"), ("Under", "2.5"), line="2.5")
    quote(fixture, 1, ("1", "2.0"), status=2)
    make_fixture(8, status=1, start_at=NOW + timedelta(minutes=2))
    quote(Fixture.objects.get(pk=8), 1, ("1", "2.0"))
    assert kinds(300, state=state) == []


def test_an_unchanged_database_costs_one_query_and_a_change_only_its_own_fixture(fixture: Fixture):
    for pk in range(20, 40):
        quote(make_fixture(pk), 1, ("1", "2.0"))
    bets = quote(fixture, 1, ("1", "2.0"))
    listing, vouching = AttentionList(), feed()
    listing.due(NOW, vouching)
    with CaptureQueriesContext(connection) as queries:
        listing.due(NOW + timedelta(seconds=1), vouching)
        listing.due(NOW + timedelta(seconds=1.1), vouching)
    assert len(queries) == 1
    change(bets[:1], 2, price="2.5")
    with CaptureQueriesContext(connection) as queries:
        listing.due(NOW + timedelta(seconds=3), vouching)
    assert len(queries) <= 7
    assert listing.known[7].offers[1, 8, bets[0].bet_id].price == 2.5


@pytest.fixture
def ann(client: Client, fixture: Fixture) -> Client:
    make_market(fixture, 1, gap_since=NOW, skipped_at=NOW, numbered_by=FeedSource.objects.get().pk)
    client.force_login(make_trader())
    return client


def listed(client: Client) -> str:
    return client.get("/attention/").content.decode()


def test_the_page_has_what_is_due_with_its_evidence_and_a_link(ann: Client):
    page = listed(ann)
    assert "Messages of 1 market are missing: 1X2" in page
    assert 'href="/fixtures/7/"' in page
    assert "Northfield v Southport" in page


def test_not_again_is_for_one_trader_until_it_is_taken_back(ann: Client):
    key = Concern(Kind.HOLE, 7, 0, 0, NOW, NOW, "", "").key
    assert ann.post("/attention/dismiss/", {"key": key}).json() == {"topic": f"attention?not={key}"}
    assert "Nothing needs you now." in listed(ann)
    other = Client()
    other.force_login(make_trader("bob"))
    assert "Messages of 1 market are missing" in listed(other)
    assert ann.post("/attention/dismiss_none/").status_code == 302
    assert "Messages of 1 market are missing" in listed(ann)


def test_what_is_no_key_is_refused(ann: Client):
    assert ann.post("/attention/dismiss/", {"key": "7&pins=8"}).status_code == 400
    assert not Desk.objects.filter(user=User.objects.get(username="ann")).exists()


def test_evidence_that_changes_reaches_the_page(fixture: Fixture, monkeypatch: pytest.MonkeyPatch):
    versions = []
    for text in ("1.50 is open, and the score is 2:1", "1.20 is open, and the score is 3:1"):
        concern = Concern(Kind.SCORE, 7, 2, 8, NOW, NOW, "A v B", text, 2)
        monkeypatch.setattr("feed.live.parts.attention.needing_attention", lambda *_, concern=concern: [concern])
        versions.append(TopicHtml([ATTENTION.topic()], NOW).version(ATTENTION.topic()))
    assert versions[0] != versions[1]
