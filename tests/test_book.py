"""Bookmakers' books: margins, and prices without one."""

from collections.abc import Sequence
from decimal import Decimal

import pytest

from feed.models import Bet
from feed.pages.book import book_of

UP = frozenset({1})


def bets(name: str, *prices: str, **fields) -> Sequence[Bet]:
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
def test_what_cannot_be_traded_on_is_in_no_book(fields):
    assert book_of({"1": bets("1", "1.9", **fields), "2": bets("2", "1.9")}, UP).margins == {}


def test_outcomes_that_do_not_exclude_each_other_have_no_margin():
    chances = {name: bets(name, "1.3") for name in ("1X", "12", "X2")}
    assert book_of(chances, UP).margins == {}
