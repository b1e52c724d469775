"""Football: two halves of 45 minutes. The clock rises; half-time is 2700, the end 5400 (docs/protocol.md, Clocks).

E-soccer is football with halves of a few minutes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from feed.codes import FixtureStatus, ParticipantType, PeriodType, SportId
from sandbox.card import League, Named
from sandbox.contest import Topic
from sandbox.markets import (
    BothToScore,
    CorrectScore,
    DoubleChance,
    EuropeanHandicap,
    FirstPlayerToScore,
    Handicap,
    NextGoal,
    OddEven,
    Stretch,
    UnderOver,
    Winner,
)
from sandbox.match import AWAY, HOME
from sandbox.names import esports_side, team
from sandbox.numbers import Description, Happening
from sandbox.sport import Sport

from .timed import TimedMatch

FIRST_HALF, SECOND_HALF, EXTRA_FIRST, EXTRA_SECOND, PENALTIES = 10, 20, 30, 35, 50
FULL = Stretch("full time", (FIRST_HALF, SECOND_HALF), closes=SECOND_HALF)
FIRST = Stretch("1st half", (FIRST_HALF,), closes=FIRST_HALF)
EXTRA_HALF = 900.0
SHOOTOUT_SCORED = 0.75
#: Of a squad, those who begin.
STARTERS = 11


@dataclass(kw_only=True)
class FootballMatch(TimedMatch):
    """In a cup (`NumberOfPeriods` 4) a draw goes on: extra time, then penalties."""

    halves = (FIRST_HALF, SECOND_HALF)
    seconds = 2700.0
    rests = ((Description.HALF_TIME, 900.0),)
    rates = {
        Happening.CORNERS: 10.0,
        Happening.SHOTS_ON_TARGET: 6.0,
        Happening.SHOTS_OFF_TARGET: 10.0,
        Happening.DANGEROUS_ATTACKS: 60.0,
        Happening.ATTACKS: 100.0,
        Happening.FOULS: 22.0,
        Happening.OFFSIDES: 4.0,
        Happening.YELLOW_CARD: 3.8,
        Happening.RED_CARD: 0.15,
        Happening.SUBSTITUTIONS: 7.0,
        Happening.PENALTIES: 0.3,
    }
    incidents = frozenset({Happening.YELLOW_CARD, Happening.RED_CARD})
    stretches = (FULL, FIRST)
    taken_back = 0.06

    def added_time(self) -> float:
        return self.rng.uniform(20, 260) * self.length / 2700

    def usual_added_time(self) -> float:
        return 140 * self.length / 2700

    def something_happens(self) -> Iterator[float]:
        if self.rng.random() < 0.02:
            home = self.rng.randint(30, 70)
            self.statistics.pop(Happening.POSSESSION, None)
            self.count(Happening.POSSESSION, HOME, home)
            self.count(Happening.POSSESSION, AWAY, 100 - home)
            self.tell(Topic.POSSESSION, "Possession", values=(home, 100 - home))
        yield from super().something_happens()

    def count(
        self,
        kind: Happening,
        position: int,
        by: int = 1,
        *,
        player: tuple[int, str] | None = None,
        is_incident: bool = False,
    ) -> None:
        """A substitution says who leaves the field and who comes on, one after the other from the bench."""
        squad = self.card.sides[position - 1].players
        changes = kind is Happening.SUBSTITUTIONS and bool(squad)
        super().count(kind, position, by, player=player, is_incident=is_incident or changes)
        if changes:
            statistic = self.statistics[kind]
            number = statistic.values[position - 1]
            bench = squad[STARTERS:]
            if number <= len(bench):
                statistic.incidents[-1].change = (squad[STARTERS - number], bench[number - 1])

    def goal(self) -> Iterator[float]:
        """One in ten is from the spot."""
        position = self.stronger()
        kind = Happening.PENALTY_GOAL if self.rng.random() < 0.1 else Happening.SCORE
        if kind is Happening.PENALTY_GOAL:
            self.count(Happening.PENALTIES, position)
            yield 60.0
        self.count(Happening.SHOTS_ON_TARGET, position)
        self.add(position, kind=kind, player=self.someone(position))
        if self.rng.random() < self.taken_back:
            yield 15.0
            self.tell(Topic.VAR, "VAR Review")
            yield self.rng.uniform(20, 90)
            self.take_back()

    def finish_match(self) -> Iterator[float]:
        yield 5.0
        if self.card.league.periods != 4 or self.score[0] != self.score[1]:
            self.end(PeriodType.FULL_TIME, clock=self.whole)
            return
        self.rest(Description.WAITING_FOR_EXTRA_TIME, clock=self.whole)
        yield 300.0
        yield from self.play_period(EXTRA_FIRST, self.whole, self.whole + EXTRA_HALF)
        self.rest(Description.EXTRA_TIME_BREAK, clock=self.whole + EXTRA_HALF)
        yield 120.0
        yield from self.play_period(EXTRA_SECOND, self.whole + EXTRA_HALF, self.whole + 2 * EXTRA_HALF)
        if self.score[0] != self.score[1]:
            self.end(PeriodType.AFTER_OVERTIME, clock=self.whole + 2 * EXTRA_HALF)
            return
        self.rest(Description.WAITING_FOR_PENALTIES)
        yield 240.0
        yield from self.shoot_out()
        self.end(PeriodType.AFTER_PENALTIES)

    def shoot_out(self) -> Iterator[float]:
        """Five each, then until one leads; no clock (docs/protocol.md, Clocks)."""
        self.clock = -1
        self.begin(PENALTIES)
        taken = 0
        scored = self.periods[PENALTIES].values
        while taken < 10 or taken % 2 or scored[0] == scored[1]:
            yield self.rng.uniform(25, 50)
            position = HOME if taken % 2 == 0 else AWAY
            taken += 1
            if self.rng.random() < SHOOTOUT_SCORED:
                self.add(position, kind=Happening.PENALTY_GOAL, player=self.someone(position))
            else:
                self.count(Happening.MISSED_PENALTY, position, player=self.someone(position), is_incident=True)
            if self.is_settled(taken, scored):
                break
        self.finish(PENALTIES)
        yield 5.0

    @staticmethod
    def is_settled(taken: int, scored: list[int]) -> bool:
        """Within the first five: one side can no longer be caught."""
        home_left, away_left = max(0, 5 - (taken + 1) // 2), max(0, 5 - taken // 2)
        return taken < 10 and (scored[0] - scored[1] > away_left or scored[1] - scored[0] > home_left)

    def recall(self) -> None:
        """A card of the last minutes is reported after the end (docs/protocol.md, Corrections)."""
        super().recall()
        if self.status == FixtureStatus.FINISHED:
            ended, self.current = self.current, SECOND_HALF
            position = self.stronger()
            self.count(Happening.YELLOW_CARD, position, player=self.someone(position), is_incident=True)
            self.current = ended


def football_skill(rng: Random, league: League) -> tuple[float, float]:
    """Goals a match: about 1.5 at home and 1.2 away; more in e-soccer."""
    more = 1.6 if league.minutes else 1.0
    return max(0.4, rng.gauss(1.5, 0.4)) * more, max(0.4, rng.gauss(1.2, 0.35)) * more


def side_name(rng: Random, league: League) -> str:
    return esports_side(rng) if league.minutes else team(rng, league)


SCORES = tuple((home, away) for home in range(5) for away in range(5) if home + away <= 6)
FOOTBALL = Sport(
    id=SportId.FOOTBALL,
    name="Football",
    match=FootballMatch,
    markets=(
        Winner(1, "1X2", FULL),
        UnderOver(2, "Under/Over", FULL, step=1.0, ways=2),
        Handicap(3, "Asian Handicap", FULL, step=0.25, ways=2),
        BothToScore(17, "Both Teams To Score", FULL),
        NextGoal(59, "Next Goal", FULL),
        DoubleChance(7, "Double Chance", FULL),
        CorrectScore(6, "Correct Score", FULL, SCORES),
        EuropeanHandicap(13, "European Handicap", FULL),
        UnderOver(21, "Under/Over 1st Period", FIRST),
        Winner(282, "1X2 - HT", FIRST),
        UnderOver(101, "Under/Over - Home Team", FULL, side=HOME),
        UnderOver(102, "Under/Over - Away Team", FULL, side=AWAY),
        OddEven(5, "Odd/Even", FULL),
        FirstPlayerToScore(712, "First Player To Score", FULL),
    ),
    leagues=(
        League(id=71011, name="Coastal Premier Division", location=Named(243, "England"), surface="Grass"),
        League(id=71012, name="Liga Meridional", location=Named(142, "Spain"), surface="Grass"),
        League(id=71013, name="Northern Women's League", location=Named(83, "Sweden"), gender=2),
        League(
            id=71014, name="Harbour Cup", location=Named(248, "International"), periods=4, surface="Artificial grass"
        ),
        League(
            id=71015,
            name="Volta Night League (E)",
            location=Named(248, "International"),
            minutes=8,
            type=ParticipantType.ESPORTS,
        ),
    ),
    minutes=112,
    side_name=side_name,
    skill=football_skill,
    squad=14,
    halts=(12.0, 40.0),
)
