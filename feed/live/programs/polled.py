"""What changed since somebody last asked: for programs that hold no socket, and for hooks.

A round goes through the fixtures in the order in which they were stored; the next one begins a little before the last
began, for what was stored at a moment may be committed after it was read. A state may come twice, but none is missed.
"""

import hashlib
import re
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from feed.models import Fixture
from feed.pages.reading import Reading
from feed.vouching.sources import Vouching

from .sources import sources_message
from .state import Contents, fixture_state

#: Longer than any batch takes to be committed (`livescore_site.databases`), and than clocks of our machines differ.
OVERLAP = timedelta(seconds=15)
CURSOR = re.compile(r"(\d{1,17})\.(\d{1,19})\.(\d{1,17})\.([0-9a-f]{16})", re.ASCII)
MICROSECOND = timedelta(microseconds=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Cursor(NamedTuple):
    """How far a program has come: it was sent the fixtures up to `at` and `pk`. Its round began at `begun`; `held` is a
    digest of what held prices then. Times are microseconds since 1970."""

    at: int = 0
    pk: int = 0
    begun: int = 0
    held: str = ""

    def __str__(self) -> str:
        return f"{self.at}.{self.pk}.{self.begun}.{self.held}"


class Changed(NamedTuple):
    """States that changed. `is_all`: from the very first; `has_more`: ask again at once."""

    states: list[dict[str, Any]]
    cursor: Cursor
    is_all: bool
    has_more: bool


def changed_message(changed: Changed, vouching: Vouching) -> dict[str, Any]:
    """What programs are sent: schema `ChangedFixtures` of docs/openapi.yaml."""
    return {
        "since": str(changed.cursor),
        "all": changed.is_all,
        "more": changed.has_more,
        "feed": sources_message(vouching),
        "fixtures": changed.states,
    }


def parse_cursor(text: str) -> Cursor:
    """Raises ValueError for what is no cursor."""
    found = CURSOR.fullmatch(text)
    if found is None:
        raise ValueError(f"{text[:40]!r} is not what an earlier answer gave as `since`")
    at, pk, begun = (int(found[place]) for place in (1, 2, 3))
    return Cursor(at, pk, begun, found[4])


def read_changed(
    fixtures: QuerySet[Fixture], since: Cursor, contents: Contents, vouching: Vouching, most: int, now: datetime
) -> Changed:
    """At most `most` states of `fixtures` that changed since; all of them where what holds prices did."""
    held = hashlib.blake2s(vouching.signature.encode(), digest_size=8).hexdigest()
    is_all = since.held != held
    if is_all:
        since = Cursor(begun=microseconds(now), held=held)
    elif since.at == since.begun - microseconds_of(OVERLAP) and not since.pk:
        since = since._replace(begun=microseconds(now))
    after = EPOCH + timedelta(microseconds=since.at)
    later = Q(stored_at__gt=after) | Q(stored_at=after, pk__gt=since.pk)
    rows = fixtures.filter(later).order_by("stored_at", "pk").values_list("stored_at", "pk")[: most + 1]
    found = [(stored_at, pk) for stored_at, pk in rows if stored_at is not None]
    chosen, has_more = found[:most], len(found) > most
    reading = Reading([pk for _, pk in chosen], contents.markets if contents.prices else ())
    states = [fixture_state(reading, pk, vouching, contents) for _, pk in chosen if pk in reading.fixtures]
    if has_more:
        cursor = since._replace(at=microseconds(chosen[-1][0]), pk=chosen[-1][1])
    else:
        cursor = Cursor(max(0, since.begun - microseconds_of(OVERLAP)), 0, since.begun, held)
    return Changed(states, cursor, is_all, has_more)


def microseconds(moment: datetime) -> int:
    return microseconds_of(moment - EPOCH)


def microseconds_of(span: timedelta) -> int:
    return span // MICROSECOND
