"""The state of play in words: "1st half", "Half time", "Starts 19:45", "Interrupted"."""

from django.utils.translation import gettext

from feed.codes import Confirmation, DangerStatus, FixtureStatus
from feed.models import Fixture, Scoreboard

from .clock import BREAK_TIME
from .labels import confirmation_label, danger_label, description_label, incident_label, period_label, status_label


def status_of(fixture: Fixture, scoreboard: Scoreboard | None) -> int:
    """The scoreboard's status where it knows more than the fixture's (seed 002: status 9 is on the scoreboard)."""
    if scoreboard is None or scoreboard.status in (FixtureStatus.NOT_SET, FixtureStatus.NOT_STARTED):
        return fixture.status
    return scoreboard.status


def phase_of(fixture: Fixture, scoreboard: Scoreboard | None) -> str:
    """What is going on, for the board and the scoreboard's head."""
    status = status_of(fixture, scoreboard)
    if scoreboard is None or status != FixtureStatus.IN_PROGRESS:
        return status_label(status)
    if scoreboard.current_period == BREAK_TIME and fixture.sport_id is not None:
        return description_label(scoreboard.description) if scoreboard.description else gettext("Break")
    phase = period_label(fixture.sport_id, scoreboard.current_period) if scoreboard.current_period is not None else ""
    if scoreboard.description:
        return f"{phase}, {description_label(scoreboard.description)}".strip(", ")
    return phase or status_label(status)


def pending_of(scoreboard: Scoreboard | None) -> str:
    """The incident that LSports has not confirmed yet, or warns of: "Goal: to be decided. Danger: Corners"."""
    if scoreboard is None:
        return ""
    incident = scoreboard.current_incident or {}
    words = []
    if incident.get("confirmation") == Confirmation.TO_BE_DECIDED:
        name = incident.get("name") or incident_label(incident.get("id"))
        words.append(f"{name}: {confirmation_label(incident['confirmation']).lower()}")
    for trigger in scoreboard.danger_triggers or ():
        if trigger.get("status") == DangerStatus.DANGER:
            words.append(gettext("Danger: %(of)s") % {"of": danger_label(trigger.get("type")).lower()})
    return ". ".join(words)
