"""A market's grid of prices."""

from collections.abc import Collection
from typing import Any

from django.http import QueryDict

from feed.changes import Aspect
from feed.live.parts.part import PRICE_PACE_SECONDS, PagePart, PageTopic, Subject
from feed.live.parts.versions import TopicVersions
from feed.pages.display import parse_display
from feed.pages.markets import grid


class MarketPart(PagePart):
    """The outcomes of a market at all bookmakers."""

    kind = "market"
    subject = Subject.MARKET
    shows = frozenset({Aspect.MARKETS})
    pace = PRICE_PACE_SECONDS

    def may_show(self, topic: PageTopic, aspects: Collection[str], markets: Collection[int], moved: bool) -> bool:
        """A fixture that `moved` may be over, which closes its markets without a change of their own."""
        return moved or (Aspect.MARKETS in aspects and (not markets or topic.market_id in markets))

    def market_ids(self, topic: PageTopic) -> Collection[int]:
        return (topic.market_id,)

    def version(self, versions: TopicVersions, topic: PageTopic) -> str | None:
        if (fixture := self.fixture(versions, topic)) is None:
            return None
        market = versions.reading.markets.get(topic.fixture_id, {}).get(topic.market_id)
        return grid.market_version(fixture, market, versions.vouching) if market else None

    def context(self, versions: TopicVersions, topic: PageTopic) -> dict[str, Any]:
        market = versions.reading.markets[topic.fixture_id][topic.market_id]
        display = parse_display(QueryDict(topic.query))
        return {
            "grid": grid.market_grid(versions.reading, market, versions.vouching, display),
            "words": topic.query,
        }


MARKET = MarketPart()
