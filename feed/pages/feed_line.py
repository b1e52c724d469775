"""The line on every page that says whether the feed is live, and since when not."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from feed.models import FeedSource

from .vouching import Vouching

State = FeedSource.State
#: From bad to good: the line shows the worst.
WORST_FIRST = (State.DOWN, State.RECOVERING, State.LATE, State.UP)


@dataclass(frozen=True, slots=True)
class SourceLine:
    name: str
    kind: str
    state: str
    reason: str
    since: datetime | None


@dataclass(frozen=True, slots=True)
class FeedLine:
    """`state` is the worst of the sources' that should be live; recordings count only where there is nothing else."""

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
    live = [line for line in sources if line.kind != FeedSource.Kind.RECORDING] or list(sources)
    if not live:
        return FeedLine(version, State.DOWN, "No feed has been connected yet", None, sources)
    worst = min(live, key=lambda line: WORST_FIRST.index(State(line.state)))
    text = "Feed live" if worst.state == State.UP else f"{worst.name}: {worst.reason}"
    return FeedLine(version, worst.state, text, worst.since, sources)
