"""What happened in a match, in order: goals, cards, corrections; and where each stands on a time axis.

A clock may run down (seed 002, Basketball). LSports does not say so, but the scores do: see `runs_down`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from django.utils.translation import gettext

from feed.codes import IncidentType, SportId
from feed.models import Incident

from .clock import COUNTS_UP, clock_text
from .labels import incident_label, period_label

#: Drawn as taller marks; all others as dots.
GOALS = frozenset(
    {IncidentType.GOAL, IncidentType.OWN_GOAL, IncidentType.PENALTY_GOAL, IncidentType.SCORE, IncidentType.PENALTIES}
)
CARDS: dict[int, str] = {IncidentType.YELLOW_CARD: "yellow", IncidentType.RED_CARD: "red"}
#: LSports is not yet sure below this confidence (Hyper Livescore, 0 to 1).
SURE = 0.9
#: How far the axis of a match reaches at least, in minutes; OTHER_MINUTES where the sport is not here.
WHOLE_MINUTES: dict[int, int] = {
    SportId.FOOTBALL: 90,
    SportId.RUGBY_UNION: 80,
    SportId.RUGBY_LEAGUE: 80,
    SportId.FUTSAL: 40,
}
OTHER_MINUTES = 60
#: What is longer is no score.
MOST_DIGITS = 9
#: A longer match's axis grows by so much.
AXIS_STEP_SECONDS = 15 * 60


@dataclass(frozen=True, slots=True)
class IncidentLine:
    """Something that happened; `minute` is the clock in sports that do not count minutes played, "" where unknown.

    `short` is one line for a board.
    """

    label: str
    period: str
    minute: str
    seconds: int | None
    position: int | None
    player: str
    score: str
    sort: str
    is_cancelled: bool
    is_unconfirmed: bool

    @property
    def short(self) -> str:
        told = " ".join(filter(None, (self.minute, self.label, self.player and f"({self.player})")))
        return gettext("%(incident)s, taken back") % {"incident": told} if self.is_cancelled else told


@dataclass(frozen=True, slots=True)
class Mark:
    """An incident on the time axis: `at` in thousandths of its length."""

    line: IncidentLine
    at: int


@dataclass(frozen=True, slots=True)
class Axis:
    """The incidents that have a time; below them the ends in minutes, or each period where its clock runs down."""

    marks: list[Mark]
    ends: tuple[str, str] | None
    periods: list[str]


def runs_down(incidents: Iterable[Incident]) -> bool:
    """Whether the clock runs down: within a period most scores grow while the seconds get fewer."""
    scored = sorted(
        (incident.period or 0, sum(map(_number, incident.scores.values())), seconds)
        for incident in incidents
        if incident.scores and not incident.is_cancelled and (seconds := told_seconds(incident)) is not None
    )
    falls = 0
    for _, of_period in groupby(scored, key=lambda each: each[0]):
        for (_, before, earlier), (_, after, later) in pairwise(of_period):
            if after > before:
                falls += (later < earlier) - (later > earlier)
    return falls > 0


def _number(score: str) -> int:
    return int(score) if score.isdecimal() and len(score) <= MOST_DIGITS else 0


def told_seconds(incident: Incident) -> int | None:
    """LSports writes -1 where it does not know."""
    return incident.seconds if incident.seconds is not None and incident.seconds >= 0 else None


def incident_lines(incidents: Iterable[Incident], sport_id: int | None, is_down: bool) -> list[IncidentLine]:
    """The incidents in order: by period, by time where the feed tells it, and by their place in the message."""

    def moment(incident: Incident) -> tuple[int, bool, int, int, int]:
        seconds = told_seconds(incident)
        passed = (-seconds if is_down else seconds) if seconds is not None else 0
        return (incident.period or 0, seconds is not None, passed, incident.type or 0, incident.ordinal)

    return [incident_line(incident, sport_id) for incident in sorted(incidents, key=moment)]


def incident_line(incident: Incident, sport_id: int | None) -> IncidentLine:
    """One incident in words."""
    seconds = told_seconds(incident)
    scores = incident.scores
    return IncidentLine(
        label=incident.name or (incident_label(incident.type) if incident.type is not None else gettext("Incident")),
        period=period_label(sport_id, incident.period) if incident.period is not None else "",
        minute="" if seconds is None else f"{seconds // 60 + 1}'" if sport_id in COUNTS_UP else clock_text(seconds),
        seconds=seconds,
        position=incident.position,
        player=incident.player_name,
        score=f"{scores.get('1', '')}–{scores.get('2', '')}" if scores else "",
        sort=sort_of(incident),
        is_cancelled=incident.is_cancelled,
        is_unconfirmed=incident.confidence is not None and incident.confidence < SURE,
    )


def sort_of(incident: Incident) -> str:
    """How the mark is drawn: "goal", "yellow", "red" or "other"."""
    if incident.type is None:
        return "other"
    return "goal" if incident.type in GOALS else CARDS.get(incident.type, "other")


def axis_seconds(sport_id: int | None, played: int | None) -> int:
    """How far the time axis reaches: to the end of a match, or of the quarter of an hour that is being played."""
    whole = 60 * WHOLE_MINUTES.get(sport_id or 0, OTHER_MINUTES)
    return max(whole, -(-(played or 0) // AXIS_STEP_SECONDS) * AXIS_STEP_SECONDS)


def axis(lines: Sequence[IncidentLine], sport_id: int | None, played: int | None, is_down: bool) -> Axis:
    """The incidents with a time on an axis that reaches to the end of what was played (seconds).

    Where the clock runs down it begins anew in each period: each that something happened in is an equal part then.
    """
    timed = [(line, line.seconds) for line in lines if line.seconds is not None]
    longest = max((seconds for _, seconds in timed), default=0)
    if is_down:
        periods = list(dict.fromkeys(line.period for line, _ in timed))
        length = max(60, -(-longest // 60) * 60)
        passed = [(line, periods.index(line.period) + 1 - seconds / length) for line, seconds in timed]
        return Axis([Mark(line, round(1000 * each / len(periods))) for line, each in passed], None, periods)
    reach = axis_seconds(sport_id, max(played or 0, longest))
    return Axis([Mark(line, round(1000 * seconds / reach)) for line, seconds in timed], ("0'", f"{reach // 60}'"), [])
