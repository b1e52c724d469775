"""Books kept between batches are used only while they are what the database has; consumers share fixtures safely."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import OperationalError, connection

from feed.models import Bet, Fixture, PriceTick, Scoreboard
from feed.store import batch, store_batch
from feed.store.book import Book
from feed.store.book_cache import CACHE, LATELY, BookCache
from feed.store.rows import FixtureRow, LockedRow

from .saying import FIXTURE, a_source, bet, fixture_message, livescore_message, market_message

pytestmark = pytest.mark.usefixtures("either_database", "empty_cache")


@pytest.fixture
def empty_cache() -> Iterator[None]:
    CACHE.clear()
    yield
    CACHE.clear()


def price() -> Decimal | None:
    return Bet.objects.get(bet_id=1).price


def kept(cache: BookCache = CACHE) -> dict[int, Book]:
    return {number: each.book for number, each in cache.needed.items() if each.book is not None}


class AnotherConsumer:
    """While it is entered, the store works with the books of another process."""

    def __enter__(self) -> None:
        self.ours = CACHE.needed, CACHE.count, CACHE.rows
        CACHE.clear()

    def __exit__(self, *exc: object) -> None:
        CACHE.needed, CACHE.count, CACHE.rows = self.ours


def test_it_reads_a_fixture_again_that_another_consumer_changed():
    source = a_source()
    store_batch(source, [market_message(bet(1, "1.9", 0)), livescore_message(0, "0", "0")])
    store_batch(source, [market_message(bet(1, "2.0", 1), sent=1)])
    assert FIXTURE in kept()
    with AnotherConsumer():
        store_batch(source, [market_message(bet(1, "3.0", 9), sent=9), livescore_message(9, "1", "0")])
    assert store_batch(source, [market_message(bet(1, "2.5", 5), sent=5), livescore_message(5, "0", "0")]) == []
    assert (price(), Scoreboard.objects.get().scores["1"]) == (Decimal("3.0"), "1")


def test_it_reads_a_fixture_again_that_was_deleted_and_came_back():
    source = a_source()
    for second in (0, 1):
        store_batch(source, [market_message(bet(1, f"2.{second}", second), bet(2, "3.0", second), sent=second)])
    assert FIXTURE in kept()
    Fixture.objects.all().delete()
    store_batch(source, [market_message(bet(1, "2.0"))])
    assert list(Bet.objects.values_list("bet_id", flat=True)) == [1]


def test_it_forgets_the_books_of_a_batch_that_failed(monkeypatch):
    source = a_source()
    store_batch(source, [market_message(bet(1, "1.9", -1), sent=-1)])
    store_batch(source, [market_message(bet(1, "2.0", 0))])
    assert FIXTURE in kept()

    def lose_connection(*args: object) -> None:
        raise OperationalError("server closed the connection")

    monkeypatch.setattr(batch, "note_source", lose_connection)
    with pytest.raises(OperationalError):
        store_batch(source, [market_message(bet(1, "9.0", 5), sent=5), fixture_message(5)])
    monkeypatch.undo()
    assert (price(), PriceTick.objects.count(), Fixture.objects.get().revision) == (Decimal("2.0"), 2, 2)
    (change,) = store_batch(source, [market_message(bet(1, "9.0", 5), sent=5)])
    assert (price(), change.revision, PriceTick.objects.count()) == (Decimal("9.0"), 3, 3)


def test_it_does_not_read_bets_again_of_a_fixture_that_is_needed_again_and_again():
    for second in (0, 1):
        store_batch(a_source(), [market_message(bet(1, f"2.{second}", second), sent=second)])
    book = kept()[FIXTURE]
    store_batch(a_source(), [market_message(bet(1, "2.2", 2), sent=2)])
    assert kept()[FIXTURE] is book
    assert price() == Decimal("2.2")


def a_book(number: int) -> Book:
    return Book(FixtureRow(id=number, revision=1))


def test_it_keeps_no_book_of_a_fixture_that_is_needed_once():
    cache = BookCache()
    cache.put(a_book(number) for number in range(LATELY))
    assert kept(cache) == {}
    cache.put([a_book(0)])
    assert list(kept(cache)) == [0]


def test_it_knows_no_more_of_a_fixture_that_was_not_needed_lately():
    cache = BookCache()
    cache.put(a_book(number) for number in (0, 0, *range(1, LATELY)))
    assert list(kept(cache)) == [0]
    cache.put([a_book(LATELY)])
    assert kept(cache) == {}
    assert (cache.rows, len(cache.needed)) == (0, LATELY)


def test_it_holds_no_more_rows_than_allowed(settings):
    settings.FEED_CACHE_ROWS = 10
    for number in range(1, 6):
        for second in (0, 1):
            bets = [bet(n, f"2.{second}", second) for n in range(1, 5)]
            store_batch(a_source(), [market_message(*bets, number=number, sent=second)])
            assert CACHE.rows <= 10
    assert list(kept()) == [4, 5]
    assert CACHE.rows == sum(each.rows for each in CACHE.needed.values())


def test_it_works_without_keeping_any_book(settings):
    settings.FEED_CACHE_ROWS = 0
    store_batch(a_source(), [market_message(bet(1, "2.0"), bet(2, "3.0"))])
    store_batch(a_source(), [market_message(bet(1, "2.2", 1), sent=1)])
    assert (CACHE.rows, price(), Bet.objects.get(bet_id=2).price) == (0, Decimal("2.2"), Decimal("3.0"))


def test_it_gives_no_book_for_another_time_of_storing():
    book, cache = a_book(FIXTURE), BookCache()
    book.fixture.stored_at = stored_at = datetime(2026, 5, 1, tzinfo=UTC)
    cache.put([book])
    for locked in (LockedRow(FIXTURE, 1, None), LockedRow(FIXTURE, 2, stored_at)):
        cache.put([book])
        assert cache.take(locked) is None
        assert cache.rows == 0
    cache.put([book])
    assert cache.take(LockedRow(FIXTURE, 1, stored_at)) is book
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
        ticks = PriceTick.objects.filter(fixture_id=fixture.pk)
        assert fixture.revision == ticks.values("revision").distinct().count()
