"""Whatever happens to messages on their way, as long as they come, the desk ends with what the supplier knows."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from feed.ingest.loop import Ingest
from feed.models import Bet, FeedSource, Fixture, Period, RejectedMessage, Scoreboard, UnknownCode
from sandbox.coverage import Coverage
from sandbox.dialects.hyper import NOT_COVERED
from sandbox.distribution import Distribution
from sandbox.faults import KINDS, Faults
from sandbox.match import Match
from sandbox.outgoing import BEFORE_PLAY
from sandbox.supplier import Supplier
from tests.feed_messages import ListTransport

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(180)]
START = datetime(2026, 1, 10, 15, tzinfo=UTC)
SECONDS = 30


def stored(dialect: str, *faults: str, speed: float = 60.0) -> Supplier:
    """The supplier after half a minute (of real time) whose messages are in the database; the faults end with it."""
    supplier = Supplier(seed=11, fixtures=14, start=START, speed=speed, dialect=dialect, bookmakers=1)
    distribution = Distribution(supplier, faults=Faults(*faults))
    bodies = [outgoing.body for _, outgoing in distribution.messages(START + timedelta(seconds=SECONDS))]
    for name in KINDS:
        distribution.faults.stop(name)
    bodies += [
        outgoing.body for _, outgoing in distribution.messages(START + timedelta(seconds=SECONDS, milliseconds=1))
    ]
    source = FeedSource.objects.create(name="simulated", kind=FeedSource.Kind.SANDBOX)
    Ingest(ListTransport(bodies), source).run()
    return supplier


def announced(supplier: Supplier) -> list[Coverage]:
    return [coverage for coverage in supplier.coverages.values() if coverage.is_announced]


def matches(supplier: Supplier) -> list[Match]:
    """Those in play or over that are watched: of one whose coverage is lost nothing is sent."""
    contests = [coverage.contest for coverage in announced(supplier)]
    return [
        contest
        for contest in contests
        if isinstance(contest, Match) and contest.covered and contest.status not in BEFORE_PLAY
    ]


def of_the_supplier(coverage: Coverage, *, calculated: bool) -> dict[tuple[int, int], Any]:
    """Its bets: price, status and settlement by bookmaker (0 calculates) and id."""
    return {
        (book, quote.id): (quote.price, int(quote.status), bet.settlement)
        for bet in coverage.offer
        for book, quote in bet.quotes.items()
        if book or calculated
    }


def of_the_desk(fixture_id: int) -> dict[tuple[int, int], Any]:
    rows = Bet.objects.filter(fixture_id=fixture_id)
    return {(row.provider_id, row.bet_id): (float(row.price), row.status, row.settlement) for row in rows}


def check_scores(supplier: Supplier) -> None:
    for match in matches(supplier):
        row = Scoreboard.objects.get(pk=match.card.fixture_id)
        assert (row.status, row.current_period) == (match.status, match.current)
        assert row.scores == {"1": str(match.score[0]), "2": str(match.score[1])}
        periods = {period.type: list(period.scores.values()) for period in Period.objects.filter(fixture_id=row.pk)}
        assert periods == {
            number: [str(value) for value in played.texts or played.values] for number, played in match.periods.items()
        }


def check_bets(supplier: Supplier, *, calculated: bool) -> None:
    for coverage in announced(supplier):
        ours, theirs = of_the_desk(coverage.fixture_id), of_the_supplier(coverage, calculated=calculated)
        assert {
            key: (ours.get(key), theirs.get(key)) for key in ours | theirs if ours.get(key) != theirs.get(key)
        } == {}


@pytest.mark.parametrize(
    ("dialect", "faults"),
    [
        ("trade", ("duplicates:0.5", "delay:3")),
        ("trade", ("reordering:0.5", "duplicates:0.5")),
        ("oddservice-xml", ("duplicates:0.5",)),
    ],
    ids=str,
)
def test_the_desk_ends_with_what_the_supplier_knows(dialect: str, faults: tuple[str, ...]) -> None:
    supplier = stored(dialect, *faults)
    assert len(matches(supplier)) > 5
    check_scores(supplier)
    check_bets(supplier, calculated=dialect == "trade")
    assert not RejectedMessage.objects.exists()
    assert not UnknownCode.objects.exists()
    statuses = dict(Fixture.objects.filter(pk__in=supplier.coverages).values_list("pk", "status"))
    assert statuses == {coverage.fixture_id: int(coverage.contest.status) for coverage in announced(supplier)}


def test_hypers_incidents_add_up_to_the_score_in_whatever_order_they_come() -> None:
    """Of matches that were under way before, Hyper does not tell what had happened."""
    supplier = stored("hyper", "reordering:0.5", "duplicates:0.5", speed=200.0)
    begun = [match for match in matches(supplier) if match.card.start >= supplier.start]
    covered = {match.card.fixture_id: match for match in begun if match.card.sport.id not in NOT_COVERED}
    scores = dict(Scoreboard.objects.filter(pk__in=covered).values_list("pk", "scores"))
    assert sum(map(bool, scores.values())) > 3
    for pk, match in covered.items():
        assert list((scores[pk] or {"1": "0", "2": "0"}).values()) == [str(points) for points in match.score]
