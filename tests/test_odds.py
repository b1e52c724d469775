"""Prices as text."""

from decimal import Decimal

import pytest

from feed.pages.odds import decimal_text, exact_text


@pytest.mark.parametrize(
    ("price", "text"),
    [("2.1", "2.10"), ("17.0579", "17.06"), ("1.015", "1.015"), ("1.01", "1.01"), ("1001", "1001.00")],
)
def test_decimal_odds_have_two_places_and_three_near_one(price: str, text: str):
    assert decimal_text(Decimal(price)) == text


@pytest.mark.parametrize(("price", "text"), [("1.990000", "1.99"), ("100.000000", "100"), ("17.0579", "17.0579")])
def test_programs_get_the_exact_price_without_trailing_zeros(price: str, text: str):
    assert exact_text(Decimal(price)) == text


def test_no_price_is_none():
    assert exact_text(None) is None
