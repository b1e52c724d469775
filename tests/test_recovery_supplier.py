"""Recovering and repairing from the simulated supplier: over its API, into the database, in the desk's own words."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from feed.models import Bet, FeedSource, Fixture, Market, Recovery
from feed.recovery.worker import SourceWorker
from feed.store.gaps import open_gaps
from feed.vouching.source_health import state_of
from packages_admin.actions import perform
from packages_admin.models import PackageCall
from packages_admin.products import Action
from packages_admin.source_expectation import write_expectations
from packages_admin.supplier import PackageSupplier

from .packages import CRON
from .polling import poll
from .test_package_supplier import Both

pytestmark = pytest.mark.django_db
State = FeedSource.State


def now_up() -> FeedSource:
    now = datetime.now(UTC)
    FeedSource.objects.update(state=State.UP, state_since=now, last_message_at=now)
    return FeedSource.objects.get()


def state() -> State:
    return state_of(FeedSource.objects.get(), datetime.now(UTC)).state


@pytest.fixture
def trade(settings: Any) -> Iterator[Both]:
    settings.FEED_RECOVERY_SECONDS = 1200
    both = Both("trade_in_play", "trade")
    perform(both.package, Action.ACTIVATE, CRON)
    both.package.refresh_from_db()
    write_expectations(both.package)
    yield both
    both.server.close()


def lose(trade: Both, seconds: float) -> None:
    """What LSports sends in that time is lost."""
    trade.now += timedelta(seconds=seconds)
    list(trade.distribution.messages(trade.now))


def until_idle(worker: SourceWorker) -> None:
    """Let it ask until it has nothing more to ask for."""

    def is_idle() -> bool:
        return not worker.turn() and not Recovery.objects.filter(ended_at=None).exists()

    poll(is_idle)


def test_from_the_simulated_supplier_what_was_lost_comes_and_is_confirmed(trade: Both) -> None:
    trade.run(1800)
    lose(trade, 60)
    trade.run(10)
    source = now_up()
    assert state() == State.RECOVERING
    stale = Bet.objects.filter(epoch__lt=source.epoch, status=1, fixture__status=2)
    assert stale.exists()
    until_idle(SourceWorker(source.pk, PackageSupplier(), lambda source_id: None))
    assert state() == State.UP
    assert not stale.exists()
    first = PackageCall.objects.filter(action=Action.SNAPSHOT).order_by("pk").first()
    assert first is not None
    assert set(first.request["Fixtures"]) <= set(Fixture.objects.filter(status=2).values_list("pk", flat=True))


def test_a_market_with_a_missing_message_is_asked_for_by_itself_and_healed(trade: Both) -> None:
    trade.run(1800)
    trade.distribution.faults.start("lost:0.2")
    trade.run(30)
    trade.distribution.faults.stop("lost")
    source = now_up()
    poll(lambda: open_gaps(source, datetime.now(UTC)))
    gaps = Market.objects.filter(gap_since__isnull=False)
    places = set(gaps.values_list("fixture_id", "market_id"))
    began = time.monotonic()
    worker = SourceWorker(source.pk, PackageSupplier(), lambda source_id: None)
    poll(lambda: worker.turn() in (True, False) and not gaps.exists())
    assert time.monotonic() - began < 5 * (1 + len(places) // 20)
    requests = list(PackageCall.objects.filter(action=Action.SNAPSHOT).values_list("request", flat=True))
    assert requests
    # Where heartbeats were lost too, all fixtures in play are asked for first, with all of their markets.
    for request in (request for request in requests if "Markets" in request):
        assert {pk for pk, _ in places} >= set(request["Fixtures"])
        assert {market for _, market in places} >= set(request["Markets"])
