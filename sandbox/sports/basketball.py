"""Basketball: four quarters of 10 minutes, or two halves of 20 in college. The clock runs down
to 0 (docs/protocol.md, Clocks).

Baskets of one, two and three points are counted as statistics that add up to the score; there are too many for
incidents.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from feed.codes import ClockStatus, PeriodType, SportId
from sandbox.bookmakers import Opinion
from sandbox.card import League, Named
from sandbox.markets import Handicap, OddEven, Stretch, UnderOver, Winner, WinnerOfTwo
from sandbox.match import AWAY, HOME, Match
from sandbox.names import franchise
from sandbox.numbers import Description, Happening
from sandbox.outlooks.goals import Left
from sandbox.outlooks.points import PointsOutlook
from sandbox.sport import Sport

QUARTERS, HALVES, OVERTIME = (1, 2, 3, 4), (10, 20), 40
WHOLE_SECONDS = 2400.0
ALL = Stretch("overtime included", (*QUARTERS, *HALVES, OVERTIME))
FIRST_QUARTER = Stretch("1st period", (1, 10), closes=1)
BASKETS = ((Happening.FREE_THROWS, 1, 0.18), (Happening.TWO_POINTS, 2, 0.52), (Happening.THREE_POINTS, 3, 0.30))
POINTS_A_BASKET = sum(points * share for _, points, share in BASKETS)
TAKEN_BACK = 0.01


@dataclass(kw_only=True)
class BasketballMatch(Match):
    """`skill` is in points a match."""

    tells_incidents = False
    clock_runs_down = True

    @property
    def parts(self) -> tuple[int, ...]:
        return HALVES if self.card.league.periods == 2 else QUARTERS

    @property
    def length(self) -> float:
        return WHOLE_SECONDS / len(self.parts)

    def play(self) -> Iterator[float]:
        breaks = (Description.AFTER_FIRST, Description.HALF_TIME, Description.AFTER_THIRD)
        if self.parts == HALVES:
            breaks = (Description.HALF_TIME, Description.HALF_TIME, Description.HALF_TIME)
        for number, period in enumerate(self.parts):
            yield from self.play_period(period, self.length)
            if number < len(self.parts) - 1:
                self.rest(breaks[number], clock=0.0)
                yield 900.0 if breaks[number] == Description.HALF_TIME else 130.0
                self.confirm()
        final = PeriodType.FULL_TIME
        while self.score[0] == self.score[1]:
            final = PeriodType.AFTER_OVERTIME
            self.rest(Description.WAITING_FOR_EXTRA_TIME, clock=0.0)
            yield 120.0
            yield from self.play_period(OVERTIME, 300.0)
        self.end(final, clock=0.0)

    def play_period(self, period: int, seconds: float) -> Iterator[float]:
        self.begin(period, clock=seconds)
        self.periods[period].finished = False
        while self.clock > 0:
            yield min(self.rng.expovariate(self.tempo()), self.clock + 0.01)
            if self.clock > 0:
                self.something_happens()
                if self.rng.random() < 0.02:
                    yield from self.time_out()
        self.finish(period, clock=0.0)
        yield 5.0

    def tempo(self) -> float:
        """Events a second: the baskets of the expected score and a quarter more, since one event in five is a foul."""
        return 1.25 * sum(self.skill) / POINTS_A_BASKET / WHOLE_SECONDS

    def something_happens(self) -> None:
        position = self.stronger()
        if self.rng.random() < 0.2:
            self.count(Happening.FOULS, AWAY if position == HOME else HOME)
        elif self.rng.random() < TAKEN_BACK:
            self.take_back()
        else:
            kind, points, _ = self.rng.choices(BASKETS, [share for _, _, share in BASKETS])[0]
            self.add(position, points, counted=kind)

    def time_out(self) -> Iterator[float]:
        position = self.stronger()
        status, self.clock_status = self.clock_status, ClockStatus.STOPPED
        self.count(Happening.TIME_OUTS, position)
        self.describe(Description.TIMEOUT_HOME if position == HOME else Description.TIMEOUT_AWAY)
        yield 60.0
        self.clock_status = status
        self.describe(Description.NONE)

    def outlook(self, opinion: Opinion) -> PointsOutlook:
        share = {period: self.left_of(period) for period in (*self.parts, OVERTIME)}
        first = share[self.parts[0]]
        whole = sum(share.values())
        rates = self.skill[0] * opinion.home, self.skill[1] * opinion.away
        stretches = {
            ALL.name: Left(ALL.tally(self), whole, whole, plays_off=True),
            FIRST_QUARTER.name: Left(FIRST_QUARTER.tally(self), first, first),
        }
        return PointsOutlook(rates, stretches, swing=1.9, overtime_margin=4)

    def left_of(self, period: int) -> float:
        """The share of a match still to be played in a period, at least five seconds until the period is finished."""
        if period not in self.periods:
            return 0.0 if period == OVERTIME else 1 / len(self.parts)
        return 0.0 if self.periods[period].finished else max(self.clock, 5.0) / WHOLE_SECONDS


def basketball_skill(rng: Random, league: League) -> tuple[float, float]:
    """Points a match."""
    return rng.gauss(84, 5), rng.gauss(81, 5)


BASKETBALL = Sport(
    id=SportId.BASKETBALL,
    name="Basketball",
    match=BasketballMatch,
    markets=(
        WinnerOfTwo(226, "12 Including Overtime", ALL),
        UnderOver(28, "Under/Over Including Overtime", ALL, ways=2),
        Handicap(342, "Asian Handicap Including Overtime", ALL, ways=2),
        Winner(41, "1st Period Winner", FIRST_QUARTER),
        UnderOver(21, "Under/Over 1st Period", FIRST_QUARTER),
        Handicap(64, "Asian Handicap 1st Period", FIRST_QUARTER),
        UnderOver(221, "Under/Over - Home Team Including Overtime", ALL, side=HOME),
        UnderOver(220, "Under/Over - Away Team Including Overtime", ALL, side=AWAY),
        OddEven(51, "Odd/Even Including Overtime", ALL),
    ),
    leagues=(
        League(id=75011, name="Adria Hoops League", location=Named(244, "Serbia"), periods=4),
        League(id=75012, name="Women's Basket Serie", location=Named(215, "Italy"), gender=2, periods=4),
        League(
            id=75013,
            name="College Conference East",
            location=Named(4, "United States"),
            periods=2,
            indoors=True,
            rotates=True,
            state=Named(31, "North Carolina"),
        ),
    ),
    minutes=105,
    side_name=franchise,
    skill=basketball_skill,
)
