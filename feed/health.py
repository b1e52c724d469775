"""How a source fares, in words that a trader understands. Pure: a row and a moment in, a state out.

The consumer writes to the row what it knows: DOWN with the reason while it has no connection, RECOVERING while it
reconciles, LATE while LSports says that something is interrupted or messages come late, else UP. Nobody writes while
the consumer itself is gone, so a reader adds the silence: TRADE sends a heartbeat each 5 s and names no time-out;
LATE at 15 s (three missed) and DOWN at 30 s are our choice. Hyper Livescore sends no heartbeat (protocol.md section 2):
there only the consumer's own sign of life, each 5 s while it is connected, can be missed. Where nothing is to be
expected, whoever knows that wrote OFF, or DOWN where it is a fault, and why.
"""

from datetime import datetime, timedelta

import msgspec
from django.conf import settings
from django.utils.translation import gettext, gettext_noop

from feed.models import FeedSource

State = FeedSource.State

NEVER_STARTED = gettext_noop("No consumer has run for this feed yet.")
SILENT = gettext_noop("Nothing has come since %(time)s UTC.")
GONE = gettext_noop("The consumer of this feed has not been seen since %(time)s UTC.")
QUIET = gettext_noop("Nothing has come since %(time)s UTC, which is no fault by itself: this feed has no heartbeat.")
#: Of a feed without heartbeats so much quiet is worth telling.
QUIET_SECONDS = 60


class Health(msgspec.Struct, frozen=True):
    """The state of a source, since when, and why; an UP source needs no reason, but may have something to say."""

    state: FeedSource.State
    since: datetime | None
    reason: str = ""

    @property
    def is_up(self) -> bool:
        """Whether prices of this source may look tradable."""
        return self.state == State.UP


def state_of(source: FeedSource, now: datetime) -> Health:
    """The state of `source` at `now`: what its consumer wrote, or its silence where that is worse."""
    if source.off_since is not None:
        return Health(State.OFF if source.off_is_wanted else State.DOWN, source.off_since, source.off_reason)
    stored = Health(State(source.state), source.state_since, source.state_reason)
    if stored.since is None:
        return Health(State.DOWN, None, gettext(NEVER_STARTED))
    if stored.state == State.DOWN:
        return stored
    heard_at = max(filter(None, [source.last_message_at, stored.since]))
    if source.has_heartbeat:
        return silence(heard_at, now, SILENT) or stored
    seen_at = max(filter(None, [heard_at, source.consumer_seen_at]))
    return silence(seen_at, now, GONE) or quiet(stored, heard_at, now)


def quiet(stored: Health, heard_at: datetime, now: datetime) -> Health:
    """`stored`, saying how long it has been quiet where there is nothing worse to say."""
    if stored.is_up and now >= heard_at + timedelta(seconds=QUIET_SECONDS):
        return msgspec.structs.replace(stored, reason=timed(QUIET, heard_at))
    return stored


def silence(heard_at: datetime, now: datetime, words: str) -> Health | None:
    """DOWN or LATE since the silence became that long; None while it is short."""
    down_at = heard_at + timedelta(seconds=settings.FEED_DOWN_SECONDS)
    late_at = heard_at + timedelta(seconds=settings.FEED_LATE_SECONDS)
    if now >= down_at:
        return Health(State.DOWN, down_at, timed(words, heard_at))
    if now >= late_at:
        return Health(State.LATE, late_at, timed(words, heard_at))
    return None


def timed(words: str, at: datetime) -> str:
    return gettext(words) % {"time": f"{at:%H:%M:%S}"}
