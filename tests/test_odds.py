"""Prices as text."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feed.pages.prices.odds import BOOK_FRACTIONS, FRACTION_VALUES, NOTATIONS, decimal_text, exact_text, odds_text


@pytest.mark.parametrize(
    ("price", "text"),
    [("2.1", "2.10"), ("17.0579", "17.06"), ("1.015", "1.015"), ("1.01", "1.01"), ("1001", "1001")],
)
def test_decimal_odds_have_two_places_and_three_near_one(price: str, text: str):
    assert decimal_text(Decimal(price)) == text


@pytest.mark.parametrize(("price", "text"), [("1.990000", "1.99"), ("100.000000", "100"), ("17.0579", "17.0579")])
def test_programs_get_the_exact_price_without_trailing_zeros(price: str, text: str):
    assert exact_text(Decimal(price)) == text


def test_no_price_is_none():
    assert exact_text(None) is None


@pytest.mark.parametrize(
    ("price", "texts"),
    [
        ("2.5", ("6/4", "+150", "1.50", "-0.67", "1.50")),
        ("1.5", ("1/2", "-200", "0.50", "0.50", "-2.00")),
        ("2", ("1/1", "+100", "1.00", "1.00", "1.00")),
        ("1.91", ("10/11", "-110", "0.91", "0.91", "-1.10")),
        ("1501", ("1500/1", "+150000", "1500", "0.00", "1500.00")),
    ],
)
def test_a_price_has_a_name_in_every_notation(price: str, texts: tuple[str, ...]):
    notations = ("fractional", "american", "hong_kong", "malay", "indonesian")
    names = [odds_text(Decimal(price), notation).replace("-0.00", "0.00") for notation in notations]
    assert names == list(texts)


@given(st.decimals(min_value="1.000001", max_value="100000", places=6), st.sampled_from(sorted(NOTATIONS)))
def test_every_price_can_be_written_in_every_notation(price: Decimal, notation: str):
    assert odds_text(price, notation)


@pytest.mark.parametrize("notation", sorted(NOTATIONS))
def test_a_price_that_pays_nothing_is_written_as_a_decimal(notation: str):
    assert odds_text(Decimal("1"), notation) == "1.00"


def test_the_fractions_are_in_order_and_each_is_its_own_nearest():
    assert sorted(FRACTION_VALUES) == FRACTION_VALUES
    written = [odds_text(value + 1, "fractional") for value in FRACTION_VALUES]
    assert written == BOOK_FRACTIONS
