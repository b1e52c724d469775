"""The parts of a fixture page that tell how play went: periods, incidents, statistics."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import isfinite

from feed.codes import period_label, statistic_label
from feed.models import Incident, Period, Statistic

from .sides import FULL_TIME, GAME


@dataclass(frozen=True, slots=True)
class PeriodColumn:
    """A period's own score."""

    label: str
    home: str
    away: str
    note: str


@dataclass(frozen=True, slots=True)
class IncidentLine:
    """Something that happened, in order of time; `minute` is "" where unknown."""

    label: str
    period: str
    minute: str
    position: int | None
    player: str
    score: str
    is_cancelled: bool


@dataclass(frozen=True, slots=True)
class StatisticBar:
    """A pair of counts and how wide to draw them, in per cent of the bar's half."""

    label: str
    home: str
    away: str
    home_width: int
    away_width: int


def period_columns(periods: Iterable[Period], sport_id: int | None) -> list[PeriodColumn]:
    """The periods in the order of play, the game within a set last, the final result left to the scoreboard."""
    shown = [period for period in periods if period.type >= 0 and period.type < FULL_TIME]
    return [
        PeriodColumn(
            label=period_label(sport_id, period.type),
            home=period.scores.get("1", ""),
            away=period.scores.get("2", ""),
            note="Finished, not confirmed" if period.is_finished and not period.is_confirmed else "",
        )
        for period in sorted(shown, key=lambda period: (period.type >= GAME, period.type))
    ]


def incident_lines(incidents: Iterable[Incident], sport_id: int | None) -> list[IncidentLine]:
    """The incidents in order: by time where the feed tells it, else by period and place in the message."""
    in_order = sorted(incidents, key=_moment)
    return [_incident_line(incident, sport_id) for incident in in_order]


def _moment(incident: Incident) -> tuple[int, int, int, int]:
    seconds = incident.seconds if incident.seconds is not None and incident.seconds >= 0 else -1
    return (incident.period or 0, seconds, incident.type or 0, incident.ordinal)


def _incident_line(incident: Incident, sport_id: int | None) -> IncidentLine:
    known = incident.seconds is not None and incident.seconds >= 0
    scores = incident.scores
    return IncidentLine(
        label=incident.name or (statistic_label(incident.type) if incident.type is not None else "Incident"),
        period=period_label(sport_id, incident.period) if incident.period is not None else "",
        minute=f"{incident.seconds // 60 + 1}'" if known and incident.seconds is not None else "",
        position=incident.position,
        player=incident.player_name,
        score=f"{scores.get('1', '')}–{scores.get('2', '')}" if scores else "",
        is_cancelled=incident.is_cancelled,
    )


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
