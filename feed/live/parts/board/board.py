"""A board's list."""

from collections.abc import Collection
from functools import lru_cache
from typing import Any

from feed.live.parts.part import PagePart, PageTopic, RowNeeds, Subject
from feed.live.parts.versions import TopicVersions
from feed.models import Participant
from feed.pages.board import places
from feed.pages.board.chips import chips
from feed.pages.board.query import parse_query
from feed.pages.board.row import board_row

#: What the words of a topic's query stand for. Every row of a board has the same words.
board_query = lru_cache(maxsize=1024)(parse_query)


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
        return 60 if query.provider_id is not None or query.market_id is not None else 20

    def may_show(self, topic: PageTopic, parts: Collection[str], markets: Collection[int], moved: bool) -> bool:
        return moved

    def order(self, versions: TopicVersions, topic: PageTopic) -> list[places.Place]:
        return places.places(board_query(topic.query), versions.now)

    def tally(self, versions: TopicVersions, topic: PageTopic) -> places.Tally:
        return places.tally(board_query(topic.query), versions.now)

    def inline(self, versions: TopicVersions, topic: PageTopic) -> list[places.Place]:
        """The places whose rows are rendered within the list."""
        return versions.once(self.order, topic)[: versions.inline] if versions.inline else []

    def row_needs(self, versions: TopicVersions, topic: PageTopic) -> RowNeeds:
        sides = {place.fixture_id: participants_of(place) for place in self.inline(versions, topic)}
        market_id = board_query(topic.query).market_id
        return RowNeeds(sides.keys(), () if market_id is None else (market_id,), sides)

    def version(self, versions: TopicVersions, topic: PageTopic) -> str:
        # Numbers first: a fixture that comes between the two readings is then in the list, and counted next time.
        tally = versions.once(self.tally, topic)
        return places.board_version(versions.once(self.order, topic), tally)

    def context(self, versions: TopicVersions, topic: PageTopic) -> dict[str, Any]:
        order, query = versions.once(self.order, topic), board_query(topic.query)
        reading = versions.row_reading
        rows = {
            place.fixture_id: board_row(reading, place.fixture_id, query, versions.vouching)
            for place in self.inline(versions, topic)
            if place.fixture_id in reading.fixtures
        }
        return {
            "query": query,
            "tally": versions.once(self.tally, topic),
            "chips": chips(query),
            "tabs": places.TABS,
            "sections": places.grouped(order),
            "favourites": set(query.favourites),
            "rows": rows,
            "most": places.MOST_ROWS,
            "shown": len(order),
        }


def participants_of(place: places.Place) -> list[Participant]:
    """The two sides as the board's list names them."""
    names = enumerate((place.home, place.away), 1)
    return [Participant(fixture_id=place.fixture_id, name=name, position=position) for position, name in names if name]


BOARD = BoardPart()
