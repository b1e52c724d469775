"""Ice hockey: three periods of 20 minutes, overtime until a goal, a shootout. The clock rises through the match."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from feed.codes import PeriodType, SportId
from sandbox.card import League, Named
from sandbox.markets import BothToScore, Handicap, NextGoal, Stretch, UnderOver, Winner, WinnerOfTwo
from sandbox.match import AWAY, HOME
from sandbox.names import franchise
from sandbox.numbers import Description, Happening
from sandbox.sport import Sport

from .timed import TimedMatch

OVERTIME, SHOOTOUT = 40, 50
OVERTIME_SECONDS = 300.0
REGULAR = Stretch("regular time", (1, 2, 3), closes=3)
ALL = Stretch("overtime included", (1, 2, 3, OVERTIME, SHOOTOUT))
FIRST = Stretch("1st period", (1,), closes=1)


@dataclass(kw_only=True)
class IceHockeyMatch(TimedMatch):
    """A shootout counts as one goal of its winner, which is all that its period tells."""

    halves = (1, 2, 3)
    seconds = 1200.0
    rests = ((Description.AFTER_FIRST, 900.0), (Description.AFTER_SECOND, 900.0))
    rates = {
        Happening.SHOTS_ON_TARGET: 52.0,
        Happening.PENALTY_MINUTES: 7.0,
        Happening.TIME_OUTS: 1.0,
    }
    incidents = frozenset({Happening.PENALTY_MINUTES})
    amounts = {Happening.PENALTY_MINUTES: 2}
    stretches = (REGULAR, ALL, FIRST)
    decides_draws = True

    def finish_match(self) -> Iterator[float]:
        if self.score[0] != self.score[1]:
            yield 5.0
            self.end(PeriodType.FULL_TIME, clock=self.whole)
            return
        self.rest(Description.WAITING_FOR_EXTRA_TIME, clock=self.whole)
        yield 120.0
        yield from self.play_overtime()
        if self.score[0] != self.score[1]:
            self.end(PeriodType.AFTER_OVERTIME)
            return
        self.rest(Description.WAITING_FOR_PENALTIES)
        yield 120.0
        yield from self.shoot_out()
        self.end(PeriodType.AFTER_PENALTIES)

    def play_overtime(self) -> Iterator[float]:
        self.begin(OVERTIME, clock=self.whole)
        ends = self.whole + OVERTIME_SECONDS
        goals_a_second = 2 * sum(self.skill) / self.whole
        while self.clock < ends:
            yield min(20.0, ends - self.clock + 0.01)
            if self.rng.random() < 20 * goals_a_second:
                position = self.stronger()
                self.add(position, player=self.someone(position))
                break
            self.count(Happening.SHOTS_ON_TARGET, self.stronger())
        self.finish(OVERTIME)
        yield 5.0

    def shoot_out(self) -> Iterator[float]:
        self.begin(SHOOTOUT)
        yield self.rng.uniform(120, 300)
        position = HOME if self.rng.random() < 0.5 else AWAY
        self.add(position, player=self.someone(position))
        self.finish(SHOOTOUT)
        yield 5.0


def hockey_skill(rng: Random, league: League) -> tuple[float, float]:
    """Goals a match."""
    return max(1.2, rng.gauss(3.1, 0.5)), max(1.2, rng.gauss(2.8, 0.5))


ICE_HOCKEY = Sport(
    id=SportId.ICE_HOCKEY,
    name="Ice Hockey",
    match=IceHockeyMatch,
    markets=(
        Winner(1, "1X2", REGULAR),
        WinnerOfTwo(226, "12 Including Overtime", ALL),
        UnderOver(2, "Under/Over", REGULAR, ways=2),
        Handicap(3, "Asian Handicap", REGULAR, step=0.5, ways=2),
        UnderOver(28, "Under/Over Including Overtime", ALL, ways=1),
        NextGoal(59, "Next Goal", REGULAR),
        Winner(41, "1st Period Winner", FIRST),
        UnderOver(21, "Under/Over 1st Period", FIRST),
        BothToScore(17, "Both Teams To Score", REGULAR),
    ),
    leagues=(
        League(id=73011, name="Fjord Elite League", location=Named(123, "Norway"), periods=3),
        League(id=73012, name="Tundra Cup", location=Named(143, "Finland"), periods=3),
    ),
    minutes=140,
    side_name=franchise,
    skill=hockey_skill,
    squad=12,
    halts=(10.0, 30.0),
)
