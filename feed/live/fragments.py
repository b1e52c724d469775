"""Fragments: the HTML of a topic, the same file for the page, the htmx answer and the socket.

`read_fragments` asks the database a bounded number of queries, however many topics there are, and renders only those
whose version is not what all have. A list is pushed as its outline: its rows or markets are topics of their own, which
the page has already or asks for.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, cast

from django.db import Error
from django.http import QueryDict
from django.template import engines
from django.template.backends.jinja2 import Jinja2

from feed.codes import IN_PLAY
from feed.pages import board, incidents, livescore, market_grid, market_groups, play, race_card, sides
from feed.pages.board_row import board_row
from feed.pages.clock import clock_of
from feed.pages.look import parse_look
from feed.pages.situation import situation_of

from .fragment import FAILED, Found, Fragment
from .sight import KeptRows, Sight
from .topics import OUTLINED, Kind, Topic


def render(template: str, context: Mapping[str, Any]) -> str:
    """The HTML of templates/desk/feed/<template>."""
    desk = cast(Jinja2, engines["desk"])
    return desk.env.get_template(f"feed/{template}").render(context)


def read_fragments(
    have: Mapping[Topic, Collection[str]], now: datetime, kept: KeptRows | None = None
) -> dict[Topic, Found]:
    """What to push of the topics in `have`, which somebody has at another version than it is now ("" for none).

    Versions are read for all, rows only for what differs, and of that only what is not `kept` from an earlier reading.
    """
    screen = Screen(have.keys(), now, kept=kept)
    at = {topic: screen.version_or_failed(topic) for topic in have}
    differ = [topic for topic, version in at.items() if version and not {version}.issuperset(have[topic])]
    screen.narrow(differ)
    fragments = {topic: screen.fragment(topic) for topic in differ}
    screen.kept.trim()
    return {topic: Found(each.version, dict.fromkeys(have[topic], each)) for topic, each in fragments.items()}


class Screen(Sight):
    """The topics as HTML."""

    def version_or_failed(self, topic: Topic) -> str | None:
        """The topic's version now, FAILED where it cannot be told; an error of the database is not the topic's."""
        try:
            return self.version(topic)
        except Error:
            raise
        except Exception:
            return FAILED

    def fragment(self, topic: Topic) -> Fragment:
        """The topic as it is now; it must have a version. What is wrong with one topic hurts no other.

        A list whose painted parts fail is told as an outline: those parts then come, or fail, by themselves.
        """
        try:
            return self.made(topic)
        except Error:
            raise
        except Exception as error:
            failure = error
        if self.painted and topic.kind in OUTLINED:
            return replace(Screen([topic], self.now).fragment(topic), failure=failure)
        return Fragment(topic, FAILED, render("_failed.html", {"topic": topic}), failure=failure)

    def made(self, topic: Topic) -> Fragment:
        return Fragment(topic, self.version(topic) or "", RENDERERS[topic.kind](self, topic), self.times(topic))

    def feed_html(self, topic: Topic) -> str:
        return render("_feed.html", {"line": self.feed, "topic": topic})

    def tree_html(self, topic: Topic) -> str:
        return render("_tree.html", {"topic": topic, "tree": self.tree})

    def of_fixture_html(self, topic: Topic) -> str:
        """What shows the fixture's own row alone."""
        fixture = self.reading.fixtures[topic.fixture_id]
        return render(f"_{topic.kind}.html", {"topic": topic, "version": self.version(topic), "fixture": fixture})

    def board_html(self, topic: Topic) -> str:
        order, query = self.boards[topic], self.queries[topic.query]
        rows = {
            place.fixture_id: board_row(self.row_reading, place.fixture_id, query, self.vouching)
            for place in order[: self.painted]
            if place.fixture_id in self.row_reading.fixtures
        }
        context = {
            "topic": topic,
            "version": self.version(topic),
            "query": query,
            "tally": self.tallies[topic],
            "tabs": board.TABS,
            "sections": board.grouped(order),
            "favourites": set(query.favourites),
            "rows": rows,
            "most": board.MOST_ROWS,
            "shown": len(order),
        }
        return render("_board.html", context)

    def row_html(self, topic: Topic) -> str:
        query = self.queries[topic.query]
        row = board_row(self.row_reading, topic.fixture_id, query, self.vouching)
        return render("_row.html", {"row": row, "words": topic.query})

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
            "is_live": play.status_of(fixture, scoreboard) in IN_PLAY,
            "pending": play.pending_of(scoreboard),
            "situation": situation_of(scoreboard),
        }
        return render("_scoreboard.html", context)

    def periods_html(self, topic: Topic) -> str:
        columns = livescore.period_columns(self.reading.periods.get(topic.fixture_id, []), self._sport_id(topic))
        return render("_periods.html", {**self._frame(topic), "columns": columns})

    def incidents_html(self, topic: Topic) -> str:
        found, sport_id = self.reading.incidents.get(topic.fixture_id, []), self._sport_id(topic)
        is_down = incidents.runs_down(found)
        lines = incidents.incident_lines(found, sport_id, is_down)
        scoreboard = getattr(self.reading.fixtures[topic.fixture_id], "scoreboard", None)
        axis = incidents.axis(lines, sport_id, scoreboard.time if scoreboard else None, is_down)
        return render("_incidents.html", {**self._frame(topic), "lines": lines, "axis": axis})

    def statistics_html(self, topic: Topic) -> str:
        bars = livescore.statistic_bars(self.reading.statistics.get(topic.fixture_id, []))
        players = livescore.player_lines(self.reading.player_statistics.get(topic.fixture_id, []))
        return render("_statistics.html", {**self._frame(topic), "bars": bars, "players": players})

    def markets_html(self, topic: Topic) -> str:
        query = market_groups.parse_markets(topic.query)
        opened = [market for group in self.groups[topic] if group.is_open for market in group.markets]
        grids = {
            market.market_id: market_grid.market_grid(self.reading, market, self.vouching, query.look)
            for market in opened[: self.painted]
        }
        context = {"topic": topic, "version": self.version(topic), "groups": self.groups[topic], "grids": grids}
        number = len(self.reading.markets.get(topic.fixture_id, {}))
        return render("_markets.html", {**context, "query": query, "number": number})

    def market_html(self, topic: Topic) -> str:
        market = self.reading.markets[topic.fixture_id][topic.market_id]
        grid = market_grid.market_grid(self.reading, market, self.vouching, parse_look(QueryDict(topic.query)))
        return render("_market.html", {"grid": grid, "words": topic.query})

    def notes_html(self, topic: Topic) -> str:
        notes = self.reading.notes.get(topic.fixture_id, [])
        return render("_notes.html", {"topic": topic, "version": self.version(topic), "notes": notes})

    def card_html(self, topic: Topic) -> str:
        card = race_card.race_card(self.reading, topic.fixture_id, self.vouching, parse_look(QueryDict(topic.query)))
        return render("_card.html", {"topic": topic, "version": self.version(topic), "card": card})

    def _sport_id(self, topic: Topic) -> int | None:
        return self.reading.fixtures[topic.fixture_id].sport_id

    def _frame(self, topic: Topic) -> dict[str, Any]:
        """What every fragment about the two sides needs: its topic and version, and their names."""
        participants = self.reading.participants.get(topic.fixture_id, [])
        home, away = sides.sides_of(self.reading.fixtures[topic.fixture_id], None, participants)
        return {"topic": topic, "version": self.version(topic), "home": home.name, "away": away.name}


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
    Kind.NOTES: Screen.notes_html,
    Kind.CARD: Screen.card_html,
    Kind.CRUMBS: Screen.of_fixture_html,
    Kind.ABOUT: Screen.of_fixture_html,
    Kind.TREE: Screen.tree_html,
}
