"""The versions of a set of topics, from one reading of the database for all of them."""

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any, TypeVar

from django.utils.functional import cached_property

from feed.codes import MAIN_MARKETS
from feed.live.payload import Times
from feed.models import Fixture, FixtureClaim
from feed.pages.board.memory import Places, read_places
from feed.pages.fixture.suspensions import Suspension, read_suspensions
from feed.pages.people import VIEWERS, read_claims
from feed.pages.reading import Reading, RowReading
from feed.pages.row_cache import RowCache
from feed.vouching.sources import Vouching, read_vouching

from .part import PageTopic, RowNeeds

#: How many fixtures' rows are cached: as boards show them, and all others.
CACHED_FIXTURES = 1000

Value = TypeVar("Value")


class RowCaches:
    """What is cached from one poll to the next: fixtures' rows as boards show them, and all other rows.

    `turns_at` is when a source's state may become another by itself, as far as the last poll could see.
    """

    def __init__(self) -> None:
        self.turns_at: datetime | None = None
        self.board_rows = RowCache()
        self.fixtures = RowCache()

    def trim(self) -> None:
        for cache in (self.board_rows, self.fixtures):
            cache.trim(CACHED_FIXTURES)


class TopicVersions:
    """One reading of the database for a set of topics. Nothing is read before it is needed.

    Lists (a board, a fixture's markets) hold topics of their own: the first `inline` of them are rendered within the
    list, of all others only what names them, until a page says that they can be seen.
    """

    def __init__(
        self, topics: Collection[PageTopic], now: datetime, inline: int = 0, caches: RowCaches | None = None
    ) -> None:
        self.topics = topics
        self.now = now
        self.inline = inline
        self.caches = caches or RowCaches()
        self.versions: dict[PageTopic, str | None] = {}
        self.values: dict[tuple[Callable[..., Any], PageTopic], Any] = {}

    def narrow(self, topics: Collection[PageTopic]) -> None:
        """From now on only these topics are needed: what has not been read yet is read for them alone."""
        self.topics = topics
        self.row_reading.narrow(self.row_fixture_ids())
        self.reading.narrow(self._fixture_ids())

    def once(self, make: "Callable[[TopicVersions, PageTopic], Value]", topic: PageTopic) -> Value:
        """What a part makes of a topic, made when first needed."""
        key = make, topic
        if key not in self.values:
            self.values[key] = make(self, topic)
        value: Value = self.values[key]
        return value

    @cached_property
    def vouching(self) -> Vouching:
        vouching = read_vouching(self.now)
        self.caches.turns_at = vouching.turns_at(self.now)
        return vouching

    @cached_property
    def places(self) -> Places:
        """Where fixtures stand on boards; once for all of them."""
        return read_places()

    def changed_at(self, fixture_ids: Collection[int]) -> dict[int, datetime | None]:
        """When LSports last sent something new of these: one query, and none for those that another board had read."""
        if missing := [pk for pk in fixture_ids if pk not in self.changes]:
            self.changes.update(Fixture.objects.filter(pk__in=missing).values_list("pk", "received_at"))
        return self.changes

    @cached_property
    def changes(self) -> dict[int, datetime | None]:
        return {}

    @cached_property
    def row_reading(self) -> RowReading:
        """Fixtures as board rows: topics of their own, and those within boards."""
        needs = self._row_needs()
        market_ids = {market_id for need in needs for market_id in need.market_ids}
        reading = RowReading(self.row_fixture_ids(), market_ids | set(MAIN_MARKETS), cache=self.caches.board_rows)
        sides = [need.participants for need in needs if need.participants is not None]
        if len(sides) == len(needs):
            reading.participants = {pk: rows for side in sides for pk, rows in side.items()}
        return reading

    @cached_property
    def suspensions(self) -> list[Suspension]:
        return read_suspensions()

    def _row_needs(self) -> list[RowNeeds]:
        needs = (topic.part.row_needs(self, topic) for topic in self.topics)
        return [need for need in needs if need is not None]

    def row_fixture_ids(self) -> set[int]:
        """The fixtures that are read as board rows."""
        return {fixture_id for need in self._row_needs() for fixture_id in need.fixture_ids}

    @cached_property
    def viewers(self) -> dict[int, list[str]]:
        """Who looks at which fixture."""
        return VIEWERS.at(self.now)

    @cached_property
    def claims(self) -> dict[int, FixtureClaim]:
        """Who has taken which of the fixtures."""
        return read_claims(self._fixture_ids())

    @cached_property
    def reading(self) -> Reading:
        """Fixtures as their own pages show them."""
        market_ids = [topic.part.market_ids(topic) for topic in self.topics]
        named = {market_id for ids in market_ids if ids is not None for market_id in ids}
        return Reading(
            self._fixture_ids(), None if None in market_ids else named, self.bet_market_ids, self.caches.fixtures
        )

    def _fixture_ids(self) -> set[int]:
        return {fixture_id for topic in self.topics for fixture_id in topic.part.fixture_ids(topic)}

    def bet_market_ids(self) -> set[int]:
        """The markets whose bets are read."""
        return {market_id for topic in self.topics for market_id in topic.part.bet_market_ids(self, topic)}

    def version(self, topic: PageTopic) -> str | None:
        """The topic's version now; None where there is no such fixture or market."""
        if topic not in self.versions:
            self.versions[topic] = topic.part.version(self, topic)
        return self.versions[topic]

    def times(self, topic: PageTopic) -> Times | None:
        """When LSports sent the newest change of the topic's fixture, and when it was received and stored."""
        fixture = topic.part.fixture(self, topic)
        return Times(fixture.sent_at, fixture.received_at, fixture.stored_at) if fixture else None
