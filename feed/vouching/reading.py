"""What vouches for the bets of many markets at once, for who reads bets without their fixtures' other rows."""

from collections.abc import Collection, Iterable

from django.db.models import Q

from feed.codes import BetStatus
from feed.models import Fixture, Market, ProviderMarket

from .market import MarketVouching, stated
from .predicate import Statement
from .sources import Vouching

#: By fixture and market.
MarketKey = tuple[int, int]

#: Of the bookmakers' markets only those that close their bets: there are hardly any.
CLOSED_PROVIDERS = ProviderMarket.objects.filter(
    Q(unreadable=True) | (Q(status__isnull=False) & ~Q(status=BetStatus.OPEN))
)


def read_market_vouching(
    fixture_ids: Collection[int], market_ids: Collection[int], vouching: Vouching
) -> dict[MarketKey, MarketVouching]:
    """What vouches for each of the markets that are there: three queries."""
    rows = Fixture.objects.filter(pk__in=fixture_ids).only("status", "unreadable", "charge", "non_runners")
    fixtures = {row.pk: row for row in rows}
    own = {"fixture_id__in": list(fixtures), "market_id__in": market_ids}
    providers = by_market(CLOSED_PROVIDERS.filter(**own))
    markets = Market.objects.filter(**own).values_list("fixture_id", "market_id", "status", "unreadable", "gap_since")
    return {
        (pk, market_id): MarketVouching(
            vouching,
            stated(fixtures[pk]),
            Statement(status, unreadable, gap is not None),
            providers.get((pk, market_id), {}),
            fixtures[pk].charge,
            fixtures[pk].non_runners,
        )
        for pk, market_id, status, unreadable, gap in markets
    }


def by_market(rows: Iterable[ProviderMarket]) -> dict[MarketKey, dict[int, Statement]]:
    """What bookmakers' markets state, by provider."""
    statements: dict[MarketKey, dict[int, Statement]] = {}
    for row in rows:
        statements.setdefault((row.fixture_id, row.market_id), {})[row.provider_id] = stated(row)
    return statements
