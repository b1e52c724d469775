"""Matches of the simulated supplier, played without rendering a message."""

import os
from collections import Counter
from collections.abc import Callable, Iterator
from random import Random

import pytest

from feed.codes import PeriodType, Settlement
from sandbox.bookmakers import BOOKMAKERS
from sandbox.card import Card, Side
from sandbox.contest import Contest, News, Topic
from sandbox.course import Fate, course
from sandbox.match import Match
from sandbox.offer import Offer
from sandbox.schedule import make_side
from sandbox.sport import Sport
from sandbox.sports import SPORTS

KICK_OFF = 1_768_057_200_000
#: How many matches of each sport are played for each law, and how many with their bets: `make laws` plays 1,000.
MATCHES = int(os.environ.get("SANDBOX_MATCHES", "20"))
MATCHES_WITH_BETS = int(os.environ.get("SANDBOX_MATCHES", "7"))
FINAL = {PeriodType.FULL_TIME, PeriodType.AFTER_OVERTIME, PeriodType.AFTER_PENALTIES}
GAME, TIE_BREAK = PeriodType.GAME, PeriodType.TIE_BREAK
every_sport = pytest.mark.parametrize("sport", SPORTS, ids=[sport.name for sport in SPORTS])


def sport_named(name: str) -> Sport:
    return next(sport for sport in SPORTS if sport.name == name)


def played(match: Match) -> dict[int, list[int]]:
    """The scores of the periods that were really played."""
    not_played = {GAME, TIE_BREAK, *FINAL}
    return {number: period.values for number, period in match.periods.items() if number not in not_played}


def make_match(sport: Sport, seed: int) -> Match:
    """A match that has not begun; the same for the same seed."""
    rng = Random(f"{sport.name} {seed}")
    league = sport.leagues[seed % len(sport.leagues)]
    sides: list[Side] = []
    while len(sides) < 2:
        side = make_side(sport, league, sport.side_name(rng, league))
        if all(side.id != other.id for other in sides):
            sides.append(side)
    card = Card(
        fixture_id=20_000_000 + seed, sport=sport.named, league=league, start=KICK_OFF, sides=(sides[0], sides[1])
    )
    return sport.match(card=card, rng=rng, skill=sport.skill(rng, league))


def make_offer(sport: Sport, match: Match, bookmakers: int = 2) -> Offer:
    return Offer(match, sport.markets, BOOKMAKERS[:bookmakers], match.rng, 1.0)


def steps(contest: Contest, minutes: float, fate: Fate = Fate.NORMAL) -> Iterator[tuple[float, list[News]]]:
    """The whole course: after each happening the seconds so far, and its news."""
    elapsed = 0.0
    for wait in course(contest, 1800.0, minutes, fate):
        news, contest.news = contest.news, []
        yield elapsed, news
        elapsed += wait
    yield elapsed, contest.news


def play_with_bets(
    sport: Sport, seed: int, fate: Fate = Fate.NORMAL, watch: Callable[[Offer], None] | None = None
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
        if any(item.topic in (Topic.SCORE, Topic.PERIOD, Topic.STATUS) for item in news):
            offer.decide(now)
        if elapsed > quoted + 600:
            offer.quote(offer.books, now)
            quoted = elapsed
            if watch is not None:
                watch(offer)
        settle(now)
    while offer.is_waiting:
        now += 5000
        settle(now)
    return match, offer, settled
