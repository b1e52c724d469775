"""How much room a queue has left before LSports switches the package off. Pure: readings in, words and numbers out."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

import msgspec

from .ages import span

#: The longest and the shortest stretch of readings that a trend is measured over: a few messages are no trend.
TREND_SECONDS = 300.0
LEAST_TREND_SECONDS = 20.0
#: We warn from half of the limit on; from nine tenths on, or with less than this time left, it is urgent.
WARN_SHARE = 0.5
URGENT_SHARE = 0.9
URGENT_SECONDS = 300.0


class Level(StrEnum):
    """How near its limit a queue is."""

    FINE = "fine"
    WARN = "warn"
    URGENT = "urgent"
    FULL = "full"


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """The messages that waited at `at`; the rate at which LSports sends and the number of readers, where it says so."""

    at: datetime
    waiting: int
    per_second: float | None = None
    consumers: int | None = None


class Headroom(msgspec.Struct, frozen=True, kw_only=True):
    """The room left. `growth` is in messages a second, None where unknown; `seconds_left` is None while it shrinks."""

    waiting: int
    limit: int
    level: Level
    growth: float | None
    seconds_left: float | None

    @property
    def half(self) -> int:
        """The number of messages from which we warn."""
        return int(self.limit * WARN_SHARE)

    @property
    def sentence(self) -> str:
        """4,120 of 10,000 (41 %), growing by 12 a second: full in 8 min."""
        return f"{self.filling}, {self.trend}"

    @property
    def filling(self) -> str:
        return f"{self.waiting:,} of {self.limit:,} ({self.waiting * 100 // self.limit} %)"

    @property
    def trend(self) -> str:
        if self.waiting >= self.limit:
            return "the limit: LSports has switched it off or is about to."
        if self.growth is None:
            return "no trend yet."
        if self.seconds_left is None:
            return "steady." if round(self.growth) == 0 else f"falling by {-self.growth:,.0f} a second."
        return f"growing by {max(1, round(self.growth)):,} a second: full in {span(self.seconds_left)}."


def headroom(limit: int, readings: Sequence[Reading]) -> Headroom:
    """The room left by the newest of `readings` (newest first, at least one), at the rate of the last minutes."""
    newest = readings[0]
    growth = growth_per_second(readings)
    left = max(0, limit - newest.waiting) / growth if growth is not None and growth > 0 else None
    return Headroom(
        waiting=newest.waiting,
        limit=limit,
        level=level_of(newest.waiting / limit, left),
        growth=growth,
        seconds_left=left,
    )


def growth_per_second(readings: Sequence[Reading]) -> float | None:
    """How fast the queue grows: measured between readings, else what LSports sends while nobody reads."""
    newest = readings[0]
    within = [reading for reading in readings if age(reading, newest) <= TREND_SECONDS]
    if within and age(within[-1], newest) >= LEAST_TREND_SECONDS:
        oldest = within[-1]
        return (newest.waiting - oldest.waiting) / age(oldest, newest)
    return newest.per_second if newest.consumers == 0 else None


def age(reading: Reading, newest: Reading) -> float:
    return (newest.at - reading.at).total_seconds()


def level_of(share: float, seconds_left: float | None) -> Level:
    if share >= 1:
        return Level.FULL
    if share >= URGENT_SHARE or (seconds_left is not None and seconds_left < URGENT_SECONDS):
        return Level.URGENT
    return Level.WARN if share >= WARN_SHARE else Level.FINE
