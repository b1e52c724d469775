"""What one message says twice of a market: one statement, as closed as the most closed of them, for nothing tells which
came first."""

from typing import TypeVar

from msgspec.structs import replace

from feed.codes import BetStatus
from feed.wire.messages import Market, ProviderMarket

#: What closes nothing.
OPEN = frozenset({None, int(BetStatus.OPEN)})

Item = TypeVar("Item")


def without_twins(markets: list[Market]) -> list[Market]:
    """The markets, each once, with the bets and bookmakers of all that is said of it; bookmakers as well."""
    if len({market.id for market in markets}) < len(markets):
        found: dict[int, Market] = {}
        for market in markets:
            known = found.get(market.id)
            found[market.id] = market if known is None else one_market(known, market)
        markets = list(found.values())
    for market in markets:
        given = market.provider_markets
        if given and len({provider.id for provider in given}) < len(given):
            market.provider_markets = providers_once(given)
    return markets


def one_market(first: Market, second: Market) -> Market:
    return replace(
        second,
        name=second.name or first.name,
        main_line=second.main_line if second.main_line is not None else first.main_line,
        status=most_closed(first.status, second.status),
        bets=together(first.bets, second.bets),
        provider_markets=together(first.provider_markets, second.provider_markets),
        prediction_data=second.prediction_data or first.prediction_data,
        unreadable=first.unreadable or second.unreadable,
        lost_bets=together(first.lost_bets, second.lost_bets),
        lost_providers=together(first.lost_providers, second.lost_providers),
    )


def providers_once(given: list[ProviderMarket]) -> list[ProviderMarket]:
    """The bookmakers, each once. Where they were updated at different times, that tells which came first."""
    found: dict[tuple[int, object], ProviderMarket] = {}
    for second in given:
        first = found.get(key := (second.id, second.last_update))
        found[key] = second if first is None else one_provider(first, second)
    return list(found.values())


def one_provider(first: ProviderMarket, second: ProviderMarket) -> ProviderMarket:
    return replace(
        second,
        name=second.name or first.name,
        market_status=most_closed(first.market_status, second.market_status),
        bets=together(first.bets, second.bets),
        prediction_data=second.prediction_data or first.prediction_data,
        unreadable=first.unreadable or second.unreadable,
        lost_bets=together(first.lost_bets, second.lost_bets),
    )


def most_closed(first: int | None, second: int | None) -> int | None:
    """The later status, unless the earlier one closes and it does not."""
    return first if second in OPEN and first not in OPEN else first if second is None else second


def together(first: list[Item] | None, second: list[Item] | None) -> list[Item] | None:
    return first if second is None else second if first is None else first + second
