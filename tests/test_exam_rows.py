"""The exam's balance of rows and history: what is lost, forgotten, doubled, and what nobody could ever take."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, cast

from exam.count import Window
from exam.rows import BETS, Balance, balance
from feed.journal.blobs import columns, packed
from tests.test_exam_count import Feed

AT = datetime(2026, 5, 1, 12, tzinfo=UTC)


class Server:
    """A desk whose journal has these prices of the bet, and whose row has the last of them."""

    def __init__(self, *prices: str) -> None:
        self.prices = list(map(Decimal, prices))

    def execute(self, query: str, values: object = ()) -> list[tuple[Any, ...]]:
        if query == BETS:
            return [(7, 1, 8, 70, 1, self.prices[-1])]
        return [(7, 1, packed((AT, [self.step(price)], None))) for price in self.prices]

    def step(self, price: Decimal) -> tuple[Any, ...]:
        market = {"fixture_id": 7, "market_id": 1, "name": "", "revision": 1}
        return AT, AT, 1, market, [], columns([(8, 70, price, 1, None, None, None, None, AT, 0)]), []


def balanced(feed: Feed, server: Server, *purges: Window) -> Balance:
    return balance(feed.truth(), cast(Any, server), purges)


def test_a_statement_that_was_sent_and_is_not_in_the_journal_is_forgotten() -> None:
    feed = Feed().says(1, "2.00").says(20, "2.10").says(30, "2.20")
    assert balanced(feed, Server("2.00", "2.20")) == Balance(1, 0, 0, words=3, forgotten=1, doubled=0)
    assert balanced(feed, Server("2.00", "2.10", "2.20")).forgotten == 0


def test_what_was_deleted_in_the_queue_is_not_forgotten_but_purged() -> None:
    feed = Feed().says(1, "2.00").says(20, "2.10").says(30, "2.20")
    found = balanced(feed, Server("2.00", "2.20"), Window(15, 25))
    assert (found.forgotten, found.purged) == (0, 1)
    found = balanced(feed, Server("2.00", "2.20"), Window(21, 25))
    assert (found.forgotten, found.purged) == (1, 0)


def test_what_was_also_said_outside_of_the_purge_is_forgotten() -> None:
    feed = Feed().says(1, "2.00").says(20, "2.10").says(30, "2.20").says(40, "2.10").says(50, "2.20")
    found = balanced(feed, Server("2.00", "2.20"), Window(15, 25))
    assert (found.forgotten, found.purged) == (1, 0)


def test_what_is_there_is_not_counted_though_it_came_while_the_queue_was_purged() -> None:
    feed = Feed().says(1, "2.00").says(20, "2.10").says(30, "2.20")
    assert balanced(feed, Server("2.00", "2.10", "2.20"), Window(15, 25)).purged == 0


def test_a_last_word_that_was_purged_and_not_asked_for_is_lost() -> None:
    feed = Feed().says(1, "2.00").says(20, "2.10")
    assert balanced(feed, Server("2.00"), Window(15, 25)).lost == 1
