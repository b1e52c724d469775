"""Tables of numbers and their names, written as text: 400 of them stay readable on a page."""

from collections.abc import Mapping


def table(text: str) -> dict[int, str]:
    """The table in lines of "number name | number name"."""
    entries = (entry.strip() for line in text.strip().splitlines() for entry in line.split(" | "))
    pairs = (entry.partition(" ") for entry in entries)
    return {int(number): name for number, _, name in pairs}


def label(names: Mapping[int, str], code: int | None, noun: str) -> str:
    """The name of a number, "Period 61" where it is not known, "" where there is no number."""
    if code is None:
        return ""
    return names.get(code) or f"{noun} {code}"
