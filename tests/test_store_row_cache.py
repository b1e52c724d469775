"""Rows cached between batches are used only while the database has the same; consumers share fixtures safely."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import OperationalError, connection

from feed.models import Bet, Fixture, JournalEntry, Scoreboard
from feed.store import batch, store_batch
from feed.store.rows.fixture_rows import FixtureRows
from feed.store.rows.row_cache import CACHE, USES_REMEMBERED, RowCache
from feed.store.rows.structs import FixtureRow, LockedRow

from .journal_rows import all_prices
from .received import FIXTURE, a_source, bet, fixture_message, livescore_message, market_message

pytestmark = pytest.mark.usefixtures("either_database", "empty_cache")


@pytest.fixture
def empty_cache() -> Iterator[None]:
    CACHE.clear()
    yield
    CACHE.clear()


def price() -> Decimal | None:
    return Bet.objects.get(bet_id=1).price


def cached(cache: RowCache = CACHE) -> dict[int, FixtureRows]:
    return {number: use.rows for number, use in cache.uses.items() if use.rows is not None}


class AnotherConsumer:
    """While it is entered, the store works with the cache of another process."""

    def __enter__(self) -> None:
        self.before = CACHE.uses, CACHE.count, CACHE.size
        CACHE.clear()

    def __exit__(self, *exc: object) -> None:
        CACHE.uses, CACHE.count, CACHE.size = self.before


def test_it_reads_a_fixture_again_that_another_consumer_changed():
    source = a_source()
    store_batch(source, [market_message(bet(1, "1.9", 0)), livescore_message(0, "0", "0")])
    store_batch(source, [market_message(bet(1, "2.0", 1), sent=1)])
    assert FIXTURE in cached()
    with AnotherConsumer():
        store_batch(source, [market_message(bet(1, "3.0", 9), sent=9), livescore_message(9, "1", "0")])
    assert store_batch(source, [market_message(bet(1, "2.5", 5), sent=5), livescore_message(5, "0", "0")]) == []
    assert (price(), Scoreboard.objects.get().scores["1"]) == (Decimal("3.0"), "1")


def test_it_reads_a_fixture_again_that_was_deleted_and_came_back():
    source = a_source()
    for second in (0, 1):
        store_batch(source, [market_message(bet(1, f"2.{second}", second), bet(2, "3.0", second), sent=second)])
    assert FIXTURE in cached()
    Fixture.objects.all().delete()
    store_batch(source, [market_message(bet(1, "2.0"))])
    assert list(Bet.objects.values_list("bet_id", flat=True)) == [1]


def test_it_forgets_the_rows_of_a_batch_that_failed(monkeypatch: pytest.MonkeyPatch):
    source = a_source()
    store_batch(source, [market_message(bet(1, "1.9", -1), sent=-1)])
    store_batch(source, [market_message(bet(1, "2.0", 0))])
    assert FIXTURE in cached()

    def lose_connection(*args: object) -> None:
        raise OperationalError("server closed the connection")

    monkeypatch.setattr(batch, "note_source", lose_connection)
    with pytest.raises(OperationalError):
        store_batch(source, [market_message(bet(1, "9.0", 5), sent=5), fixture_message(5)])
    monkeypatch.undo()
    assert (price(), len(all_prices()), Fixture.objects.get().revision) == (Decimal("2.0"), 2, 2)
    (change,) = store_batch(source, [market_message(bet(1, "9.0", 5), sent=5)])
    assert (price(), change.revision, len(all_prices())) == (Decimal("9.0"), 3, 3)


def test_it_does_not_read_bets_again_of_a_fixture_that_is_needed_again_and_again():
    for second in (0, 1):
        store_batch(a_source(), [market_message(bet(1, f"2.{second}", second), sent=second)])
    rows = cached()[FIXTURE]
    store_batch(a_source(), [market_message(bet(1, "2.2", 2), sent=2)])
    assert cached()[FIXTURE] is rows
    assert price() == Decimal("2.2")


def fixture_rows(number: int) -> FixtureRows:
    return FixtureRows(FixtureRow(id=number, revision=1))


def test_it_caches_no_rows_of_a_fixture_that_is_needed_once():
    cache = RowCache()
    cache.put(fixture_rows(number) for number in range(USES_REMEMBERED))
    assert cached(cache) == {}
    cache.put([fixture_rows(0)])
    assert list(cached(cache)) == [0]


def test_it_forgets_a_fixture_that_was_not_needed_lately():
    cache = RowCache()
    cache.put(fixture_rows(number) for number in (0, 0, *range(1, USES_REMEMBERED)))
    assert list(cached(cache)) == [0]
    cache.put([fixture_rows(USES_REMEMBERED)])
    assert cached(cache) == {}
    assert (cache.size, len(cache.uses)) == (0, USES_REMEMBERED)


def test_it_holds_no_more_rows_than_allowed(settings: Any):
    settings.FEED_CACHE_ROWS = 10
    for number in range(1, 6):
        for second in (0, 1):
            bets = [bet(n, f"2.{second}", second) for n in range(1, 5)]
            store_batch(a_source(), [market_message(*bets, number=number, sent=second)])
            assert CACHE.size <= 10
    assert list(cached()) == [4, 5]
    assert CACHE.size == sum(use.size for use in CACHE.uses.values())


def test_it_works_without_caching_any_rows(settings: Any):
    settings.FEED_CACHE_ROWS = 0
    store_batch(a_source(), [market_message(bet(1, "2.0"), bet(2, "3.0"))])
    store_batch(a_source(), [market_message(bet(1, "2.2", 1), sent=1)])
    assert (CACHE.size, price(), Bet.objects.get(bet_id=2).price) == (0, Decimal("2.2"), Decimal("3.0"))


def test_it_gives_no_rows_that_were_stored_at_another_time():
    rows, cache = fixture_rows(FIXTURE), RowCache()
    rows.fixture.stored_at = stored_at = datetime(2026, 5, 1, tzinfo=UTC)
    cache.put([rows])
    for locked in (LockedRow(FIXTURE, 1, None), LockedRow(FIXTURE, 2, stored_at)):
        cache.put([rows])
        assert cache.take(locked) is None
        assert cache.size == 0
    cache.put([rows])
    assert cache.take(LockedRow(FIXTURE, 1, stored_at)) is rows
    assert cache.take(LockedRow(FIXTURE, 1, stored_at)) is None


def test_it_stores_the_same_fixtures_from_two_consumers_at_once():
    """On PostgreSQL they meet at the rows' locks, on SQLite at the database's."""
    sources = [a_source("One"), a_source("Two")]
    failures: list[BaseException] = []

    def consume(which: int) -> None:
        numbers = range(1, 9) if which == 0 else range(8, 0, -1)
        try:
            for step in range(12):
                price = f"{2 + step / 100 + which / 1000:.3f}"
                moment = 2 * step + which
                store_batch(
                    sources[which],
                    [market_message(bet(1, price, moment), sent=moment, number=number) for number in numbers],
                )
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=consume, args=(which,)) for which in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert set(Bet.objects.values_list("price", flat=True)) == {Decimal("2.111")}
    for fixture in Fixture.objects.all():
        entries = JournalEntry.objects.filter(fixture_id=fixture.pk)
        assert fixture.revision == entries.values("revision").distinct().count()
