"""Hyper Livescore's own: single incidents."""

import msgspec

from .base import Code, Int64, Named, PlayerId, Result, Text, WireStruct


class HyperPlayer(WireStruct):
    id: PlayerId | None = None
    team_id: Int64 | None = None
    name: Text | None = None


class HyperIncident(WireStruct):
    """One happening of Hyper Livescore: a delta, unlike TRADE's livescore. `values` hold for the period alone.

    `kind` and `status` are a `HyperKind` and `HyperStatus` where known, however written; unknown words as they came.
    """

    id: Code
    name: Text = ""
    kind: Text = ""
    status: Text | None = None
    values: list[Result] | None = None
    score_type: Int64 | None = None
    initiator_position: Int64 | None = None
    seconds: Int64 | None = None
    period: Named | None = None
    players: list[HyperPlayer] | None = msgspec.field(default=None, name="PlayerList")
    confidence: float | None = None
