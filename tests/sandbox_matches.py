"""Matches of the simulated supplier, played without rendering a message."""

from collections.abc import Iterator
from random import Random

from sandbox.bookmakers import BOOKMAKERS
from sandbox.card import Card, Side
from sandbox.contest import Contest, News
from sandbox.course import Fate, course
from sandbox.match import Match
from sandbox.offer import Offer
from sandbox.schedule import make_side
from sandbox.sport import Sport

KICK_OFF = 1_768_057_200_000


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
