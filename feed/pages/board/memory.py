"""All fixtures as boards list them, in the memory of the process, brought up to date by what changed.

Each reading asks the database for the description's revision and the status of all fixtures, as one text, and for the
names of sports, locations and leagues: one query. What differs from the text before is read anew. So nothing is ever
taken from memory that the database did not confirm in this very reading: a hint that was lost, a fixture that was
forgotten, a reading that failed half way, a database that was down meanwhile cost at most a further reading.

What is read after the text is at least as new as the text says; newer, it is read once more with the next text.
"""

import threading
import time
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any, NamedTuple

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Exists, OuterRef

from feed.models import Bet, Fixture, Market, Participant

from .lists import BoardList, Filter, FixtureIds, filter_of
from .place import Entry, FixtureNames, entry_of
from .query import BoardQuery

#: Fixtures read in one query.
READ_TOGETHER = 2000
#: How long threads that find the list old wait for the first of them, rather than all reading the same.
WAIT_SECONDS = 1.0
#: A list that nobody asked for is forgotten with the first change after this time; where there are more, all are made
#: anew.
FORGET_SECONDS = 30.0
MOST_LISTS = 1000
#: In the order of `FixtureNames`.
FIELDS: tuple[str, ...] = ("pk", "kind", "status", "name", "start_at")
FIELDS += ("sport_id", "sport__name", "location_id", "location__name", "league_id", "league__name")
#: Of sports, locations and leagues, by id.
Names = tuple[dict[int, str], dict[int, str], dict[int, str]]
#: SQLite's `group_concat` is PostgreSQL's `string_agg`.
STATE = """
SELECT
    (SELECT string_agg(word, ' ') FROM (
        SELECT id || '.' || fixture_revision || '.' || status AS word FROM feed_fixture ORDER BY id) AS words),
    (SELECT string_agg(word, ' ') FROM (
        SELECT id || '.' || length(name) || '.' || name AS word FROM feed_sport ORDER BY id) AS words),
    (SELECT string_agg(word, ' ') FROM (
        SELECT id || '.' || length(name) || '.' || name AS word FROM feed_location ORDER BY id) AS words),
    (SELECT string_agg(word, ' ') FROM (
        SELECT id || '.' || length(name) || '.' || name AS word FROM feed_league ORDER BY id) AS words),
    (SELECT sum(markets_revision) FROM feed_fixture)
"""
NAMES = """
SELECT 0, id, name FROM feed_sport UNION ALL SELECT 1, id, name FROM feed_location
UNION ALL SELECT 2, id, name FROM feed_league
"""


class State(NamedTuple):
    """What is compared: each fixture's id, revision and status, and the names that they have in common.

    `markets` grows with every change of any market. Only readings of one text after the other can be compared.
    """

    fixtures: str
    names: tuple[str, ...]
    markets: int


class Places:
    """All fixtures as one reading found them, with the lists made of them so far. A list is made when it is
    first needed; nothing else ever changes."""

    def __init__(
        self, state: State, names: Names, entries: Mapping[int, Entry], lists: dict[Filter, BoardList]
    ) -> None:
        self.state = state
        self.names = names
        self.entries = entries
        self.lists = lists
        self.fixture_ids: dict[tuple[str, int], FixtureIds] = {}

    def list_of(self, query: BoardQuery, now: datetime) -> BoardList:
        """The fixtures that the query shows at that moment. A bookmaker or a market in it is looked up: one query."""
        chosen = [("provider_id", query.provider_id), ("market_id", query.market_id)]
        within = tuple(None if pk is None else self._fixture_ids(field, pk) for field, pk in chosen)
        wanted = filter_of(query, now, within)
        if (found := self.lists.get(wanted)) is None:
            if len(self.lists) >= MOST_LISTS:
                self.lists.clear()
            found = self.lists[wanted] = BoardList(wanted, self.entries.values())
        found.needed_at = time.monotonic()
        return found

    def _fixture_ids(self, field: str, pk: int) -> FixtureIds:
        if (field, pk) not in self.fixture_ids:
            self.fixture_ids[field, pk] = read_fixture_ids(field, pk)
        return self.fixture_ids[field, pk]

    def after(self, state: State) -> "Places":
        """The places in this state: what differs is read."""
        if (state.fixtures, state.names) == (self.state.fixtures, self.state.names):
            return Places(state, self.names, self.entries, self.lists)
        names = self.names if state.names == self.state.names else read_names()
        before, now = words_of(self.state), words_of(state)
        stale = {pk for pk, word in now.items() if before.get(pk) != word} | self._renamed(names)
        read = read_entries(stale & now.keys())
        entries = {pk: entry for pk, entry in self.entries.items() if pk in now and pk not in stale} | read
        if len(entries) < len(now):  # some are gone since the text was read
            state = state._replace(fixtures=" ".join(f"{pk}.{word}" for pk, word in now.items() if pk in entries))
        pairs = [(self.entries.get(pk), entries.get(pk)) for pk in stale | (before.keys() - now.keys())]
        changes = [(before, now) for before, now in pairs if before != now]
        oldest = time.monotonic() - FORGET_SECONDS
        lists = {key: made.after(changes) for key, made in list(self.lists.items()) if made.needed_at > oldest}
        return Places(state, names, entries, lists)

    def _renamed(self, names: Names) -> set[int]:
        """The fixtures whose sport, location or league has another name."""
        if names is self.names:
            return set()
        changed = [
            {pk for pk in old.keys() | new.keys() if old.get(pk) != new.get(pk)}
            for old, new in zip(self.names, names, strict=True)
        ]
        sports, locations, leagues = changed
        return {
            pk
            for pk, entry in self.entries.items()
            if entry.place.sport_id in sports or entry.location_id in locations or entry.place.league_id in leagues
        }


class PlacesMemory:
    """The places of one database as they were last read. Safe for several threads, none of which waits for long."""

    def __init__(self) -> None:
        self.places = Places(State("", (), 0), ({}, {}, {}), {}, {})
        self.lock = threading.Lock()

    def read(self) -> Places:
        """The places as they are in the database now: one query, and two for each handful of fixtures that changed."""
        state = read_state()
        if self.places.state == state:
            return self.places
        with waiting(self.lock):
            if self.places.state != state:
                self.places = self.places.after(state)
            return self.places


@contextmanager
def waiting(lock: threading.Lock) -> Iterator[None]:
    """Holds the lock, or goes on without it where whoever has it hangs: that costs work, never a wrong answer."""
    is_ours = lock.acquire(timeout=WAIT_SECONDS)
    try:
        yield
    finally:
        if is_ours:
            lock.release()


def read_from() -> BaseDatabaseWrapper:
    """The database that fixtures are read from."""
    return connections[Fixture.objects.all().db]


def read_state() -> State:
    """One query."""
    database = read_from()
    with database.cursor() as cursor:
        cursor.execute(STATE if database.vendor == "postgresql" else STATE.replace("string_agg", "group_concat"))
        fixtures, *names, markets = cursor.fetchone()
    return State(fixtures or "", tuple(text or "" for text in names), int(markets or 0))


def words_of(state: State) -> dict[int, str]:
    """The revision and status of each fixture, as a word."""
    pairs = (word.partition(".") for word in state.fixtures.split())
    return {int(pk): word for pk, _, word in pairs}


def read_names() -> Names:
    """One query."""
    names: Names = ({}, {}, {})
    with read_from().cursor() as cursor:
        cursor.execute(NAMES)
        for kind, pk, name in cursor.fetchall():
            names[kind][pk] = name
    return names


def read_entries(pks: Collection[int]) -> dict[int, Entry]:
    """The entries of these fixtures, as far as they are there: two queries for each handful."""
    found: dict[int, Entry] = {}
    ids = sorted(pks)
    for start in range(0, len(ids), READ_TOGETHER):
        handful = ids[start : start + READ_TOGETHER]
        rows = Fixture.objects.filter(pk__in=handful).values_list(*FIELDS)
        fixtures = [FixtureNames(*row) for row in rows]
        sides: dict[int, list[tuple[int | None, str]]] = defaultdict(list)
        named = Participant.objects.filter(fixture_id__in=handful).order_by("participant_id")
        for pk, position, name in named.values_list("fixture_id", "position", "name"):
            sides[pk].append((position, name))
        found |= {fixture.pk: entry_of(fixture, sides[fixture.pk]) for fixture in fixtures}
    return found


def read_fixture_ids(field: str, pk: int) -> FixtureIds:
    """The fixtures that have something of this bookmaker (`provider_id`), or this market (`market_id`)."""
    model: Any = Bet if field == "provider_id" else Market
    has = Exists(model.objects.filter(fixture_id=OuterRef("pk"), **{field: pk}))
    return frozenset(Fixture.objects.matches().filter(has).values_list("pk", flat=True))


MEMORIES: dict[str, PlacesMemory] = defaultdict(PlacesMemory)


def read_places() -> Places:
    """The places of the database that is read now. Those of the past are not remembered."""
    database = read_from()
    if database.alias != DEFAULT_DB_ALIAS:
        return PlacesMemory().read()
    return MEMORIES[str(database.settings_dict["NAME"])].read()


def forget_places() -> None:
    """What is known of all databases; for tests, whose rows are taken back."""
    MEMORIES.clear()
