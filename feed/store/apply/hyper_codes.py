"""What Hyper Livescore says in words, as TRADE's numbers, so that one page shows both."""

from collections.abc import Mapping

from feed.codes.hyper import folded
from feed.codes.names import DESCRIPTION_NAMES, STATISTIC_NAMES, by_name
from feed.codes.statuses import STATUSES

#: A word of more digits is no number of LSports'.
LONGEST_NUMBER = 9

FIXTURE_STATUSES = by_name(STATUSES)


def type_named(name: str) -> int | None:
    """The incident or statistic type that a name means: "Goal", "Yellow Cards"."""
    return STATISTIC_NAMES.get(folded(name))


def status_code(*words: str) -> int | None:
    """The fixture status in any of some words or numbers."""
    return code_among(FIXTURE_STATUSES, words)


def description_code(*words: str) -> int | None:
    """The status description in any of some words or numbers."""
    return code_among(DESCRIPTION_NAMES, words)


def code_among(names: Mapping[str, int], words: tuple[str, ...]) -> int | None:
    for word in words:
        if word.isascii() and word.isdigit() and len(word) <= LONGEST_NUMBER:
            return int(word)
        if (number := names.get(folded(word))) is not None:
            return number
    return None
