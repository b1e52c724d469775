"""The chain of a feed's heartbeats, and where it breaks. Pure: times in, a chain and a reason out.

LSports sends a heartbeat each 5 s through the same queue as all else (docs/protocol.md, Heartbeats). As long as the
heartbeats' own times have no space above 12 s, LSports published into our queue all along and nothing was taken out of
it but by us; that holds over a restart of ours too, for the queue kept them. Times are LSports' own, so a late or slow
consumer breaks nothing.

Over a new connection of ours the queue may have been purged: there one heartbeat that is missing tells it, since what
LSports sent late is rare and what nobody took is not.
"""

from datetime import datetime, timedelta

import msgspec
from django.utils.translation import gettext, gettext_noop

#: The time between two of LSports' heartbeats.
EVERY = timedelta(seconds=5)
#: One heartbeat missed, and two seconds of delay.
LONGEST_SPACE = timedelta(seconds=12)
#: None missed, and half a heartbeat of delay: where nobody was there to take one.
LONGEST_SPACE_UNWATCHED = EVERY * 1.5

SPACE = gettext_noop("LSports' heartbeats from %(start)s to %(end)s UTC are missing.")
SET_BACK = gettext_noop("LSports' clock was set back by %(seconds)s s.")


class Chain(msgspec.Struct, frozen=True):
    """`link_at` is the own time of the last link; `stray_at` that of one heartbeat that was far behind it."""

    link_at: datetime | None = None
    stray_at: datetime | None = None


def extend(
    chain: Chain, beat_at: datetime, *, is_repeat: bool, longest: timedelta = LONGEST_SPACE
) -> tuple[Chain, str]:
    """The chain with a heartbeat more, and why it broke there; empty where it did not.

    A heartbeat that is far behind the last is a wrong one; two of them in a row say that the clock was set back.
    `is_repeat`: the broker delivers it again, so that it may well be behind.
    """
    link_at = chain.link_at
    if link_at is None:
        return Chain(beat_at), ""
    if beat_at > link_at + longest:
        return Chain(beat_at), gettext(SPACE) % {"start": clock(link_at), "end": clock(beat_at)}
    if beat_at >= link_at - LONGEST_SPACE:
        return Chain(max(beat_at, link_at)), ""
    if is_repeat:
        return chain, ""
    if chain.stray_at is None or abs(beat_at - chain.stray_at) > LONGEST_SPACE:
        return Chain(link_at, beat_at), ""
    return Chain(beat_at), gettext(SET_BACK) % {"seconds": f"{(link_at - beat_at).total_seconds():.0f}"}


def space_before(
    chain: Chain,
    own: datetime,
    heard_at: datetime | None,
    received_at: datetime,
    longest: timedelta = LONGEST_SPACE,
) -> tuple[Chain, str] | None:
    """The chain that begins anew, and why, where another message comes so late that a heartbeat must be missing.

    By both clocks: its own may be ahead of the heartbeats', and messages that waited in the queue are received at once,
    with the heartbeats among them. `heard_at` is when the last heartbeat was received.
    """
    link_at = chain.link_at
    if link_at is None or heard_at is None:
        return None
    passed = min(own - link_at, received_at - heard_at)
    if passed <= longest:
        return None
    return Chain(link_at + passed), gettext(SPACE) % {"start": clock(link_at), "end": clock(own)}


def longest_space(heard_at: datetime | None, connected_at: datetime | None) -> timedelta:
    """The longest space that breaks nothing, where the last heartbeat was received at `heard_at`, and what comes now by
    a connection that was made at `connected_at` (None: that is not known)."""
    is_unwatched = heard_at is not None and connected_at is not None and heard_at < connected_at
    return LONGEST_SPACE_UNWATCHED if is_unwatched else LONGEST_SPACE


def clock(moment: datetime) -> str:
    return f"{moment:%H:%M:%S}"
