"""The markets: which bets each has, their fair chances, and how what happened settles them.

A market asks one question of one stretch of play. Its bets are told apart by (line, name); `line` is the home side's or
the total's and goes out as BaseLine. A market never looks at prices, and settles from the match alone, so that pricing
and settling cannot agree on the same mistake.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from feed.codes import Settlement

from .chances import Chances
from .match import HOME, Match
from .outlooks import Outlook

REFUND_ALL = Settlement.REFUND


@dataclass(frozen=True, slots=True)
class Stretch:
    """Part of a match: the periods whose points count. Over when `closes` is finished; without it, with the match.

    `sets` counts sets won instead of points.
    """

    name: str
    periods: tuple[int, ...] = ()
    closes: int | None = None
    sets: bool = False

    def tally(self, match: Match) -> tuple[int, int]:
        if self.sets:
            return match.score[0], match.score[1]
        played = [match.periods[each].values for each in self.periods if each in match.periods]
        return sum(values[0] for values in played), sum(values[1] for values in played)

    def is_over(self, match: Match) -> bool:
        if match.over or self.closes is None:
            return match.over
        period = match.periods.get(self.closes)
        return period is not None and period.finished


class Chance(NamedTuple):
    name: str
    line: str | None
    fair: float


def text(line: float) -> str:
    return f"{line:g}"


class Market(Protocol):
    id: int
    name: str
    #: How much more than the bookmaker's usual margin this market carries.
    greed: float

    def lines(self, outlook: Outlook, match: Match) -> tuple[float | None, ...]:
        """The lines worth offering now, the main line first; (None,) for a market without lines, () for nothing."""

    def chances(self, outlook: Outlook, match: Match, line: float | None) -> list[Chance]:
        """The bets of a line with their fair chances, which sum to 1 times `pays`."""

    def settle(self, match: Match, line: float | None, name: str) -> Settlement | None:
        """How a bet ends by what has happened; None while that is open."""


@dataclass(frozen=True, slots=True)
class _Lineless:
    id: int
    name: str
    stretch: Stretch
    greed: float = 1.0

    def lines(self, outlook: Outlook, match: Match) -> tuple[float | None, ...]:
        return () if self.stretch.is_over(match) else (None,)


class Winner(_Lineless):
    """1, X, 2 at the end of the stretch."""

    __slots__ = ()

    def chances(self, outlook: Outlook, match: Match, line: float | None) -> list[Chance]:
        margin = outlook.spread(self.stretch.name).margin
        home, away = margin.above(0), margin.up_to(-1)
        return [Chance("1", None, home), Chance("X", None, max(0.0, 1 - home - away)), Chance("2", None, away)]

    def settle(self, match: Match, line: float | None, name: str) -> Settlement | None:
        if not self.stretch.is_over(match):
            return None
        return _won(name == _result(self.stretch.tally(match)))


class WinnerOfTwo(_Lineless):
    """1 or 2 at the end of the stretch; a draw returns the stakes."""

    __slots__ = ()

    def chances(self, outlook: Outlook, match: Match, line: float | None) -> list[Chance]:
        home = outlook.spread(self.stretch.name).margin.beats(0)
        return [Chance("1", None, home), Chance("2", None, 1 - home)]

    def settle(self, match: Match, line: float | None, name: str) -> Settlement | None:
        if not self.stretch.is_over(match):
            return None
        result = _result(self.stretch.tally(match))
        return REFUND_ALL if result == "X" else _won(name == result)


class DoubleChance(_Lineless):
    """Two of the three results; the fair chances sum to 2."""

    __slots__ = ()

    def chances(self, outlook: Outlook, match: Match, line: float | None) -> list[Chance]:
        margin = outlook.spread(self.stretch.name).margin
        home, away = margin.above(0), margin.up_to(-1)
        return [Chance("1X", None, 1 - away), Chance("12", None, home + away), Chance("X2", None, 1 - home)]

    def settle(self, match: Match, line: float | None, name: str) -> Settlement | None:
        if not self.stretch.is_over(match):
            return None
        return _won(_result(self.stretch.tally(match)) in name)


class BothToScore(_Lineless):
    __slots__ = ()

    def chances(self, outlook: Outlook, match: Match, line: float | None) -> list[Chance]:
        spread = outlook.spread(self.stretch.name)
        both = spread.home.above(0) * spread.away.above(0)
        return [Chance("Yes", None, both), Chance("No", None, 1 - both)]

    def settle(self, match: Match, line: float | None, name: str) -> Settlement | None:
        both = min(self.stretch.tally(match)) > 0
        if not both and not self.stretch.is_over(match):
            return None
        return _won((name == "Yes") == both)


class OddEven(_Lineless):
    __slots__ = ()

    def chances(self, outlook: Outlook, match: Match, line: float | None) -> list[Chance]:
        total = outlook.spread(self.stretch.name).total
        odd = sum(weight for index, weight in enumerate(total.weights) if (index + total.low) % 2)
        return [Chance("Odd", None, odd), Chance("Even", None, 1 - odd)]

    def settle(self, match: Match, line: float | None, name: str) -> Settlement | None:
        if not self.stretch.is_over(match):
            return None
        return _won((name == "Odd") == bool(sum(self.stretch.tally(match)) % 2))


@dataclass(frozen=True, slots=True)
class CorrectScore:
    """The exact score; a score out of reach has lost before the end. `scores` are those offered."""

    id: int
    name: str
    stretch: Stretch
    scores: tuple[tuple[int, int], ...]
    greed: float = 2.5

    def lines(self, outlook: Outlook, match: Match) -> tuple[float | None, ...]:
        return () if self.stretch.is_over(match) else (None,)

    def chances(self, outlook: Outlook, match: Match, line: float | None) -> list[Chance]:
        return [
            Chance(f"{home}-{away}", None, outlook.score_chance(self.stretch.name, home, away))
            for home, away in self.scores
        ]

    def settle(self, match: Match, line: float | None, name: str) -> Settlement | None:
        home, away = (int(each) for each in name.split("-"))
        now = self.stretch.tally(match)
        if now[0] > home or now[1] > away:
            return Settlement.LOSER
        return _won(now == (home, away)) if self.stretch.is_over(match) else None


@dataclass(frozen=True, slots=True)
class UnderOver:
    """Total points of both sides, or of one (`side`), against lines `step` apart, `ways` on each side of the main."""

    id: int
    name: str
    stretch: Stretch
    side: int | None = None
    step: float = 1.0
    ways: int = 1
    greed: float = 1.0

    def lines(self, outlook: Outlook, match: Match) -> tuple[float | None, ...]:
        if self.stretch.is_over(match):
            return ()
        chances = self._total(outlook)
        least = self._now(match)
        return tuple(line for line in _around(chances.beats, _middle(chances), self.step, self.ways) if line > least)

    def chances(self, outlook: Outlook, match: Match, line: float | None) -> list[Chance]:
        over = self._total(outlook).beats(line or 0.0)
        label = text(line or 0.0)
        return [Chance("Under", label, 1 - over), Chance("Over", label, over)]

    def settle(self, match: Match, line: float | None, name: str) -> Settlement | None:
        beyond = self._now(match) - (line or 0.0)
        if beyond < 0.5 and not self.stretch.is_over(match):
            return None
        return _by_margin(beyond if name == "Over" else -beyond)

    def _total(self, outlook: Outlook) -> Chances:
        spread = outlook.spread(self.stretch.name)
        return spread.total if self.side is None else spread.home if self.side == HOME else spread.away

    def _now(self, match: Match) -> int:
        tally = self.stretch.tally(match)
        return sum(tally) if self.side is None else tally[self.side - 1]


@dataclass(frozen=True, slots=True)
class Handicap:
    """Home with `line` points added against away; quarter lines win or lose half (LSports' Asian Handicap)."""

    id: int
    name: str
    stretch: Stretch
    step: float = 1.0
    ways: int = 1
    greed: float = 1.0

    def lines(self, outlook: Outlook, match: Match) -> tuple[float | None, ...]:
        if self.stretch.is_over(match):
            return ()
        margin = outlook.spread(self.stretch.name).margin
        return tuple(-line for line in _around(margin.beats, _middle(margin), self.step, self.ways))

    def chances(self, outlook: Outlook, match: Match, line: float | None) -> list[Chance]:
        given = line or 0.0
        home = outlook.spread(self.stretch.name).margin.beats(-given)
        return [Chance("1", text(given), home), Chance("2", text(-given or 0.0), 1 - home)]

    def settle(self, match: Match, line: float | None, name: str) -> Settlement | None:
        if not self.stretch.is_over(match):
            return None
        home, away = self.stretch.tally(match)
        ahead = home - away + (line or 0.0)
        return _by_margin(ahead if name == "1" else -ahead)


@dataclass(frozen=True, slots=True)
class EuropeanHandicap:
    """1, X, 2 with whole goals given: line -1 is written "0:1" as in seed 002, +1 "1:0"."""

    id: int
    name: str
    stretch: Stretch
    greed: float = 1.1

    def lines(self, outlook: Outlook, match: Match) -> tuple[float | None, ...]:
        return () if self.stretch.is_over(match) else (-1.0, 1.0)

    def chances(self, outlook: Outlook, match: Match, line: float | None) -> list[Chance]:
        margin = outlook.spread(self.stretch.name).margin
        given = int(line or 0)
        home, away = margin.above(-given), margin.up_to(-given - 1)
        mine, theirs = (f"0:{-given}", f"{-given}:0") if given < 0 else (f"{given}:0", f"0:{given}")
        return [
            Chance("1", mine, home),
            Chance("X", theirs, max(0.0, 1 - home - away)),
            Chance("2", theirs, away),
        ]

    def settle(self, match: Match, line: float | None, name: str) -> Settlement | None:
        if not self.stretch.is_over(match):
            return None
        home, away = self.stretch.tally(match)
        return _won(name == _result((home + int(line or 0), away)))


@dataclass(frozen=True, slots=True)
class NextGoal:
    """Who scores goal number `line`; a new line opens when the one before is scored."""

    id: int
    name: str
    stretch: Stretch
    greed: float = 1.2

    def lines(self, outlook: Outlook, match: Match) -> tuple[float | None, ...]:
        return () if self.stretch.is_over(match) else (float(len(match.scorers) + 1),)

    def chances(self, outlook: Outlook, match: Match, line: float | None) -> list[Chance]:
        home, nobody, away = outlook.next_score()
        label = text(line or 1.0)
        if len(match.scorers) + 1 != line:
            return []
        return [Chance("1", label, home), Chance("No Goal", label, nobody), Chance("2", label, away)]

    def settle(self, match: Match, line: float | None, name: str) -> Settlement | None:
        number = int(line or 1)
        if len(match.scorers) >= number:
            return _won(name == str(match.scorers[number - 1]))
        return _won(name == "No Goal") if self.stretch.is_over(match) else None


def _won(won: bool) -> Settlement:
    return Settlement.WINNER if won else Settlement.LOSER


def _result(tally: tuple[int, int]) -> str:
    home, away = tally
    return "1" if home > away else "2" if away > home else "X"


def _by_margin(ahead: float) -> Settlement:
    """By how much a side of a line is ahead: half a point wins, a quarter wins half, nothing returns the stake."""
    if ahead >= 0.5:
        return Settlement.WINNER
    if ahead > 0:
        return Settlement.HALF_WON
    if ahead == 0:
        return Settlement.REFUND
    return Settlement.HALF_LOST if ahead > -0.5 else Settlement.LOSER


def _middle(chances: Chances) -> float:
    """The half line nearest to an even bet."""
    for index, reached in enumerate(chances.cumulative):
        if reached >= 0.5:
            number = chances.low + index
            before = reached - chances.weights[index]
            return float(number - 0.5 if 0.5 - before < reached - 0.5 else number + 0.5)
    return chances.low + 0.5


def _around(beats: Callable[[float], float], main: float, step: float, ways: int) -> list[float]:
    """The main line first, then its neighbours whose chance leaves something to bet on."""
    lines = [main]
    for way in range(1, ways + 1):
        lines += [line for line in (main - way * step, main + way * step) if 0.06 < beats(line) < 0.94]
    return lines
