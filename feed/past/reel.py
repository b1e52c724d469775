"""A fixture's past, without bets, brought from one moment to another: only what differs between the two is read.

The player asks for ten moments a second, and from one to the next little changes: of 300 markets two.
"""

from collections.abc import Sequence
from copy import copy
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Model

from feed.journal.blobs import read_head, unpacked
from feed.journal.entries import Entry, Key, chains, differing
from feed.journal.sources import sources_at
from feed.journal.states import PARTS, bring_up_to_date, market_keys, part_keys, part_rows
from feed.models import Bet, FeedSource, Fixture, FixtureNote, JournalEntry, Market, ProviderMarket

from .database import Past, Rows
from .rows import beside, surroundings

Part = JournalEntry.Part
Gone = Sequence[tuple[type[Model], str, Any]]


class Step(NamedTuple):
    """What differs at the new moment: its rows, what is deleted before they are inserted, and the markets
    whose bets are to be read again."""

    rows: Rows
    gone: Gone
    stale: set[int]


class Reel:
    """Where a fixture's past stands now: in `heads`, the last entry of each part up to that moment."""

    def __init__(self, fixture_id: int) -> None:
        self.fixture_id = fixture_id
        self.keys: list[Key] = []
        self.listed_until: datetime | None = None
        self.heads: dict[Key, Entry] = {}
        self.fixture: Any = None
        self.has_names = False

    def move(self, past: Past, moment: datetime) -> None:
        """Bring the open database `past` of this fixture to another moment."""
        step = self.go_to(moment)
        past.fill(step.rows, step.gone)
        past.filled -= step.stale

    def go_to(self, moment: datetime) -> Step:
        """What differs at `moment` from where it stood; the first time, everything."""
        there, found = differing({key: self.revision(key) for key in self.all_keys(moment)}, moment)
        left = self.heads.keys() - there
        self.heads = {key: entry for key, entry in self.heads.items() if key in there} | found
        changed = found.keys() | left
        rows: dict[type[Model], list[Any]] = {FeedSource: sources_at(moment)}
        gone: list[tuple[type[Model], str, Any]] = [
            (PARTS[key.part][0], "", None) for key in changed if key.part != Part.MARKET
        ]
        for key, entries in chains([key for key in found if key.part != Part.MARKET], moment).items():
            rows[PARTS[key.part][0]] = part_rows(key.part, entries)
        rows[Market] = [read_head(unpacked(found[key].blob)).steps[-1].market for key in found if key.market_id]
        stale = {key.market_id for key in changed if key.part == Part.MARKET}
        gone += [(model, "market_id", pk) for pk in stale for model in (Market, ProviderMarket, Bet)]
        if changed:
            own = self.of_fixture(rows, moment)
            rows |= own
            gone += [(model, "", None) for model in own]
        if self.fixture is not None:
            rows |= beside(self.fixture_id, moment)
        return Step(rows, [*gone, (FixtureNote, "", None), (JournalEntry, "", None)], stale)

    def all_keys(self, moment: datetime) -> list[Key]:
        """All parts that the journal has of the fixture, listed again for a moment after the last listing: there may be
        more of them by then, and more bookmakers."""
        if self.listed_until is None or moment > self.listed_until:
            self.listed_until = datetime.now(moment.tzinfo)
            self.has_names = False
            self.keys = [*part_keys(self.fixture_id), *market_keys(self.fixture_id)]
        return self.keys

    def revision(self, key: Key) -> int:
        return self.heads[key].revision if key in self.heads else 0

    def of_fixture(self, rows: Rows, moment: datetime) -> dict[type[Model], list[Any]]:
        """The fixture's own row, which a change of any part changes too, with its sport, league and other names."""
        key = Key(self.fixture_id, Part.FIXTURE)
        if key not in self.heads:
            self.fixture = None
            return {}
        named: dict[type[Model], list[Any]] = {}
        if Fixture in rows:
            (self.fixture,) = rows[Fixture]
        if Fixture in rows or not self.has_names:
            named = surroundings([self.fixture], moment)
            self.has_names = True
        row = copy(self.fixture)
        bring_up_to_date(row, {key: [entry] for key, entry in self.heads.items()})
        markets = [entry.revision for key, entry in self.heads.items() if key.part == Part.MARKET]
        row.markets_revision = max([row.markets_revision, *markets])
        return {**named, Fixture: [row]}
