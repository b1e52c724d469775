"""Which of a fixture's markets have all of their messages, by LSports' numbers, and which have not, since when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from feed.models import Market
from feed.pages.labels import market_title
from feed.vouching.sources import Vouching


@dataclass(frozen=True, slots=True)
class Incomplete:
    """A market of which messages are missing."""

    title: str
    since: datetime


def incomplete_markets(markets: Mapping[int, Market], vouching: Vouching) -> tuple[Incomplete, ...]:
    """The incomplete markets, by id; none of a source whose numbers contradict themselves."""
    return tuple(
        Incomplete(market_title(market.market_id, market.name), market.gap_since)
        for market in markets.values()
        if market.gap_since is not None and not vouching.standing(market.numbered_by).is_doubted
    )
