"""One reading of several fixtures: each kind of row in one query, however many fixtures there are.

Versions are made from the fixture rows, which are read first: the rows that follow are at least as new as the version
that a page then says it has, so a page can only be told again what it shows, never miss anything.
"""

from collections import defaultdict
from collections.abc import Callable, Collection
from functools import cached_property
from typing import TypeVar

from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Window
from django.db.models.functions import RowNumber

from feed.codes import BetStatus
from feed.models import (
    Bet,
    Fixture,
    FixtureNote,
    Incident,
    Market,
    Participant,
    Period,
    PlayerStatistic,
    PriceTick,
    Provider,
    Statistic,
)

RED_CARDS = 7

Row = TypeVar("Row", Participant, Period, Incident, Statistic, PlayerStatistic, FixtureNote)


class Reading:
    """Rows of `fixture_ids`, each kind read when first asked for.

    `market_ids` limits markets and bets to those; `bets_in`, asked when bets are first wanted, limits the bets further.
    """

    def __init__(
        self,
        fixture_ids: Collection[int],
        market_ids: Collection[int] | None = None,
        bets_in: Callable[[], Collection[int]] | None = None,
    ) -> None:
        self.fixture_ids = tuple(fixture_ids)
        self.market_ids = market_ids
        self.bets_in = bets_in

    def of_bets(self) -> QuerySet[Bet]:
        """Which bets are read."""
        return Bet.objects.all()

    @cached_property
    def fixtures(self) -> dict[int, Fixture]:
        rows = Fixture.objects.filter(pk__in=self.fixture_ids)
        named = rows.select_related("sport", "location", "league", "competition__parent", "scoreboard")
        return {row.pk: row for row in named}

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
    def newest_incidents(self) -> dict[int, Incident]:
        """Of each fixture the incident that was told last."""
        order = [F("revision").desc(), F("period").desc(nulls_last=True), F("seconds").desc(nulls_last=True)]
        order += [F("ordinal").desc(), F("parent").desc(), F("parent_type").desc()]
        place = Window(RowNumber(), partition_by=F("fixture_id"), order_by=order)
        rows = Incident.objects.filter(fixture_id__in=self.fixture_ids).annotate(place=place).filter(place=1)
        return {row.fixture_id: row for row in rows}

    @cached_property
    def notes(self) -> dict[int, list[FixtureNote]]:
        return self._grouped(FixtureNote.objects.select_related("author"))

    @cached_property
    def player_statistics(self) -> dict[int, list[PlayerStatistic]]:
        return self._grouped(PlayerStatistic.objects.order_by("player_name", "player_id"))

    @cached_property
    def statistics(self) -> dict[int, list[Statistic]]:
        return self._grouped(Statistic.objects.order_by("type"))

    @cached_property
    def red_cards(self) -> dict[int, list[Statistic]]:
        return {pk: [row for row in rows if row.type == RED_CARDS] for pk, rows in self.statistics.items()}

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
        # In an order of their own: of two equal prices every page must name the same bookmaker.
        rows = self.of_bets().filter(fixture_id__in=self.fixture_ids)
        rows = rows.order_by("fixture_id", "market_id", "provider_id", "bet_id")
        if (market_ids := self._bet_market_ids()) is not None:
            rows = rows.filter(market_id__in=market_ids)
        grouped: dict[tuple[int, int], list[Bet]] = defaultdict(list)
        for row in rows:
            grouped[row.fixture_id, row.market_id].append(row)
        return grouped

    def _bet_market_ids(self) -> Collection[int] | None:
        return self.bets_in() if self.bets_in is not None else self.market_ids

    @cached_property
    def settlements(self) -> dict[tuple[int, int, int, int], list[int]]:
        """By fixture, market, provider and bet: how a bet was settled, each time that it was, whatever it is now."""
        rows = PriceTick.objects.filter(fixture_id__in=self.fixture_ids, status=BetStatus.SETTLED).order_by("id")
        if (market_ids := self._bet_market_ids()) is not None:
            rows = rows.filter(market_id__in=market_ids)
        settled = rows.values_list("fixture_id", "market_id", "provider_id", "bet_id", "settlement")
        grouped: dict[tuple[int, int, int, int], list[int]] = defaultdict(list)
        for fixture, market, provider, bet, how in settled:
            grouped[fixture, market, provider, bet].append(how or 0)
        return grouped

    @cached_property
    def providers(self) -> dict[int, str]:
        return dict(Provider.objects.values_list("id", "name"))

    def _grouped(self, rows: QuerySet[Row]) -> dict[int, list[Row]]:
        grouped: dict[int, list[Row]] = defaultdict(list)
        for row in rows.filter(fixture_id__in=self.fixture_ids):
            grouped[row.fixture_id].append(row)
        return grouped


class RowReading(Reading):
    """What board rows need: of the named markets the bets at the main line only."""

    @cached_property
    def red_cards(self) -> dict[int, list[Statistic]]:
        return self._grouped(Statistic.objects.filter(type=RED_CARDS))

    def of_bets(self) -> QuerySet[Bet]:
        market = Market.objects.filter(fixture_id=OuterRef("fixture_id"), market_id=OuterRef("market_id"))
        named = Provider.objects.filter(pk=OuterRef("provider_id")).values("name")
        rows = Bet.objects.annotate(
            main_line=Subquery(market.values("main_line")[:1]), provider_name=Subquery(named[:1])
        )
        return rows.filter(Q(main_line="") | Q(base_line=F("main_line")) | Q(base_line="", line=""))
