"""The parts of a fixture page that tell how play went: periods, statistics."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import isfinite

from django.utils.translation import gettext

from feed.models import Period, PlayerStatistic, Statistic

from .labels import period_label, statistic_label
from .sides import FULL_TIME, GAME


@dataclass(frozen=True, slots=True)
class PeriodColumn:
    """A period's own score."""

    label: str
    home: str
    away: str
    note: str


@dataclass(frozen=True, slots=True)
class StatisticBar:
    """A pair of counts and how wide to draw them, in per cent of the bar's half."""

    label: str
    home: str
    away: str
    home_width: int
    away_width: int


@dataclass(frozen=True, slots=True)
class PlayerLine:
    """A player's counts in words."""

    name: str
    counts: str


def period_columns(periods: Iterable[Period], sport_id: int | None) -> list[PeriodColumn]:
    """The periods in the order of play, the game within a set last, the final result left to the scoreboard."""
    shown = [period for period in periods if period.type >= 0 and period.type < FULL_TIME]
    return [
        PeriodColumn(
            label=period_label(sport_id, period.type),
            home=period.scores.get("1", ""),
            away=period.scores.get("2", ""),
            note=gettext("Finished, not confirmed") if period.is_finished and not period.is_confirmed else "",
        )
        for period in sorted(shown, key=lambda period: (period.type >= GAME, period.type))
    ]


def statistic_bars(statistics: Sequence[Statistic]) -> list[StatisticBar]:
    """Every statistic of the match as a pair of bars that share the width."""
    return [
        StatisticBar(
            label=statistic_label(row.type),
            home=row.values.get("1", ""),
            away=row.values.get("2", ""),
            home_width=width(row.values, "1"),
            away_width=width(row.values, "2"),
        )
        for row in statistics
    ]


def player_lines(rows: Sequence[PlayerStatistic]) -> list[PlayerLine]:
    """The players who have counts."""
    return [
        PlayerLine(row.player_name or gettext("Player %(number)s") % {"number": row.player_id}, counts)
        for row in rows
        if (counts := ", ".join(f"{count['name']} {count['value']}" for count in row.values.values()))
    ]


def width(values: dict[str, str], position: str) -> int:
    """The position's share of all that was counted, 0 to 100; 0 where the values are not numbers."""
    try:
        numbers = {key: max(0.0, float(value)) for key, value in values.items()}
    except (TypeError, ValueError):
        return 0
    if not all(map(isfinite, numbers.values())):
        return 0
    total = sum(numbers.values())
    return round(100 * numbers.get(position, 0.0) / total) if total else 0
