"""Markets on a result: who is ahead, whether both scored, odd or even."""

from feed.codes import Settlement
from sandbox.match import Match
from sandbox.outlooks import Outlook

from .market import Chance, Lineless, result_of, won


class Winner(Lineless):
    """1, X, 2 at the end of the stretch."""

    __slots__ = ()

    def chances(self, outlook: Outlook, match: Match, line: float | None) -> list[Chance]:
        margin = outlook.spread(self.stretch.name).margin
        home, away = margin.above(0), margin.up_to(-1)
        return [Chance("1", home), Chance("X", max(0.0, 1 - home - away)), Chance("2", away)]

    def settle(self, match: Match, line: float | None, name: str) -> Settlement | None:
        if not self.stretch.is_over(match):
            return None
        return won(name == result_of(self.stretch.tally(match)))


class WinnerOfTwo(Lineless):
    """1 or 2 at the end of the stretch; a draw returns the stakes."""

    __slots__ = ()

    def chances(self, outlook: Outlook, match: Match, line: float | None) -> list[Chance]:
        home = outlook.spread(self.stretch.name).margin.beats(0)
        return [Chance("1", home), Chance("2", 1 - home)]

    def settle(self, match: Match, line: float | None, name: str) -> Settlement | None:
        if not self.stretch.is_over(match):
            return None
        result = result_of(self.stretch.tally(match))
        return Settlement.REFUND if result == "X" else won(name == result)


class DoubleChance(Lineless):
    """Two of the three results; the fair chances sum to 2."""

    __slots__ = ()

    def chances(self, outlook: Outlook, match: Match, line: float | None) -> list[Chance]:
        margin = outlook.spread(self.stretch.name).margin
        home, away = margin.above(0), margin.up_to(-1)
        return [Chance("1X", 1 - away), Chance("12", home + away), Chance("X2", 1 - home)]

    def settle(self, match: Match, line: float | None, name: str) -> Settlement | None:
        if not self.stretch.is_over(match):
            return None
        return won(result_of(self.stretch.tally(match)) in name)


class BothToScore(Lineless):
    """Yes as soon as both have scored, No at the end."""

    __slots__ = ()

    def chances(self, outlook: Outlook, match: Match, line: float | None) -> list[Chance]:
        spread = outlook.spread(self.stretch.name)
        both = spread.home.above(0) * spread.away.above(0)
        return [Chance("Yes", both), Chance("No", 1 - both)]

    def settle(self, match: Match, line: float | None, name: str) -> Settlement | None:
        both = min(self.stretch.tally(match)) > 0
        if not both and not self.stretch.is_over(match):
            return None
        return won((name == "Yes") == both)


class OddEven(Lineless):
    """Whether the total is odd; 0 is even."""

    __slots__ = ()

    def chances(self, outlook: Outlook, match: Match, line: float | None) -> list[Chance]:
        total = outlook.spread(self.stretch.name).total
        odd = sum(weight for index, weight in enumerate(total.weights) if (index + total.low) % 2)
        return [Chance("Odd", odd), Chance("Even", 1 - odd)]

    def settle(self, match: Match, line: float | None, name: str) -> Settlement | None:
        if not self.stretch.is_over(match):
            return None
        return won((name == "Odd") == bool(sum(self.stretch.tally(match)) % 2))
