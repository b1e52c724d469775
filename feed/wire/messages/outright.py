"""What only outrights have: results, and the way through the competition tree."""

from datetime import datetime
from typing import ClassVar

from .base import Code, Int64, Text, WireStruct


class ParticipantResult(WireStruct):
    """Where a participant of an outright came in."""

    PAIR: ClassVar[tuple[str, str]] = ("ParticipantId", "Result")

    participant_id: Code
    name: Text | None = None
    result: Text | None = None


class OutrightScore(WireStruct):
    """`unreadable`: its status could not be read."""

    status: Code | None = None
    participant_results: list[ParticipantResult] | None = None
    unreadable: bool = False


class Competition(WireStruct):
    """One step of the path from the competition tree's root to an outright (track, league, season ...)."""

    id: Code
    name: Text | None = None
    type: Int64 | None = None
    next_fixture_start_time: datetime | None = None
