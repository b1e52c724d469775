"""What bookmakers do about what happens: betting stops, goes on, moves from queue to queue, and ends."""

import pytest

from feed.codes import BetStatus, FixtureStatus
from sandbox.contest import Topic
from sandbox.course import Fate
from sandbox.numbers import Reason
from sandbox.outgoing import Feed
from sandbox.schedule import RACE
from sandbox.supplier import milliseconds
from tests.sandbox_supplied import START, after, bets_of, cover, events, make_supplier


def test_a_goal_suspends_every_bet_of_the_match_with_a_reason() -> None:
    supplier = make_supplier(fixtures=40)
    for outgoing in supplier.advance(after(1200)):
        coverage = supplier.coverages.get(outgoing.fixture_id or 0)
        if coverage is not None and coverage.happened(Topic.SCORE) and coverage.offer.halted is Reason.PROVIDERS:
            break
    else:
        pytest.fail("no goal in 20 minutes of 40 fixtures")
    quotes = [quote for bet in coverage.offer for quote in bet.quotes.values()]
    assert BetStatus.OPEN not in {quote.status for quote in quotes}
    assert {quote.reason for quote in quotes if quote.at == supplier.now} == {Reason.PROVIDERS}


def test_betting_opens_again_some_time_after_a_goal() -> None:
    supplier = make_supplier(fixtures=0)
    coverage = cover(supplier, Fate.NORMAL)
    halted_at = None
    for outgoing in supplier.advance(after(6000)):
        if halted_at is None and coverage.offer.halted is Reason.PROVIDERS:
            halted_at = outgoing.at
        elif halted_at is not None and coverage.offer.is_open:
            assert 10_000 < outgoing.at - halted_at < 200_000
            return
    pytest.fail("no goal, or betting never opened again")


def test_the_loss_of_coverage_suspends_all_bets_and_their_return_opens_them() -> None:
    supplier = make_supplier(fixtures=0, speed=60.0)
    coverage = cover(supplier, Fate.LOST)
    seen = set()
    livescores_while_lost = 0
    for outgoing in supplier.advance(after(120)):
        if outgoing.fixture_id != coverage.fixture_id:
            continue
        status = coverage.contest.status
        quotes = {quote.status for bet in coverage.offer for quote in bet.quotes.values() if bet.is_open}
        if status == FixtureStatus.LOST_COVERAGE and outgoing.type == 2:
            livescores_while_lost += 1
            scoreboard = events(outgoing)[0]["Livescore"]["Scoreboard"]
            assert (scoreboard["Status"], scoreboard["Description"]) == (8, 5)
        if outgoing.type == 3 and coverage.offer.halted is Reason.FIXTURE_STATUS:
            assert BetStatus.OPEN not in quotes
        seen |= {(status, quote_status) for quote_status in quotes}
    assert livescores_while_lost == 1, "nothing is told while it is lost"
    assert (FixtureStatus.IN_PROGRESS, BetStatus.OPEN) in seen


def test_a_cancelled_fixture_says_why_and_settles_its_bets_with_stakes_returned() -> None:
    supplier = make_supplier(fixtures=0, speed=60.0)
    coverage = cover(supplier, Fate.CANCELLED, wait=1800.0)
    sent = [message for message in supplier.advance(after(120)) if message.fixture_id == coverage.fixture_id]
    fixture = events(next(message for message in reversed(sent) if message.type == 1))[0]["Fixture"]
    assert fixture["Status"] == 4
    assert {"Name": "CancellationReason", "Value": "Event Cancelled"} in fixture["FixtureExtraData"]
    settled = [bet for message in sent if message.type == 35 for _, _, bet in bets_of(message)]
    assert settled
    assert {(bet["Status"], bet["Settlement"]) for bet in settled} <= {(3, 3), (3, -1)}


def test_pre_match_betting_ends_for_both_queues_and_in_play_packages_are_then_told_all_bets() -> None:
    supplier = make_supplier(fixtures=0, speed=60.0)
    coverage = cover(supplier, Fate.NORMAL, wait=3600.0)
    markets = [message for message in supplier.advance(after(60)) if message.type == 3]
    both = [message for message in markets if message.feeds == (Feed.IN_PLAY, Feed.PRE_MATCH)]
    last_pre_match = max(index for index, message in enumerate(markets) if Feed.PRE_MATCH in message.feeds)
    in_play = markets[last_pre_match + 1 :]
    assert {bet["Status"] for message in both for _, _, bet in bets_of(message)} == {BetStatus.SUSPENDED}
    assert markets.index(both[-1]) == last_pre_match
    sent = {(market, bet["Id"]) for message in in_play for market, _, bet in bets_of(message)}
    assert sent >= {
        (bet.market.id, quote.id) for bet in coverage.offer for quote in bet.quotes.values() if quote.at <= both[0].at
    }


def test_a_race_is_off_for_bets_once_it_runs() -> None:
    supplier = make_supplier(fixtures=0, speed=20.0)
    start = milliseconds(START)
    race = supplier.schedule.make(RACE, start + 20_000, start, Fate.NORMAL)
    supplier.cover(race, start + 10)
    statuses = set()
    for _ in supplier.advance(after(60)):
        quotes = [quote.status for bet in race.offer for quote in bet.quotes.values()]
        if race.contest.status == FixtureStatus.ABOUT_TO_START:
            statuses |= set(quotes)
        elif race.contest.status == FixtureStatus.IN_PROGRESS and race.offer.halted:
            assert BetStatus.OPEN not in quotes
            statuses.add("off")
    assert statuses >= {BetStatus.OPEN, "off"}
