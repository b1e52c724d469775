"""Boards as filters of the list of all fixtures, each brought up to date by what changed. Pure: no query, no clock.

What readers pin is no part of a list, so that all who want the same fixtures share one.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import islice
from operator import attrgetter
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import msgspec
from django.utils.functional import cached_property
from django.utils.translation import gettext

from .place import Entry, Place
from .query import MOST_FAVOURITES, TABS, BoardQuery
from .search import folded, has_word

#: More rows than a person can follow; the page says how many are left out.
MOST_ROWS = 500
#: Sets of favourites whose boards are cached with a list.
MOST_BOARDS = 2000
IN_PLAY = "in_play"
FixtureIds = frozenset[int]


@dataclass(frozen=True, slots=True)
class SportNumber:
    """A sport of the bar and how many fixtures of the chosen tab it has."""

    id: int
    name: str
    number: int


@dataclass(frozen=True, slots=True)
class Tally:
    """How many fixtures each tab and each sport has."""

    tabs: dict[str, int]
    sports: tuple[SportNumber, ...]


class Board(NamedTuple):
    """What a reader sees. The version differs when a fixture comes, goes or moves on the board, what names it or its
    league changes, or a number beside a tab or sport."""

    order: Sequence[Place]
    tally: Tally
    version: str


class Spot(NamedTuple):
    """Where a fixture is counted."""

    sport_id: int | None
    sport: str
    section: str
    is_today: bool

    @property
    def tabs(self) -> set[str]:
        return {self.section, "all", *(("today",) if self.is_today else ())}


class Filter(NamedTuple):
    """Which fixtures a board shows and counts. `day` is the reader's, from one midnight to the next.

    `within` has the fixtures of a chosen bookmaker, and those with a chosen market; None where none is chosen.
    """

    show: str
    sport_id: int | None
    location_id: int | None
    league_id: int | None
    words: tuple[str, ...]
    day: tuple[datetime, datetime]
    within: tuple[FixtureIds | None, ...]

    def spot(self, entry: Entry | None) -> Spot | None:
        """Where the fixture is counted; None where the filters beyond the tab and the sport leave it out."""
        if entry is None or not entry.is_match:
            return None
        place = entry.place
        if self.location_id is not None and entry.location_id != self.location_id:
            return None
        if self.league_id is not None and place.league_id != self.league_id:
            return None
        if any(pks is not None and place.fixture_id not in pks for pks in self.within):
            return None
        if not all(has_word(entry.text, place.fixture_id, word) for word in self.words):
            return None
        begins_today = place.start_at is not None and self.day[0] <= place.start_at < self.day[1]
        is_today = begins_today or place.section == IN_PLAY
        return Spot(place.sport_id, entry.sport, place.section, is_today)

    def shows(self, spot: Spot | None) -> bool:
        """Whether what is counted there stands on the board too."""
        return spot is not None and self.show in spot.tabs and self.sport_id in (None, spot.sport_id)


def filter_of(query: BoardQuery, now: datetime, within: tuple[FixtureIds | None, ...]) -> Filter:
    """What the query asks for at that moment."""
    ids = query.sport_id, query.location_id, query.league_id
    return Filter(query.show, *ids, words_of(query.text), day_of(query.zone, now), within)


@lru_cache(maxsize=1024)
def words_of(text: str) -> tuple[str, ...]:
    return tuple(folded(text).split())


@lru_cache(maxsize=64)
def day_of(zone: str, now: datetime) -> tuple[datetime, datetime]:
    """The reader's day: midnight and the next one."""
    midnight = now.astimezone(ZoneInfo(zone or "UTC")).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight.astimezone(UTC), (midnight + timedelta(days=1)).astimezone(UTC)


class BoardList:
    """The fixtures of a filter, in the order of boards, and how many each tab and sport has. It never changes."""

    def __init__(self, wanted: Filter, entries: Iterable[Entry]) -> None:
        self.filter = wanted
        self.numbers: Counter[Spot] = Counter()
        self.entries: list[Entry] = []
        self.boards: dict[tuple[Any, ...], Board] = {}
        #: When it was last asked for, by the steady clock.
        self.needed_at = 0.0
        for entry in entries:
            self._add(entry)
        self.entries.sort(key=attrgetter("order"))

    def _add(self, entry: Entry | None) -> None:
        if entry is not None and (spot := self.filter.spot(entry)) is not None:
            self.numbers[spot] += 1
            if self.filter.shows(spot):
                self.entries.append(entry)

    def after(self, changes: Iterable[tuple[Entry | None, Entry | None]]) -> "BoardList":
        """The list after these fixtures changed (before, now); the very same one where that makes no difference."""
        relevant = [(before, now) for before, now in changes if self._shown(before) != self._shown(now)]
        if not relevant:
            return self
        changed = {entry.place.fixture_id for pair in relevant for entry in pair if entry is not None}
        fresh = BoardList(self.filter, ())
        fresh.needed_at = self.needed_at
        fresh.entries = [entry for entry in self.entries if entry.place.fixture_id not in changed]
        fresh.numbers = self.numbers.copy()
        for before, now in relevant:
            if (spot := self.filter.spot(before)) is not None:
                fresh.numbers[spot] -= 1
            fresh._add(now)
        fresh.entries.sort(key=attrgetter("order"))
        return fresh

    def _shown(self, entry: Entry | None) -> tuple[Spot | None, Place | None]:
        """All that the board shows of a fixture."""
        spot = self.filter.spot(entry)
        return spot, entry.place if entry is not None and self.filter.shows(spot) else None

    def board(self, favourites: tuple[int, ...]) -> Board:
        """The board of a reader with these favourites."""
        return self.cached((favourites,), lambda: Board(self.order(favourites), self.tally, self.version(favourites)))

    def cached(self, key: tuple[Any, ...], make: Callable[[], Board]) -> Board:
        """The board for this key, made once for all readers who share it."""
        if key not in self.boards:
            if len(self.boards) >= MOST_BOARDS:
                self.boards.clear()
            self.boards[key] = make()
        return self.boards[key]

    def order(self, favourites: Collection[int], most: int = MOST_ROWS) -> list[Place]:
        """The places in their order, favourites first, `most` at most."""
        pinned = self._pinned(favourites)
        pinned_ids = {entry.place.fixture_id for entry in pinned}
        others = islice((entry.place for entry in self.entries if entry.place.fixture_id not in pinned_ids), most)
        return [*(entry.pinned for entry in pinned), *others][:most]

    def version(self, favourites: Collection[int]) -> str:
        pinned = [entry.place for entry in self._pinned(favourites)]
        return digest((self._digest, pinned)) if pinned else self._digest

    def _pinned(self, favourites: Collection[int]) -> list[Entry]:
        found = (self._by_fixture[pk] for pk in set(favourites) if pk in self._by_fixture)
        return sorted(found, key=attrgetter("pinned_order"))

    @cached_property
    def _by_fixture(self) -> dict[int, Entry]:
        return {entry.place.fixture_id: entry for entry in self.entries}

    @cached_property
    def _digest(self) -> str:
        """A digest of all that a reader may see of the list, but for favourites from further down."""
        return digest(([entry.place for entry in self.entries[: MOST_ROWS + MOST_FAVOURITES]], self.tally))

    @cached_property
    def tally(self) -> Tally:
        """The numbers beside the tabs and the sports."""
        return self.tally_without(frozenset())

    def tally_without(self, hidden: frozenset[int | None]) -> Tally:
        """The same for a reader who hides these sports."""
        tabs = dict.fromkeys(TABS, 0)
        sports: dict[int, SportNumber] = {}
        for spot, number in self.numbers.items():
            if spot.sport_id in hidden:
                continue
            if self.filter.sport_id in (None, spot.sport_id):
                for word in spot.tabs:
                    tabs[word] += number
            if number and spot.sport_id is not None and self.filter.show in spot.tabs:
                before = sports[spot.sport_id].number if spot.sport_id in sports else 0
                name = spot.sport or gettext("Sport %(number)s") % {"number": spot.sport_id}
                sports[spot.sport_id] = SportNumber(spot.sport_id, name, before + number)
        return Tally(tabs, tuple(sorted(sports.values(), key=lambda sport: (-sport.number, sport.name))))


def digest(content: Any) -> str:
    return hashlib.blake2s(msgspec.json.encode(content), digest_size=8).hexdigest()
