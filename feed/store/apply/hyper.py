"""Hyper Livescore: incidents are deltas, sent one by one; what they add up to is worked out from all of them.

Kept are the newest statement of each incident, by its id within a period: LSports does not say whether an id names
one goal or all goals, and this serves both.
"""

from msgspec.structs import replace

from feed.changes import Aspect
from feed.codes import HyperKind, hyper_kind
from feed.store.arrival import Origin
from feed.store.rows.fixture_rows import FixtureRows, Pending
from feed.store.rows.structs import IncidentRow
from feed.store.rows.tables import INCIDENTS
from feed.wire.messages import HyperIncident

from .hyper_codes import type_named
from .hyper_totals import HYPER, is_taken_back, total_up
from .plain import plain, plain_text, positions

#: Kinds that repeat every few seconds, of which only the newest is kept, under a number of its own.
REPEATING = {HyperKind.TIMER: -1, HyperKind.POSSESSION: -2}

Key = tuple[str, int, int]


def apply_incident(rows: FixtureRows, incident: HyperIncident, origin: Origin, pending: Pending) -> None:
    """Take an incident or its retraction, unless a newer statement of it is stored."""
    key = place_of(incident)
    row = incident_row(rows.fixture.id, key, incident, origin)
    if (stored := rows.play.incidents.get(key)) is not None:
        row = joined(stored, row)
    elif is_taken_back(row):
        row.is_retraction, row.correction, row.scores = True, row.scores or None, {}
    if pending.merge(INCIDENTS, rows.play.incidents, {key: row}, rows.revision):
        rows.touch(Aspect.INCIDENTS, origin)
        total_up(rows, origin, pending)


def place_of(incident: HyperIncident) -> Key:
    """The key under which an incident is kept."""
    kind = hyper_kind(incident.kind)
    if kind in REPEATING:
        return HYPER, 0, REPEATING[kind]
    return HYPER, incident.period.id if incident.period else 0, incident.id


def incident_row(fixture_id: int, key: Key, incident: HyperIncident, origin: Origin) -> IncidentRow:
    players = incident.players or []
    return IncidentRow(
        fixture_id=fixture_id,
        parent=key[0],
        parent_type=key[1],
        ordinal=key[2],
        period=incident.period.id if incident.period else None,
        type=type_named(incident.name),
        seconds=incident.seconds,
        position=incident.initiator_position,
        player_id=plain_text(players[0].id) if players else "",
        player_name=plain_text(players[0].name) if players else "",
        scores=positions(incident.values),
        players=plain(players),
        name=plain_text(incident.name),
        kind=plain_text(incident.kind),
        state=plain_text(incident.status),
        confidence=incident.confidence,
        sent_at=origin.sent_at,
    )


def joined(stored: IncidentRow, row: IncidentRow) -> IncidentRow:
    """What is known of an incident after another statement of it: a retraction leaves in view what it took back."""
    is_newer = row.sent_at >= stored.sent_at if row.sent_at and stored.sent_at else True
    if is_taken_back(row) and is_newer:
        correction = row.scores if row.scores and row.scores != stored.scores else None
        return replace(stored, state=row.state, sent_at=row.sent_at, is_cancelled=True, correction=correction)
    if is_newer:
        return replace(row, is_cancelled=stored.is_cancelled and not is_taken_back(stored))
    if stored.is_retraction and not is_taken_back(row):
        correction = stored.correction if stored.correction != row.scores else None
        return replace(row, state=stored.state, sent_at=stored.sent_at, is_cancelled=True, correction=correction)
    return stored
