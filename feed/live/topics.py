"""Topics: what a page can watch. Every topic name is made and read here.

A topic is written as in a page's `data-topic`: "row:7" (fixture 7 on a board), "market:7:1" (market 1 of fixture 7),
"board?show=in_play" (a board's list), "feed". Its version is an opaque word that differs when its fragment does.
"""

import re
from collections.abc import Collection
from enum import StrEnum
from typing import NamedTuple

from feed.changes import Part

PATTERN = re.compile(
    r"(?P<kind>[a-z]+)(?::(?P<fixture>\d{1,19}))?(?::(?P<market>\d{1,19}))?(?:\?(?P<query>[\w=&,.%+-]{0,1000}))?"
)


class Kind(StrEnum):
    """What a topic shows."""

    FEED = "feed"
    BOARD = "board"
    ROW = "row"
    SCOREBOARD = "scoreboard"
    PERIODS = "periods"
    INCIDENTS = "incidents"
    STATISTICS = "statistics"
    MARKETS = "markets"
    MARKET = "market"
    NOTES = "notes"
    CARD = "card"
    CRUMBS = "crumbs"
    ABOUT = "about"
    TREE = "tree"


OF_MARKET = frozenset({Kind.MARKET})
OF_NO_FIXTURE = frozenset({Kind.FEED, Kind.BOARD, Kind.TREE})
#: Lists: pushed as an outline, what they hold is a topic of its own.
OUTLINED = frozenset({Kind.BOARD, Kind.MARKETS})
#: Which parts of a fixture a topic shows; any part for those that are not here.
PARTS = {
    Kind.SCOREBOARD: {Part.FIXTURE, Part.SCOREBOARD, Part.PERIODS, Part.STATISTICS},
    Kind.PERIODS: {Part.FIXTURE, Part.PERIODS},
    Kind.INCIDENTS: {Part.FIXTURE, Part.INCIDENTS},
    Kind.STATISTICS: {Part.FIXTURE, Part.STATISTICS},
    Kind.MARKETS: {Part.MARKETS},
    Kind.MARKET: {Part.MARKETS},
    Kind.CRUMBS: {Part.FIXTURE, Part.COMPETITION},
    Kind.ABOUT: {Part.FIXTURE},
}
#: The least time between two frames of a topic, in seconds. What comes just after a frame waits for the whole of it,
#: and a row's prices are to be on the screen within 300 ms.
PACE_SECONDS = {Kind.MARKET: 0.1, Kind.ROW: 0.1, Kind.TREE: 2.0}
LIST_PACE_SECONDS = 0.25


class Topic(NamedTuple):
    """One thing on a page that changes as a whole."""

    kind: Kind
    fixture_id: int = 0
    market_id: int = 0
    query: str = ""

    def __str__(self) -> str:
        name = self.kind.value
        if self.fixture_id:
            name += f":{self.fixture_id}"
        if self.market_id:
            name += f":{self.market_id}"
        return f"{name}?{self.query}" if self.query else name

    @property
    def pace(self) -> float:
        """The least seconds between two frames of it."""
        return PACE_SECONDS.get(self.kind, LIST_PACE_SECONDS)

    @property
    def weight(self) -> int:
        """What looking at it costs, beside a program's topics."""
        return 1

    def may_show(self, parts: Collection[str], markets: Collection[int], moved: bool) -> bool:
        """Whether a change of its fixture (for a board: of any) may change what it shows."""
        if self.kind in OF_NO_FIXTURE:
            return moved and self.kind is not Kind.FEED
        if self.kind is Kind.MARKET and markets and self.market_id not in markets:
            return False
        return self.kind not in PARTS or not PARTS[self.kind].isdisjoint(parts)

    @property
    def element_id(self) -> str:
        """The id of the fragment's root element."""
        return "-".join(str(part) for part in (self.kind.value, self.fixture_id, self.market_id) if part)


def parse_topic(name: str) -> Topic:
    """The topic that `name` stands for; ValueError for anything that no page of ours would ask for."""
    if not (match := PATTERN.fullmatch(name)):
        raise ValueError(f"{name[:80]!r} is not a topic")
    kind = Kind(match["kind"])
    fixture_id, market_id = int(match["fixture"] or 0), int(match["market"] or 0)
    if (
        bool(fixture_id) == (kind in OF_NO_FIXTURE)
        or bool(market_id) != (kind in OF_MARKET)
        or max(fixture_id, market_id) >= 2**63
    ):
        raise ValueError(f"{name[:80]!r} is not a topic")
    return Topic(kind, fixture_id, market_id, match["query"] or "")
