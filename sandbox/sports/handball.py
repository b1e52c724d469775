"""Handball: two halves of 30 minutes, a goal each minute. A draw stands; the clock rises through the match."""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from feed.codes import SportId
from sandbox.card import League, Named
from sandbox.markets import DoubleChance, Handicap, OddEven, Stretch, UnderOver, Winner
from sandbox.match import AWAY, HOME
from sandbox.names import team
from sandbox.numbers import Description, Happening
from sandbox.outlooks import Outlook
from sandbox.outlooks.goals import Left
from sandbox.outlooks.points import PointsOutlook
from sandbox.sport import Sport

from .timed import TimedMatch

FULL = Stretch("full time", (10, 20), closes=20)
FIRST = Stretch("1st half", (10,), closes=10)


@dataclass(kw_only=True)
class HandballMatch(TimedMatch):
    halves = (10, 20)
    seconds = 1800.0
    rests = ((Description.HALF_TIME, 600.0),)
    rates = {
        Happening.TWO_MINUTE_PENALTY: 7.0,
        Happening.YELLOW_CARD: 4.0,
        Happening.PENALTIES: 7.0,
        Happening.TIME_OUTS: 4.0,
    }
    incidents = frozenset({Happening.TWO_MINUTE_PENALTY, Happening.YELLOW_CARD})
    stretches = (FULL, FIRST)
    taken_back = 0.01

    def model(self, rates: tuple[float, float], stretches: Mapping[str, Left], left: float) -> Outlook:
        """There are so many goals that a bell curve will do; its variance is the mean, as with a Poisson
        distribution."""
        return PointsOutlook(rates, stretches, swing=1.0, overtime_margin=1)


def handball_skill(rng: Random, league: League) -> tuple[float, float]:
    """Goals a match."""
    return rng.gauss(29.5, 2.5), rng.gauss(27.5, 2.5)


HANDBALL = Sport(
    id=SportId.HANDBALL,
    name="Handball",
    match=HandballMatch,
    markets=(
        Winner(1, "1X2", FULL),
        UnderOver(2, "Under/Over", FULL, ways=2),
        Handicap(3, "Asian Handicap", FULL, ways=2),
        DoubleChance(7, "Double Chance", FULL),
        UnderOver(21, "Under/Over 1st Period", FIRST),
        Handicap(64, "Asian Handicap 1st Period", FIRST),
        UnderOver(101, "Under/Over - Home Team", FULL, side=HOME),
        UnderOver(102, "Under/Over - Away Team", FULL, side=AWAY),
        OddEven(5, "Odd/Even", FULL),
    ),
    leagues=(
        League(id=74011, name="Handball Bundesring", location=Named(161, "Germany")),
        League(id=74012, name="Women's Handball Ligaen", location=Named(135, "Denmark"), gender=2),
    ),
    minutes=80,
    side_name=team,
    skill=handball_skill,
    squad=12,
)
