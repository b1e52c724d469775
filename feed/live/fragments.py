"""Fragments: the HTML of a topic, the same file for the page, the htmx answer and the socket.

`read_fragments` asks the database a bounded number of queries, however many topics there are, and renders only those
whose version is not what the caller has.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple, cast

from django.template import engines
from django.template.backends.jinja2 import Jinja2

from feed.pages import board, feed_line, livescore, market_grid, play, sides
from feed.pages.clock import clock_of
from feed.pages.reading import MAIN_MARKETS, Reading
from feed.pages.vouching import Vouching, read_vouching

from .topics import Kind, Topic

#: Kinds that show a board's main market; all others need only the markets that they name.
SHOWS_MAIN_MARKET = frozenset({Kind.ROW, Kind.BOARD})
SHOWS_ALL_MARKETS = frozenset({Kind.MARKETS})


class Fragment(NamedTuple):
    """A topic's HTML at a version."""

    topic: Topic
    version: str
    html: str


def render(template: str, context: Mapping[str, Any]) -> str:
    """The HTML of templates/desk/feed/<template>."""
    desk = cast(Jinja2, engines["desk"])
    return desk.env.get_template(f"feed/{template}").render(context)


def read_fragments(have: Mapping[Topic, str], now: datetime) -> dict[Topic, Fragment]:
    """The fragments of the topics in `have` whose version differs from the one there ("" for none).

    Versions are read for all, rows only for what differs.
    """
    before = Screen(have.keys(), now)
    differ = [topic for topic, version in have.items() if before.version(topic) not in (version, None)]
    screen = before if len(differ) == len(have) else Screen(differ, now)
    return {topic: screen.fragment(topic) for topic in differ if screen.version(topic) is not None}


class Screen:
    """One reading of the database for a set of topics."""

    def __init__(self, topics: Collection[Topic], now: datetime) -> None:
        self.topics = topics
        self.now = now

    @cached_property
    def vouching(self) -> Vouching:
        return read_vouching(self.now)

    @cached_property
    def boards(self) -> dict[Topic, list[board.Place]]:
        return {
            topic: board.places(board.parse_query(topic.query)) for topic in self.topics if topic.kind is Kind.BOARD
        }

    @cached_property
    def reading(self) -> Reading:
        of_boards = {place.fixture_id for order in self.boards.values() for place in order}
        fixture_ids = {topic.fixture_id for topic in self.topics if topic.fixture_id} | of_boards
        return Reading(fixture_ids, self._market_ids())

    def _market_ids(self) -> set[int] | None:
        """The markets to read, None for all."""
        kinds = {topic.kind for topic in self.topics}
        if kinds & SHOWS_ALL_MARKETS:
            return None
        named = {topic.market_id for topic in self.topics if topic.market_id}
        return named | set(MAIN_MARKETS) if kinds & SHOWS_MAIN_MARKET else named

    def version(self, topic: Topic) -> str | None:
        """The topic's version now; None where there is no such fixture or market."""
        if topic.kind is Kind.FEED:
            return self.feed.version
        if topic.kind is Kind.BOARD:
            return board.order_version(self.boards[topic])
        fixture = self.reading.fixtures.get(topic.fixture_id)
        if fixture is None:
            return None
        if topic.kind is Kind.ROW:
            return board.row_version(self.reading, topic.fixture_id, self.vouching)
        if topic.kind is Kind.MARKETS:
            return ".".join(map(str, self.reading.markets.get(topic.fixture_id, {}))) or "none"
        if topic.kind is Kind.MARKET:
            market = self.reading.markets.get(topic.fixture_id, {}).get(topic.market_id)
            return market_grid.market_version(market, self.vouching) if market else None
        return ".".join(str(getattr(fixture, part)) for part in PARTS_SHOWN[topic.kind])

    @cached_property
    def feed(self) -> feed_line.FeedLine:
        return feed_line.feed_line(self.vouching)

    def fragment(self, topic: Topic) -> Fragment:
        """The topic as it is now; it must have a version."""
        return Fragment(topic, self.version(topic) or "", RENDERERS[topic.kind](self, topic))

    def feed_html(self, topic: Topic) -> str:
        return render("_feed.html", {"line": self.feed, "topic": topic})

    def board_html(self, topic: Topic) -> str:
        order = self.boards[topic]
        query = board.parse_query(topic.query)
        wanted = [place.fixture_id for place in order]
        context = {
            "topic": topic,
            "version": self.version(topic),
            "query": query,
            "sections": board.grouped(order),
            "rows": board.board_rows(self.reading, wanted, self.vouching),
            "most": board.MOST_ROWS,
        }
        return render("_board.html", context)

    def row_html(self, topic: Topic) -> str:
        row = board.board_row(self.reading, topic.fixture_id, self.vouching)
        return render("_row.html", {"row": row})

    def scoreboard_html(self, topic: Topic) -> str:
        fixture = self.reading.fixtures[topic.fixture_id]
        scoreboard = getattr(fixture, "scoreboard", None)
        participants = self.reading.participants.get(topic.fixture_id, [])
        home, away = sides.sides_of(
            fixture,
            scoreboard,
            participants,
            self.reading.periods.get(topic.fixture_id, []),
            self.reading.red_cards.get(topic.fixture_id, []),
        )
        context = {
            "topic": topic,
            "version": self.version(topic),
            "fixture": fixture,
            "scoreboard": scoreboard,
            "home": home,
            "away": away,
            "title": sides.title_of(fixture, participants),
            "phase": play.phase_of(fixture, scoreboard),
            "clock": clock_of(scoreboard, fixture.sport_id) if scoreboard else None,
        }
        return render("_scoreboard.html", context)

    def periods_html(self, topic: Topic) -> str:
        columns = livescore.period_columns(self.reading.periods.get(topic.fixture_id, []), self._sport_id(topic))
        return render("_periods.html", {**self._frame(topic), "columns": columns})

    def incidents_html(self, topic: Topic) -> str:
        lines = livescore.incident_lines(self.reading.incidents.get(topic.fixture_id, []), self._sport_id(topic))
        return render("_incidents.html", {**self._frame(topic), "lines": lines})

    def statistics_html(self, topic: Topic) -> str:
        bars = livescore.statistic_bars(self.reading.statistics.get(topic.fixture_id, []))
        return render("_statistics.html", {**self._frame(topic), "bars": bars})

    def markets_html(self, topic: Topic) -> str:
        markets = self.reading.markets.get(topic.fixture_id, {}).values()
        grids = [market_grid.market_grid(self.reading, market, self.vouching) for market in markets]
        return render("_markets.html", {"topic": topic, "version": self.version(topic), "grids": grids})

    def market_html(self, topic: Topic) -> str:
        market = self.reading.markets[topic.fixture_id][topic.market_id]
        grid = market_grid.market_grid(self.reading, market, self.vouching)
        return render("_market.html", {"grid": grid})

    def _sport_id(self, topic: Topic) -> int | None:
        return self.reading.fixtures[topic.fixture_id].sport_id

    def _frame(self, topic: Topic) -> dict[str, Any]:
        """What every fragment about the two sides needs: its topic and version, and their names."""
        participants = self.reading.participants.get(topic.fixture_id, [])
        home, away = sides.sides_of(self.reading.fixtures[topic.fixture_id], None, participants)
        return {"topic": topic, "version": self.version(topic), "home": home.name, "away": away.name}


#: Whose revisions make up the version of a fragment.
PARTS_SHOWN = {
    Kind.SCOREBOARD: ("fixture_revision", "scoreboard_revision", "periods_revision", "statistics_revision"),
    Kind.PERIODS: ("fixture_revision", "periods_revision"),
    Kind.INCIDENTS: ("fixture_revision", "incidents_revision"),
    Kind.STATISTICS: ("fixture_revision", "statistics_revision"),
}

RENDERERS: dict[Kind, Callable[[Screen, Topic], str]] = {
    Kind.FEED: Screen.feed_html,
    Kind.BOARD: Screen.board_html,
    Kind.ROW: Screen.row_html,
    Kind.SCOREBOARD: Screen.scoreboard_html,
    Kind.PERIODS: Screen.periods_html,
    Kind.INCIDENTS: Screen.incidents_html,
    Kind.STATISTICS: Screen.statistics_html,
    Kind.MARKETS: Screen.markets_html,
    Kind.MARKET: Screen.market_html,
}
