"""No cell of a CSV file is run by the spreadsheet that opens it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feed.pages.spreadsheet import cell

RUN = re.compile(r"(?:^|[;,|\t\r\n])[\s\"]*[=+\-@\uff1d\uff0b\uff0d\uff20]")


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1+1",
        "-1+1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "x;=1+1",
        "x\n=1",
        "x,+1",
        "a|@b",
    ],
)
def test_what_would_be_run_is_text(text: str):
    assert not RUN.search(cell(text))


@pytest.mark.parametrize("text", ["\uff1d1+1", "x;\uff201", 'x";"=1', '"=1', "\u202e=1", "\x1b=1"])
def test_nor_what_only_looks_otherwise(text: str):
    assert not RUN.search(cell(text))


@pytest.mark.parametrize("text", ["-1.5", "+2", "0", "Real Madrid", "Over 2.5", "1-0", "a; b", "Brighton & Hove", ""])
def test_what_is_harmless_stays(text: str):
    assert cell(text) == text


@given(st.text(alphabet="=+-@;,|\t\r\n '\"aé1.\u2028\x0b", max_size=12))
def test_whatever_comes_nothing_but_a_number_begins_like_a_formula(text: str):
    shown = cell(text)
    assert len(shown.splitlines()) <= 1
    assert re.fullmatch(r"[+-]?\d+([.,]\d+)?", shown) or not RUN.search(shown)
