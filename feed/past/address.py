"""Addresses of the past: a page of the present with a moment before it, "/at/2026-11-26T20:14:03.250/fixtures/7/"."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpRequest
from django.utils import timezone

from feed.journal.sources import are_sources_known

from .database import OPENED
from .moments import moment_text, parse_moment
from .window import Window, day_window, fixture_window

SECOND = timedelta(seconds=1)
#: The pages that a player shows at other moments.
PLAYED = re.compile(r"/(fixtures/\d+/)?", re.ASCII)
#: Of an address of the past, however its moment is written.
BEGINNING = re.compile(r"^/at/[^/]+")
#: A fixture's page, and what lies below it.
OF_FIXTURE = re.compile(r"(/fixtures/\d+/)(beside/.*)?", re.ASCII)


class MomentConverter:
    """A moment in an address."""

    regex = r"[0-9T:.-]{16,26}Z?"

    def to_python(self, value: str) -> datetime:
        return parse_moment(value)

    def to_url(self, value: datetime) -> str:
        return moment_text(value)


def here() -> str:
    """What addresses of pages of the feed begin with: those of the past lead to the same moment."""
    return f"/at/{moment_text(OPENED.past.moment)}" if OPENED.past is not None and not OPENED.is_as_sent else ""


@contextmanager
def as_sent() -> Iterator[None]:
    """Inside, what this thread makes of the past has the addresses that it had when it was the present."""
    OPENED.is_as_sent = True
    try:
        yield
    finally:
        OPENED.is_as_sent = False


@dataclass(frozen=True, slots=True)
class Banner:
    """What stands across a page of the past: its moment, and where one may go from there.

    `go` is below what addresses of the fixture's turns begin, "" on a page of no fixture, and `query` how they end.
    `none` says what was looked for and not found. `frame` is where the player gets other moments of the page, "" on
    pages without one.
    """

    moment: datetime
    words: str
    earlier: str
    later: str
    present: str
    go: str
    query: str
    none: str
    frame: str

    @property
    def text(self) -> str:
        """The moment, as addresses have it."""
        return moment_text(self.moment)

    @property
    def present_ms(self) -> int:
        return int(timezone.now().timestamp() * 1000)

    @property
    def is_feed_known(self) -> bool:
        """Whether the journal says how the feeds stood then; one query."""
        return are_sources_known(self.moment)

    @property
    def window(self) -> Window:
        """What the player goes over; a few queries."""
        now = timezone.now()
        fixture_id = re.search(r"/fixtures/(\d+)/", self.go)
        return fixture_window(int(fixture_id[1]), self.moment, now) if fixture_id else day_window(self.moment, now)


def banner(request: HttpRequest) -> Banner | None:
    """The banner of the page that is asked for; None for a page of the present."""
    if OPENED.past is None:
        return None
    moment = OPENED.past.moment
    page = BEGINNING.sub("", request.path)
    words = request.GET.copy()
    none = str(words.pop("none", [""])[-1])
    query = f"?{words.urlencode()}" if words else ""
    later = moment + SECOND
    fixture = OF_FIXTURE.fullmatch(page)
    present = fixture[1] if fixture else page
    return Banner(
        moment,
        moment_text(moment).replace("T", " "),
        at_moment(moment - SECOND, page) + query,
        (at_moment(later, page) if later < timezone.now() else present) + query,
        present + query,
        f"{here()}{page}go/" if fixture and page == present else "",
        query,
        none,
        f"{here()}{page}frame/" if PLAYED.fullmatch(page) else "",
    )


def at_moment(moment: datetime, page: str) -> str:
    """The address of a page of the present, "/fixtures/7/", as it was."""
    return f"/at/{moment_text(moment)}{page}"
