"""Set sports: what is left is the current set from its score, then fresh sets, each won with the same chance.

A sport gives the chances of each final score of the current set and of a fresh one; this module plays the sets that
may follow. Margin and total (of games or points) and the score in sets come out of the same enumeration.
"""

from collections.abc import Callable, Iterable
from functools import cached_property, lru_cache

from sandbox.chances import Chances, Joint, Spread, from_weights

Frozen = tuple[tuple[tuple[int, int], float], ...]


class SetsOutlook:
    """`current` and `fresh` are chances of final set scores, `decider` those of the last possible set.

    An outlook does not change, so that one can serve every bookmaker who sees a match alike.
    """

    def __init__(
        self,
        *,
        sets: tuple[int, int],
        to_win: int,
        played: tuple[int, int],
        current: Frozen,
        fresh: Frozen,
        decider: Frozen,
        set_number: int,
    ) -> None:
        self.set_number = set_number
        self.current = current
        self.fresh = fresh
        self.sets: dict[tuple[int, int], float] = {}
        margins: dict[int, float] = {}
        totals: dict[int, float] = {}
        for (home, away), chance in current:
            won = (sets[0] + 1, sets[1]) if home > away else (sets[0], sets[1] + 1)
            ends, margin, total = the_rest(won, to_win, fresh, decider)
            for end, weight in ends:
                self.sets[end] = self.sets.get(end, 0.0) + chance * weight
            _pour(margins, margin, played[0] - played[1] + home - away, chance)
            _pour(totals, total, sum(played) + home + away, chance)
        self.points = Joint(margins, totals)

    def spread(self, stretch: str) -> Spread:
        """Of "sets", "points" (games, in tennis) or one "set N", which is over, under way or to come."""
        if stretch == "points":
            return self.points
        if stretch == "sets":
            return self._score_in_sets
        return self._current_set if stretch == f"set {self.set_number}" else self._fresh_set

    @cached_property
    def _score_in_sets(self) -> Spread:
        return joint_of(self.sets.items())

    @cached_property
    def _current_set(self) -> Spread:
        return joint_of(self.current)

    @cached_property
    def _fresh_set(self) -> Spread:
        return joint_of(self.fresh)

    def next_score(self) -> tuple[float, float, float]:
        raise NotImplementedError("a set sport has no next goal")

    def score_chance(self, stretch: str, home: int, away: int) -> float:
        return self.sets.get((home, away), 0.0)


def played_out(
    reached: dict[tuple[int, int], float], after: Callable[[int, int], Iterable[tuple[tuple[int, int], float]]]
) -> Frozen:
    """The chances of each final score from those of where a set stands; `after` gives what may follow a score.

    Played forward, step by step: the scores on the way are forgotten. A recursion that remembered them held 100 MB.
    """
    final: dict[tuple[int, int], float] = {}
    while reached:
        then: dict[tuple[int, int], float] = {}
        for score, chance in reached.items():
            follow = after(*score)
            if not follow:
                final[score] = final.get(score, 0.0) + chance
            for following, share in follow:
                then[following] = then.get(following, 0.0) + chance * share
        reached = then
    return tuple(final.items())


def joint_of(scores: Iterable[tuple[tuple[int, int], float]]) -> Joint:
    margins: dict[int, float] = {}
    totals: dict[int, float] = {}
    for (home, away), weight in scores:
        margins[home - away] = margins.get(home - away, 0.0) + weight
        totals[home + away] = totals.get(home + away, 0.0) + weight
    return Joint(margins, totals)


@lru_cache(maxsize=1024)
def the_rest(
    sets: tuple[int, int], to_win: int, fresh: Frozen, decider: Frozen
) -> tuple[tuple[tuple[tuple[int, int], float], ...], Chances, Chances]:
    """The chances, from a score in sets, of each final score in sets, and of margin and total of the points to come."""
    if to_win in sets:
        return ((sets, 1.0),), Chances(0, [1.0]), Chances(0, [1.0])
    ends: dict[tuple[int, int], float] = {}
    margins: dict[int, float] = {}
    totals: dict[int, float] = {}
    for (home, away), chance in decider if sets[0] == sets[1] == to_win - 1 else fresh:
        won = (sets[0] + 1, sets[1]) if home > away else (sets[0], sets[1] + 1)
        after, margin, total = the_rest(won, to_win, fresh, decider)
        for end, weight in after:
            ends[end] = ends.get(end, 0.0) + chance * weight
        _pour(margins, margin, home - away, chance)
        _pour(totals, total, home + away, chance)
    return tuple(ends.items()), from_weights(margins), from_weights(totals)


def _pour(into: dict[int, float], chances: Chances, shift: int, share: float) -> None:
    value = chances.low + shift
    for weight in chances.weights:
        into[value] = into.get(value, 0.0) + weight * share
        value += 1
