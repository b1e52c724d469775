"""The line on every page that says whether the feed is live, and since when not.

A feed that was switched off on purpose is no fault, but the line names it for those who miss its prices.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import msgspec
from django.utils.translation import gettext, gettext_noop, ngettext

from feed.models import FeedSource
from feed.vouching.sources import SourceHealth, Vouching

State = FeedSource.State
#: From bad to good: the line shows the worst.
WORST_FIRST = (State.DOWN, State.RECOVERING, State.LATE, State.UP)
#: What stands instead of a stored reason of these states, which may name a broker, its user, a package or a person.
WITHOUT_NAMES = {State.DOWN: gettext_noop("It is not connected."), State.OFF: gettext_noop("It is switched off.")}


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

    @property
    def state_label(self) -> str:
        """The state as it is written: "down"."""
        return str(State(self.state).label)


def for_everybody(vouching: Vouching) -> Vouching:
    """The sources as whoever is no operator reads of them: without the names in stored reasons."""
    return replace(vouching, sources=tuple(without_names(row) for row in vouching.sources))


def without_names(row: SourceHealth) -> SourceHealth:
    """The source with a reason that only says what its state means, where a longer one is stored."""
    health = row.health
    words = WITHOUT_NAMES.get(State(health.state))
    if words is None or health.reason not in (row.source.state_reason, row.source.off_reason):
        return row
    return replace(row, health=msgspec.structs.replace(health, reason=gettext(words)))


def feed_line(vouching: Vouching) -> FeedLine:
    """The line for all sources together, and each of them."""
    sources = tuple(
        SourceLine(row.source.name, row.source.kind, row.health.state, row.health.reason, row.health.since)
        for row in vouching.sources
    )
    text = "|".join(f"{line.name} {line.state} {line.reason} {line.since}" for line in sources)
    version = hashlib.blake2s(text.encode(), digest_size=8).hexdigest()
    if not sources:
        return FeedLine(version, State.DOWN, gettext("No feed has been connected yet"), None, sources)
    on = should_be_live(sources)
    if not on:
        newest = max(sources, key=lambda line: (line.state == State.OFF, line.since is not None, line.since))
        return FeedLine(version, State.OFF, f"{newest.name}: {newest.reason.rstrip('.')}", newest.since, sources)
    worst = min(on, key=lambda line: WORST_FIRST.index(State(line.state)))
    if worst.state != State.UP:
        return FeedLine(version, worst.state, f"{worst.name}: {worst.reason.rstrip('.')}", worst.since, sources)
    missed = [row.source.name for row in vouching.sources if row.health.state == State.OFF and row.has_sent]
    words = [gettext("Feed live"), *clocks(vouching), *switched_off(missed)]
    return FeedLine(version, worst.state, "; ".join(words), worst.since, sources)


def clocks(vouching: Vouching) -> list[str]:
    """What feeds that are up have to say: that a clock is wrong. (A feed without heartbeats says how quiet it is.)"""
    up = [row for row in vouching.sources if row.is_up and row.source.has_heartbeat and row.health.reason]
    return [f"{row.source.name}: {row.health.reason.rstrip('.')}" for row in up]


@dataclass(frozen=True, slots=True)
class FeedAge:
    """How old what came in the last minute was when it was stored (p95), of the feed that is worst: "0.4 s".

    `parts` says in a sentence what of it is LSports' and what is ours. Both are "" where nothing came.
    """

    text: str = ""
    parts: str = ""


def feed_age(vouching: Vouching) -> FeedAge:
    """The age of what feeds that are up bring; a wrong clock is said instead of it (`clocks`)."""
    up = [row.source for row in vouching.sources if row.is_up and not (row.source.has_heartbeat and row.health.reason)]
    known = [source for source in up if source.age_ms is not None and source.supplier_age_ms is not None]
    oldest = max(known, key=lambda source: source.age_ms or 0, default=None)
    if oldest is None:
        return FeedAge()
    whole, supplier = max(0, oldest.age_ms or 0), max(0, oldest.supplier_age_ms or 0)
    words = gettext("%(whole)s from LSports until stored (95 %% of the last minute): %(supplier)s to us, %(own)s here")
    parts = {"whole": age_text(whole), "supplier": age_text(supplier), "own": age_text(max(0, whole - supplier))}
    return FeedAge(age_text(whole), words % parts)


def age_text(milliseconds: int) -> str:
    """Coarse enough not to change with each look: "0.4 s", "12 s"."""
    seconds = milliseconds / 1000
    number = f"{seconds:.1f}" if seconds < 2 else f"{seconds:.0f}"
    return gettext("%(number)s s") % {"number": number}


def should_be_live(sources: Sequence[SourceLine]) -> list[SourceLine]:
    """The feeds that should be live. Recordings count only while they play and no feed should be, or where there are no
    feeds."""
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
