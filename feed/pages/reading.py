"""One reading of several fixtures: each kind of row in one query, however many fixtures there are.

Versions are made from the fixture rows, which are read first: the rows that follow are at least as new as the version
that a page then says it has, so a page can only be sent again what it shows, never miss anything.

The cached properties are Django's: those of Python 3.11 share a lock between all instances of a class, so that one slow
query would hold up every other reading.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import ClassVar, TypeVar

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Window
from django.db.models.functions import Rank
from django.utils.functional import cached_property

from feed.changes import REVISION_COLUMNS, Aspect
from feed.codes import IncidentType
from feed.database.prepared import Prepared
from feed.journal.prices import settlements
from feed.models import (
    Bet,
    Fixture,
    FixtureNote,
    Incident,
    JournalEntry,
    Market,
    Participant,
    Period,
    PlayerStatistic,
    Provider,
    ProviderMarket,
    Statistic,
)
from feed.pages.order import newest_of
from feed.pages.prices.providers import NAMES
from feed.pages.row_cache import Key, RowCache
from feed.vouching.market import MarketVouching, market_stated, stated
from feed.vouching.predicate import Statement
from feed.vouching.reading import CLOSED_PROVIDERS
from feed.vouching.reading import by_market as statements_by_market
from feed.vouching.sources import Vouching

Row = TypeVar(
    "Row", Participant, Period, Incident, Statistic, PlayerStatistic, FixtureNote, Market, ProviderMarket, Bet
)
Many = TypeVar("Many", Market, ProviderMarket, Bet)


def of_fixtures(rows: QuerySet[Row]) -> Prepared[Row]:
    return Prepared(lambda fixture_ids: rows.filter(fixture_id__in=fixture_ids))


def of_markets(rows: QuerySet[Many]) -> Prepared[Many]:
    return Prepared(lambda fixture_ids, ids: rows.filter(fixture_id__in=fixture_ids, market_id__in=ids))


def whole_fixtures(*more: str) -> QuerySet[Fixture]:
    """Fixtures with what their own pages show of them, and `has_settlements`: whether a bet of theirs ever was settled.
    `more` names other rows to join."""
    joined = "sport", "location", "league", "competition__parent", "scoreboard", *more
    settled = JournalEntry.objects.filter(fixture_id=OuterRef("pk"), settles=True)
    return Fixture.objects.select_related(*joined).annotate(has_settlements=Exists(settled))


def newest_incidents() -> QuerySet[Incident]:
    """Each fixture's incidents of its latest period, among which `newest_of` finds the newest."""
    place = Window(Rank(), partition_by=F("fixture_id"), order_by=F("period").desc(nulls_last=True))
    return Incident.objects.annotate(place=place).filter(place=1)


def main_line_bets() -> QuerySet[Bet]:
    """Each market's bets that may be at its main line, with their bookmaker's name."""
    market = Market.objects.filter(fixture_id=OuterRef("fixture_id"), market_id=OuterRef("market_id"))
    named = Provider.objects.filter(pk=OuterRef("provider_id")).values("name")
    rows = Bet.objects.annotate(main_line=Subquery(market.values("main_line")[:1]), provider_name=Subquery(named[:1]))
    return rows.filter(Q(main_line="") | Q(base_line=F("main_line")) | Q(base_line=""))


def row_fixtures() -> QuerySet[Fixture]:
    """Fixtures with what board rows show of them, and the newest note on each: `note_id` and `note`, None without."""
    notes = FixtureNote.objects.filter(fixture_id=OuterRef("pk")).order_by("-pk")
    newest = {"note_id": Subquery(notes.values("pk")[:1]), "note": Subquery(notes.values("text")[:1])}
    return Fixture.objects.select_related("scoreboard").annotate(**newest)


FIXTURES = Prepared(lambda ids: whole_fixtures().filter(pk__in=ids))
ROW_FIXTURES = Prepared(lambda ids: row_fixtures().filter(pk__in=ids))
# SQLite puts rows without a position first, PostgreSQL last; the past is read from the one, the present from the other.
PARTICIPANTS = of_fixtures(Participant.objects.order_by(F("position").asc(nulls_last=True), "participant_id", "-slot"))
PERIODS = of_fixtures(Period.objects.order_by("type"))
INCIDENTS = of_fixtures(Incident.objects.order_by("parent", "parent_type", "ordinal"))
NEWEST_INCIDENTS = of_fixtures(newest_incidents())
STATISTICS = of_fixtures(Statistic.objects.order_by("type"))
RED_CARD_STATISTICS = of_fixtures(Statistic.objects.filter(type=IncidentType.RED_CARD))
PLAYER_STATISTICS = of_fixtures(PlayerStatistic.objects.order_by("player_name", "player_id"))
NOTES = of_fixtures(FixtureNote.objects.select_related("author"))
# What only the store and the journal need of a market is not read: a page may have 300, and each column takes time.
SHOWN_MARKETS = Market.objects.order_by("market_id").defer(
    "side",
    "seq",
    "settled_seq",
    "numbered_at",
    "numbered_epoch",
    "missing",
    "skipped_at",
    "keyframe_revision",
    "keyframe_at",
    "entries",
)
ALL_MARKETS = of_fixtures(SHOWN_MARKETS)
MARKETS = of_markets(SHOWN_MARKETS)
# The order is fixed so that, of two equal prices, every page names the same bookmaker.
IN_ORDER = ("fixture_id", "market_id", "provider_id", "bet_id")
ALL_BETS = of_fixtures(Bet.objects.order_by(*IN_ORDER))
BETS = of_markets(Bet.objects.order_by(*IN_ORDER))
ALL_CLOSED_PROVIDERS, CLOSED_PROVIDERS_OF = of_fixtures(CLOSED_PROVIDERS), of_markets(CLOSED_PROVIDERS)
MAIN_LINE_BETS = of_markets(main_line_bets().order_by(*IN_ORDER))


class Reading:
    """Rows of `fixture_ids`, each kind read when first asked for.

    `market_ids` limits markets and bets to those; `bets_in`, called when bets are first read, limits the bets further.
    `cache` has what earlier readings read.
    """

    of_fixtures: ClassVar[Prepared[Fixture]] = FIXTURES

    def __init__(
        self,
        fixture_ids: Collection[int],
        market_ids: Collection[int] | None = None,
        bets_in: Callable[[], Collection[int]] | None = None,
        cache: RowCache | None = None,
    ) -> None:
        self.fixture_ids = tuple(fixture_ids)
        self.market_ids = market_ids
        self.bets_in = bets_in
        self.cache = cache or RowCache()

    def narrow(self, fixture_ids: Collection[int]) -> None:
        """What has not been read yet is read of these fixtures alone."""
        self.fixture_ids = tuple(fixture_ids)

    @cached_property
    def fixtures(self) -> dict[int, Fixture]:
        rows = {row.pk: row for row in self.of_fixtures(self.fixture_ids)}
        self.cache.forget(set(self.fixture_ids).difference(rows))
        return rows

    @cached_property
    def participants(self) -> dict[int, list[Participant]]:
        return self._aspect(Aspect.FIXTURE, PARTICIPANTS)

    @cached_property
    def periods(self) -> dict[int, list[Period]]:
        return self._aspect(Aspect.PERIODS, PERIODS)

    @cached_property
    def incidents(self) -> dict[int, list[Incident]]:
        return self._aspect(Aspect.INCIDENTS, INCIDENTS)

    @cached_property
    def newest_incidents(self) -> dict[int, Incident]:
        """The newest incident of each fixture."""
        newest = self._aspect(Aspect.INCIDENTS, NEWEST_INCIDENTS)
        return {pk: newest_of(rows) for pk, rows in newest.items()}

    @cached_property
    def notes(self) -> dict[int, list[FixtureNote]]:
        return grouped(NOTES(self.fixture_ids))

    @cached_property
    def player_statistics(self) -> dict[int, list[PlayerStatistic]]:
        return self._aspect(Aspect.STATISTICS, PLAYER_STATISTICS)

    @cached_property
    def statistics(self) -> dict[int, list[Statistic]]:
        return self._aspect(Aspect.STATISTICS, STATISTICS)

    @cached_property
    def red_cards(self) -> dict[int, list[Statistic]]:
        return {pk: [row for row in rows if row.type == IncidentType.RED_CARD] for pk, rows in self.statistics.items()}

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
        """The bets by fixture and market."""
        ids = self._bet_market_ids()
        return by_market(ALL_BETS(self.fixture_ids) if ids is None else BETS(self.fixture_ids, ids))

    @cached_property
    def provider_markets(self) -> dict[tuple[int, int], dict[int, Statement]]:
        """What the bookmakers' markets that close their bets state: by fixture and market, then by provider."""
        ids = self._bet_market_ids()
        rows = ALL_CLOSED_PROVIDERS(self.fixture_ids) if ids is None else CLOSED_PROVIDERS_OF(self.fixture_ids, ids)
        return statements_by_market(rows)

    def vouching_for(self, market: Market, vouching: Vouching) -> MarketVouching:
        """What decides of each bet of the market whether it is open."""
        key = market.fixture_id, market.market_id
        fixture = self.fixtures[market.fixture_id]
        providers = self.provider_markets.get(key, {})
        return MarketVouching(
            vouching, stated(fixture), market_stated(market), providers, fixture.charge, fixture.non_runners
        )

    def _bet_market_ids(self) -> Collection[int] | None:
        return self.bets_in() if self.bets_in is not None else self.market_ids

    @cached_property
    def settlements(self) -> dict[tuple[int, int, int, int], list[int]]:
        """Every settlement that a bet has had, whatever it is now: by fixture, market, provider and bet."""
        found: dict[tuple[int, int, int, int], list[int]] = defaultdict(list)
        settled = [pk for pk, fixture in self.fixtures.items() if getattr(fixture, "has_settlements", True)]
        for state in settlements(settled, self._bet_market_ids()) if settled else ():
            found[state.bet].append(state.settlement or 0)
        return found

    @cached_property
    def providers(self) -> dict[int, str]:
        """The names of bookmakers."""
        return NAMES.of({bet.provider_id for bets in self.bets.values() for bet in bets})

    def _aspect(self, aspect: Aspect, read: Prepared[Row]) -> dict[int, list[Row]]:
        """An aspect's rows by fixture."""
        fixtures, column = self.fixtures, REVISION_COLUMNS[aspect]
        revisions = {(pk, read): getattr(fixtures[pk], column) for pk in self.fixture_ids if pk in fixtures}

        def read_stale(stale: list[Key]) -> dict[Key, list[Row]]:
            return {(pk, read): rows for pk, rows in grouped(read([pk for pk, _ in stale])).items()}

        return {pk: rows for (pk, _), rows in self.cache.read(revisions, read_stale).items()}


class RowReading(Reading):
    """What board rows need: of the named markets the bets at the main line only."""

    of_fixtures = ROW_FIXTURES

    @cached_property
    def red_cards(self) -> dict[int, list[Statistic]]:
        return self._aspect(Aspect.STATISTICS, RED_CARD_STATISTICS)

    @cached_property
    def bets(self) -> dict[tuple[int, int], list[Bet]]:
        """The bets by fixture and market."""
        revisions = {(pk, market_id): revision for pk, market_id, revision in self._market_revisions()}
        return self.cache.read(revisions, self._stale_bets)

    @cached_property
    def provider_markets(self) -> dict[tuple[int, int], dict[int, Statement]]:
        """What the bookmakers' markets that close their bets state: by fixture and market, then by provider."""
        revisions = {(pk, (market_id,)): revision for pk, market_id, revision in self._market_revisions()}
        rows = self.cache.read(revisions, self._stale_provider_markets)
        return {(pk, market_id): statements for (pk, (market_id,)), statements in rows.items()}

    def _market_revisions(self) -> Iterator[tuple[int, int, int]]:
        """Each market that rows show: its fixture, its id, the revision of its newest change."""
        for pk in self.fixture_ids:
            for market in self.markets.get(pk, {}).values():
                yield pk, market.market_id, market.revision

    def _stale_bets(self, stale: list[tuple[int, int]]) -> dict[tuple[int, int], list[Bet]]:
        return by_market(MAIN_LINE_BETS({pk for pk, _ in stale}, {market_id for _, market_id in stale}))

    def _stale_provider_markets(self, stale: list[Key]) -> dict[Key, dict[int, Statement]]:
        """The keys have the market's id in a tuple, since its bets are cached under the id itself."""
        rows = CLOSED_PROVIDERS_OF({pk for pk, _ in stale}, {market_id for _, (market_id,) in stale})
        return {(pk, (market_id,)): found for (pk, market_id), found in statements_by_market(rows).items()}


def grouped(rows: Iterable[Row]) -> dict[int, list[Row]]:
    """The rows of each fixture."""
    by_fixture: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        by_fixture[row.fixture_id].append(row)
    return by_fixture


def by_market(bets: Iterable[Bet]) -> dict[tuple[int, int], list[Bet]]:
    """The bets of each fixture's markets."""
    found: dict[tuple[int, int], list[Bet]] = defaultdict(list)
    for bet in bets:
        found[bet.fixture_id, bet.market_id].append(bet)
    return found
