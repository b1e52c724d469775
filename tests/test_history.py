"""A bet's history for a chart: few points, nothing hidden between them."""

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feed.api.price_history import bet_history, buckets, suspended_spans
from feed.models import Bet
from feed.store import store_batch

from .received import FIXTURE, MARKET, a_source, at, bet, market_message, settlement_message

Ticks = list[tuple[datetime, Decimal | None, int]]


def ticks(*prices: str | None, status: int = 1) -> Ticks:
    return [(at(n), (price and Decimal(price)) or None, status) for n, price in enumerate(prices)]


@pytest.mark.usefixtures("either_database")
class TestStored:
    def test_it_tells_opening_previous_and_current_price(self):
        batches = [
            bet(1, price, n, start_price=Decimal("1.9"), line="2.5") for n, price in enumerate(["2.1", "2.2", "2.35"])
        ]
        store_batch(a_source(), [market_message(bets, sent=n) for n, bets in enumerate(batches)])
        found = bet_history(FIXTURE, MARKET, 1)
        assert (found["opening"], found["previous"], found["current"]) == ("1.9", "2.2", "2.35")
        assert (found["bet_id"], found["name"], found["line"], found["provider"]["name"]) == (
            "1",
            "1",
            "2.5",
            "LSports",
        )
        assert (found["from"], found["until"]) == ("2026-05-01T12:00:00Z", "2026-05-01T12:00:02Z")
        assert [point["last"] for point in found["points"]] == ["2.1", "2.2", "2.35"]

    def test_it_tells_when_a_bet_was_suspended_and_settled(self):
        source = a_source()
        for n, status in enumerate([1, 2, 2, 1]):
            store_batch(source, [market_message(bet(1, f"2.{n}", n, status=status), sent=n)])
        store_batch(source, [settlement_message(bet(1, "2.3", 9, status=3, settlement=2), sent=9)])
        assert bet_history(FIXTURE, MARKET, 1)["suspended"] == [
            {"from": "2026-05-01T12:00:01Z", "until": "2026-05-01T12:00:03Z"},
            {"from": "2026-05-01T12:00:09Z", "until": None},
        ]

    def test_it_keeps_bets_of_one_id_at_two_providers_apart(self):
        store_batch(a_source(), [market_message(bet(5, "2.0"), provider=8), market_message(bet(5, "3.0"), provider=13)])
        assert bet_history(FIXTURE, MARKET, 5)["current"] == "2"
        assert bet_history(FIXTURE, MARKET, 5, provider_id=13)["points"][0]["last"] == "3"

    def test_it_knows_a_bet_without_any_history(self):
        store_batch(a_source(), [market_message(bet(2**62, None))])
        found = bet_history(FIXTURE, MARKET, 2**62)
        assert (found["bet_id"], found["points"], found["opening"]) == (str(2**62), [], None)

    def test_it_does_not_know_a_bet_that_is_not_there(self):
        with pytest.raises(Bet.DoesNotExist):
            bet_history(FIXTURE, MARKET, 404)

    def test_it_asks_the_database_twice(self, django_assert_num_queries: Any):
        store_batch(a_source(), [market_message(bet())])
        with django_assert_num_queries(2):
            bet_history(FIXTURE, MARKET, 1)


def test_it_keeps_the_lowest_and_highest_price_of_each_point():
    (only,) = buckets(ticks("2.5", "1.2", "9", "3.0"), 1)
    assert (only["last"], only["low"], only["high"], only["at"]) == ("3", "1.2", "9", "2026-05-01T12:00:03Z")


def test_it_leaves_out_what_had_no_price():
    assert buckets(ticks(None, None), 10) == []
    assert [point["last"] for point in buckets(ticks("2", None, "3"), 10)] == ["2", "3"]


def test_it_leaves_a_span_open_that_has_no_end():
    assert suspended_spans(ticks("2", status=2)) == [{"from": "2026-05-01T12:00:00Z", "until": None}]


@given(
    changes=st.lists(st.tuples(st.integers(0, 10_000), st.decimals("1.01", "1000", places=2)), min_size=1, max_size=60),
    points=st.integers(1, 20),
)
def test_it_hides_no_extreme_and_ends_at_the_last_price(changes: list[tuple[int, Decimal]], points: int):
    moments = sorted(seconds for seconds, _ in changes)
    given_ticks: Ticks = [(at(seconds), price, 1) for seconds, (_, price) in zip(moments, changes, strict=True)]
    found = buckets(given_ticks, points)
    prices = [price for _, price in changes]
    assert len(found) <= points
    assert min(Decimal(point["low"]) for point in found) == min(prices)
    assert max(Decimal(point["high"]) for point in found) == max(prices)
    assert Decimal(found[-1]["last"]) == prices[-1]
    assert [point["at"] for point in found] == sorted(point["at"] for point in found)
