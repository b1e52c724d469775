"""Football: two halves of 45 minutes. The clock rises; half-time is 2700, the end 5400 (seed 002, Football)."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from sandbox.bookmakers import Opinion
from sandbox.card import League, Named
from sandbox.markets import (
    BothToScore,
    CorrectScore,
    DoubleChance,
    EuropeanHandicap,
    Handicap,
    NextGoal,
    OddEven,
    Stretch,
    UnderOver,
    Winner,
)
from sandbox.match import AWAY, HOME, Match
from sandbox.names import team
from sandbox.numbers import Description, Happening, PeriodType
from sandbox.outlooks.goals import GoalsOutlook
from sandbox.sport import Sport

FIRST_HALF, SECOND_HALF = 10, 20
FULL = Stretch("full time", (FIRST_HALF, SECOND_HALF), closes=SECOND_HALF)
FIRST = Stretch("1st half", (FIRST_HALF,), closes=FIRST_HALF)
SECOND = Stretch("2nd half", (SECOND_HALF,), closes=SECOND_HALF)

#: How often in 90 minutes, both sides together.
RATES = {
    Happening.CORNERS: 10.0,
    Happening.SHOTS_ON_TARGET: 9.0,
    Happening.SHOTS_OFF_TARGET: 10.0,
    Happening.DANGEROUS_ATTACKS: 60.0,
    Happening.ATTACKS: 100.0,
    Happening.FOULS: 22.0,
    Happening.OFFSIDES: 4.0,
    Happening.YELLOW_CARD: 3.8,
    Happening.RED_CARD: 0.15,
    Happening.SUBSTITUTIONS: 7.0,
}
BY_A_PLAYER = frozenset({Happening.YELLOW_CARD, Happening.RED_CARD})


@dataclass(kw_only=True)
class FootballMatch(Match):
    """Two halves of `half` seconds each."""

    half: float = 2700.0

    def play(self) -> Iterator[float]:
        self.half = (self.card.league.minutes or 90.0) * 30
        yield from self.play_half(FIRST_HALF, 0.0)
        self.rest(Description.HALF_TIME, clock=self.half)
        yield min(900.0, self.half / 3)
        self.confirm()
        yield from self.play_half(SECOND_HALF, self.half)
        self.end(PeriodType.FULL_TIME, clock=2 * self.half)

    def play_half(self, period: int, begins: float) -> Iterator[float]:
        self.begin(period, clock=begins)
        ends = begins + self.half + self.rng.uniform(20, 240) * self.half / 2700
        while self.clock < ends:
            yield min(self.rng.expovariate(self.tempo), 30.0)
            self.something_happens()
        self.finish(period)
        yield 5.0

    @property
    def tempo(self) -> float:
        """Happenings each second."""
        return (sum(RATES.values()) + sum(self.skill)) / (2 * self.half)

    def something_happens(self) -> None:
        goals = sum(self.skill)
        if self.rng.random() * (goals + sum(RATES.values())) < goals:
            self.goal()
            return
        happening = self.rng.choices(list(RATES), list(RATES.values()))[0]
        position = HOME if self.rng.random() < self.skill[0] / goals else AWAY
        by_a_player = happening in BY_A_PLAYER
        player = self.rng.choice(self.card.sides[position - 1].players) if by_a_player else None
        self.count(happening, position, player=player, incident=by_a_player)

    def goal(self) -> None:
        position = HOME if self.rng.random() < self.skill[0] / sum(self.skill) else AWAY
        player = self.rng.choice(self.card.sides[position - 1].players)
        self.count(Happening.SHOTS_ON_TARGET, position)
        self.add(position, player=player)

    def outlook(self, opinion: Opinion) -> GoalsOutlook:
        first, second = self.left_of(FIRST_HALF, 0.0), self.left_of(SECOND_HALF, self.half)
        return GoalsOutlook(
            (self.skill[0] * opinion.home, self.skill[1] * opinion.away),
            {
                FULL.name: (FULL.tally(self), first + second),
                FIRST.name: (FIRST.tally(self), first),
                SECOND.name: (SECOND.tally(self), second),
            },
            first + second,
        )

    def left_of(self, period: int, begins: float) -> float:
        """The share of a match still to be played in a half; a last minute stays until it is finished."""
        if period not in self.periods:
            return 0.5
        if self.periods[period].finished:
            return 0.0
        return max(60.0, begins + self.half + 60 - self.clock) / (2 * self.half)


def football_skill(rng: Random, league: League) -> tuple[float, float]:
    """Goals a match: about 1.5 at home and 1.2 away."""
    return max(0.4, rng.gauss(1.5, 0.4)), max(0.4, rng.gauss(1.2, 0.35))


SCORES = tuple((home, away) for home in range(5) for away in range(5) if home + away <= 6)
FOOTBALL = Sport(
    id=6046,
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
    ),
    leagues=(
        League(id=71011, name="Coastal Premier Division", location=Named(243, "England")),
        League(id=71012, name="Liga Meridional", location=Named(142, "Spain")),
        League(id=71013, name="Northern Women's Cup", location=Named(83, "Sweden"), gender=2),
    ),
    minutes=112,
    side_name=team,
    skill=football_skill,
    squad=14,
)
