"""Tennis: points, games, sets; no clock.

Period 60 is the game, 61 the tie break; both are gone at the end (docs/protocol.md, Periods). Those that are over are
parts of their set.
"""

from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from random import Random

from feed.codes import ParticipantType, PeriodType, SportId
from sandbox.bookmakers import Opinion
from sandbox.card import League, Named
from sandbox.contest import Topic
from sandbox.markets import CorrectScore, Handicap, Stretch, UnderOver, WinnerOfTwo
from sandbox.match import AWAY, HOME, Match, Period
from sandbox.names import player
from sandbox.numbers import Description, Happening
from sandbox.outlooks.sets import SetsOutlook
from sandbox.outlooks.tennis import stepped, tennis_outlook
from sandbox.sport import Sport

GAME, TIE_BREAK = PeriodType.GAME, PeriodType.TIE_BREAK
SETS = Stretch("sets", sets=True)
GAMES = Stretch("points", (1, 2, 3, 4, 5))
RETIRES = 0.03
CALLED = ("0", "15", "30", "40", "A")


@dataclass(kw_only=True)
class TennisMatch(Match):
    """`skill` is each player's chance to win a point on the own serve."""

    tells_incidents = False
    counts_sets = True
    server: int = HOME
    points: list[int] = field(default_factory=lambda: [0, 0])

    @property
    def to_win(self) -> int:
        return 3 if self.card.league.periods == 5 else 2

    @property
    def set_number(self) -> int:
        return min(self.score[0] + self.score[1] + 1, 2 * self.to_win - 1)

    def play(self) -> Iterator[float]:
        self.server = self.rng.choice((HOME, AWAY))
        if self.card.league.surface:
            self.extra["CourtSurfaceType"] = self.card.league.surface
        gives_up = self.rng.randint(4, 24) if self.rng.random() < RETIRES else None
        while max(self.score) < self.to_win:
            yield from self.play_set(self.set_number, gives_up)
            if self.void:
                break
        self.periods.pop(GAME, None)
        self.periods.pop(TIE_BREAK, None)
        for name in ("Turn", "Serve Number", "Tiebreak Score"):
            self.extra.pop(name, None)
        if self.void:
            self.retire(self.rng.choice((HOME, AWAY)))
        else:
            self.end(PeriodType.FULL_TIME)

    def play_set(self, number: int, gives_up: int | None) -> Iterator[float]:
        """One player retires after `gives_up` games of the match."""
        self.begin(number)
        games = self.periods[number].values
        while not set_is_won(*games):
            tie_break = games == [6, 6]
            winner = yield from self.play_game(tie_break)
            self.current = number
            self.keep_game(number, TIE_BREAK if tie_break else GAME)
            self.add(winner)
            self.server = AWAY if self.server == HOME else HOME
            self.show_points(tie_break=False)
            if len(self.marks) == gives_up:
                self.void = True
                return
            if not set_is_won(*games) and sum(games) % 2:
                yield 45.0
        self.score[0 if games[0] > games[1] else 1] += 1
        self.finish(number)
        self.periods.pop(TIE_BREAK, None)
        if max(self.score) < self.to_win:
            self.rest(Description.BREAK_TIME)
            yield 60.0
            self.confirm()
            yield 60.0

    def play_game(self, tie_break: bool) -> Generator[float, None, int]:
        """Until one player has enough points and is two ahead; yields seconds, returns the winner."""
        self.points = [0, 0]
        enough = 7 if tie_break else 4
        first = self.server
        self.show_points(tie_break)
        while max(self.points) < enough or abs(self.points[0] - self.points[1]) < 2:
            yield self.rng.uniform(15, 40)
            if tie_break and (sum(self.points) + 1) // 2 % 2:
                self.server = AWAY if first == HOME else HOME
            elif tie_break:
                self.server = first
            self.play_point()
            self.show_points(tie_break)
        self.server = first
        winner = HOME if self.points[0] > self.points[1] else AWAY
        if winner != first and not tie_break:
            self.count(Happening.BREAK_POINTS_WON, winner)
        return winner

    def keep_game(self, number: int, kind: PeriodType) -> None:
        """The game that was just won becomes a part of its set; the points begin anew."""
        texts = None if kind == TIE_BREAK else called(*self.points)
        self.periods[number].parts.append(Period(kind, self.points, texts, finished=True))
        self.points = [0, 0]

    def play_point(self) -> None:
        receiver = AWAY if self.server == HOME else HOME
        self.extra["Serve Number"] = "1"
        if self.rng.random() < self.skill[self.server - 1]:
            self.points[self.server - 1] += 1
            if self.rng.random() < 0.12:
                self.count(Happening.ACES, self.server)
        else:
            self.points[receiver - 1] += 1
            if self.rng.random() < 0.1:
                self.extra["Serve Number"] = "2"
                self.count(Happening.DOUBLE_FAULTS, self.server)

    def show_points(self, tie_break: bool) -> None:
        home, away = self.points
        if tie_break:
            self.periods.pop(GAME, None)
            shown = self.periods.setdefault(TIE_BREAK, Period(TIE_BREAK))
            self.extra["Tiebreak Score"] = f"{home}-{away}"
        else:
            self.extra.pop("Tiebreak Score", None)
            shown = self.periods.setdefault(GAME, Period(GAME))
            shown.texts = called(home, away)
        shown.values = [home, away]
        self.extra["Turn"] = str(self.server)
        self.tell(Topic.SCORE, "Point", values=(home, away))

    def outlook(self, opinion: Opinion) -> SetsOutlook:
        current = self.periods.get(self.set_number)
        games = current.values if current is not None and not current.finished else [0, 0]
        played = [period.values for number, period in self.periods.items() if number <= 5 and period is not current]
        return tennis_outlook(
            stepped(self.skill[0] + (opinion.home - 1) / 8),
            stepped(self.skill[1] + (opinion.away - 1) / 8),
            sets=(self.score[0], self.score[1]),
            to_win=self.to_win,
            played=(sum(values[0] for values in played), sum(values[1] for values in played)),
            games=(games[0], games[1]),
            points=(self.points[0], self.points[1]),
            server=self.server,
            set_number=self.set_number,
        )


def called(home: int, away: int) -> tuple[str, str]:
    """0, 15, 30, 40 and, above deuce, A for the one ahead (LSports says nothing of how it writes advantage)."""
    if min(home, away) >= 3:
        home, away = 3 + max(0, min(1, home - away)), 3 + max(0, min(1, away - home))
    return CALLED[min(home, 4)], CALLED[min(away, 4)]


def set_is_won(home: int, away: int) -> bool:
    return max(home, away) == 7 or (max(home, away) == 6 and abs(home - away) >= 2)


def tennis_skill(rng: Random, league: League) -> tuple[float, float]:
    return rng.uniform(0.57, 0.69), rng.uniform(0.57, 0.69)


TENNIS = Sport(
    id=SportId.TENNIS,
    name="Tennis",
    match=TennisMatch,
    markets=(
        WinnerOfTwo(52, "12", SETS),
        WinnerOfTwo(41, "1st Period Winner", Stretch("set 1", (1,), closes=1)),
        WinnerOfTwo(42, "2nd Period Winner", Stretch("set 2", (2,), closes=2)),
        UnderOver(166, "Under/Over Games", GAMES, ways=2),
        Handicap(201, "Asian Handicap Games", GAMES, ways=2),
        CorrectScore(6, "Correct Score", SETS, ((2, 0), (2, 1), (1, 2), (0, 2)), greed=1.4),
    ),
    leagues=(
        League(
            id=72011,
            name="Ardmere Open",
            location=Named(147, "France"),
            periods=3,
            surface="Clay",
            type=ParticipantType.INDIVIDUAL,
            tour=Named(11, "Harbour Tour"),
        ),
        League(
            id=72012,
            name="Women's Harbour Classic",
            location=Named(172, "Australia"),
            gender=2,
            periods=3,
            surface="Hard",
            indoors=True,
            type=ParticipantType.INDIVIDUAL,
            tour=Named(12, "Women's Harbour Tour"),
        ),
    ),
    minutes=95,
    side_name=player,
    skill=tennis_skill,
)
