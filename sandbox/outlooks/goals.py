"""Goal sports: each side scores as a Poisson process, its rate the same from the first second to the last.

So what is left of a stretch adds a Poisson number with mean (goals a match) x (share of the match left). Both sides are
independent. All markets follow from that, so that a bookmaker's lines agree with each other.
"""

from collections.abc import Mapping

from sandbox.chances import Spread, poisson


class GoalsOutlook:
    """`rates` are goals a match; `stretches` give each stretch's tally and the share of a match still to come in it."""

    def __init__(
        self, rates: tuple[float, float], stretches: Mapping[str, tuple[tuple[int, int], float]], left: float
    ) -> None:
        self.rates = rates
        self.stretches = stretches
        self.left = left
        self.spreads: dict[str, Spread] = {}

    def spread(self, stretch: str) -> Spread:
        if stretch not in self.spreads:
            (home, away), share = self.stretches[stretch]
            self.spreads[stretch] = Spread(
                poisson(_fine(self.rates[0] * share)).shifted(home),
                poisson(_fine(self.rates[1] * share)).shifted(away),
            )
        return self.spreads[stretch]

    def next_score(self) -> tuple[float, float, float]:
        both = self.rates[0] + self.rates[1]
        nobody = poisson(_fine(both * self.left)).at(0)
        home = (1 - nobody) * self.rates[0] / both
        return home, nobody, max(0.0, 1 - nobody - home)

    def score_chance(self, stretch: str, home: int, away: int) -> float:
        spread = self.spread(stretch)
        return spread.home.at(home) * spread.away.at(away)


def _fine(mean: float) -> float:
    """Rounded, so that equal means are worked out once."""
    return round(mean, 4 if mean < 1 else 3)
