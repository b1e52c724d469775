"""Bookmakers' books: margins, and prices without one."""

from collections.abc import Sequence
from decimal import Decimal
from math import log
from typing import Any

import pytest

from feed.models import Bet
from feed.pages.markets.margin import book_of
from feed.vouching.market import MarketVouching
from feed.vouching.predicate import Statement
from tests.rows import up_source

OPEN = Statement()
UP = MarketVouching(up_source(1), OPEN, OPEN, {})


def bets(name: str, *prices: str, **fields: Any) -> Sequence[Bet]:
    defaults = {"status": 1, "source_id": 1}
    return [
        Bet(provider_id=8 + place, name=name, price=Decimal(price), **{**defaults, **fields})
        for place, price in enumerate(prices)
    ]


def test_the_margin_is_what_the_inverse_prices_exceed_one_by():
    book = book_of({"1": bets("1", "1.9"), "2": bets("2", "1.9")}, UP)
    assert book.margins[8] == pytest.approx(2 / 1.9 - 1)


def test_the_fair_price_of_even_chances_is_two():
    book = book_of({"1": bets("1", "1.9", "1.8"), "2": bets("2", "1.9", "1.8")}, UP)
    assert book.fair == {"1": Decimal("2.000000"), "2": Decimal("2.000000")}


def test_a_bookmaker_without_all_outcomes_has_no_margin():
    book = book_of({"1": bets("1", "1.9", "1.8"), "2": bets("2", "1.9")}, UP)
    assert set(book.margins) == {8}


@pytest.mark.parametrize("fields", [{"status": 2}, {"source_id": 2}])
def test_what_cannot_be_traded_on_is_in_no_book(fields: dict[str, Any]):
    assert book_of({"1": bets("1", "1.9", **fields), "2": bets("2", "1.9")}, UP).margins == {}


def test_outcomes_that_do_not_exclude_each_other_have_no_margin():
    chances = {name: bets(name, "1.3") for name in ("1X", "12", "X2")}
    assert book_of(chances, UP).margins == {}


def test_the_power_method_takes_more_off_the_long_price():
    fair = book_of({"1": bets("1", "1.25"), "X": bets("X", "6"), "2": bets("2", "11")}, UP).fair
    chances = {outcome: 1 / float(price) for outcome, price in fair.items()}
    assert sum(chances.values()) == pytest.approx(1, abs=1e-5)
    shares = {"1": chances["1"] * 1.25, "X": chances["X"] * 6, "2": chances["2"] * 11}
    assert shares["1"] > shares["X"] > shares["2"]
    power = log(chances["2"]) / log(1 / 11)
    assert chances["1"] == pytest.approx((1 / 1.25) ** power, rel=1e-4)


def test_one_bookmaker_far_off_does_not_move_the_fair_price():
    usual, wild = ("2.0", "2.02", "1.98"), "3.4"
    fair = book_of({"1": bets("1", *usual, wild), "2": bets("2", "1.9", "1.88", "1.92", "1.35")}, UP).fair
    assert Decimal("2.0") < fair["1"] < Decimal("2.2")


def test_a_book_from_which_an_outcome_is_missing_has_no_margin():
    assert book_of({"1:0": bets("1:0", "8"), "0:0": bets("0:0", "9")}, UP).margins == {}
