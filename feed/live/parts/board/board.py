"""A board's list."""

from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import Any

from markupsafe import Markup

from feed.live.parts.fragments import render
from feed.live.parts.part import PagePart, PageTopic, RowNeeds, Subject
from feed.live.parts.versions import TopicVersions
from feed.models import Participant
from feed.pages.board.arranged import board_of
from feed.pages.board.chips import chips, heads
from feed.pages.board.lists import MOST_ROWS, Board
from feed.pages.board.place import Place
from feed.pages.board.places import grouped
from feed.pages.board.query import TABS, parse_query
from feed.pages.board.row import board_row
from feed.past.address import here

#: What the words of a topic's query stand for. Every row of a board has the same words.
board_query = lru_cache(maxsize=1024)(parse_query)


#: A board by last change is another with each change: the reader is offered a new order in such steps.
ORDER_PACE_SECONDS = 5.0


class BoardPart(PagePart):
    """The fixtures of a board in their order, with the numbers beside its tabs and sports."""

    kind = "board"
    subject = Subject.NOTHING
    is_outline = True

    def cost(self, topic: PageTopic) -> int:
        """Counts and a sorted list of fixtures; a search reads every name, a filter looks into every fixture."""
        query = board_query(topic.query)
        if query.text:
            return 300
        reads_more = query.provider_id is not None or query.market_id is not None or query.by_change
        return 60 if reads_more else 20

    def may_show(self, topic: PageTopic, aspects: Collection[str], markets: Collection[int], moved: bool) -> bool:
        return moved or self.follows(topic)

    def follows(self, topic: PageTopic) -> bool:
        """A board ordered by last change may change with every change."""
        return board_query(topic.query).by_change

    def pace_of(self, topic: PageTopic) -> float:
        return ORDER_PACE_SECONDS if self.follows(topic) else self.pace

    def board(self, versions: TopicVersions, topic: PageTopic) -> Board:
        query = board_query(topic.query)
        return board_of(versions.places.list_of(query, versions.now), query, versions.changed_at)

    def inline(self, versions: TopicVersions, topic: PageTopic) -> Sequence[Place]:
        """The places whose rows are rendered within the list."""
        return versions.once(self.board, topic).order[: versions.inline] if versions.inline else []

    def row_needs(self, versions: TopicVersions, topic: PageTopic) -> RowNeeds:
        sides = {place.fixture_id: participants_of(place) for place in self.inline(versions, topic)}
        return RowNeeds(sides.keys(), board_query(topic.query).picked_ids, sides)

    def version(self, versions: TopicVersions, topic: PageTopic) -> str:
        return versions.once(self.board, topic).version

    def context(self, versions: TopicVersions, topic: PageTopic) -> dict[str, Any]:
        board, query = versions.once(self.board, topic), board_query(topic.query)
        reading = versions.row_reading
        rows = {
            place.fixture_id: board_row(reading, place.fixture_id, query.for_sport(place.sport_id), versions.vouching)
            for place in self.inline(versions, topic)
            if place.fixture_id in reading.fixtures
        }
        return {
            "query": query,
            "tally": board.tally,
            "chips": chips(query),
            "heads": heads(query, {place.sport_id for place in board.order}),
            "tabs": TABS,
            "sections": grouped(board.order),
            "favourites": set(query.favourites),
            "rows": rows,
            "outline_row": outline_row,
            "most": MOST_ROWS,
            "shown": len(board.order),
        }


def outline_row(place: Place, words: str) -> Markup:
    """A row that is not filled yet. Boards that differ in some rows share all others of the same moment."""
    return outline_row_at(place, words, here())


@lru_cache(maxsize=20_000)
def outline_row_at(place: Place, words: str, here: str) -> Markup:
    context = {"place": place, "words": words, "here": here}
    return Markup(render("_outline_row.html", context))  # noqa: S704 (autoescaped)


def participants_of(place: Place) -> list[Participant]:
    """The two sides as the board's list names them."""
    names = enumerate((place.home, place.away), 1)
    return [Participant(fixture_id=place.fixture_id, name=name, position=position) for position, name in names if name]


BOARD = BoardPart()
