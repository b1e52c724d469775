"""What only outrights have: results, and the way through the competition tree."""

from datetime import datetime

from .base import Code, Int64, Text, WireStruct


class ParticipantResult(WireStruct):
    """Where a participant of an outright came in."""

    participant_id: Code
    name: Text | None = None
    result: Text | None = None


class OutrightScore(WireStruct):
    status: Code | None = None
    participant_results: list[ParticipantResult] | None = None


class Competition(WireStruct):
    """One step of the path from the competition tree's root to an outright (track, league, season ...)."""

    id: Code
    name: Text | None = None
    type: Int64 | None = None
    next_fixture_start_time: datetime | None = None
