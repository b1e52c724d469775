"""Books kept between batches are used only while they are what the database has; consumers share fixtures safely."""

import threading
from collections.abc import Iterator
from decimal import Decimal

import pytest
from django.db import OperationalError, connection

from feed.models import Bet, Fixture, PriceTick, Scoreboard
from feed.store import batch, store_batch
from feed.store.book_cache import CACHE, BookCache
from feed.store.rows import LockedRow

from .saying import FIXTURE, a_source, bet, fixture_message, livescore_message, market_message

pytestmark = pytest.mark.usefixtures("either_database", "empty_cache")


@pytest.fixture
def empty_cache() -> Iterator[None]:
    CACHE.clear()
    yield
    CACHE.clear()


def price() -> Decimal | None:
    return Bet.objects.get(bet_id=1).price


class AnotherConsumer:
    """While it is entered, the store works with the books of another process."""

    def __enter__(self) -> None:
        self.ours = dict(CACHE.books)
        CACHE.clear()

    def __exit__(self, *exc: object) -> None:
        CACHE.clear()
        CACHE.put(book for book, _ in self.ours.values())


def test_it_reads_a_fixture_again_that_another_consumer_changed():
    source = a_source()
    store_batch(source, [market_message(bet(1, "2.0", 0)), livescore_message(0, "0", "0")])
    with AnotherConsumer():
        store_batch(source, [market_message(bet(1, "3.0", 9), sent=9), livescore_message(9, "1", "0")])
    assert store_batch(source, [market_message(bet(1, "2.5", 5), sent=5), livescore_message(5, "0", "0")]) == []
    assert (price(), Scoreboard.objects.get().scores["1"]) == (Decimal("3.0"), "1")


def test_it_reads_a_fixture_again_that_was_deleted_and_came_back():
    source = a_source()
    store_batch(source, [market_message(bet(1, "2.0"), bet(2, "3.0"))])
    Fixture.objects.all().delete()
    store_batch(source, [market_message(bet(1, "2.0"))])
    assert list(Bet.objects.values_list("bet_id", flat=True)) == [1]


def test_it_forgets_the_books_of_a_batch_that_failed(monkeypatch):
    source = a_source()
    store_batch(source, [market_message(bet(1, "2.0", 0))])

    def lose_connection(*args: object) -> None:
        raise OperationalError("server closed the connection")

    monkeypatch.setattr(batch, "note_source", lose_connection)
    with pytest.raises(OperationalError):
        store_batch(source, [market_message(bet(1, "9.0", 5), sent=5), fixture_message(5)])
    monkeypatch.undo()
    assert (price(), PriceTick.objects.count(), Fixture.objects.get().revision) == (Decimal("2.0"), 1, 1)
    (change,) = store_batch(source, [market_message(bet(1, "9.0", 5), sent=5)])
    assert (price(), change.revision, PriceTick.objects.count()) == (Decimal("9.0"), 2, 2)


def test_it_does_not_read_bets_again_that_it_has_just_stored():
    store_batch(a_source(), [market_message(bet(1, "2.0", 0))])
    assert FIXTURE in CACHE.books
    book = CACHE.books[FIXTURE][0]
    store_batch(a_source(), [market_message(bet(1, "2.1", 1), sent=1)])
    assert CACHE.books[FIXTURE][0] is book


def test_it_holds_no_more_rows_than_allowed(settings):
    settings.FEED_CACHE_ROWS = 10
    for number in range(1, 6):
        store_batch(a_source(), [market_message(*[bet(n) for n in range(1, 5)], number=number)])
        assert CACHE.rows <= 10
    assert list(CACHE.books) == [4, 5]
    assert CACHE.rows == sum(size for _, size in CACHE.books.values())


def test_it_works_without_keeping_any_book(settings):
    settings.FEED_CACHE_ROWS = 0
    store_batch(a_source(), [market_message(bet(1, "2.0"), bet(2, "3.0"))])
    store_batch(a_source(), [market_message(bet(1, "2.2", 1), sent=1)])
    assert (CACHE.rows, price(), Bet.objects.get(bet_id=2).price) == (0, Decimal("2.2"), Decimal("3.0"))


def test_it_gives_no_book_for_another_time_of_storing():
    store_batch(a_source(), [market_message(bet())])
    book = CACHE.books[FIXTURE][0]
    cache = BookCache()
    for locked in (LockedRow(FIXTURE, 1, None), LockedRow(FIXTURE, 2, book.fixture.stored_at)):
        cache.put([book])
        assert cache.take(locked) is None
        assert cache.rows == 0
    cache.put([book])
    assert cache.take(LockedRow(FIXTURE, 1, book.fixture.stored_at)) is book


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
