"""Bets are settled once, by what happened, on matches and races.

`SANDBOX_MATCHES` says how many matches are played for each law (see `tests.sandbox_matches`).
"""

import pytest

from feed.codes import Settlement
from sandbox.bet import Bet
from sandbox.bookmakers import BOOKMAKERS
from sandbox.course import Fate
from sandbox.field_contest import Race
from sandbox.match import Match
from sandbox.offer import Offer
from sandbox.schedule import RACE, Schedule
from sandbox.sport import Sport
from sandbox.sports import SPORTS
from tests.sandbox_matches import (
    KICK_OFF,
    MATCHES_WITH_BETS,
    every_sport,
    make_match,
    make_offer,
    play_with_bets,
    steps,
)


def outcome(match: Match, bet: Bet) -> Settlement:
    """How a bet on a whole match or its first period must end, worked out again from the periods' scores."""
    stretch = bet.market.stretch  # type: ignore[attr-defined]
    values = [match.periods[period].values for period in stretch.periods if period in match.periods]
    home, away = (
        (match.score[0], match.score[1]) if stretch.sets else (sum(v[0] for v in values), sum(v[1] for v in values))
    )
    line = bet.line or 0.0
    kind = type(bet.market).__name__
    result = "1" if home > away else "2" if away > home else "X"
    side = getattr(bet.market, "side", None)
    ahead = {
        "UnderOver": (home + away if side is None else (home, away)[side - 1]) - line,
        "Handicap": home + line - away,
    }.get(kind)
    if ahead is not None:
        return by_distance(ahead if bet.name in ("Over", "1") else -ahead)
    if kind == "WinnerOfTwo" and result == "X":
        return Settlement.REFUND
    scorers = [str(mark.position) for mark in match.marks if mark.period in stretch.periods] + ["No Goal"] * 99
    won = {
        "Winner": bet.name == result,
        "WinnerOfTwo": bet.name == result,
        "DoubleChance": result in bet.name,
        "BothToScore": (bet.name == "Yes") == (home > 0 and away > 0),
        "OddEven": (bet.name == "Odd") == ((home + away) % 2 == 1),
        "CorrectScore": bet.name == f"{home}-{away}",
        "EuropeanHandicap": bet.name == ("1" if home + line > away else "2" if home + line < away else "X"),
        "FirstPlayerToScore": bet.player in [mark.player for mark in match.marks if mark.period in stretch.periods][:1],
        "NextGoal": bet.name == scorers[int(line) - 1],
    }[kind]
    return Settlement.WINNER if won else Settlement.LOSER


def by_distance(ahead: float) -> Settlement:
    steps_of_a_quarter = max(-2, min(2, round(ahead * 4)))
    return {
        2: Settlement.WINNER,
        1: Settlement.HALF_WON,
        0: Settlement.REFUND,
        -1: Settlement.HALF_LOST,
        -2: Settlement.LOSER,
    }[steps_of_a_quarter]


@every_sport
def test_every_bet_is_settled_exactly_once_by_what_happened(sport: Sport) -> None:
    for seed in range(MATCHES_WITH_BETS):
        fate = list(Fate)[seed % len(Fate)]
        match, offer, settled = play_with_bets(sport, seed, fate)
        for bet in offer:
            if not bet.quotes:
                continue
            key = bet.market.id, bet.line, bet.name
            assert settled[key] == 1, f"{sport.name} {seed} {fate} {key}"
            if match.over:
                assert bet.settlement == outcome(match, bet), f"{sport.name} {seed} {fate} {key} {match.score}"


@every_sport
@pytest.mark.parametrize("fate", [Fate.ABANDONED, Fate.CANCELLED, Fate.POSTPONED])
def test_a_match_without_a_result_returns_what_is_undecided(sport: Sport, fate: Fate) -> None:
    _, offer, settled = play_with_bets(sport, 5, fate)
    quoted = [bet for bet in offer if bet.quotes]
    assert quoted
    assert all(settled[bet.market.id, bet.line, bet.name] == 1 for bet in quoted)
    assert any(bet.settlement == Settlement.REFUND for bet in quoted)


def test_a_settlement_that_is_doubted_is_cancelled_and_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sandbox.offer.DOUBTED", 1.0)
    match = make_match(SPORTS[0], 3)
    offer = make_offer(SPORTS[0], match)
    offer.quote(offer.books, KICK_OFF)
    for _ in steps(match, 112):
        pass
    offer.decide(KICK_OFF)
    settled: dict[Bet, list[Settlement | None]] = {}
    for seconds in range(0, 400, 5):
        for moves in offer.settle(KICK_OFF + seconds * 1000):
            for bet in {bet for bets in moves.bets.values() for bet in bets}:
                settled.setdefault(bet, []).append(bet.settlement)
    assert settled
    for bet, settlements in settled.items():
        assert settlements == [bet.decided, Settlement.CANCELLED, bet.decided]


def test_a_goal_taken_back_after_its_minute_undoes_what_it_settled() -> None:
    match = make_match(SPORTS[0], 0)
    offer = make_offer(SPORTS[0], match)
    offer.quote(offer.books, KICK_OFF)
    match.begin(10, clock=0.0)
    for _ in range(6):
        match.add(1)
    over = offer.bets[2][next(line for line, name in offer.bets[2] if name == "Over" and line < 5), "Over"]
    offer.decide(KICK_OFF)
    offer.settle(KICK_OFF + 80_000)
    assert over.settlement == Settlement.WINNER
    for _ in range(6):
        match.take_back()
    offer.decide(KICK_OFF + 90_000)
    offer.settle(KICK_OFF + 170_000)
    assert over.settlement == Settlement.CANCELLED
    assert over.is_open


def test_a_bet_is_settled_about_a_minute_after_it_is_decided() -> None:
    match = make_match(SPORTS[0], 0)
    offer = make_offer(SPORTS[0], match)
    offer.quote(offer.books, KICK_OFF)
    match.begin(10, clock=0.0)
    for _ in range(6):
        match.add(1)
    assert offer.decide(KICK_OFF)
    assert not offer.settle(KICK_OFF + 54_000)
    assert offer.settle(KICK_OFF + 76_000)


def make_race(seed: int) -> tuple[Race, Offer]:
    coverage = Schedule(seed, KICK_OFF, 1.0, BOOKMAKERS[:3]).make(RACE, KICK_OFF + 3_600_000, KICK_OFF, Fate.NORMAL)
    assert isinstance(coverage.contest, Race)
    return coverage.contest, coverage.offer


def test_a_race_has_one_winner_and_returns_stakes_on_non_runners() -> None:
    withdrawn = 0
    for seed in range(60):
        race, offer = make_race(seed)
        offer.quote(offer.books, KICK_OFF)
        for _ in steps(race, 4.0):
            pass
        offer.decide(KICK_OFF)
        settled = {bet.name: bet.decided for bet in offer}
        winner = next(side for side in race.card.sides if race.places.get(side.id) == 1)
        assert sorted(race.places.values()) == list(range(1, len(race.places) + 1))
        assert winner.extra["Result"] == "1"
        for side in race.card.sides:
            settlement = Settlement.LOSER if side.active else Settlement.REFUND
            assert settled[side.name] == (Settlement.WINNER if side is winner else settlement)
            withdrawn += not side.active
    assert withdrawn


def test_a_race_book_is_no_arbitrage_and_its_favourites_win_most() -> None:
    won = 0
    for seed in range(150):
        race, offer = make_race(seed)
        offer.quote(offer.books, KICK_OFF)
        for book in offer.books:
            prices = [bet.quotes[book.id].price for bet in offer if book.id in bet.quotes]
            assert sum(1 / price for price in prices) > 1
        favourite = min(offer, key=lambda bet: bet.quotes[0].price)
        for _ in steps(race, 4.0):
            pass
        won += race.places.get(favourite.participant or 0) == 1
    assert won > 20
