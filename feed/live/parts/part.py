"""A part of a page and its topics: the interface that every part fulfils.

A topic is written as in a page's `data-topic`: "row:7" (fixture 7 on a board), "market:7:1" (market 1 of fixture 7),
"board?show=in_play" (a board's list), "feed". Its version is an opaque word that differs when its HTML does.
"""

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping
from enum import Enum
from operator import attrgetter
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from feed.changes import Aspect, revision_columns
from feed.models import Fixture, Participant
from feed.pages.markets.groups import MarketsQuery

if TYPE_CHECKING:
    from .versions import TopicVersions

#: The least time between two frames of a topic, in seconds. A change just after a frame waits for the whole of it.
PACE_SECONDS = 0.25
#: A row's prices are to be on the screen within 300 ms.
PRICE_PACE_SECONDS = 0.1


EVERY_FIXTURE = frozenset(Fixture.Kind)
MATCHES = frozenset({Fixture.Kind.MATCH})
OUTRIGHTS = EVERY_FIXTURE - MATCHES


class Subject(Enum):
    """What a part's topics name beside the part."""

    NOTHING = 0
    FIXTURE = 1
    MARKET = 2


class RowNeeds(NamedTuple):
    """Fixtures whose board rows are needed, the markets they show beside the main ones, their sides if already read."""

    fixture_ids: Collection[int]
    market_ids: Collection[int]
    participants: Mapping[int, list[Participant]] | None


class PagePart(ABC):
    """A part of a page. It keeps no state: there is one instance of each, in `feed.live.parts.registry`.

    `kind` is the word of its topics and, with "_" before it, the name of its template. `shows` are the aspects of
    a fixture that it shows: their revisions make up its version, and no other change is looked up for it. A part that
    `is_outline` is a list which is pushed as an outline: what it holds are topics of their own, which the page has
    already or asks for. One that `follows_everything` is asked about each change of any fixture, not only about those
    that come, go or move.

    It stands on the pages of fixtures of these `fixture_kinds`. Parts that are `in_play_column` stand there one below
    the other, in the registry's order; the page's template places the others.
    """

    kind: ClassVar[str]
    subject: ClassVar[Subject] = Subject.FIXTURE
    shows: ClassVar[frozenset[Aspect]] = frozenset()
    pace: ClassVar[float] = PACE_SECONDS
    is_outline: ClassVar[bool] = False
    follows_everything: ClassVar[bool] = False
    fixture_kinds: ClassVar[frozenset[str]] = frozenset()
    in_play_column: ClassVar[bool] = False

    def __init__(self) -> None:
        self.revisions = attrgetter(*revision_columns(self.shows)) if self.shows else None

    def topic(self, fixture_id: int = 0, market_id: int = 0, query: str = "") -> "PageTopic":
        return PageTopic(self, fixture_id, market_id, query)

    def words(self, query: MarketsQuery) -> str:
        """The words of its topic on a fixture's page whose address asks for `query`."""
        return ""

    def follows(self, topic: "PageTopic") -> bool:
        return self.follows_everything

    def pace_of(self, topic: "PageTopic") -> float:
        return self.pace

    def cost(self, topic: "PageTopic") -> int:
        """What a poll of the topic costs, in board rows."""
        return 1

    def may_show(self, topic: "PageTopic", aspects: Collection[str], markets: Collection[int], moved: bool) -> bool:
        """Whether a change of the topic's fixture (without a fixture: of any) may change what it shows."""
        return not self.shows.isdisjoint(aspects)

    def fixture(self, versions: "TopicVersions", topic: "PageTopic") -> Fixture | None:
        """The topic's fixture as read; None where there is none."""
        return versions.reading.fixtures.get(topic.fixture_id) if topic.fixture_id else None

    def fixture_ids(self, topic: "PageTopic") -> Collection[int]:
        """Fixtures whose rows are needed, but for those on boards."""
        return () if self.subject is Subject.NOTHING else (topic.fixture_id,)

    def market_ids(self, topic: "PageTopic") -> Collection[int] | None:
        """Markets whose rows are needed; None for all of the fixture."""
        return ()

    def bet_market_ids(self, versions: "TopicVersions", topic: "PageTopic") -> Collection[int]:
        """Markets whose bets are needed."""
        return self.market_ids(topic) or ()

    def row_needs(self, versions: "TopicVersions", topic: "PageTopic") -> RowNeeds | None:
        """What it needs of fixtures as board rows; None for nothing."""
        return None

    def version(self, versions: "TopicVersions", topic: "PageTopic") -> str | None:
        """The topic's version now; None where there is no such fixture or market."""
        fixture = self.fixture(versions, topic)
        return self.version_of(fixture, versions, topic) if fixture is not None else None

    def version_of(self, fixture: Fixture, versions: "TopicVersions", topic: "PageTopic") -> str:
        """The version of a topic whose fixture is there: the revisions of what it shows."""
        if self.revisions is None:
            raise NotImplementedError(f"{self.kind} names no aspects of a fixture, and no version of its own")
        revisions = self.revisions(fixture)
        return ".".join(map(str, revisions)) if isinstance(revisions, tuple) else str(revisions)

    @abstractmethod
    def context(self, versions: "TopicVersions", topic: "PageTopic") -> dict[str, Any]:
        """What its template shows, beside `topic` and `version`."""


class PageTopic(NamedTuple):
    """One thing on a page that changes as a whole: a part, what it is of, and how its readers want it."""

    part: PagePart
    fixture_id: int = 0
    market_id: int = 0
    query: str = ""

    def __str__(self) -> str:
        name = self.kind
        if self.fixture_id:
            name += f":{self.fixture_id}"
        if self.market_id:
            name += f":{self.market_id}"
        return f"{name}?{self.query}" if self.query else name

    @property
    def kind(self) -> str:
        return self.part.kind

    @property
    def pace(self) -> float:
        return self.part.pace_of(self)

    @property
    def cost(self) -> int:
        return self.part.cost(self)

    @property
    def first_cost(self) -> int:
        """The same as `cost`: a topic of a page costs no more where nobody has a version of it yet."""
        return self.cost

    @property
    def follows_everything(self) -> bool:
        return self.part.follows(self)

    def may_show(self, aspects: Collection[str], markets: Collection[int], moved: bool) -> bool:
        return self.part.may_show(self, aspects, markets, moved)

    @property
    def element_id(self) -> str:
        """The id of its root element."""
        return "-".join(str(name) for name in (self.kind, self.fixture_id, self.market_id) if name)
