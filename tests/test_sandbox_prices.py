"""Prices agree with each other, and with what happens.

`SANDBOX_MATCHES` says how many matches are played for each law (see `tests.sandbox_matches`).
"""

from itertools import pairwise
from random import Random

import pytest

from feed.codes import BetStatus, Settlement
from sandbox.bookmakers import Opinion, formats, price_of
from sandbox.numbers import Reason
from sandbox.offer import Offer
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
    for seed in range(MATCHES_WITH_BETS):
        play_with_bets(sport, seed, watch=check_no_arbitrage)


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
    ("price", "notations"),
    [
        (2.1, {"PriceIN": "1.1", "PriceUS": "110", "PriceUK": "11/10", "PriceMA": "-0.9091", "PriceHK": "1.1"}),
        (4.0, {"PriceIN": "3", "PriceUS": "300", "PriceUK": "3/1", "PriceMA": "-0.3333", "PriceHK": "3"}),
        (1.5, {"PriceIN": "-2", "PriceUS": "-200", "PriceUK": "1/2", "PriceMA": "0.5", "PriceHK": "0.5"}),
    ],
)
def test_prices_are_told_in_every_format(price: float, notations: dict[str, str]) -> None:
    assert formats(price) == notations


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
    market = next(market for market in sport.markets if type(market).__name__ == "UnderOver")
    over, matches = 0, 0
    for seed in range(160):
        match = make_match(sport, seed)
        line = market.lines(match.outlook(Opinion()), match)[0]
        for _ in steps(match, sport.minutes):
            pass
        if match.over:
            over += market.settle(match, line, "Over") == Settlement.WINNER
            matches += 1
    assert 0.33 < over / matches < 0.67


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


def test_a_market_that_most_bookmakers_take_off_is_off_at_lsports_too() -> None:
    match = make_match(SPORTS[0], 1)
    offer = make_offer(SPORTS[0], match, bookmakers=3)
    offer.quote(offer.books, KICK_OFF)
    one_x_two = offer.markets[0]
    reasons = []
    for book in offer.books[1:3]:
        (held,) = offer.pause(book, one_x_two, KICK_OFF + 1000)
        reasons.append({number: {bet.quotes[number].reason for bet in bets} for number, bets in held.bets.items()})
    first, second = offer.books[1:3]
    assert reasons == [
        {first.id: {Reason.PROVIDERS}},
        {second.id: {Reason.PROVIDERS}, 0: {Reason.MAJORITY}},
    ]
    assert all(moves.market is not one_x_two for moves in offer.quote(offer.books[:3], KICK_OFF + 2000))
    offer.unpause(second, one_x_two)
    again = [moves for moves in offer.quote(offer.books[:3], KICK_OFF + 3000) if moves.market is one_x_two]
    assert set(again[0].bets) == {0, second.id}


def test_what_is_decided_is_off_until_it_is_settled() -> None:
    match = make_match(SPORTS[0], 0)
    offer = make_offer(SPORTS[0], match)
    offer.quote(offer.books, KICK_OFF)
    both_score = next(market for market in offer.markets if market.name == "Both Teams To Score")
    match.begin(10, clock=0.0)
    match.add(1)
    match.add(2)
    offer.decide(KICK_OFF)
    offer.quote(offer.books, KICK_OFF + 1000)
    quotes = [quote for bet in offer.bets[both_score.id].values() for quote in bet.quotes.values()]
    assert {quote.status for quote in quotes} == {BetStatus.SUSPENDED}
