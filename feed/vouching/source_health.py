"""How a source fares, in words that a trader understands. Pure: a row and a moment in, a state out.

The consumer writes to the row what it knows: DOWN with the reason while it has no connection, LATE while LSports says
that something is interrupted or messages come late, else UP. Where it is UP and what was missed is still to come, it is
RECOVERING. Nobody writes while the consumer itself is gone, so a reader adds the silence. The consumer gives a sign of
life each second, and is gone after FEED_GONE_SECONDS without one. TRADE sends a heartbeat each 5 s and names no
time-out; LATE at 15 s (three missed) and DOWN at 30 s are our choice. Hyper Livescore sends no heartbeat
(docs/protocol.md, Hyper Livescore messages). Where nothing is to be expected, whoever knows that wrote OFF, or DOWN
where it is a fault, and why.
"""

from datetime import datetime, timedelta

import msgspec
from django.conf import settings
from django.utils.translation import gettext, gettext_noop

from feed.models import FeedSource

State = FeedSource.State

NEVER_STARTED = gettext_noop("No consumer has run for this feed yet.")
SILENT = gettext_noop("Nothing has arrived since %(time)s UTC.")
GONE = gettext_noop("The consumer of this feed has not been seen since %(time)s UTC.")
QUIET = gettext_noop("Nothing has arrived since %(time)s UTC. That alone is not a fault: this feed has no heartbeat.")
#: Seconds of quiet that are worth reporting of a feed without heartbeats.
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
    if gone := consumer_gone(source, now):
        return gone
    if stored.state == State.DOWN:
        return stored
    heard_at = max(filter(None, [source.last_message_at, stored.since]))
    present = (silence(heard_at, now) or stored) if source.has_heartbeat else quiet(stored, heard_at, now)
    return recovering(source, now) or present if present.is_up else present


def turns_at(source: FeedSource, now: datetime) -> datetime | None:
    """When the state may become another by itself, though nothing is written: the first such moment after `now`."""
    heard_at = max(filter(None, [source.last_message_at, source.state_since]), default=None)
    began = (
        (source.consumer_seen_at if source.consumer else None, settings.FEED_GONE_SECONDS),
        (heard_at if source.has_heartbeat else None, settings.FEED_LATE_SECONDS),
        (heard_at if source.has_heartbeat else None, settings.FEED_DOWN_SECONDS),
        (source.recovering_since, settings.FEED_RECOVERY_SECONDS),
    )
    moments = [since + timedelta(seconds=seconds) for since, seconds in began if since is not None]
    return min((moment for moment in moments if moment > now), default=None)


def consumer_gone(source: FeedSource, now: datetime) -> Health | None:
    """DOWN since the consumer that holds the source must be gone; None while it lives, or where it has signed off."""
    if not source.consumer or source.consumer_seen_at is None:
        return None
    gone_at = source.consumer_seen_at + timedelta(seconds=settings.FEED_GONE_SECONDS)
    return Health(State.DOWN, gone_at, timed(GONE, source.consumer_seen_at)) if now >= gone_at else None


def recovering(source: FeedSource, now: datetime) -> Health | None:
    """RECOVERING until what was missed has come, but for no longer than FEED_RECOVERY_SECONDS."""
    since = source.recovering_since
    if since is None or now > since + timedelta(seconds=settings.FEED_RECOVERY_SECONDS):
        return None
    return Health(State.RECOVERING, since, source.recovery_words)


def quiet(stored: Health, heard_at: datetime, now: datetime) -> Health:
    """`stored`, saying how long it has been quiet where there is nothing worse to say."""
    if stored.is_up and now >= heard_at + timedelta(seconds=QUIET_SECONDS):
        return msgspec.structs.replace(stored, reason=timed(QUIET, heard_at))
    return stored


def silence(heard_at: datetime, now: datetime) -> Health | None:
    """DOWN or LATE since the silence became that long; None while it is short."""
    down_at = heard_at + timedelta(seconds=settings.FEED_DOWN_SECONDS)
    late_at = heard_at + timedelta(seconds=settings.FEED_LATE_SECONDS)
    if now >= down_at:
        return Health(State.DOWN, down_at, timed(SILENT, heard_at))
    if now >= late_at:
        return Health(State.LATE, late_at, timed(SILENT, heard_at))
    return None


def timed(words: str, at: datetime) -> str:
    return gettext(words) % {"time": f"{at:%H:%M:%S}"}
