"""Every part that a page can have; topic names are read here."""

import re

from .attention import ATTENTION
from .board.board import BOARD
from .board.row import ROW
from .feed_line import FEED_LINE
from .fixture.about import ABOUT
from .fixture.card import CARD
from .fixture.crumbs import CRUMBS
from .fixture.incidents import INCIDENTS
from .fixture.notes import NOTES
from .fixture.people import PEOPLE
from .fixture.periods import PERIODS
from .fixture.scoreboard import SCOREBOARD
from .fixture.statistics import STATISTICS
from .fixture.suspensions import SUSPENSIONS
from .markets.market import MARKET
from .markets.markets import MARKETS
from .part import PagePart, PageTopic, Subject
from .tree import TREE

PARTS: dict[str, PagePart] = {
    part.kind: part
    for part in (
        FEED_LINE,
        BOARD,
        ROW,
        CRUMBS,
        SUSPENSIONS,
        SCOREBOARD,
        PERIODS,
        INCIDENTS,
        STATISTICS,
        MARKETS,
        MARKET,
        CARD,
        PEOPLE,
        NOTES,
        ABOUT,
        TREE,
        ATTENTION,
    )
}
#: Whatever text an address has: its words are percent-encoded, so few other characters stand in a query.
PATTERN = re.compile(
    r"(?P<kind>[a-z_]+)(?::(?P<fixture>[0-9]{1,19}))?(?::(?P<market>[0-9]{1,19}))?(?:\?(?P<query>[\w=&,.%+~*-]{0,5000}))?"
)


def parse_topic(name: str) -> PageTopic:
    """The topic that `name` stands for; ValueError for anything that no page of ours would ask for."""
    match = PATTERN.fullmatch(name)
    part = PARTS.get(match["kind"]) if match else None
    if match is None or part is None:
        raise ValueError(f"{name[:80]!r} is not a topic")
    fixture_id, market_id = int(match["fixture"] or 0), int(match["market"] or 0)
    if (
        bool(fixture_id) != (part.subject is not Subject.NOTHING)
        or bool(market_id) != (part.subject is Subject.MARKET)
        or max(fixture_id, market_id) >= 2**63
    ):
        raise ValueError(f"{name[:80]!r} is not a topic")
    return PageTopic(part, fixture_id, market_id, match["query"] or "")
