"""All markets of a fixture, in groups."""

from collections.abc import Collection
from typing import Any

from feed.changes import Aspect
from feed.live.parts.part import EVERY_FIXTURE, PagePart, PageTopic
from feed.live.parts.versions import TopicVersions
from feed.models import Fixture, Market
from feed.pages.labels import market_title
from feed.pages.markets import complete, grid, groups
from feed.pages.prices.closing import fixture_text


class MarketsPart(PagePart):
    """Groups of markets, of which the reader opens some. The markets of an open group are topics of their own."""

    kind = "markets"
    shows = frozenset({Aspect.MARKETS})
    fixture_kinds = EVERY_FIXTURE
    is_outline = True

    def cost(self, topic: PageTopic) -> int:
        """A search reads the title of every market. (In a topic's words nothing else is written like this.)"""
        return 40 if "find=" in topic.query else 5

    def words(self, query: groups.MarketsQuery) -> str:
        return query.words

    def may_show(self, topic: PageTopic, aspects: Collection[str], markets: Collection[int], moved: bool) -> bool:
        """A fixture that `moved` may be over, which the head says."""
        return moved or Aspect.MARKETS in aspects

    def market_ids(self, topic: PageTopic) -> None:
        return None

    def market_groups(self, versions: TopicVersions, topic: PageTopic) -> list[groups.MarketGroup]:
        markets = versions.reading.markets.get(topic.fixture_id, {})
        return groups.market_groups(markets, groups.parse_markets(topic.query))

    def opened(self, versions: TopicVersions, topic: PageTopic) -> list[Market]:
        """The markets of the open groups."""
        return [
            market for group in versions.once(self.market_groups, topic) if group.is_open for market in group.markets
        ]

    def bet_market_ids(self, versions: TopicVersions, topic: PageTopic) -> Collection[int]:
        return {market.market_id for market in self.opened(versions, topic)} if versions.inline else ()

    def incomplete(self, versions: TopicVersions, topic: PageTopic) -> tuple[complete.Incomplete, ...]:
        return complete.incomplete_markets(versions.reading.markets.get(topic.fixture_id, {}), versions.vouching)

    def version_of(self, fixture: Fixture, versions: TopicVersions, topic: PageTopic) -> str:
        number = len(versions.reading.markets.get(topic.fixture_id, {}))
        version = groups.groups_version(versions.once(self.market_groups, topic), number)
        gaps = "".join(f".{row.since.timestamp()}" for row in versions.once(self.incomplete, topic))
        return f"{version}.{fixture.status}{'?' if fixture.unreadable else ''}{gaps}"

    def context(self, versions: TopicVersions, topic: PageTopic) -> dict[str, Any]:
        query, reading = groups.parse_markets(topic.query), versions.reading
        grids = {
            market.market_id: grid.market_grid(reading, market, versions.vouching, query.display)
            for market in self.opened(versions, topic)[: versions.inline]
        }
        return {
            "groups": versions.once(self.market_groups, topic),
            "grids": grids,
            "query": query,
            "closed": fixture_text(reading.fixtures[topic.fixture_id]),
            "incomplete": versions.once(self.incomplete, topic),
            "market_title": market_title,
            "number": len(reading.markets.get(topic.fixture_id, {})),
        }


MARKETS = MarketsPart()
