"""Fixtures by words: sides, league, location and sport, without accents; or their number.

The names of fixtures are read once in each process and again when a fixture's description changes: a search of 5,000
fixtures reads their revisions, and costs some milliseconds.
"""

import threading
import unicodedata
from collections import defaultdict
from collections.abc import Collection
from typing import NamedTuple

from django.db import connection

from feed.models import Fixture, League, Location, Participant, Sport

#: As many as one condition of the database may name; with more the newest are found.
MOST_FOUND = 5000
#: A shorter number is part of a name: "Schalke 04".
LEAST_DIGITS = 4
#: Letters that are no others with an accent.
LETTERS = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"})


def folded(text: str) -> str:
    """The text in small letters without accents: "São Lírio" is "sao lirio"."""
    letters = unicodedata.normalize("NFKD", text.casefold().translate(LETTERS))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


class Named(NamedTuple):
    """A fixture's own names, folded, and the ids of what it belongs to; `revision` is its description's."""

    revision: int
    text: str
    league_id: int | None
    location_id: int | None
    sport_id: int | None


class NameIndex:
    """The names of all matches of one database. Safe for several threads."""

    def __init__(self) -> None:
        self.names: dict[int, Named] = {}
        self.lock = threading.Lock()

    def find(self, text: str) -> list[int]:
        """The matches of which every word of `text` is found, the newest first; all matches for no words."""
        words = folded(text).split()
        groups = [ids_named(model, words) for model in (League, Location, Sport)]
        with self.lock:
            self._refresh()
            found = [pk for pk, named in self.names.items() if all(has(pk, named, word, groups) for word in words)]
        return sorted(found, reverse=True)[:MOST_FOUND]

    def _refresh(self) -> None:
        """Read the names of those that are new or were described anew, and forget those that are gone."""
        revisions = dict(Fixture.objects.matches().values_list("pk", "fixture_revision"))
        for pk in self.names.keys() - revisions.keys():
            del self.names[pk]
        stale = [pk for pk, revision in revisions.items() if pk not in self.names or self.names[pk][0] != revision]
        for start in range(0, len(stale), MOST_FOUND):
            self.names |= read_names(stale[start : start + MOST_FOUND])


def read_names(pks: Collection[int]) -> dict[int, Named]:
    """The names of these fixtures: two queries."""
    sides: dict[int, list[str]] = defaultdict(list)
    for pk, name in Participant.objects.filter(fixture_id__in=pks).values_list("fixture_id", "name"):
        sides[pk].append(name)
    rows = Fixture.objects.filter(pk__in=pks).values_list(
        "pk", "fixture_revision", "name", "league_id", "location_id", "sport_id"
    )
    return {pk: Named(revision, folded(" ".join((name, *sides[pk]))), *ids) for pk, revision, name, *ids in rows}


def ids_named(model: type[League] | type[Location] | type[Sport], words: Collection[str]) -> dict[str, set[int]]:
    """By word: the ids of those whose name has it."""
    names = [(pk, folded(name)) for pk, name in model.objects.values_list("pk", "name")]
    return {word: {pk for pk, name in names if word in name} for word in words}


def has(pk: int, named: Named, word: str, groups: list[dict[str, set[int]]]) -> bool:
    """Whether a fixture has the word in a name of its own, or of its league, location or sport; or in its number."""
    if word in named.text or any(of in group[word] for of, group in zip(named[2:], groups, strict=True)):
        return True
    return word.isdecimal() and len(word) >= LEAST_DIGITS and str(pk).startswith(word)


INDEXES: dict[str, NameIndex] = defaultdict(NameIndex)


def find_fixtures(text: str) -> list[int]:
    """The matches that `text` finds in the present database: five queries."""
    return INDEXES[str(connection.settings_dict["NAME"])].find(text)


def forget_names() -> None:
    """What is known of all databases; for tests, whose rows are taken back."""
    INDEXES.clear()
