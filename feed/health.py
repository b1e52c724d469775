"""How a source fares, in words that a trader understands. Pure: a row and a moment in, a state out.

The consumer writes to the row what it knows: DOWN with the reason while it has no connection, RECOVERING while it
reconciles, LATE while LSports says that something is interrupted or messages come late, else UP. Nobody writes while
the consumer itself is gone, so a reader adds the silence: LSports sends a heartbeat each 5 s and names no time-out;
LATE at 15 s (three missed) and DOWN at 30 s are our choice.
"""

from datetime import datetime, timedelta

import msgspec
from django.conf import settings

from feed.models import FeedSource

State = FeedSource.State

NEVER_STARTED = "No consumer has run for this feed yet."
SILENT = "Nothing has come since {at:%H:%M:%S} UTC."


class Health(msgspec.Struct, frozen=True):
    """The state of a source, since when, and why; an UP source needs no reason."""

    state: FeedSource.State
    since: datetime | None
    reason: str = ""

    @property
    def is_up(self) -> bool:
        """Whether prices of this source may look tradable."""
        return self.state == State.UP


def state_of(source: FeedSource, now: datetime) -> Health:
    """The state of `source` at `now`: what its consumer wrote, or its silence where that is worse."""
    stored = Health(State(source.state), source.state_since, source.state_reason)
    if stored.since is None:
        return Health(State.DOWN, None, NEVER_STARTED)
    if stored.state == State.DOWN:
        return stored
    heard_at = max(filter(None, [source.last_message_at, stored.since]))
    return silence(heard_at, now) or stored


def silence(heard_at: datetime, now: datetime) -> Health | None:
    """DOWN or LATE since the silence became that long; None while it is short."""
    down_at = heard_at + timedelta(seconds=settings.FEED_DOWN_SECONDS)
    late_at = heard_at + timedelta(seconds=settings.FEED_LATE_SECONDS)
    if now >= down_at:
        return Health(State.DOWN, down_at, SILENT.format(at=heard_at))
    if now >= late_at:
        return Health(State.LATE, late_at, SILENT.format(at=heard_at))
    return None
