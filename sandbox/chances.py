"""Chances over whole numbers: how many goals, by how many points. The arithmetic that all price models share."""

from array import array
from collections.abc import Sequence
from functools import cached_property, lru_cache
from itertools import accumulate, pairwise
from math import erf, exp, sqrt


class Chances:
    """A probability for each whole number from `low` on; they sum to 1."""

    def __init__(self, low: int, weights: list[float]) -> None:
        self.low = low
        self.weights = weights

    @cached_property
    def cumulative(self) -> Sequence[float]:
        return array("d", accumulate(self.weights))

    def at(self, value: int) -> float:
        index = value - self.low
        return self.weights[index] if 0 <= index < len(self.weights) else 0.0

    def up_to(self, value: int) -> float:
        """The chance of `value` or less."""
        index = value - self.low
        if index < 0:
            return 0.0
        return self.cumulative[index] if index < len(self.weights) else 1.0

    def above(self, value: int) -> float:
        return 1.0 - self.up_to(value)

    def shifted(self, by: int) -> "Chances":
        return Chances(self.low + by, self.weights)

    def plus(self, other: "Chances") -> "Chances":
        """The chances of the sum of two independent numbers."""
        weights = [0.0] * (len(self.weights) + len(other.weights) - 1)
        for i, mine in enumerate(self.weights):
            if mine > 1e-12:
                for j, theirs in enumerate(other.weights):
                    weights[i + j] += mine * theirs
        return Chances(self.low + other.low, weights)

    def negated(self) -> "Chances":
        return Chances(-(self.low + len(self.weights) - 1), self.weights[::-1])

    def beats(self, line: float) -> float:
        """The fair chance of a bet on "more than `line`", stakes returned left out; quarter lines split the stake."""
        whole = round(line * 4)
        quarter = whole % 4
        below = whole // 4
        if quarter == 2:
            return self.above(below)
        if quarter == 0:
            won, lost = self.above(below), self.up_to(below - 1)
        elif quarter == 1:  # L.25: half the stake comes back at L
            won, lost = self.above(below), self.up_to(below - 1) + self.at(below) / 2
        else:  # L.75: half the stake is won at L + 1
            won, lost = self.above(below + 1) + self.at(below + 1) / 2, self.up_to(below)
        return won / (won + lost) if won + lost else 0.5


@lru_cache(maxsize=4096)
def poisson(mean: float) -> Chances:
    """Rare independent happenings; for large means `bell` is as good and cheaper."""
    if mean <= 0:
        return Chances(0, [1.0])
    if mean > 30:
        return bell(mean, mean, low=0)
    weight = exp(-mean)
    weights = [weight]
    total = weight
    while total < 1 - 1e-9 and len(weights) < 120:
        weight *= mean / len(weights)
        weights.append(weight)
        total += weight
    return Chances(0, [weight / total for weight in weights])


def bell(mean: float, variance: float, *, low: int | None = None) -> Chances:
    """The normal curve, cut into whole numbers, four deviations wide."""
    spread = sqrt(max(variance, 1e-6))
    first, last = round(mean - 4 * spread), round(mean + 4 * spread)
    if low is not None:
        first, last = max(first, low), max(last, low)
    edges = [(1 + erf((edge - 0.5 - mean) / (spread * sqrt(2)))) / 2 for edge in range(first, last + 2)]
    weights = [after - before for before, after in pairwise(edges)]
    total = sum(weights)
    if total <= 0:
        return Chances(max(round(mean), first), [1.0])
    return Chances(first, [weight / total for weight in weights])


class Spread:
    """Both sides' numbers in one stretch of play, and what follows: margin (home minus away) and total."""

    def __init__(self, home: Chances, away: Chances) -> None:
        self.home = home
        self.away = away

    @cached_property
    def margin(self) -> Chances:
        return self.home.plus(self.away.negated())

    @cached_property
    def total(self) -> Chances:
        return self.home.plus(self.away)


class Joint(Spread):
    """A spread whose margin and total are known as such, since the sides depend on each other.

    Without `sides` there is nothing to say of one side alone.
    """

    def __init__(self, margin: dict[int, float], total: dict[int, float], sides: Spread | None = None) -> None:
        if sides is not None:
            super().__init__(sides.home, sides.away)
        self.margin = from_weights(margin)
        self.total = from_weights(total)


def from_weights(weights: dict[int, float]) -> Chances:
    low, high = min(weights), max(weights)
    return Chances(low, [weights.get(value, 0.0) for value in range(low, high + 1)])
