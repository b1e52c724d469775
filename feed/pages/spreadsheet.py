"""Cells of CSV files, which people open in spreadsheets."""

import re

from .visible import visible

#: What a spreadsheet takes for a formula, at a cell's beginning or behind what it may take for the end of a cell.
#: Some take the full-width forms for the signs themselves.
FORMULA = re.compile(r"(?:^|[;,|])[;,|\s\"]*[=+\-@\uff1d\uff0b\uff0d\uff20]")
NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?", re.ASCII)


def cell(text: str) -> str:
    """The text as one line that no spreadsheet runs, however it divides the file; a number such as "-1.5" stays."""
    line = " ".join(visible(text).split())
    if NUMBER.fullmatch(line) or not FORMULA.search(line):
        return line
    return "'" + FORMULA.sub(lambda found: re.sub(r"[;,|]", " ", found[0]), line)
