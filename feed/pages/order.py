"""The order in which incidents of a match happened, by what LSports says of each.

A clock may run down (docs/protocol.md, Clocks). LSports does not say so, but the scores do: see `runs_down`.
"""

from collections.abc import Iterable
from functools import partial
from itertools import groupby, pairwise

from feed.models import Incident

#: A longer number is no score.
MOST_DIGITS = 9
#: What orders one incident among others: see `moment`.
Moment = tuple[int, bool, int, int, int, int]


def runs_down(incidents: Iterable[Incident]) -> bool:
    """Whether the clock runs down: within a period most scores grow while the seconds get fewer."""
    scored = sorted(
        (incident.period or 0, score_after(incident), seconds)
        for incident in incidents
        if incident.scores and not incident.is_cancelled and (seconds := known_seconds(incident)) is not None
    )
    falls = 0
    for _, of_period in groupby(scored, key=lambda scores: scores[0]):
        for (_, before, earlier), (_, after, later) in pairwise(of_period):
            if after > before:
                falls += (later < earlier) - (later > earlier)
    return falls > 0


def known_seconds(incident: Incident) -> int | None:
    """LSports writes -1 where it does not know."""
    return incident.seconds if incident.seconds is not None and incident.seconds >= 0 else None


def moment(incident: Incident, *, is_down: bool) -> Moment:
    """Sorts incidents by period, by time where LSports gives it, by the score after it, by place in the message.

    When it was stored does not count: a corrected time makes an old incident no newer.
    """
    seconds = known_seconds(incident)
    passed = (-seconds if is_down else seconds) if seconds is not None else 0
    return (
        incident.period or 0,
        seconds is not None,
        passed,
        score_after(incident),
        incident.type or 0,
        incident.ordinal,
    )


def in_order(incidents: Iterable[Incident], *, is_down: bool) -> list[Incident]:
    """The incidents in the order in which they happened.

    Scores grow: where a clock was corrected, so that a later score has an earlier time, the scores decide among those
    that have one.
    """
    ordered = sorted(incidents, key=partial(moment, is_down=is_down))
    grows = [place for place, incident in enumerate(ordered) if incident.scores and not incident.is_cancelled]
    by_score = sorted(
        (ordered[place] for place in grows), key=lambda incident: (incident.period or 0, score_after(incident))
    )
    for place, incident in zip(grows, by_score, strict=True):
        ordered[place] = incident
    return ordered


def newest_of(incidents: Iterable[Incident]) -> Incident:
    """The newest of a period's incidents, at least one; of two that are equal the one that was stored later."""
    incidents = sorted(incidents, key=lambda incident: incident.revision)
    return in_order(incidents, is_down=runs_down(incidents))[-1]


def score_after(incident: Incident) -> int:
    """All points together after the incident; -1 where it has none, since a goal comes after what led to it."""
    return sum(map(points, incident.scores.values())) if incident.scores else -1


def points(score: str) -> int:
    return int(score) if score.isdecimal() and len(score) <= MOST_DIGITS else 0
