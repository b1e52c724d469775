"""Rally sports, point by point: home wins each rally with the same chance, sets go to a number of points, two ahead."""

from collections.abc import Iterable
from functools import lru_cache

from .sets import Frozen, SetsOutlook, played_out

#: Sets that go on beyond this many points past the end are cut off in the model, not in the match.
EXTRA = 6


def stepped(chance: float) -> float:
    """Rounded to a percent, so that sets are worked out once for many matches."""
    return min(0.9, max(0.1, round(chance * 100) / 100))


@lru_cache(maxsize=512)
def set_scores(rally: float, home: int, away: int, enough: int) -> Frozen:
    """The chances of each final score of a set from this many points each."""
    level = rally * rally / (rally * rally + (1 - rally) ** 2)

    def after(home: int, away: int) -> Iterable[tuple[tuple[int, int], float]]:
        if max(home, away) >= enough and abs(home - away) >= 2:
            return ()
        if home == away >= enough + EXTRA:
            return ((home + 2, away), level), ((home, away + 2), 1 - level)
        return ((home + 1, away), rally), ((home, away + 1), 1 - rally)

    return played_out({(home, away): 1.0}, after)


@lru_cache(maxsize=1024)
def rallies_outlook(
    rally: float,
    *,
    sets: tuple[int, int],
    to_win: int,
    played: tuple[int, int],
    points: tuple[int, int],
    enough: int,
    enough_in_decider: int,
    set_number: int,
) -> SetsOutlook:
    """`rally` is home's chance to win one, `stepped`; `enough` are the points that win a set."""
    decides = set_number == 2 * to_win - 1
    current = set_scores(rally, *points, enough_in_decider if decides else enough)
    return SetsOutlook(
        sets=sets,
        to_win=to_win,
        played=played,
        current=current,
        fresh=set_scores(rally, 0, 0, enough),
        decider=set_scores(rally, 0, 0, enough_in_decider),
        set_number=set_number,
    )
