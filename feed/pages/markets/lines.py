"""Which bets of a market stand at one line: LSports' BaseLine says so; where it has none, the bets' own lines do."""

from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from math import isfinite
from typing import Protocol

HOME, AWAY = "1", "2"
#: Lines repeat.
CACHED_LINES = 4096


class Lined(Protocol):
    """A bet as far as its line matters: a model or a row of a query."""

    @property
    def name(self) -> str: ...

    @property
    def line(self) -> str: ...

    @property
    def base_line(self) -> str: ...


class Lines:
    """The lines of a market's bets, each as `line_key` has it; `main` is the one that counts as the main one, "" where
    there is none; `stated` the one that LSports names.

    A handicap is written from each side, home at -1.5 and away at 1.5: without a BaseLine they meet where home has the
    other sign, and so they do where each side has a BaseLine of its own.
    """

    def __init__(self, bets: Iterable[Lined], main_line: str = "") -> None:
        bets, main_line = list(bets), line_key(main_line)
        homes = [(line_key(bet.base_line), line_key(bet.line)) for bet in bets if bet.name == HOME]
        self.bases = {base for base, _ in homes if base}
        self.homes = {
            number: base or line
            for base, line in homes
            if base in ("", line) and (number := number_of(line)) is not None
        }
        self.main = self.main_of(bets, main_line)
        self.stated = self.main if self.is_stated(main_line) else main_line

    def of(self, bet: Lined) -> str:
        base, line = line_key(bet.base_line), line_key(bet.line)
        number = number_of(line)
        if bet.name != AWAY or number is None or (base and (base != line or base in self.bases)):
            return base or line
        return self.homes.get(-number, line)

    def is_main(self, line: str) -> bool:
        """Whether LSports says that this is the main line."""
        return bool(line) and line == self.stated

    def is_stated(self, main_line: str) -> bool:
        number = number_of(main_line)
        return number is not None and number == number_of(self.main)

    def main_of(self, bets: list[Lined], main_line: str) -> str:
        """The line that LSports names as the main one; where no bet stands at it, the one of its number, or else the
        one of most bets.
        """
        lines = [self.of(bet) for bet in bets]
        if not lines or main_line in lines:
            return main_line
        number = number_of(main_line)
        same = [line for line in lines if number is not None and number_of(line) == number]
        counts = Counter(same or lines)
        return max(counts, key=lambda line: (counts[line], line))


@lru_cache(maxsize=CACHED_LINES)
def line_key(line: str) -> str:
    """A line as it is compared with others, however its number is written: "+2.50 ", "2.5"."""
    text = line.strip().replace("\N{MINUS SIGN}", "-")
    number, _, rest = text.partition(" ")
    try:
        value = float(number)
    except ValueError:
        return text
    return " ".join(filter(None, (f"{value + 0:g}", rest))) if isfinite(value) else text


def number_of(line: str) -> float | None:
    """The number of a line such as "-1.5 (0-0)"; None for one that is none."""
    try:
        return float(line.split(" ")[0])
    except ValueError:
        return None
