"""What a set of topics shows: one reading of the database for all of them, and the version that each is at."""

import hashlib
from collections.abc import Collection
from datetime import datetime
from functools import cached_property

from feed.models import Fixture, Participant
from feed.pages import board, competitions, feed_line, incidents, market_grid, market_groups, race_card
from feed.pages.board_query import BoardQuery, parse_query
from feed.pages.board_row import row_version
from feed.pages.clock import epoch_ms
from feed.pages.main_markets import MAIN_MARKETS
from feed.pages.reading import Kept, Reading, RowReading
from feed.pages.vouching import Vouching, read_vouching

from .fragment import Times
from .topics import Kind, Topic

#: Fixtures whose rows are kept, of board rows and of all else.
MOST_KEPT = 1000
SHOWS_ALL_MARKETS = frozenset({Kind.MARKETS})
#: Whose revisions make up the version of a fragment.
PARTS_SHOWN = {
    Kind.SCOREBOARD: ("fixture_revision", "scoreboard_revision", "periods_revision", "statistics_revision"),
    Kind.PERIODS: ("fixture_revision", "periods_revision"),
    Kind.INCIDENTS: ("fixture_revision", "incidents_revision"),
    Kind.STATISTICS: ("fixture_revision", "statistics_revision"),
    Kind.CARD: ("fixture_revision", "scoreboard_revision", "markets_revision"),
}


def participants_of(place: board.Place) -> list[Participant]:
    """The two sides as the board's list names them."""
    names = enumerate((place.home, place.away), 1)
    return [Participant(fixture_id=place.fixture_id, name=name, position=position) for position, name in names if name]


def crumbs_version(fixture: Fixture) -> str:
    """Differs when one of the names that lead to the fixture does."""
    placed = [getattr(fixture, name) for name in ("sport", "location", "league", "competition")]
    told = [(row.pk, str(row)) if row else None for row in placed]
    return hashlib.blake2s(repr(told).encode(), digest_size=8).hexdigest()


class KeptRows:
    """What is kept from one sight to the next: rows of fixtures' parts, of board rows and of all else."""

    def __init__(self) -> None:
        self.of_rows = Kept()
        self.of_fixtures = Kept()

    def trim(self) -> None:
        for kept in (self.of_rows, self.of_fixtures):
            kept.trim(MOST_KEPT)


class Sight:
    """One reading of the database for a set of topics.

    Lists (a board, a fixture's markets) hold topics of their own: the first `painted` of them are painted, of all
    others stands there only what names them, until a page says that they can be seen.
    """

    def __init__(
        self, topics: Collection[Topic], now: datetime, painted: int = 0, kept: KeptRows | None = None
    ) -> None:
        self.topics = topics
        self.now = now
        self.painted = painted
        self.kept = kept or KeptRows()
        self.versions: dict[Topic, str | None] = {}

    def narrow(self, topics: Collection[Topic]) -> None:
        """From here on only these of its topics are asked for: what has not been read yet is read for them alone."""
        self.topics = topics
        self.row_reading.narrow({topic.fixture_id for topic in self.of_rows})
        self.reading.narrow({topic.fixture_id for topic in self.of_fixtures})

    @property
    def of_rows(self) -> list[Topic]:
        return [topic for topic in self.topics if topic.kind is Kind.ROW]

    @property
    def of_fixtures(self) -> list[Topic]:
        return [topic for topic in self.topics if topic.kind is not Kind.ROW and topic.fixture_id]

    @property
    def named_markets(self) -> set[int]:
        """The markets that are topics of their own, or part of one."""
        asked = self.of_fixtures
        cards = race_card.RACE_MARKETS if any(topic.kind is Kind.CARD for topic in asked) else ()
        return {*cards, *(topic.market_id for topic in asked if topic.market_id)}

    @cached_property
    def vouching(self) -> Vouching:
        return read_vouching(self.now)

    @cached_property
    def queries(self) -> dict[str, BoardQuery]:
        """What the words of the boards and rows ask for."""
        asked = {topic.query for topic in self.topics if topic.kind in (Kind.BOARD, Kind.ROW)}
        return {words: parse_query(words) for words in asked}

    @cached_property
    def boards(self) -> dict[Topic, list[board.Place]]:
        asked = (topic for topic in self.topics if topic.kind is Kind.BOARD)
        return {topic: board.places(self.queries[topic.query], self.now) for topic in asked}

    @cached_property
    def tallies(self) -> dict[Topic, board.Tally]:
        asked = (topic for topic in self.topics if topic.kind is Kind.BOARD)
        return {topic: board.tally(self.queries[topic.query], self.now) for topic in asked}

    @cached_property
    def row_reading(self) -> RowReading:
        """What the rows need, those of their own and the painted ones of boards."""
        painted = [place for order in self.boards.values() for place in order[: self.painted]]
        of_rows = {topic.fixture_id for topic in self.of_rows}
        chosen = {query.market_id for query in self.queries.values() if query.market_id is not None}
        fixture_ids = of_rows | {place.fixture_id for place in painted}
        reading = RowReading(fixture_ids, chosen | set(MAIN_MARKETS), kept=self.kept.of_rows)
        if not of_rows:
            reading.participants = {place.fixture_id: participants_of(place) for place in painted}
        return reading

    @cached_property
    def reading(self) -> Reading:
        asked = self.of_fixtures
        all_markets = any(topic.kind in SHOWS_ALL_MARKETS for topic in asked)
        fixture_ids = {topic.fixture_id for topic in asked}
        markets = None if all_markets else self.named_markets
        return Reading(fixture_ids, markets, lambda: self.named_markets | self.opened_markets, self.kept.of_fixtures)

    @cached_property
    def groups(self) -> dict[Topic, list[market_groups.MarketGroup]]:
        """The groups of markets, whose open ones are painted."""
        asked = (topic for topic in self.topics if topic.kind is Kind.MARKETS)
        return {
            topic: market_groups.market_groups(
                self.reading.markets.get(topic.fixture_id, {}), market_groups.parse_markets(topic.query)
            )
            for topic in asked
        }

    @cached_property
    def opened_markets(self) -> set[int]:
        opened = (group for groups in self.groups.values() for group in groups if group.is_open and self.painted)
        return {market.market_id for group in opened for market in group.markets}

    def version(self, topic: Topic) -> str | None:
        """The topic's version now; None where there is no such fixture or market."""
        if topic not in self.versions:
            self.versions[topic] = self.read_version(topic)
        return self.versions[topic]

    def read_version(self, topic: Topic) -> str | None:
        if topic.kind is Kind.FEED:
            return self.feed.version
        if topic.kind is Kind.TREE:
            return self.tree.version
        if topic.kind is Kind.BOARD:
            # Numbers first: a fixture that comes between the two readings is then in the list, and counted next time.
            numbers = self.tallies[topic]
            return board.board_version(self.boards[topic], numbers)
        if topic.kind is Kind.ROW:
            known = topic.fixture_id in self.row_reading.fixtures
            query = self.queries[topic.query]
            return row_version(self.row_reading, topic.fixture_id, query, self.vouching) if known else None
        fixture = self.reading.fixtures.get(topic.fixture_id)
        if fixture is None:
            return None
        if topic.kind is Kind.MARKETS:
            number = len(self.reading.markets.get(topic.fixture_id, {}))
            return market_groups.groups_version(self.groups[topic], number)
        if topic.kind is Kind.MARKET:
            market = self.reading.markets.get(topic.fixture_id, {}).get(topic.market_id)
            return market_grid.market_version(market, self.vouching) if market else None
        if topic.kind is Kind.ABOUT:
            return str(epoch_ms(fixture.last_update) if fixture.last_update else 0)
        if topic.kind is Kind.CRUMBS:
            return crumbs_version(fixture)
        if topic.kind is Kind.NOTES:
            notes = self.reading.notes.get(topic.fixture_id, [])
            return f"{len(notes)}.{max((note.pk for note in notes), default=0)}"
        version = ".".join(str(getattr(fixture, part)) for part in PARTS_SHOWN[topic.kind])
        if topic.kind is Kind.INCIDENTS:
            scoreboard = getattr(fixture, "scoreboard", None)
            return f"{version}.{incidents.axis_seconds(fixture.sport_id, scoreboard.time if scoreboard else None)}"
        return f"{version}.{self.vouching.signature}" if topic.kind is Kind.CARD else version

    @cached_property
    def feed(self) -> feed_line.FeedLine:
        return feed_line.feed_line(self.vouching)

    @cached_property
    def tree(self) -> competitions.Tree:
        return competitions.read_tree()

    def times(self, topic: Topic) -> Times | None:
        """When LSports sent the newest change of the topic's fixture, and when it was received and stored."""
        reading = self.row_reading if topic.kind is Kind.ROW else self.reading
        fixture = reading.fixtures.get(topic.fixture_id) if topic.fixture_id else None
        return Times(fixture.sent_at, fixture.received_at, fixture.stored_at) if fixture else None
