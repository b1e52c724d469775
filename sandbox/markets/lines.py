"""Markets with lines: totals and handicaps, each offered at a main line and its neighbours."""

from collections.abc import Callable
from dataclasses import dataclass

from feed.codes import Settlement
from sandbox.chances import Chances
from sandbox.match import HOME, Match
from sandbox.outlooks import Outlook

from .market import Chance, Stretch, result_of, text, won


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
        return tuple(line for line in around(chances.beats, middle(chances), self.step, self.ways) if line > least)

    def chances(self, outlook: Outlook, match: Match, line: float | None) -> list[Chance]:
        over = self._total(outlook).beats(line or 0.0)
        label = text(line or 0.0)
        return [Chance("Under", 1 - over, label, label), Chance("Over", over, label, label)]

    def settle(self, match: Match, line: float | None, name: str) -> Settlement | None:
        beyond = self._now(match) - (line or 0.0)
        if beyond < 0.5 and not self.stretch.is_over(match):
            return None
        return by_margin(beyond if name == "Over" else -beyond)

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
        return tuple(-line for line in around(margin.beats, middle(margin), self.step, self.ways))

    def chances(self, outlook: Outlook, match: Match, line: float | None) -> list[Chance]:
        given = line or 0.0
        home = outlook.spread(self.stretch.name).margin.beats(-given)
        return [Chance("1", home, text(given), text(given)), Chance("2", 1 - home, text(-given), text(given))]

    def settle(self, match: Match, line: float | None, name: str) -> Settlement | None:
        if not self.stretch.is_over(match):
            return None
        home, away = self.stretch.tally(match)
        ahead = home - away + (line or 0.0)
        return by_margin(ahead if name == "1" else -ahead)


@dataclass(frozen=True, slots=True)
class EuropeanHandicap:
    """1, X, 2 with whole goals given: line -1 is written "0:1" as LSports does, +1 "1:0"."""

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
            Chance("1", home, mine, mine),
            Chance("X", max(0.0, 1 - home - away), theirs, mine),
            Chance("2", away, theirs, mine),
        ]

    def settle(self, match: Match, line: float | None, name: str) -> Settlement | None:
        if not self.stretch.is_over(match):
            return None
        home, away = self.stretch.tally(match)
        return won(name == result_of((home + int(line or 0), away)))


def by_margin(ahead: float) -> Settlement:
    """A result by how far a side is ahead of the line: half a point wins, a quarter wins half, nothing returns the
    stake."""
    if ahead >= 0.5:
        return Settlement.WINNER
    if ahead > 0:
        return Settlement.HALF_WON
    if ahead == 0:
        return Settlement.REFUND
    return Settlement.HALF_LOST if ahead > -0.5 else Settlement.LOSER


def middle(chances: Chances) -> float:
    """The half line nearest to an even bet."""
    for index, reached in enumerate(chances.cumulative):
        if reached >= 0.5:
            number = chances.low + index
            before = reached - chances.weights[index]
            return float(number - 0.5 if 0.5 - before < reached - 0.5 else number + 0.5)
    return chances.low + 0.5


def around(beats: Callable[[float], float], main: float, step: float, ways: int) -> list[float]:
    """The main line first, then its neighbours whose chance leaves something to bet on."""
    lines = [main]
    for way in range(1, ways + 1):
        lines += [line for line in (main - way * step, main + way * step) if 0.06 < beats(line) < 0.94]
    return lines
