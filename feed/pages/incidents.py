"""What happened in a match, in order: goals, cards, corrections; and where each stands on a time axis."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from feed.codes import IncidentType
from feed.models import Incident

from .labels import incident_label, period_label

#: Drawn as taller marks; all others as dots.
GOALS = frozenset(
    {IncidentType.GOAL, IncidentType.OWN_GOAL, IncidentType.PENALTY_GOAL, IncidentType.SCORE, IncidentType.PENALTIES}
)
CARDS: dict[int, str] = {IncidentType.YELLOW_CARD: "yellow", IncidentType.RED_CARD: "red"}
#: LSports is not yet sure below this confidence (Hyper Livescore, 0 to 1).
SURE = 0.9
FULL_MATCH_SECONDS = 90 * 60
#: A longer match's axis grows by so much.
AXIS_STEP_SECONDS = 15 * 60


@dataclass(frozen=True, slots=True)
class IncidentLine:
    """Something that happened; `minute` is "" where unknown, `short` is one line for a board."""

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


def incident_lines(incidents: Iterable[Incident], sport_id: int | None) -> list[IncidentLine]:
    """The incidents in order: by time where the feed tells it, else by period and place in the message."""
    return [incident_line(incident, sport_id) for incident in sorted(incidents, key=_moment)]


def _moment(incident: Incident) -> tuple[int, int, int, int]:
    seconds = incident.seconds if incident.seconds is not None and incident.seconds >= 0 else -1
    return (incident.period or 0, seconds, incident.type or 0, incident.ordinal)


def incident_line(incident: Incident, sport_id: int | None) -> IncidentLine:
    """One incident in words."""
    seconds = incident.seconds if incident.seconds is not None and incident.seconds >= 0 else None
    scores = incident.scores
    return IncidentLine(
        label=incident.name or (incident_label(incident.type) if incident.type is not None else gettext("Incident")),
        period=period_label(sport_id, incident.period) if incident.period is not None else "",
        minute=f"{seconds // 60 + 1}'" if seconds is not None else "",
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


def axis_seconds(played: int | None) -> int:
    """How far the time axis reaches: to the end of a match, or of the quarter of an hour that is being played."""
    return max(FULL_MATCH_SECONDS, -(-(played or 0) // AXIS_STEP_SECONDS) * AXIS_STEP_SECONDS)


def marks(lines: Sequence[IncidentLine], played: int | None) -> tuple[list[Mark], int]:
    """The incidents with a time on an axis that reaches to the end of what was played (seconds); its minutes."""
    timed = [line for line in lines if line.seconds is not None]
    longest = axis_seconds(max([played or 0, *(line.seconds or 0 for line in timed)]))
    return [Mark(line, round(1000 * (line.seconds or 0) / longest)) for line in timed], longest // 60
