"""One reading of several fixtures: each kind of row in one query, however many fixtures there are.

Versions are made from the fixture rows, which are read first: the rows that follow are at least as new as the version
that a page then says it has, so a page can only be told again what it shows, never miss anything.
"""

from collections import defaultdict
from collections.abc import Collection
from functools import cached_property
from typing import TypeVar

from django.db.models import QuerySet

from feed.models import Bet, Fixture, Incident, Market, Participant, Period, Provider, Statistic

#: The market that a board row shows: 1X2, or the first of these that a fixture has.
MAIN_MARKETS = (1, 52, 226, 160, 274)
RED_CARDS = 7

Row = TypeVar("Row", Participant, Period, Incident, Statistic)


class Reading:
    """Rows of `fixture_ids`, each kind read when first asked for. `market_ids` limits bets to those markets."""

    def __init__(self, fixture_ids: Collection[int], market_ids: Collection[int] | None = None) -> None:
        self.fixture_ids = tuple(fixture_ids)
        self.market_ids = market_ids

    @cached_property
    def fixtures(self) -> dict[int, Fixture]:
        rows = Fixture.objects.filter(pk__in=self.fixture_ids)
        return {row.pk: row for row in rows.select_related("sport", "location", "league", "competition", "scoreboard")}

    @cached_property
    def participants(self) -> dict[int, list[Participant]]:
        return self._grouped(Participant.objects.order_by("position", "participant_id"))

    @cached_property
    def periods(self) -> dict[int, list[Period]]:
        return self._grouped(Period.objects.order_by("type"))

    @cached_property
    def incidents(self) -> dict[int, list[Incident]]:
        return self._grouped(Incident.objects.order_by("parent", "parent_type", "ordinal"))

    @cached_property
    def statistics(self) -> dict[int, list[Statistic]]:
        return self._grouped(Statistic.objects.order_by("type"))

    @cached_property
    def red_cards(self) -> dict[int, list[Statistic]]:
        return self._grouped(Statistic.objects.filter(type=RED_CARDS))

    @cached_property
    def markets(self) -> dict[int, dict[int, Market]]:
        rows = Market.objects.filter(fixture_id__in=self.fixture_ids).order_by("market_id")
        if self.market_ids is not None:
            rows = rows.filter(market_id__in=self.market_ids)
        grouped: dict[int, dict[int, Market]] = {}
        for row in rows:
            grouped.setdefault(row.fixture_id, {})[row.market_id] = row
        return grouped

    @cached_property
    def bets(self) -> dict[tuple[int, int], list[Bet]]:
        """By fixture and market."""
        rows = Bet.objects.filter(fixture_id__in=self.fixture_ids)
        if self.market_ids is not None:
            rows = rows.filter(market_id__in=self.market_ids)
        grouped: dict[tuple[int, int], list[Bet]] = defaultdict(list)
        for row in rows:
            grouped[row.fixture_id, row.market_id].append(row)
        return grouped

    @cached_property
    def providers(self) -> dict[int, str]:
        return dict(Provider.objects.values_list("id", "name"))

    def main_market(self, fixture_id: int) -> int | None:
        """The id of the market that stands for the fixture on a board, if it has one."""
        mine = self.markets.get(fixture_id, {})
        return next((market_id for market_id in MAIN_MARKETS if market_id in mine), None)

    def _grouped(self, rows: QuerySet[Row]) -> dict[int, list[Row]]:
        grouped: dict[int, list[Row]] = defaultdict(list)
        for row in rows.filter(fixture_id__in=self.fixture_ids):
            grouped[row.fixture_id].append(row)
        return grouped
