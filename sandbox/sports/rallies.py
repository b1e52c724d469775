"""Volleyball, table tennis, badminton: a point each rally, sets to a number of points, two ahead. No clock."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import ClassVar

from feed.codes import AgeCategory, ParticipantType, PeriodType, SportId
from sandbox.bookmakers import Opinion
from sandbox.card import League, Named
from sandbox.markets import CorrectScore, Handicap, Stretch, UnderOver, WinnerOfTwo
from sandbox.match import AWAY, HOME, Match
from sandbox.names import franchise, player
from sandbox.numbers import Description, Happening
from sandbox.outlooks.rallies import rallies_outlook, stepped
from sandbox.outlooks.sets import SetsOutlook
from sandbox.sport import Sport

SETS = Stretch("sets", sets=True)
POINTS = Stretch("points", (1, 2, 3, 4, 5, 6, 7))
FIRST, SECOND = Stretch("set 1", (1,), closes=1), Stretch("set 2", (2,), closes=2)


@dataclass(kw_only=True)
class RallyMatch(Match):
    """`skill` is each side's chance to win a rally; they sum to 1."""

    tells_incidents = False
    counts_sets = True
    enough: ClassVar[int]
    enough_in_decider: ClassVar[int]
    usual_sets: ClassVar[int]
    rally_seconds: ClassVar[tuple[float, float]]
    set_break: ClassVar[float] = 120.0
    server: int = HOME

    @property
    def to_win(self) -> int:
        return ((self.card.league.periods or self.usual_sets) + 1) // 2

    @property
    def set_number(self) -> int:
        return min(self.score[0] + self.score[1] + 1, 2 * self.to_win - 1)

    def play(self) -> Iterator[float]:
        while max(self.score) < self.to_win:
            yield from self.play_set(self.set_number)
        self.extra.clear()
        self.end(PeriodType.FULL_TIME)

    def play_set(self, number: int) -> Iterator[float]:
        self.begin(number)
        points = self.periods[number].values
        enough = self.enough_in_decider if number == 2 * self.to_win - 1 else self.enough
        while max(points) < enough or abs(points[0] - points[1]) < 2:
            yield self.rng.uniform(*self.rally_seconds)
            self.rally()
            if self.rng.random() < 0.004:
                yield from self.correct()
        self.score[0 if points[0] > points[1] else 1] += 1
        self.finish(number)
        if max(self.score) < self.to_win:
            self.rest(Description.BREAK_TIME)
            yield self.set_break
            self.confirm()

    def rally(self) -> None:
        winner = HOME if self.rng.random() < self.skill[0] else AWAY
        if winner == self.server and self.rng.random() < 0.08:
            self.count(Happening.ACES, winner)
        self.server = winner
        self.extra["Turn"] = str(winner)
        self.add(winner, counted=Happening.POINTS_SCORED)

    def correct(self) -> Iterator[float]:
        """The last point was given to the wrong side, and is taken back (docs/protocol.md, Corrections)."""
        yield 8.0
        self.take_back()

    def outlook(self, opinion: Opinion) -> SetsOutlook:
        """All bookmakers see the same: one per cent of a rally is ten of a match, further apart than they ever are."""
        current = self.periods.get(self.set_number)
        points = current.values if current is not None and not current.finished else [0, 0]
        played = [period.values for number, period in self.periods.items() if number <= 7 and period is not current]
        return rallies_outlook(
            stepped(self.skill[0]),
            sets=(self.score[0], self.score[1]),
            to_win=self.to_win,
            played=(sum(values[0] for values in played), sum(values[1] for values in played)),
            points=(points[0], points[1]),
            enough=self.enough,
            enough_in_decider=self.enough_in_decider,
            set_number=self.set_number,
        )


class VolleyballMatch(RallyMatch):
    enough, enough_in_decider, usual_sets = 25, 15, 5
    rally_seconds = (18.0, 40.0)


class TableTennisMatch(RallyMatch):
    enough, enough_in_decider, usual_sets = 11, 11, 5
    rally_seconds = (8.0, 22.0)
    set_break = 60.0


class BadmintonMatch(RallyMatch):
    enough, enough_in_decider, usual_sets = 21, 21, 3
    rally_seconds = (12.0, 35.0)


def rally_skill(rng: Random, league: League) -> tuple[float, float]:
    home = min(0.58, max(0.42, rng.gauss(0.505, 0.03)))
    return home, 1 - home


BEST_OF_FIVE = ((3, 0), (3, 1), (3, 2), (2, 3), (1, 3), (0, 3))
BEST_OF_THREE = ((2, 0), (2, 1), (1, 2), (0, 2))
MARKETS = (
    WinnerOfTwo(52, "12", SETS),
    WinnerOfTwo(41, "1st Period Winner", FIRST),
    WinnerOfTwo(42, "2nd Period Winner", SECOND),
    UnderOver(2, "Under/Over", POINTS, ways=2),
    Handicap(3, "Asian Handicap", POINTS, ways=2),
    CorrectScore(6, "Correct Score", SETS, BEST_OF_FIVE + BEST_OF_THREE, greed=1.4),
)
VOLLEYBALL = Sport(
    id=SportId.VOLLEYBALL,
    name="Volleyball",
    match=VolleyballMatch,
    markets=MARKETS,
    leagues=(
        League(id=78011, name="Vistula Volley League", location=Named(22, "Poland"), periods=5),
        League(id=78012, name="Women's Superliga", location=Named(183, "Brazil"), gender=2, periods=5),
    ),
    minutes=110,
    side_name=franchise,
    skill=rally_skill,
)
TABLE_TENNIS = Sport(
    id=SportId.TABLE_TENNIS,
    name="Table Tennis",
    match=TableTennisMatch,
    markets=MARKETS,
    leagues=(
        League(
            id=79011,
            name="Moravia Table Tennis Cup",
            location=Named(202, "Czech Republic"),
            periods=5,
            type=ParticipantType.INDIVIDUAL,
        ),
        League(
            id=79012,
            name="Harbour Table Tennis Series",
            location=Named(248, "International"),
            periods=5,
            type=ParticipantType.INDIVIDUAL,
            age_category=AgeCategory.YOUTH,
        ),
    ),
    minutes=28,
    side_name=player,
    skill=rally_skill,
)
BADMINTON = Sport(
    id=SportId.BADMINTON,
    name="Badminton",
    match=BadmintonMatch,
    markets=MARKETS,
    leagues=(
        League(
            id=80011,
            name="Coral Badminton Open",
            location=Named(148, "Japan"),
            periods=3,
            type=ParticipantType.INDIVIDUAL,
        ),
    ),
    minutes=48,
    side_name=player,
    skill=rally_skill,
)
