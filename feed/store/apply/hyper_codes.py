"""What Hyper Livescore says in words, as TRADE's numbers, so that one page shows both."""

from collections.abc import Mapping

from feed.codes.hyper import folded
from feed.codes.livescore import DESCRIPTIONS
from feed.codes.statistics import INCIDENTS, STATISTICS
from feed.codes.statuses import STATUSES


def by_name(*tables: Mapping[int, str]) -> dict[str, int]:
    """The number of each name; the lowest where several numbers have the same name."""
    pairs = sorted(((number, name) for table in tables for number, name in table.items()), reverse=True)
    return {folded(name): number for number, name in pairs}


#: A word of more digits is no number of LSports'.
LONGEST_NUMBER = 9

TYPES = by_name(STATISTICS, INCIDENTS)
FIXTURE_STATUSES = by_name(STATUSES)
STATUS_DESCRIPTIONS = by_name(DESCRIPTIONS)


def type_named(name: str) -> int | None:
    """The incident or statistic type that a name means: "Goal", "Yellow Cards"."""
    return TYPES.get(folded(name))


def status_code(*words: str) -> int | None:
    """The fixture status in any of some words or numbers."""
    return code_among(FIXTURE_STATUSES, words)


def description_code(*words: str) -> int | None:
    """The status description in any of some words or numbers."""
    return code_among(STATUS_DESCRIPTIONS, words)


def code_among(names: Mapping[str, int], words: tuple[str, ...]) -> int | None:
    for word in words:
        if word.isascii() and word.isdigit() and len(word) <= LONGEST_NUMBER:
            return int(word)
        if (number := names.get(folded(word))) is not None:
            return number
    return None
