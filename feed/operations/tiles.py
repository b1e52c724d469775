"""The tiles of the health page: what is, what is normal, and a small chart."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

MINUTES = 60
MINUTE = timedelta(minutes=1)
#: The height of a chart, in the units of its view box.
HEIGHT = 30


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of a chart of `HEIGHT`, at `left` from 0."""

    left: int
    top: int
    height: int


@dataclass(frozen=True, slots=True)
class Tile:
    """What is, in a few words, and what is normal, in a sentence. `bars` has a bar for each unit of time that is not 0,
    of `units` units; no units: there is no chart. `most` says what the highest bar stands for."""

    title: str
    now: str
    normal: str
    is_normal: bool
    bars: tuple[Bar, ...] = ()
    units: int = 0
    most: str = ""


def by_minute(times: Iterable[datetime], now: datetime) -> list[int]:
    """How many there are in each of the last minutes, the oldest first; what is older counts as the oldest."""
    counts = [0] * MINUTES
    for at in times:
        counts[max(0, MINUTES - 1 - max(0, (now - at) // MINUTE))] += 1
    return counts


def chart(counts: Sequence[int], unit: str = "%s") -> tuple[tuple[Bar, ...], int, str]:
    """Its bars, the highest as high as the chart and none lower than a unit; how many units; what the highest is."""
    most = max(counts, default=0)
    heights = [max(1, round(HEIGHT * count / most)) if count else 0 for count in counts]
    bars = tuple(Bar(left, HEIGHT - height, height) for left, height in enumerate(heights) if height)
    return bars, len(counts), unit % f"{most:,}"
