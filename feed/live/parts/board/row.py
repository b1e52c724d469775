"""A fixture as a row of a board."""

from collections.abc import Collection
from typing import Any

from feed.changes import Aspect
from feed.live.parts.part import PRICE_PACE_SECONDS, PagePart, PageTopic, RowNeeds
from feed.live.parts.versions import TopicVersions
from feed.models import Fixture
from feed.pages.board.row import PLAY_ASPECTS, board_row, row_version

from .board import board_query


class RowPart(PagePart):
    """The state of play and the best prices of the main markets."""

    kind = "row"
    shows = PLAY_ASPECTS | {Aspect.MARKETS}
    pace = PRICE_PACE_SECONDS

    def fixture(self, versions: TopicVersions, topic: PageTopic) -> Fixture | None:
        return versions.row_reading.fixtures.get(topic.fixture_id)

    def fixture_ids(self, topic: PageTopic) -> Collection[int]:
        """None: `row_needs` names what a row needs, which is less than a fixture's page reads."""
        return ()

    def row_needs(self, versions: TopicVersions, topic: PageTopic) -> RowNeeds:
        return RowNeeds((topic.fixture_id,), board_query(topic.query).picked_ids, None)

    def version_of(self, fixture: Fixture, versions: TopicVersions, topic: PageTopic) -> str:
        return row_version(versions.row_reading, topic.fixture_id, board_query(topic.query), versions.vouching)

    def context(self, versions: TopicVersions, topic: PageTopic) -> dict[str, Any]:
        query = board_query(topic.query)
        row = board_row(versions.row_reading, topic.fixture_id, query, versions.vouching)
        return {"row": row, "words": topic.query}


ROW = RowPart()
