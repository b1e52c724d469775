"""Movers: the biggest moves, strays, suspensions and arbitrage."""

from datetime import timedelta
from decimal import Decimal

import pytest

from feed.models import Bet, Fixture, Market
from feed.pages.prices.movers import Movers, read_movers
from feed.vouching.sources import read_vouching
from tests.journal_rows import note_price, note_score
from tests.rows import NOW, make_bet, make_fixture, make_market, make_scoreboard, make_source

pytestmark = pytest.mark.django_db


@pytest.fixture
def fixture() -> Fixture:
    make_source()
    return make_fixture()


def movers(minutes: int = 5) -> Movers:
    return read_movers(NOW, minutes, 60, read_vouching(NOW))


def was(bet: Bet, price: str, minutes: float) -> None:
    note_price(bet, price, NOW - timedelta(minutes=minutes))


def test_a_move_is_told_in_points_of_the_implied_chance(fixture: Fixture):
    bet = make_bet(make_market(fixture), "1", "1.6")
    was(bet, "2.0", 10)
    was(bet, "1.7", 2)
    move = movers().moves[0]
    assert (move.before, round(move.change, 6)) == (Decimal("2.0"), 12.5)


def test_moves_stand_by_fixture_with_score_and_clock_and_the_biggest_first(fixture: Fixture):
    later = make_fixture(8, "Eastvale", "Westham")
    make_scoreboard(later, "2", "1", sent_at=NOW - timedelta(seconds=75))
    for match, name, price in ((fixture, "1", "1.9"), (later, "1", "1.5"), (fixture, "2", "1.8"), (later, "2", "1.95")):
        market = Market.objects.filter(fixture=match).first() or make_market(match)
        was(make_bet(market, name, price), "2.0", 10)
    found = movers()
    names = [(pk, [move.offer.name for move in moves]) for pk, moves in found.grouped.items()]
    assert names == [(8, ["1", "2"]), (7, ["2", "1"])]
    assert found.standings == {8: "2:1 · 1H 11:15"}


def test_what_did_not_change_within_the_time_is_no_move(fixture: Fixture):
    bet = make_bet(make_market(fixture), "1", "1.6", received_at=NOW - timedelta(minutes=20))
    was(bet, "2.0", 40)
    assert movers().moves == []
    assert len(movers(30).moves) == 1


def test_what_a_goal_explains_is_left_out_and_what_a_basket_does_is_not(fixture: Fixture):
    other = make_fixture(8)
    for match, before, after in ((fixture, ("0", "0"), ("1", "0")), (other, ("60", "58"), ("62", "58"))):
        for minutes, (home, away) in ((6, before), (2, after)):
            note_score(match.pk, NOW - timedelta(minutes=minutes), scores={"1": home, "2": away})
        was(make_bet(make_market(match), "1", "1.6"), "2.0", 10)
    assert {move.offer.fixture_id for move in movers().moves} == {7, 8}
    calm = read_movers(NOW, 5, 60, read_vouching(NOW), with_goals=False).moves
    assert {move.offer.fixture_id for move in calm} == {8}


def test_a_bookmaker_far_from_the_others_is_off(fixture: Fixture):
    market = make_market(fixture)
    for provider, price in ((8, "2.0"), (9, "2.02"), (10, "2.6")):
        make_bet(market, "1", price, provider)
    assert [stray.offer.provider_id for stray in movers().strays] == [10]


def test_best_prices_that_add_up_to_less_than_one_are_an_arbitrage(fixture: Fixture):
    market = make_market(fixture, 52, "12")
    make_bet(market, "1", "2.1", 8)
    make_bet(market, "2", "2.1", 9)
    found = movers().arbitrages[0]
    assert round(found.gain, 6) == 5.0
    assert [leg.provider_id for leg in found.legs] == [8, 9]


def test_two_of_three_outcomes_are_none(fixture: Fixture):
    market = make_market(fixture)
    make_bet(market, "1", "2.1", 8)
    make_bet(market, "2", "2.1", 9)
    assert movers().arbitrages == []


def test_a_market_without_an_open_bet_is_told_with_its_reason(fixture: Fixture):
    long_ago = NOW - timedelta(seconds=90)
    make_bet(make_market(fixture), "1", "2.1", status=2, suspension_reason=6, received_at=long_ago)
    assert [(market.market_id, market.reason) for market in movers().suspensions] == [(1, "score inconsistent")]


def test_a_source_that_is_down_moves_nothing(fixture: Fixture):
    bet = make_bet(make_market(fixture), "1", "1.6")
    was(bet, "2.0", 10)
    make_source(state="down")
    assert movers().moves == []
