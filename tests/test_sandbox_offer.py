"""Prices that agree with each other, and bets that are settled once, by what happened.

`SANDBOX_MATCHES` says how many matches of each sport are played for each law (a quarter of it where prices are made).
"""

import os
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from random import Random

import pytest

from feed.codes import BetStatus, Settlement
from sandbox.bet import Bet
from sandbox.bookmakers import BOOKMAKERS, Opinion, formats, price_of
from sandbox.contest import Topic
from sandbox.course import Fate
from sandbox.field_contest import Race
from sandbox.match import Match
from sandbox.numbers import Reason
from sandbox.offer import Offer
from sandbox.schedule import RACE, Schedule
from sandbox.sport import Sport
from sandbox.sports import SPORTS
from tests.sandbox_matches import KICK_OFF, make_match, make_offer, steps

MATCHES = max(10, int(os.environ.get("SANDBOX_MATCHES", "25")) // 4)
every_sport = pytest.mark.parametrize("sport", SPORTS, ids=[sport.name for sport in SPORTS])
FULL_BOOKS = {"1X2", "12", "Under/Over", "Asian Handicap", "Both Teams To Score", "Odd/Even", "Next Goal"}


def play_with_bets(
    sport: Sport, seed: int, fate: Fate = Fate.NORMAL, look: Callable[[Offer], None] | None = None
) -> tuple[Match, Offer, Counter[tuple[object, object, str]]]:
    """A match with its bets, quoted every ten minutes, and how often each bet was settled less how often undone."""
    match = make_match(sport, seed)
    offer = make_offer(sport, match)
    settled: Counter[tuple[object, object, str]] = Counter()
    quoted = -1e9

    def settle(now: int) -> None:
        for moves in offer.settle(now):
            for bet in {id(bet): bet for bets in moves.bets.values() for bet in bets}.values():
                settled[bet.market.id, bet.line, bet.name] += -1 if bet.settlement == Settlement.CANCELLED else 1

    now = KICK_OFF
    for elapsed, news in steps(match, sport.minutes, fate):
        now = KICK_OFF + int(elapsed * 1000)
        if elapsed > quoted + 600:
            offer.quote(offer.books, now)
            quoted = elapsed
            if look is not None:
                look(offer)
        if any(each.topic in (Topic.SCORE, Topic.PERIOD, Topic.STATUS) for each in news):
            offer.decide(now)
        settle(now)
    while offer.is_waiting:
        now += 5000
        settle(now)
    return match, offer, settled


def outcome(match: Match, bet: Bet) -> Settlement:
    """How a bet on a whole match or its first period must end, worked out anew from the periods' scores."""
    stretch = bet.market.stretch  # type: ignore[attr-defined]
    values = [match.periods[each].values for each in stretch.periods if each in match.periods]
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
        "FirstPlayerToScore": bool(match.marks) and bet.player == match.marks[0].player,
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
    for seed in range(MATCHES):
        match, offer, settled = play_with_bets(sport, seed)
        for bet in offer:
            if not bet.quotes:
                continue
            key = bet.market.id, bet.line, bet.name
            assert settled[key] == 1, f"{sport.name} {seed} {key}"
            if match.over:
                assert bet.settlement == outcome(match, bet), f"{sport.name} {seed} {key} {match.score}"


@every_sport
@pytest.mark.parametrize("fate", [Fate.ABANDONED, Fate.CANCELLED, Fate.POSTPONED])
def test_a_match_without_a_result_returns_what_is_undecided(sport: Sport, fate: Fate) -> None:
    _, offer, settled = play_with_bets(sport, 5, fate)
    kept = [bet for bet in offer if bet.quotes]
    assert kept
    assert all(settled[bet.market.id, bet.line, bet.name] == 1 for bet in kept)
    assert any(bet.settlement == Settlement.REFUND for bet in kept)


def test_settlements_are_cancelled_and_made_again_now_and_then() -> None:
    cancelled = 0
    football = SPORTS[0]
    for seed in range(40):
        match = make_match(football, seed)
        offer = make_offer(football, match)
        offer.quote(offer.books, KICK_OFF)
        for elapsed, _ in steps(match, 112):
            offer.decide(KICK_OFF + int(elapsed * 1000))
            for moves in offer.settle(KICK_OFF + int(elapsed * 1000)):
                cancelled += any(bet.settlement == Settlement.CANCELLED for bets in moves.bets.values() for bet in bets)
    assert cancelled


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


def books_of(offer: Offer, bookmaker: int) -> dict[tuple[str, float | None], dict[str, float]]:
    """Open prices by market and line."""
    prices: dict[tuple[str, float | None], dict[str, float]] = {}
    for bet in offer:
        quote = bet.quotes.get(bookmaker)
        if quote is not None and quote.status == BetStatus.OPEN:
            prices.setdefault((bet.market.name, bet.line), {})[bet.name] = quote.price
    return prices


def check_no_arbitrage(offer: Offer) -> None:
    whole = {
        "Winner": 3,
        "WinnerOfTwo": 2,
        "UnderOver": 2,
        "Handicap": 2,
        "BothToScore": 2,
        "OddEven": 2,
        "NextGoal": 3,
    }
    kinds = {market.name: type(market).__name__ for market in offer.markets}
    for book in offer.books:
        prices = books_of(offer, book.id)
        for (name, line), outcomes in prices.items():
            assert all(price > 1 for price in outcomes.values())
            if len(outcomes) == whole.get(kinds[name], 99):
                assert sum(1 / price for price in outcomes.values()) > 1, (book.name, name, line, outcomes)
            if kinds[name] == "DoubleChance" and len(outcomes) == 3:
                assert sum(1 / price for price in outcomes.values()) > 2
        check_lines_agree(prices, kinds)


def check_lines_agree(prices: dict[tuple[str, float | None], dict[str, float]], kinds: dict[str, str]) -> None:
    """More goals are never dearer over, more given never dearer at home; a low over and a high under cover all."""
    for name in {name for name, _ in prices}:
        first, second = {"UnderOver": ("Under", "Over"), "Handicap": ("2", "1")}.get(kinds[name], ("", ""))
        if not first:
            continue
        whole = [line for (market, line), outcomes in prices.items() if market == name and len(outcomes) == 2]
        for low, high in pairwise(sorted(line for line in whole if line is not None)):
            lower, higher = prices[name, low], prices[name, high]
            rises = (lower, higher) if first == "Under" else (higher, lower)
            assert rises[0][second] <= rises[1][second], (name, low, high)
            assert rises[0][first] >= rises[1][first], (name, low, high)


@every_sport
def test_no_book_gives_an_arbitrage_against_itself(sport: Sport) -> None:
    for seed in range(MATCHES):
        play_with_bets(sport, seed, look=check_no_arbitrage)


def test_a_price_never_promises_more_than_its_chance() -> None:
    rng = Random(5)
    for _ in range(2000):
        fair, margin = rng.random(), rng.uniform(0.02, 0.25)
        price = price_of(fair, margin)
        if price is not None:
            assert 1 < price <= 501
            assert 1 / price >= min(fair * (1 + margin), 1) - 1e-12 or price == 501
    assert price_of(0.99, 0.05) is None
    assert price_of(0.0, 0.05) is None


@pytest.mark.parametrize(
    ("price", "said"),
    [
        (2.1, {"PriceIN": "1.1", "PriceUS": "110", "PriceUK": "11/10", "PriceMA": "-0.9091", "PriceHK": "1.1"}),
        (4.0, {"PriceIN": "3", "PriceUS": "300", "PriceUK": "3/1", "PriceMA": "-0.3333", "PriceHK": "3"}),
        (1.5, {"PriceIN": "-2", "PriceUS": "-200", "PriceUK": "1/2", "PriceMA": "0.5", "PriceHK": "0.5"}),
    ],
)
def test_prices_are_told_in_every_format(price: float, said: dict[str, str]) -> None:
    assert formats(price) == said


@every_sport
def test_the_model_foresees_what_happens_as_often_as_it_says(sport: Sport) -> None:
    """The mean chance of a home win before the start, against how often home wins."""
    market = sport.markets[0]
    foreseen, happened, matches = 0.0, 0, 0
    for seed in range(250):
        match = make_match(sport, seed)
        chances = market.chances(match.outlook(Opinion()), match, None)
        for _ in steps(match, sport.minutes):
            pass
        if match.over:
            settled = market.settle(match, None, "1")
            foreseen += next(chance.fair for chance in chances if chance.name == "1")
            happened += settled == Settlement.WINNER
            matches += 1
    assert abs(foreseen - happened) / matches < 0.09, f"foreseen {foreseen / matches:.3f}, was {happened / matches:.3f}"


@every_sport
def test_the_totals_foreseen_are_about_right(sport: Sport) -> None:
    market = next(each for each in sport.markets if type(each).__name__ == "UnderOver")
    over, matches = 0, 0
    for seed in range(300):
        match = make_match(sport, seed)
        line = market.lines(match.outlook(Opinion()), match)[0]
        for _ in steps(match, sport.minutes):
            pass
        if match.over:
            over += market.settle(match, line, "Over") == Settlement.WINNER
            matches += 1
    assert 0.36 < over / matches < 0.64


def test_a_halted_offer_is_suspended_whole_and_quotes_nothing() -> None:
    match = make_match(SPORTS[0], 1)
    offer = make_offer(SPORTS[0], match)
    offer.quote(offer.books, KICK_OFF)
    moves = offer.halt(Reason.PROVIDERS, KICK_OFF + 1000)
    assert moves
    assert all(quote.status == BetStatus.SUSPENDED for bet in offer for quote in bet.quotes.values())
    assert all(
        quote.reason == Reason.PROVIDERS
        for moved in moves
        for book, bets in moved.bets.items()
        for bet in bets
        for quote in [bet.quotes[book]]
    )
    assert offer.quote(offer.books, KICK_OFF + 2000) == []
    offer.resume()
    assert offer.quote(offer.books, KICK_OFF + 3000)


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
            expected = Settlement.LOSER if side.active else Settlement.REFUND
            assert settled[side.name] == (Settlement.WINNER if side is winner else expected)
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
