"""One reading of several fixtures: each kind of row in one query, however many fixtures there are.

Versions are made from the fixture rows, which are read first: the rows that follow are at least as new as the version
that a page then says it has, so a page can only be told again what it shows, never miss anything.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cached_property
from typing import Any, ClassVar, TypeVar

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
from feed.prepared import Prepared

RED_CARDS = 7

Row = TypeVar("Row", Participant, Period, Incident, Statistic, PlayerStatistic, FixtureNote, Market, Bet)
Many = TypeVar("Many", Market, Bet)
Rows = TypeVar("Rows")
#: A fixture, and what was read of it: the query of a part, or a market's id.
Key = tuple[int, Any]


def of_fixtures(rows: QuerySet[Row]) -> Prepared[Row]:
    return Prepared(lambda fixture_ids: rows.filter(fixture_id__in=fixture_ids))


def of_markets(rows: QuerySet[Many]) -> Prepared[Many]:
    return Prepared(lambda fixture_ids, ids: rows.filter(fixture_id__in=fixture_ids, market_id__in=ids))


def newest_incident() -> QuerySet[Incident]:
    """Of each fixture the incident that was told last."""
    order = [F("revision").desc(), F("period").desc(nulls_last=True), F("seconds").desc(nulls_last=True)]
    order += [F("ordinal").desc(), F("parent").desc(), F("parent_type").desc()]
    place = Window(RowNumber(), partition_by=F("fixture_id"), order_by=order)
    return Incident.objects.annotate(place=place).filter(place=1)


def main_line_bets() -> QuerySet[Bet]:
    """Of each market the bets at its main line, with their bookmaker's name."""
    market = Market.objects.filter(fixture_id=OuterRef("fixture_id"), market_id=OuterRef("market_id"))
    named = Provider.objects.filter(pk=OuterRef("provider_id")).values("name")
    rows = Bet.objects.annotate(main_line=Subquery(market.values("main_line")[:1]), provider_name=Subquery(named[:1]))
    return rows.filter(Q(main_line="") | Q(base_line=F("main_line")) | Q(base_line="", line=""))


FIXTURES = Prepared(
    lambda ids: Fixture.objects.select_related(
        "sport", "location", "league", "competition__parent", "scoreboard"
    ).filter(pk__in=ids)
)
ROW_FIXTURES = Prepared(lambda ids: Fixture.objects.select_related("scoreboard").filter(pk__in=ids))
PARTICIPANTS = of_fixtures(Participant.objects.order_by("position", "participant_id"))
PERIODS = of_fixtures(Period.objects.order_by("type"))
INCIDENTS = of_fixtures(Incident.objects.order_by("parent", "parent_type", "ordinal"))
NEWEST_INCIDENT = of_fixtures(newest_incident())
STATISTICS = of_fixtures(Statistic.objects.order_by("type"))
RED_CARD_STATISTICS = of_fixtures(Statistic.objects.filter(type=RED_CARDS))
PLAYER_STATISTICS = of_fixtures(PlayerStatistic.objects.order_by("player_name", "player_id"))
NOTES = of_fixtures(FixtureNote.objects.select_related("author"))
ALL_MARKETS = of_fixtures(Market.objects.order_by("market_id"))
MARKETS = of_markets(Market.objects.order_by("market_id"))
# In an order of their own: of two equal prices every page must name the same bookmaker.
IN_ORDER = ("fixture_id", "market_id", "provider_id", "bet_id")
ALL_BETS = of_fixtures(Bet.objects.order_by(*IN_ORDER))
BETS = of_markets(Bet.objects.order_by(*IN_ORDER))
MAIN_LINE_BETS = of_markets(main_line_bets().order_by(*IN_ORDER))


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

    of_fixtures: ClassVar[Prepared[Fixture]] = FIXTURES

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

    @cached_property
    def fixtures(self) -> dict[int, Fixture]:
        rows = {row.pk: row for row in self.of_fixtures(self.fixture_ids)}
        self.kept.forget(set(self.fixture_ids).difference(rows))
        return rows

    @cached_property
    def participants(self) -> dict[int, list[Participant]]:
        return self._part("fixture_revision", PARTICIPANTS)

    @cached_property
    def periods(self) -> dict[int, list[Period]]:
        return self._part("periods_revision", PERIODS)

    @cached_property
    def incidents(self) -> dict[int, list[Incident]]:
        return self._part("incidents_revision", INCIDENTS)

    @cached_property
    def newest_incidents(self) -> dict[int, Incident]:
        """Of each fixture the incident that was told last."""
        newest = self._part("incidents_revision", NEWEST_INCIDENT)
        return {pk: row for pk, (row,) in newest.items()}

    @cached_property
    def notes(self) -> dict[int, list[FixtureNote]]:
        return grouped(NOTES(self.fixture_ids))

    @cached_property
    def player_statistics(self) -> dict[int, list[PlayerStatistic]]:
        return self._part("statistics_revision", PLAYER_STATISTICS)

    @cached_property
    def statistics(self) -> dict[int, list[Statistic]]:
        return self._part("statistics_revision", STATISTICS)

    @cached_property
    def red_cards(self) -> dict[int, list[Statistic]]:
        return {pk: [row for row in rows if row.type == RED_CARDS] for pk, rows in self.statistics.items()}

    @cached_property
    def markets(self) -> dict[int, dict[int, Market]]:
        ids = self.market_ids
        rows = ALL_MARKETS(self.fixture_ids) if ids is None else MARKETS(self.fixture_ids, ids)
        by_fixture: dict[int, dict[int, Market]] = {}
        for row in rows:
            by_fixture.setdefault(row.fixture_id, {})[row.market_id] = row
        return by_fixture

    @cached_property
    def bets(self) -> dict[tuple[int, int], list[Bet]]:
        """By fixture and market."""
        ids = self._bet_market_ids()
        return by_market(ALL_BETS(self.fixture_ids) if ids is None else BETS(self.fixture_ids, ids))

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

    def _part(self, revision: str, read: Prepared[Row]) -> dict[int, list[Row]]:
        """A part's rows by fixture; `revision` is its column of the fixture."""
        fixtures = self.fixtures
        revisions = {(pk, read): getattr(fixtures[pk], revision) for pk in self.fixture_ids if pk in fixtures}

        def read_stale(stale: list[Key]) -> dict[Key, list[Row]]:
            return {(pk, read): rows for pk, rows in grouped(read([pk for pk, _ in stale])).items()}

        return {pk: rows for (pk, _), rows in self.kept.read(revisions, read_stale).items()}


class RowReading(Reading):
    """What board rows need: of the named markets the bets at the main line only."""

    of_fixtures = ROW_FIXTURES

    @cached_property
    def red_cards(self) -> dict[int, list[Statistic]]:
        return self._part("statistics_revision", RED_CARD_STATISTICS)

    @cached_property
    def bets(self) -> dict[tuple[int, int], list[Bet]]:
        """By fixture and market."""
        markets = {pk: self.markets.get(pk, {}) for pk in self.fixture_ids}
        revisions = {(pk, market.market_id): market.revision for pk in markets for market in markets[pk].values()}
        return self.kept.read(revisions, self._stale_bets)

    def _stale_bets(self, stale: list[tuple[int, int]]) -> dict[tuple[int, int], list[Bet]]:
        return by_market(MAIN_LINE_BETS({pk for pk, _ in stale}, {market_id for _, market_id in stale}))


def grouped(rows: Iterable[Row]) -> dict[int, list[Row]]:
    """The rows of each fixture."""
    by_fixture: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        by_fixture[row.fixture_id].append(row)
    return by_fixture


def by_market(bets: Iterable[Bet]) -> dict[tuple[int, int], list[Bet]]:
    """The bets of each fixture's markets."""
    sorted_out: dict[tuple[int, int], list[Bet]] = defaultdict(list)
    for bet in bets:
        sorted_out[bet.fixture_id, bet.market_id].append(bet)
    return sorted_out
