"""Lines on the board where LSports sends no base line: both sides of a handicap, and totals."""

# ruff: noqa: F811 - tests ask for the fixtures that are imported

from typing import Any

import lxml.html
import pytest
from django.test import Client

from feed.models import Bet

from .test_case_kinds import Supplier, supplier, trader, words  # noqa: F401 - supplier and trader are fixtures

pytestmark = pytest.mark.django_db

#: Lines of "1" and "2" without a BaseLine, the market's main line, and the line that the board shows.
HANDICAPS: list[tuple[Any, Any, Any, str]] = [
    ("-1.5", "1.5", "-1.5", "-1.5"),
    ("-1.5 (0-0)", "1.5 (0-0)", "-1.5 (0-0)", "-1.5"),
    ("-1.5", "+1.5", None, "-1.5"),
    ("-0.5", "-0.5", "-0.5", "-0.5"),
    ("0", "0", "0", "0"),
    ("0.0", "-0.0", None, "0.0"),
    (-0.25, 0.25, "-0.25", "-0.25"),
    ("-1.50", "1.50", "-1.5", "-1.50"),
    ("-1.5", "1.5", "9", "-1.5"),
]


def board_cells(trader: Client) -> tuple[str, int]:
    row = lxml.html.fromstring(trader.get("/").content).get_element_by_id("row-7")
    return words(row), len(row.xpath('.//td[contains(@class, "px--open")]'))


@pytest.mark.parametrize(("home", "away", "main", "shown"), HANDICAPS, ids=str)
def test_the_board_has_both_sides_of_a_handicap_without_a_base_line(
    supplier: Supplier, trader: Client, home: Any, away: Any, main: Any, shown: str
) -> None:
    Bet.objects.all().delete()
    bets = [supplier.bet(31, Name="1", Line=home), supplier.bet(32, Name="2", Line=away)]
    supplier.offer(*bets, market=3, MainLine=main)

    text, cells = board_cells(trader)
    assert shown in text
    assert cells == 2


@pytest.mark.parametrize(("line", "main"), [("2.5", "2.5"), ("2.50", "2.5"), (2.5, 2.5), ("2.5", None), ("2.5", "9.5")])
def test_the_board_has_a_total_without_a_base_line(supplier: Supplier, trader: Client, line: Any, main: Any) -> None:
    Bet.objects.all().delete()
    bets = [supplier.bet(31, Name="Over", Line=line), supplier.bet(32, Name="Under", Line=line)]
    supplier.offer(*bets, market=2, MainLine=main)

    text, cells = board_cells(trader)
    assert "2.5" in text
    assert cells == 2


def test_handicaps_of_both_signs_are_not_mistaken_for_one_line(supplier: Supplier, trader: Client) -> None:
    Bet.objects.all().delete()
    lines = (("1", "-1.5"), ("2", "1.5"), ("1", "1.5"), ("2", "-1.5"))
    bets = [supplier.bet(31 + n, Name=name, Line=line, Price=f"1.9{n}") for n, (name, line) in enumerate(lines)]
    supplier.offer(*bets, market=3, MainLine="-1.5")

    text, _ = board_cells(trader)
    assert "1.90" in text
    assert "1.91" in text
    assert "1.93" not in text


#: The same line in two ways.
ALIKE = [(" 2.5 ", "2.5"), ("2.5", "2.50"), ("+2.5", "2.5"), (3, "3.0"), ("2.5", " +2.500"), ("2,5 ", "2,5")]


@pytest.mark.parametrize(
    ("over", "under", "base"),
    [(*pair, base) for pair in ALIKE for base in (None, "")] + [(" 2.5 ", "2.5", " 2.5"), ("2.5 ", "2.5", "2.5 ")],
    ids=str,
)
def test_a_line_is_one_however_its_number_is_written(
    supplier: Supplier, trader: Client, over: Any, under: Any, base: Any
) -> None:
    bets = [
        supplier.bet(number, Name=name, Line=line, BaseLine=base)
        for number, name, line in ((31, "Over", over), (32, "under ", under))
    ]
    supplier.offer(*bets, market=2, MainLine=under)
    page = lxml.html.fromstring(trader.get("/fixtures/7/").content)

    assert board_cells(trader)[1] == 3
    assert len(page.xpath('//*[@id="market-7-2"]//tr[contains(., "main line")]')) == 2


@pytest.mark.parametrize(
    ("home", "away", "bases", "main"),
    [
        (" -1.5 ", "1.5", (None, None), "-1.5"),
        ("\N{MINUS SIGN}1.5", "1.5", (None, None), "-1.5"),
        ("-1.5", "1.5", ("-1.5", "1.5"), None),
        ("-1.50", "+1.5", ("-1.5 ", "-1.5"), "-1.5"),
        ("-1.5 (1-0)", "1.5 (0-1)", ("-1.5 (1-0)", "-1.5 (1-0)"), "-1.5 (1-0)"),
    ],
    ids=str,
)
def test_both_sides_of_a_handicap_meet_however_they_are_written(
    supplier: Supplier, trader: Client, home: str, away: str, bases: tuple[Any, Any], main: Any
) -> None:
    bets = [
        supplier.bet(31, Name=" 1 ", Line=home, BaseLine=bases[0]),
        supplier.bet(32, Name="2", Line=away, BaseLine=bases[1]),
    ]
    supplier.offer(*bets, market=3, MainLine=main)

    assert board_cells(trader)[1] == 3


def test_bookmakers_who_write_a_line_differently_stand_in_one_row(supplier: Supplier, trader: Client) -> None:
    supplier.offer(supplier.bet(31, Name="Over", Line="2.5"), supplier.bet(32, Name="Under", Line="2.5"), market=2)
    provider = {"Id": 8, "Name": "North", "Bets": [supplier.bet(41, Name="Over", Line="2.50", Price="2.2")]}
    supplier.send(3, {"Markets": [{"Id": 2, "Name": "Under/Over", "ProviderMarkets": [provider]}]})
    page = lxml.html.fromstring(trader.get("/fixtures/7/").content)
    row = page.xpath('//td[@data-bet="8/41"]/ancestor::tr')[0]

    assert row.xpath('.//td[@data-bet="0/31"]')
