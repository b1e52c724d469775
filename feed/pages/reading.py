"""One reading of several fixtures: each kind of row in one query, however many fixtures there are.

Versions are made from the fixture rows, which are read first: the rows that follow are at least as new as the version
that a page then says it has, so a page can only be told again what it shows, never miss anything.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cached_property
from typing import Any, TypeVar

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
#: A fixture, and a part's name or a market's id.
Key = tuple[int, Any]
Rows = TypeVar("Rows")


class Kept:
    """Rows of fixtures, each with the revision that its part or market had when they were read.

    While the revision stays they are not read again. Of one thread at a time, for one database; `trim` bounds it.
    """

    def __init__(self) -> None:
        self.fixtures: dict[int, dict[Any, tuple[int, Any]]] = {}

    def read(self, revisions: Mapping[Key, int], read: Callable[[list[Key]], Mapping[Key, Rows]]) -> dict[Key, Rows]:
        """The rows of each key that has some; `read` is asked for those that are not kept at these revisions."""
        stale = [key for key, revision in revisions.items() if self.revision(key) != revision]
        found = read(stale) if stale else {}
        for pk, name in stale:
            self.fixtures.setdefault(pk, {})[name] = revisions[pk, name], found.get((pk, name))
        rows = {(pk, name): self.fixtures[pk][name][1] for pk, name in revisions}
        return {key: each for key, each in rows.items() if each is not None}

    def revision(self, key: Key) -> int | None:
        pk, name = key
        return self.fixtures.get(pk, {}).get(name, (None, None))[0]

    def forget(self, fixture_ids: Iterable[int]) -> None:
        for pk in fixture_ids:
            self.fixtures.pop(pk, None)

    def trim(self, most: int) -> None:
        """Keep the `most` fixtures that came last."""
        self.forget(list(self.fixtures)[: max(0, len(self.fixtures) - most)])


class Reading:
    """Rows of `fixture_ids`, each kind read when first asked for.

    `market_ids` limits markets and bets to those; `bets_in`, asked when bets are first wanted, limits the bets further.
    `kept` is what earlier readings read.
    """

    def __init__(
        self,
        fixture_ids: Collection[int],
        market_ids: Collection[int] | None = None,
        bets_in: Callable[[], Collection[int]] | None = None,
        kept: Kept | None = None,
    ) -> None:
        self.fixture_ids = tuple(fixture_ids)
        self.market_ids = market_ids
        self.bets_in = bets_in
        self.kept = kept or Kept()

    def narrow(self, fixture_ids: Collection[int]) -> None:
        """What has not been read yet is read of these fixtures alone."""
        self.fixture_ids = tuple(fixture_ids)

    def of_bets(self) -> QuerySet[Bet]:
        """Which bets are read."""
        return Bet.objects.all()

    @cached_property
    def fixtures(self) -> dict[int, Fixture]:
        rows = {row.pk: row for row in self.of_fixtures().filter(pk__in=self.fixture_ids)}
        self.kept.forget(set(self.fixture_ids).difference(rows))
        return rows

    def of_fixtures(self) -> QuerySet[Fixture]:
        """What is read together with a fixture."""
        return Fixture.objects.select_related("sport", "location", "league", "competition__parent", "scoreboard")

    @cached_property
    def participants(self) -> dict[int, list[Participant]]:
        return self._part("fixture_revision", Participant.objects.order_by("position", "participant_id"))

    @cached_property
    def periods(self) -> dict[int, list[Period]]:
        return self._part("periods_revision", Period.objects.order_by("type"))

    @cached_property
    def incidents(self) -> dict[int, list[Incident]]:
        return self._part("incidents_revision", Incident.objects.order_by("parent", "parent_type", "ordinal"))

    @cached_property
    def newest_incidents(self) -> dict[int, Incident]:
        """Of each fixture the incident that was told last."""
        order = [F("revision").desc(), F("period").desc(nulls_last=True), F("seconds").desc(nulls_last=True)]
        order += [F("ordinal").desc(), F("parent").desc(), F("parent_type").desc()]
        place = Window(RowNumber(), partition_by=F("fixture_id"), order_by=order)
        rows = Incident.objects.annotate(place=place).filter(place=1)
        return {pk: row for pk, (row,) in self._part("incidents_revision", rows, "newest incident").items()}

    @cached_property
    def notes(self) -> dict[int, list[FixtureNote]]:
        return grouped(FixtureNote.objects.select_related("author"), self.fixture_ids)

    @cached_property
    def player_statistics(self) -> dict[int, list[PlayerStatistic]]:
        return self._part("statistics_revision", PlayerStatistic.objects.order_by("player_name", "player_id"))

    @cached_property
    def statistics(self) -> dict[int, list[Statistic]]:
        return self._part("statistics_revision", Statistic.objects.order_by("type"))

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
        return self._bets(self.fixture_ids, self._bet_market_ids())

    def _bets(
        self, fixture_ids: Collection[int], market_ids: Collection[int] | None
    ) -> dict[tuple[int, int], list[Bet]]:
        # In an order of their own: of two equal prices every page must name the same bookmaker.
        rows = self.of_bets().filter(fixture_id__in=fixture_ids)
        rows = rows.order_by("fixture_id", "market_id", "provider_id", "bet_id")
        if market_ids is not None:
            rows = rows.filter(market_id__in=market_ids)
        by_market: dict[tuple[int, int], list[Bet]] = defaultdict(list)
        for row in rows:
            by_market[row.fixture_id, row.market_id].append(row)
        return by_market

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

    def _part(self, revision: str, rows: QuerySet[Row], name: str = "") -> dict[int, list[Row]]:
        """A part's rows by fixture; `revision` is its column of the fixture, `name` tells apart what shares a table."""
        name = name or rows.model.__name__
        fixtures = self.fixtures
        revisions = {(pk, name): getattr(fixtures[pk], revision) for pk in self.fixture_ids if pk in fixtures}

        def read(stale: list[Key]) -> dict[Key, list[Row]]:
            return {(pk, name): each for pk, each in grouped(rows, [pk for pk, _ in stale]).items()}

        return {pk: each for (pk, _), each in self.kept.read(revisions, read).items()}


def grouped(rows: QuerySet[Row], fixture_ids: Collection[int]) -> dict[int, list[Row]]:
    """The rows of each of the fixtures: one query."""
    by_fixture: dict[int, list[Row]] = defaultdict(list)
    for row in rows.filter(fixture_id__in=fixture_ids):
        by_fixture[row.fixture_id].append(row)
    return by_fixture


class RowReading(Reading):
    """What board rows need: of the named markets the bets at the main line only."""

    def of_fixtures(self) -> QuerySet[Fixture]:
        return Fixture.objects.select_related("scoreboard")

    @cached_property
    def red_cards(self) -> dict[int, list[Statistic]]:
        return self._part("statistics_revision", Statistic.objects.filter(type=RED_CARDS), "red cards")

    @cached_property
    def bets(self) -> dict[tuple[int, int], list[Bet]]:
        """By fixture and market."""
        markets = {pk: self.markets.get(pk, {}) for pk in self.fixture_ids}
        revisions = {(pk, market.market_id): market.revision for pk in markets for market in markets[pk].values()}
        return self.kept.read(revisions, self._bets_of)

    def _bets_of(self, stale: list[tuple[int, int]]) -> dict[tuple[int, int], list[Bet]]:
        return self._bets({pk for pk, _ in stale}, {market_id for _, market_id in stale})

    def of_bets(self) -> QuerySet[Bet]:
        market = Market.objects.filter(fixture_id=OuterRef("fixture_id"), market_id=OuterRef("market_id"))
        named = Provider.objects.filter(pk=OuterRef("provider_id")).values("name")
        rows = Bet.objects.annotate(
            main_line=Subquery(market.values("main_line")[:1]), provider_name=Subquery(named[:1])
        )
        return rows.filter(Q(main_line="") | Q(base_line=F("main_line")) | Q(base_line="", line=""))
