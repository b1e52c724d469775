"""Baseball: nine innings, the visitors bat first; a tie goes on. No clock: the state of play is in the extra data."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from feed.codes import PeriodType, SportId
from sandbox.bookmakers import Opinion
from sandbox.card import League, Named
from sandbox.contest import Topic
from sandbox.markets import Handicap, OddEven, Stretch, UnderOver, WinnerOfTwo
from sandbox.match import AWAY, HOME, Match
from sandbox.names import franchise
from sandbox.numbers import Description, Happening
from sandbox.outlooks.goals import GoalsOutlook, Left
from sandbox.sport import Sport

INNINGS, EXTRA_INNINGS = tuple(range(1, 10)), 40
ALL = Stretch("extra innings included", (*INNINGS, EXTRA_INNINGS))
FIRST = Stretch("1st inning", (1,), closes=1)
BREAKS = (
    Description.AFTER_FIRST,
    Description.AFTER_SECOND,
    Description.AFTER_THIRD,
    Description.AFTER_FOURTH,
    Description.AFTER_FIFTH,
    Description.AFTER_SIXTH,
)
#: What ends a plate appearance: (bases, how often). The rest are outs.
HITS = ((1, 0.265), (2, 0.05), (4, 0.034))


@dataclass(kw_only=True)
class BaseballMatch(Match):
    """`skill` is in runs a match; it scales how often a batter reaches base."""

    batting: int = AWAY
    bases: list[bool] = field(default_factory=lambda: [False, False, False])
    outs: int = 0

    def play(self) -> Iterator[float]:
        for inning in INNINGS:
            yield from self.play_inning(inning)
            if inning < 9:
                self.rest(BREAKS[inning - 1] if inning <= 6 else Description.BREAK_TIME)
                yield 120.0
                self.confirm()
        final = PeriodType.FULL_TIME
        while self.score[0] == self.score[1]:
            final = PeriodType.AFTER_OVERTIME
            yield from self.play_inning(EXTRA_INNINGS)
        self.show_bases(clear=True)
        self.end(final)

    def play_inning(self, inning: int) -> Iterator[float]:
        """The home side does not bat, or bat on, once it has won (in the ninth and later)."""
        self.begin(inning)
        self.periods[inning].finished = False
        for side in (AWAY, HOME):
            if side == HOME and inning not in INNINGS[:8] and self.score[0] > self.score[1]:
                break
            yield from self.bat(side, inning)
            yield 60.0
        self.finish(inning)
        yield 5.0

    def bat(self, side: int, inning: int) -> Iterator[float]:
        self.batting, self.outs, self.bases = side, 0, [False, False, False]
        while self.outs < 3:
            yield self.rng.uniform(50, 130)
            self.plate_appearance(side)
            self.show_bases()
            if side == HOME and inning not in INNINGS[:8] and self.score[0] > self.score[1]:
                return

    def plate_appearance(self, side: int) -> None:
        better = (self.skill[side - 1] / 4.5) ** 0.5
        draw = self.rng.random()
        for reached, often in HITS:
            draw -= often * better
            if draw < 0:
                self.hit(side, reached)
                return
        self.outs += 1
        if self.rng.random() < 0.3:
            self.count(Happening.STRIKE_OUTS, side)

    def hit(self, side: int, reached: int) -> None:
        self.count(Happening.HITS, side)
        if reached == 4:
            self.count(Happening.HOME_RUNS, side)
        runners = [True, *self.bases]
        self.bases = [False, False, False]
        for base in range(3, -1, -1):
            if not runners[base]:
                continue
            if base + reached > 3:
                self.add(side, player=self.someone(side))
            else:
                self.bases[base + reached - 1] = True

    def show_bases(self, *, clear: bool = False) -> None:
        """Balls, strikes, outs, who bats and who stands on base "1/1/0" (docs/protocol.md, Extra data)."""
        if clear:
            self.extra.clear()
            return
        self.extra["Turn"] = str(self.batting)
        self.extra["Balls"], self.extra["Strikes"] = str(self.rng.randint(0, 3)), str(self.rng.randint(0, 2))
        self.extra["Outs"] = str(min(self.outs, 3))
        self.extra["Bases"] = "/".join("1" if taken else "0" for taken in self.bases)
        self.tell(Topic.TIMER, "Plate Appearance")

    def outlook(self, opinion: Opinion) -> GoalsOutlook:
        home, away = self.innings_left(HOME), self.innings_left(AWAY)
        rates = self.skill[0] * opinion.home, self.skill[1] * opinion.away
        first = (home, away) if 1 not in self.periods or not self.periods[1].finished else (0.0, 0.0)
        stretches = {
            ALL.name: Left(ALL.tally(self), home / 9, away / 9, plays_off=True),
            FIRST.name: Left(FIRST.tally(self), min(first[0], 1) / 9, min(first[1], 1) / 9),
        }
        return GoalsOutlook(rates, stretches, (home + away) / 18)

    def innings_left(self, side: int) -> float:
        """How many times a side still bats; the present time counts by the outs left."""
        played = max((inning for inning in self.periods if inning <= 9), default=1)
        if EXTRA_INNINGS in self.periods:
            return 0.3
        after = 9 - played
        if self.periods.get(played) is not None and self.periods[played].finished:
            return float(after)
        if side == self.batting:
            return after + max(3 - self.outs, 0.5) / 3
        return after + (1.0 if side == HOME else 0.0)


def baseball_skill(rng: Random, league: League) -> tuple[float, float]:
    """Runs a match."""
    return max(2.5, rng.gauss(4.7, 0.7)), max(2.5, rng.gauss(4.4, 0.7))


BASEBALL = Sport(
    id=SportId.BASEBALL,
    name="Baseball",
    match=BaseballMatch,
    markets=(
        WinnerOfTwo(226, "12 Including Overtime", ALL),
        UnderOver(28, "Under/Over Including Overtime", ALL, ways=2),
        Handicap(342, "Asian Handicap Including Overtime", ALL, ways=1),
        UnderOver(21, "Under/Over 1st Period", FIRST),
        UnderOver(221, "Under/Over - Home Team Including Overtime", ALL, side=HOME),
        UnderOver(220, "Under/Over - Away Team Including Overtime", ALL, side=AWAY),
        OddEven(51, "Odd/Even Including Overtime", ALL),
    ),
    leagues=(
        League(id=77011, name="Formosa Diamond League", location=Named(104, "Taiwan"), periods=9),
        League(id=77012, name="Pacific Baseball Circuit", location=Named(148, "Japan"), periods=9),
    ),
    minutes=175,
    side_name=franchise,
    skill=baseball_skill,
    squad=9,
    halts=(8.0, 20.0),
)
