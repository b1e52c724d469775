"""The simulated supplier: what it sends, when, in which order, to which queues."""

import json
from collections import Counter
from datetime import timedelta
from functools import cache
from itertools import pairwise
from typing import Any

import pytest

from feed.codes import FixtureStatus
from sandbox.dialects import Odds
from sandbox.outgoing import Feed, Outgoing
from sandbox.sports import SPORTS
from sandbox.supplier import LIVE, Supplier, milliseconds
from tests.sandbox_supplied import START, after, bets_of, events, make_supplier


@cache
def first_minutes() -> list[Outgoing]:
    return list(make_supplier().advance(after(600)))


def test_the_same_seed_gives_the_same_bytes_however_time_is_cut() -> None:
    whole = list(make_supplier(seed=4).advance(after(90)))
    cut = make_supplier(seed=4)
    pieces = [outgoing for second in range(0, 91, 3) for outgoing in cut.advance(after(second))]
    assert pieces == whole


def test_another_seed_gives_other_matches() -> None:
    one, other = (list(make_supplier(seed=seed).advance(after(5))) for seed in (1, 2))
    assert {outgoing.body for outgoing in one}.isdisjoint(outgoing.body for outgoing in other if outgoing.type == 1)


def test_two_runs_do_not_share_fixtures() -> None:
    ids = [set(Supplier(start=START + timedelta(minutes=minutes), fixtures=24).coverages) for minutes in (0, 1)]
    assert ids[0].isdisjoint(ids[1])


def test_time_that_goes_back_sends_nothing() -> None:
    supplier = make_supplier()
    list(supplier.advance(after(30)))
    assert list(supplier.advance(after(10))) == []


def test_a_heartbeat_comes_each_5_seconds_and_a_keep_alive_each_30() -> None:
    sent = {kind: [outgoing.at for outgoing in first_minutes() if outgoing.type == kind] for kind in (31, 32)}
    assert sent[32] == list(range(milliseconds(START), milliseconds(START) + 600_001, 5_000))
    assert sent[31] == list(range(milliseconds(START), milliseconds(START) + 600_001, 30_000))


def test_a_keep_alive_lists_the_matches_in_play() -> None:
    supplier = make_supplier()
    last = [outgoing for outgoing in supplier.advance(after(60)) if outgoing.type == 31][-1]
    live = {
        fixture_id
        for fixture_id, coverage in supplier.coverages.items()
        if coverage.contest.card.sport.id in {sport.id for sport in SPORTS} and coverage.contest.status in LIVE
    }
    assert set(json.loads(last.body)["Body"]["KeepAlive"]["ActiveEvents"]) == live


def test_ten_sports_are_alive_within_20_seconds() -> None:
    fixtures = make_supplier(fixtures=40)
    sent = list(fixtures.advance(after(20)))
    scores = {events(message)[0]["Fixture"]["Sport"]["Name"] for message in sent if message.type == 2}
    assert len(scores) == 10
    assert {37, 38, 40, 41} <= {message.type for message in sent}, "races and seasons besides"
    statuses = Counter(coverage.contest.status for coverage in fixtures.coverages.values())
    assert statuses[FixtureStatus.IN_PROGRESS] >= 10
    assert statuses[FixtureStatus.NOT_STARTED] >= 3


def test_something_happens_every_few_seconds() -> None:
    times = [outgoing.at for outgoing in first_minutes() if outgoing.type in (2, 3)]
    pauses = [later - earlier for earlier, later in pairwise(times)]
    assert max(pauses) < 8_000


def test_messages_come_in_the_order_of_their_times() -> None:
    times = [outgoing.at for outgoing in first_minutes()]
    assert times == sorted(times)


def test_sequence_numbers_have_no_hole_in_any_queue() -> None:
    """Each (fixture, type, market) counts from 1; a queue that gets it from some message on, gets all that follow."""
    last: dict[tuple[Any, ...], int] = {}
    for outgoing in first_minutes():
        if outgoing.fixture_id is None:
            continue
        number = int(outgoing.headers["MessageSequence"])
        key = outgoing.fixture_id, outgoing.type, outgoing.headers.get("MarketId")
        assert number == last.get(key, 0) + 1
        last[key] = number
        for feed in outgoing.feeds:
            assert last.get((*key, feed), number - 1) == number - 1
            last[*key, feed] = number


def test_no_two_messages_share_a_guid() -> None:
    guids = [outgoing.headers["MessageGuid"] for outgoing in first_minutes()]
    assert len(set(guids)) == len(guids)


def test_bet_ids_are_beyond_2_to_the_53_end_in_the_fixtures_and_are_unique() -> None:
    names: dict[tuple[int, int, int], tuple[Any, ...]] = {}
    for outgoing in first_minutes():
        if outgoing.type not in (3, 35):
            continue
        for market, provider, bet in bets_of(outgoing):
            assert 2**53 < bet["Id"] < 2**63
            assert str(bet["Id"]).endswith(str(outgoing.fixture_id))
            key = outgoing.fixture_id or 0, market, bet["Id"]
            names_sent = provider, bet["Name"], bet.get("BaseLine")
            assert names.setdefault(key, names_sent) == names_sent


def test_a_market_is_told_whole_first_and_then_only_what_changed() -> None:
    known: dict[tuple[Any, ...], tuple[Any, ...]] = {}
    repeated = 0
    for outgoing in first_minutes():
        if outgoing.type != 3:
            continue
        for market, provider, bet in bets_of(outgoing):
            key = outgoing.feeds[0], outgoing.fixture_id, market, provider, bet["Id"]
            state = bet["Price"], bet["Status"], bet.get("SuspensionReason")
            repeated += known.get(key) == state
            known[key] = state
    assert repeated == 0


def test_a_fixture_that_is_over_makes_room_for_another() -> None:
    supplier = make_supplier(fixtures=8, speed=200.0, bookmakers=1)
    before = set(supplier.coverages)
    for _ in supplier.advance(after(15)):
        pass
    assert len(supplier.coverages) == 8
    assert before - set(supplier.coverages)


def test_speed_hurries_matches_but_not_heartbeats() -> None:
    supplier = make_supplier(fixtures=1, speed=60.0)
    sent = list(supplier.advance(after(60)))
    football = [message for message in sent if message.type == 2 and message.headers["SportId"] == "6046"]
    clocks = [int(events(message)[0]["Livescore"]["Scoreboard"]["Time"]) for message in football]
    assert max(clocks) - min(clocks) > 900
    assert sum(message.type == 32 for message in sent) == 13


def test_pre_match_odds_go_to_the_pre_match_queue_and_in_play_odds_to_the_other() -> None:
    supplier = make_supplier()
    for outgoing in supplier.advance(after(20)):
        if outgoing.fixture_id is None or outgoing.type != 3:
            continue
        status = supplier.coverages[outgoing.fixture_id].contest.status
        assert outgoing.feeds == ((Feed.PRE_MATCH,) if status == FixtureStatus.NOT_STARTED else (Feed.IN_PLAY,))


def test_fixtures_and_settlements_go_to_both_queues_and_livescores_to_in_play() -> None:
    feeds = {kind: {message.feeds for message in first_minutes() if message.type == kind} for kind in (1, 2, 35, 37)}
    both = (Feed.IN_PLAY, Feed.PRE_MATCH)
    assert feeds == {1: {both}, 2: {(Feed.IN_PLAY,)}, 35: {both}, 37: {(Feed.PRE_MATCH,)}}


@pytest.mark.parametrize(
    ("odds", "has"),
    [(Odds.CALCULATED, {"Bets"}), (Odds.PROVIDERS, {"ProviderMarkets"}), (Odds.BOTH, {"Bets", "ProviderMarkets"})],
)
def test_a_package_gets_the_odds_that_it_ordered(odds: Odds, has: set[str]) -> None:
    keys = set()
    for outgoing in make_supplier(odds=odds).advance(after(5)):
        if outgoing.type == 3:
            keys |= {"Bets", "ProviderMarkets"} & set(events(outgoing)[0]["Markets"][0])
    assert keys == has


def test_as_many_bookmakers_quote_as_were_asked_for() -> None:
    supplier = make_supplier(fixtures=40, bookmakers=10)
    list(supplier.advance(after(5)))
    quoting = {
        book for coverage in supplier.coverages.values() for bet in coverage.offer for book in bet.quotes if book
    }
    assert len(quoting) == 10
    assert max(len(bet.quotes) for coverage in supplier.coverages.values() for bet in coverage.offer) <= 11


def test_a_rate_is_kept_by_moving_prices_more_often() -> None:
    sent = list(make_supplier(rate=400).advance(after(20)))
    assert 7_900 <= len(sent) <= 8_400


def test_about_as_many_are_in_play_as_was_said_and_they_get_most_of_the_added_moves() -> None:
    supplier = make_supplier(fixtures=240, in_play=40, rate=200)
    list(supplier.advance(after(2)))
    live = {coverage.fixture_id for coverage in supplier.coverages.values() if coverage.contest.status in LIVE}
    assert 32 <= len(live) <= 42
    waits = [coverage.contest.card.start - supplier.now for coverage in supplier.coverages.values()]
    assert sum(0 < wait < 3_500_000 for wait in waits) < 10, "only what follows a match that is over starts soon"
    moved = [event["FixtureId"] for sent in supplier.advance(after(12)) if sent.type == 3 for event in events(sent)]
    assert 0.7 < sum(fixture_id in live for fixture_id in moved) / len(moved) < 0.95


def test_dialects_can_be_spoken_together_and_an_unknown_one_is_named() -> None:
    types = Counter(message.body[:10] for message in make_supplier(dialect="trade,hyper").advance(after(5)))
    assert {b'{"Header":', b'{"header":'} <= set(types)
    with pytest.raises(ValueError, match="'klingon' is no dialect: there are trade, oddservice-xml, hyper"):
        make_supplier(dialect="klingon")


def test_what_is_upcoming_is_every_fixture_that_has_not_started() -> None:
    supplier = make_supplier(dialect="hyper", fixtures=40)
    list(supplier.advance(after(5)))
    upcoming = {coverage.fixture_id for coverage in supplier.upcoming()}
    assert upcoming
    assert upcoming == {
        fixture_id
        for fixture_id, coverage in supplier.coverages.items()
        if coverage.contest.status in (FixtureStatus.NOT_STARTED, FixtureStatus.ABOUT_TO_START)
        and coverage.contest.card.sport.name not in ("Tennis", "Horse Racing")
        and len(coverage.contest.card.sides) == 2
    }


def test_history_agrees_with_itself_when_a_match_is_first_told() -> None:
    for outgoing in first_minutes():
        if outgoing.type != 2 or outgoing.headers["SportId"] not in ("6046", "35232", "35709"):
            continue
        livescore = events(outgoing)[0]["Livescore"]
        total = [int(result["Value"]) for result in livescore["Scoreboard"]["Results"]]
        periods = [period for period in livescore["Periods"] if period["Type"] < 100]
        assert total == [sum(int(period["Results"][side]["Value"]) for period in periods) for side in (0, 1)]
        last = [incident for period in periods for incident in period["Incidents"] or ()]
        assert total == ([int(result["Value"]) for result in last[-1]["Results"]] if last else [0, 0])


def test_the_demos_fixtures_are_alive_in_ten_sports_within_20_seconds_and_never_quiet_for_long() -> None:
    supplier = Supplier(start=START, fixtures=60)
    alive: set[int] = set()
    happened: list[int] = []
    for outgoing in supplier.advance(after(180)):
        contest = supplier.coverages[outgoing.fixture_id].contest if outgoing.fixture_id in supplier.coverages else None
        if outgoing.type not in (2, 3) or contest is None or contest.status != FixtureStatus.IN_PROGRESS:
            continue
        happened.append(outgoing.at)
        if outgoing.at <= milliseconds(after(20)):
            alive.add(contest.card.sport.id)
    assert len(alive) == 10
    assert max(later - earlier for earlier, later in pairwise(happened)) < 4000
