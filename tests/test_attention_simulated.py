"""Attention on the simulated supplier: nothing is listed while all is well, and each fault that is sown is."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.db.models import Exists, F, OuterRef, QuerySet

from feed.attention.concerns import Concern, Kind
from feed.attention.listing import AttentionList
from feed.codes import IN_PLAY, SPORTS, TOTALS, WINNERS, BetStatus, FixtureStatus
from feed.ingest.loop import Ingest
from feed.models import Bet, FeedSource, Fixture, Market, Scoreboard
from feed.models.market import CALCULATED
from feed.pages.prices.movers import MARKETS
from feed.transport import Delivery
from feed.vouching.source_health import Health
from feed.vouching.sources import SourceHealth, Vouching
from sandbox.distribution import Distribution
from sandbox.supplier import Supplier

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(180)]
START = datetime(2026, 11, 27, 15, tzinfo=UTC)
SECONDS, STEP = 120, 4
OF_SETS = [sport.id for sport in SPORTS.values() if sport.counts_sets]


class Playing:
    """What the supplier sends in its own time; after each step the list is read."""

    trouble = ""

    def __init__(self) -> None:
        self.distribution = Distribution(Supplier(seed=5, fixtures=16, start=START, bookmakers=6))
        self.listing = AttentionList()
        self.listed: list[Concern] = []

    def __iter__(self) -> Iterator[Delivery | None]:
        tag = 0
        for second in range(STEP, SECONDS, STEP):
            now = START + timedelta(seconds=second)
            for _, sent in self.distribution.messages(now):
                tag += 1
                received_at = datetime.fromtimestamp(sent.at / 1000, UTC)
                yield Delivery(body=sent.body, received_at=received_at, tag=tag)
            yield None
            self.listed += self.due(now)

    def due(self, now: datetime) -> list[Concern]:
        source = FeedSource.objects.get()
        return self.listing.due(now, Vouching((SourceHealth(source, Health(FeedSource.State.UP, now)),)))

    def ack(self, last: Delivery) -> None: ...

    def close(self) -> None: ...


def test_nothing_is_listed_in_a_clean_simulation_and_each_fault_that_is_sown_is():
    source = FeedSource.objects.create(name="simulated", kind=FeedSource.Kind.SANDBOX)
    playing = Playing()
    Ingest(playing, source).run()
    assert [f"{concern.kind} {concern.title}: {concern.text}" for concern in playing.listed] == []
    now = START + timedelta(seconds=SECONDS)
    sown = sow(now, source)
    playing.due(now)
    listed = {(concern.kind, concern.fixture_id) for concern in playing.due(now + timedelta(seconds=31))}
    assert sown <= listed


def sow(now: datetime, source: FeedSource) -> set[tuple[Kind, int]]:
    """A fault of each kind, in a fixture of its own; some began a while ago."""
    stray, alone, hole, shut, decided = matches_with_open_winner()[:5]
    book = books(stray).filter(market_id__in=WINNERS, status=BetStatus.OPEN)[0]
    same = books(stray).filter(market_id=book.market_id, provider_id=book.provider_id)
    same.filter(name=book.name).update(price=F("price") * 6)
    book = books(alone).filter(market_id__in=WINNERS, status=BetStatus.OPEN)[0]
    suspend(books(alone).filter(market_id=book.market_id, provider_id=book.provider_id), now)
    missing = {"gap_since": now, "skipped_at": now, "numbered_by": source.pk}
    Market.objects.filter(fixture_id=hole, market_id__in=WINNERS).update(**missing)
    suspend(books(shut), now)
    Scoreboard.objects.filter(fixture_id=decided).update(scores={"1": "99", "2": "99"})
    start = Fixture.objects.matches().filter(status=FixtureStatus.NOT_STARTED).latest("id").pk
    Fixture.objects.filter(pk=start).update(start_at=now + timedelta(minutes=4))
    suspend(books(start), now)
    kinds = (Kind.SCORE, Kind.BOOKS, Kind.CLOSED, Kind.HOLE, Kind.SUSPENDED, Kind.START)
    sown = dict(zip(kinds, (decided, stray, alone, hole, shut, start), strict=True))
    for pk in sown.values():
        stamp(pk)
    return set(sown.items())


def matches_with_open_winner() -> list[int]:
    """In play, of sports whose score is the total, with an open price on who wins and on the total."""
    rows = Fixture.objects.matches().filter(status__in=IN_PLAY).exclude(sport_id__in=OF_SETS).order_by("id")
    own = {"fixture_id": OuterRef("pk"), "status": BetStatus.OPEN}
    for markets in (WINNERS, TOTALS):
        rows = rows.filter(Exists(Bet.objects.filter(market_id__in=markets, **own)))
    return list(rows.values_list("pk", flat=True))


def books(fixture_id: int) -> QuerySet[Bet]:
    return Bet.objects.filter(fixture_id=fixture_id, market_id__in=MARKETS).exclude(provider_id=CALCULATED)


def suspend(bets: QuerySet[Bet], now: datetime) -> None:
    bets.update(status=BetStatus.SUSPENDED, received_at=now - timedelta(minutes=4))


def stamp(fixture_id: int) -> None:
    """As a batch that changes all of it would."""
    Fixture.objects.filter(pk=fixture_id).update(revision=F("revision") + 1)
    Bet.objects.filter(fixture_id=fixture_id).update(revision=Fixture.objects.get(pk=fixture_id).revision)
