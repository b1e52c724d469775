"""High-scoring sports: what each side still scores is bell-shaped, with a mean in proportion to the time left.

`swing` is the variance of one side's points for each point of the mean: 1.3 in basketball, more where points come
seven at a time. A draw is played off by `overtime_margin` points.
"""

from collections.abc import Mapping

from sandbox.chances import Chances, Joint, Spread, bell

from .goals import Left, played_off


class BellSpread(Spread):
    """Each side's points are bell-shaped, so margin and total are too."""

    def __init__(self, tally: tuple[int, int], means: tuple[float, float], swing: float) -> None:
        home, away = tally
        one, other = means
        super().__init__(bell(home + one, one * swing, low=home), bell(away + other, other * swing, low=away))
        self.margin: Chances = bell(home + one - away - other, (one + other) * swing)
        self.total: Chances = bell(home + away + one + other, (one + other) * swing, low=home + away)


class PointsOutlook:
    """`rates` are the points that each side makes in a match."""

    def __init__(
        self, rates: tuple[float, float], stretches: Mapping[str, Left], *, swing: float, overtime_margin: int
    ) -> None:
        self.rates = rates
        self.stretches = stretches
        self.swing = swing
        self.overtime_margin = overtime_margin
        self.spreads: dict[str, Spread] = {}

    def spread(self, stretch: str) -> Spread:
        if stretch not in self.spreads:
            left = self.stretches[stretch]
            means = self.rates[0] * left.home, self.rates[1] * left.away
            spread: Spread | Joint = BellSpread(left.tally, means, self.swing)
            self.spreads[stretch] = played_off(spread, self.overtime_margin) if left.plays_off else spread
        return self.spreads[stretch]

    def next_score(self) -> tuple[float, float, float]:
        raise NotImplementedError("too many points are scored to bet on the next")

    def score_chance(self, stretch: str, home: int, away: int) -> float:
        raise NotImplementedError("too many points are scored to bet on the exact score")
