"""American football: four quarters of 15 minutes, the clock runs down. A drive ends in points or a punt."""

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

QUARTERS, OVERTIME = (1, 2, 3, 4), 40
QUARTER_SECONDS, OVERTIME_SECONDS = 900.0, 600.0
WHOLE_SECONDS = 3600.0
ALL = Stretch("overtime included", (*QUARTERS, OVERTIME))
FIRST = Stretch("1st period", (1,), closes=1)
DRIVES = 20.0
TOUCHDOWN_SHARE, POINTS_A_SCORE = 0.6, 0.6 * 7 + 0.4 * 3


@dataclass(kw_only=True)
class AmericanFootballMatch(Match):
    """`skill` is in points a match."""

    clock_runs_down = True
    possession: int = HOME

    def play(self) -> Iterator[float]:
        breaks = (Description.AFTER_FIRST, Description.HALF_TIME, Description.AFTER_THIRD)
        for number, period in enumerate(QUARTERS):
            yield from self.play_period(period, QUARTER_SECONDS)
            if number < 3:
                self.rest(breaks[number], clock=0.0)
                yield 780.0 if number == 1 else 130.0
                self.confirm()
        final = PeriodType.FULL_TIME
        if self.score[0] == self.score[1]:
            final = PeriodType.AFTER_OVERTIME
            self.rest(Description.WAITING_FOR_EXTRA_TIME, clock=0.0)
            yield 180.0
            yield from self.play_period(OVERTIME, OVERTIME_SECONDS)
        self.end(final, clock=0.0)

    def play_period(self, period: int, seconds: float) -> Iterator[float]:
        self.begin(period, clock=seconds)
        while self.clock > 0:
            yield from self.play_drive()
            if period == OVERTIME and self.score[0] != self.score[1]:
                break
        self.finish(period, clock=None if period == OVERTIME else 0.0)
        yield 5.0

    def play_drive(self) -> Iterator[float]:
        """About 160 seconds in some plays, then points or a punt."""
        for _ in range(self.rng.randint(2, 6)):
            yield min(self.rng.uniform(20, 60), self.clock + 0.01)
            if self.clock <= 0:
                return
            if self.rng.random() < 0.12:
                self.count(Happening.FOULS, self.possession)
        side = self.possession
        self.possession = AWAY if side == HOME else HOME
        if self.rng.random() < self.skill[side - 1] / POINTS_A_SCORE / (DRIVES / 2):
            yield from self.score_points(side)

    def score_points(self, side: int) -> Iterator[float]:
        """A touchdown, its extra point half a minute later; or a field goal."""
        if self.rng.random() >= TOUCHDOWN_SHARE:
            self.add(side, 3, player=self.someone(side), counted=Happening.FIELD_GOALS)
            return
        self.add(side, 6, player=self.someone(side), counted=Happening.TOUCHDOWNS)
        self.clock_status = ClockStatus.STOPPED
        yield 40.0
        if self.rng.random() < 0.03:
            self.take_back()
        elif self.rng.random() < 0.94:
            self.add(side, 1, counted=Happening.EXTRA_POINTS)
        self.clock_status = ClockStatus.RUNNING

    def outlook(self, opinion: Opinion) -> PointsOutlook:
        share = {period: self.left_of(period) for period in (*QUARTERS, OVERTIME)}
        whole = sum(share.values())
        rates = self.skill[0] * opinion.home, self.skill[1] * opinion.away
        stretches = {
            ALL.name: Left(ALL.tally(self), whole, whole, plays_off=True),
            FIRST.name: Left(FIRST.tally(self), share[1], share[1]),
        }
        return PointsOutlook(rates, stretches, swing=5.5, overtime_margin=3)

    def left_of(self, period: int) -> float:
        if period not in self.periods:
            return 0.0 if period == OVERTIME else QUARTER_SECONDS / WHOLE_SECONDS
        return 0.0 if self.periods[period].finished else max(self.clock, 10.0) / WHOLE_SECONDS


def american_football_skill(rng: Random, league: League) -> tuple[float, float]:
    """Points a match."""
    return max(10.0, rng.gauss(23, 4)), max(10.0, rng.gauss(21, 4))


AMERICAN_FOOTBALL = Sport(
    id=SportId.AMERICAN_FOOTBALL,
    name="American Football",
    match=AmericanFootballMatch,
    markets=(
        WinnerOfTwo(226, "12 Including Overtime", ALL),
        UnderOver(28, "Under/Over Including Overtime", ALL, ways=2),
        Handicap(342, "Asian Handicap Including Overtime", ALL, ways=2),
        Winner(41, "1st Period Winner", FIRST),
        UnderOver(21, "Under/Over 1st Period", FIRST),
        UnderOver(221, "Under/Over - Home Team Including Overtime", ALL, side=HOME),
        UnderOver(220, "Under/Over - Away Team Including Overtime", ALL, side=AWAY),
        OddEven(51, "Odd/Even Including Overtime", ALL),
    ),
    leagues=(
        League(
            id=76011,
            name="Prairie Football Conference",
            location=Named(4, "United States"),
            periods=4,
            surface="Artificial grass",
            rotates=True,
            state=Named(16, "Kansas"),
        ),
    ),
    minutes=150,
    side_name=franchise,
    skill=american_football_skill,
    squad=8,
    halts=(20.0, 60.0),
)
