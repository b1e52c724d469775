"""What a market is: one question of one stretch of play, its bets told apart by (line, name).

`line` is the home side's or the total's and goes out as BaseLine. A market never looks at prices, and settles from the
contest alone, so that pricing and settling cannot agree on the same mistake.
"""

from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from feed.codes import Settlement
from sandbox.match import Match
from sandbox.outlooks import Outlook


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
        played = [match.periods[period].values for period in self.periods if period in match.periods]
        return sum(values[0] for values in played), sum(values[1] for values in played)

    def is_over(self, match: Match) -> bool:
        if match.over or self.closes is None:
            return match.over
        period = match.periods.get(self.closes)
        return period is not None and period.finished


class Chance(NamedTuple):
    """A bet of a market: its name, its fair chance, the line as written for its side, what groups it (BaseLine), and
    whom it is on.
    """

    name: str
    fair: float
    line: str | None = None
    base: str | None = None
    participant: int | None = None
    player: tuple[int, str] | None = None


class Market(Protocol):
    """A kind of bet on a contest."""

    @property
    def id(self) -> int: ...

    @property
    def name(self) -> str: ...

    @property
    def greed(self) -> float:
        """How many times the bookmaker's usual margin this market carries."""

    def lines(self, outlook: Any, contest: Any) -> tuple[float | None, ...]:
        """The lines worth offering now, the main line first; (None,) for a market without lines, () for nothing."""

    def chances(self, outlook: Any, contest: Any, line: float | None) -> list[Chance]:
        """The bets of a line with their fair chances: of each, its chance to win, returned stakes left out."""

    def settle(self, contest: Any, line: float | None, name: str) -> Settlement | None:
        """How a bet ends by what has happened; None while that is open."""


@dataclass(frozen=True, slots=True)
class Lineless:
    """A market with one set of bets, open until its stretch of play is over."""

    id: int
    name: str
    stretch: Stretch
    greed: float = 1.0

    def lines(self, outlook: Outlook, match: Match) -> tuple[float | None, ...]:
        return () if self.stretch.is_over(match) else (None,)


def text(line: float) -> str:
    return f"{line + 0.0:g}"


def won(won: bool) -> Settlement:
    return Settlement.WINNER if won else Settlement.LOSER


def result_of(tally: tuple[int, int]) -> str:
    home, away = tally
    return "1" if home > away else "2" if away > home else "X"
