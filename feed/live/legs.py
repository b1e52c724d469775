"""The four times of a change: sent by LSports, received, stored, displayed in a browser; and how long each leg took.

Counted in buckets, so that several processes can be added up and quantiles need no list of values.
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

#: Upper bounds of the buckets in ms: 0.5 ms to over five minutes, each a quarter wider than the one before.
BOUNDS = tuple(0.5 * 1.25**power for power in range(61))

Counts = list[int]


class Leg(StrEnum):
    """A part of the way of a change, and the whole of it."""

    TO_US = "to_us"
    STORING = "storing"
    PUSHING = "pushing"
    DISPLAY = "display"
    WHOLE = "whole"


def empty() -> Counts:
    return [0] * len(BOUNDS)


def added(many: Iterable[Sequence[int]]) -> Counts:
    """Bucket by bucket, the sum."""
    total = empty()
    for counts in many:
        total = [mine + theirs for mine, theirs in zip(total, counts, strict=True)]
    return total


def added_windows(windows: Iterable[Mapping[str, Sequence[int]]]) -> dict[str, Counts]:
    """The windows of several processes as one; a value that is not one of our windows counts as empty."""
    windows = list(windows)
    return {
        leg.value: added(window[leg] for window in windows if len(window.get(leg, ())) == len(BOUNDS)) for leg in Leg
    }


def quantile(counts: Sequence[int], share: float) -> float | None:
    """The ms that `share` (0 to 1) of all took at most, to a quarter's width; None where there is nothing."""
    total = sum(counts)
    if not total:
        return None
    wanted, seen = share * total, 0
    for index, count in enumerate(counts):
        if count and seen + count >= wanted:
            below = BOUNDS[index - 1] if index else 0.0
            return below + (BOUNDS[index] - below) * (wanted - seen) / count
        seen += count
    return BOUNDS[-1]
