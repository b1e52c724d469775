"""Goal sports: each side scores as a Poisson process, its rate the same from the first second to the last.

So what is left of a stretch adds a Poisson number with mean (goals a match) x (share of the match left). Both sides are
independent. All markets follow from that, so that a bookmaker's lines agree with each other. Where a draw is played
off, one more goal decides, for either side with the same chance.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sandbox.chances import Joint, Spread, poisson


@dataclass(frozen=True, slots=True)
class Left:
    """A stretch: the tally so far, and the share of a match that home and away still have to play in it."""

    tally: tuple[int, int]
    home: float
    away: float
    plays_off: bool = False


class GoalsOutlook:
    """`rates` are the goals each side makes in a match; `left` is the share of the match to come for the next goal."""

    def __init__(self, rates: tuple[float, float], stretches: Mapping[str, Left], left: float) -> None:
        self.rates = rates
        self.stretches = stretches
        self.left = left
        self.spreads: dict[str, Spread] = {}

    def spread(self, stretch: str) -> Spread:
        if stretch not in self.spreads:
            left = self.stretches[stretch]
            home, away = left.tally
            regular = Spread(
                poisson(_fine(self.rates[0] * left.home)).shifted(home),
                poisson(_fine(self.rates[1] * left.away)).shifted(away),
            )
            self.spreads[stretch] = played_off(regular, 1) if left.plays_off else regular
        return self.spreads[stretch]

    def next_score(self) -> tuple[float, float, float]:
        both = self.rates[0] + self.rates[1]
        nobody = poisson(_fine(both * self.left)).at(0)
        home = (1 - nobody) * self.rates[0] / both
        return home, nobody, max(0.0, 1 - nobody - home)

    def score_chance(self, stretch: str, home: int, away: int) -> float:
        spread = self.spread(stretch)
        return spread.home.at(home) * spread.away.at(away)


def played_off(regular: Spread, by: int) -> Joint:
    """A draw becomes a win by `by`, for either side with the same chance, and adds that to the total."""
    margin = {regular.margin.low + index: weight for index, weight in enumerate(regular.margin.weights)}
    draw = margin.pop(0, 0.0)
    for won in (by, -by):
        margin[won] = margin.get(won, 0.0) + draw / 2
    total = regular.total
    more = total.shifted(by)
    low, high = total.low, more.low + len(more.weights)
    totals = {value: total.at(value) * (1 - draw) + more.at(value) * draw for value in range(low, high)}
    return Joint(margin, totals, regular)


def _fine(mean: float) -> float:
    """Rounded, so that equal means are worked out once."""
    return round(mean, 4 if mean < 1 else 3)
