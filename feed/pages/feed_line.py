"""The line on every page that says whether the feed is live, and since when not.

What was switched off on purpose is no fault, but whoever misses its prices is told.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext, ngettext

from feed.models import FeedSource

from .vouching import Vouching

State = FeedSource.State
#: From bad to good: the line shows the worst.
WORST_FIRST = (State.DOWN, State.RECOVERING, State.LATE, State.UP)


@dataclass(frozen=True, slots=True)
class SourceLine:
    name: str
    kind: str
    state: FeedSource.State
    reason: str
    since: datetime | None


@dataclass(frozen=True, slots=True)
class FeedLine:
    """`state` is the worst of the sources' that should be live, OFF where none should.

    Recordings count only where there is nothing else.
    """

    version: str
    state: str
    text: str
    since: datetime | None
    sources: tuple[SourceLine, ...]


def feed_line(vouching: Vouching) -> FeedLine:
    """The line for all sources together, and each of them."""
    sources = tuple(
        SourceLine(each.source.name, each.source.kind, each.health.state, each.health.reason, each.health.since)
        for each in vouching.sources
    )
    told = "|".join(f"{line.name} {line.state} {line.reason} {line.since}" for line in sources)
    version = hashlib.blake2s(told.encode(), digest_size=8).hexdigest()
    if not sources:
        return FeedLine(version, State.DOWN, gettext("No feed has been connected yet"), None, sources)
    on = expected(sources)
    if not on:
        newest = max(sources, key=lambda line: (line.state == State.OFF, line.since is not None, line.since))
        return FeedLine(version, State.OFF, f"{newest.name}: {newest.reason}", newest.since, sources)
    worst = min(on, key=lambda line: WORST_FIRST.index(State(line.state)))
    if worst.state != State.UP:
        return FeedLine(version, worst.state, f"{worst.name}: {worst.reason}", worst.since, sources)
    missed = [each.source.name for each in vouching.sources if each.health.state == State.OFF and each.has_spoken]
    return FeedLine(
        version, worst.state, "; ".join([gettext("Feed live"), *switched_off(missed)]), worst.since, sources
    )


def expected(sources: Sequence[SourceLine]) -> list[SourceLine]:
    """Those that should be live: feeds; recordings that play while no feed should, or where there is nothing else."""
    recordings = [line for line in sources if line.kind == FeedSource.Kind.RECORDING]
    live = [line for line in sources if line.kind != FeedSource.Kind.RECORDING]
    on = [line for line in live if line.state != State.OFF]
    return on or [line for line in recordings if line.state == State.UP or not live]


def switched_off(names: list[str]) -> list[str]:
    """What to add where these are off: "North is off"."""
    if not names:
        return []
    if len(names) > 2:
        return [gettext("%(number)s feeds are off") % {"number": len(names)}]
    return [ngettext("%(feeds)s is off", "%(feeds)s are off", len(names)) % {"feeds": ", ".join(names)}]
