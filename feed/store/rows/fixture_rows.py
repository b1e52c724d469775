"""A fixture's rows in memory, while a batch is applied to them, and what of them has to be written."""

from collections.abc import Mapping
from copy import copy
from datetime import datetime
from typing import Any

from feed.changes import REVISION_COLUMNS, Aspect, Change
from feed.store.arrival import Origin

from .structs import (
    BetRow,
    FixtureRow,
    IncidentRow,
    MarketRow,
    ParticipantRow,
    PartKeyframe,
    PeriodRow,
    PlayerStatisticRow,
    ProviderMarketRow,
    ScoreboardRow,
    StatisticRow,
)
from .tables import Table


class Play:
    """The state of play: all rows of a fixture's scoreboard, periods, incidents and statistics."""

    def __init__(self) -> None:
        self.scoreboard: ScoreboardRow | None = None
        self.periods: dict[int, PeriodRow] = {}
        self.incidents: dict[tuple[str, int, int], IncidentRow] = {}
        self.statistics: dict[int, StatisticRow] = {}
        self.player_statistics: dict[str, PlayerStatisticRow] = {}


class MarketRows:
    """A market: all of its bets under their provider and id, and what the providers say of it.

    `step` is what the message in hand has changed of it, for the journal.
    """

    def __init__(self, row: MarketRow) -> None:
        self.row = row
        self.provider_rows: dict[int, ProviderMarketRow] = {}
        self.bets: dict[int, dict[int, BetRow]] = {}
        self.step = MarketStep()


class MarketStep:
    """What a message changed of a market: providers' rows, states of bets (`feed.journal.blobs`), whole bets.

    `is_late`: the message was missing until now; `late` are the states in it that newer messages had overtaken.
    `moved_at` are the times of prices and statuses that differ from those before, where the market has a hole.
    """

    def __init__(self) -> None:
        self.providers: list[ProviderMarketRow] = []
        self.states: list[tuple[Any, ...]] = []
        self.bets: list[BetRow] = []
        self.moved_at: list[datetime] = []
        self.is_late = False
        self.late: list[tuple[Any, ...]] = []


class MarketChange:
    """What a batch changed of a market, message by message."""

    def __init__(self, rows: "FixtureRows", market: MarketRows) -> None:
        self.rows = rows
        self.market = market
        self.steps: list[tuple[datetime, datetime, int, MarketRow, MarketStep]] = []


class FixtureRows:
    """A fixture with those of its parts that were needed so far, each of them whole.

    `waiting` is what the side that is not in charge says of markets, by side and market.
    """

    def __init__(self, fixture: FixtureRow) -> None:
        self.fixture = fixture
        self.knows_participants = self.knows_play = False
        self.participants: dict[tuple[int, int], ParticipantRow] = {}
        self.play = Play()
        self.markets: dict[int, MarketRows] = {}
        self.waiting: dict[tuple[str, int], MarketRows] = {}
        self.keyframes: dict[Table, PartKeyframe] = {}
        self.open_batch()

    def size(self) -> int:
        """About how many rows it holds."""
        bets = sum(len(bets) for market in self.markets.values() for bets in market.bets.values())
        play = self.play
        return bets + len(play.incidents) + len(play.player_statistics) + len(self.participants) + 1

    def open_batch(self) -> None:
        """From here on, changes are stamped with the next revision."""
        self.revision = self.fixture.revision + 1
        self.touches = 0
        self.aspects: set[Aspect] = set()
        self.changed_markets: set[int] = set()
        self.numbered_markets: set[int] = set()
        self.moved = self.fixture.revision == 0
        self.is_described_anew = self.is_itself_changed = False
        self.knows_waiting = False  # the other side's consumer changes it without a revision
        self.waiting.clear()

    def touch(self, aspect: Aspect | None, origin: Origin) -> None:
        """Note that a message changed this aspect; None: what no page shows."""
        self.touches += 1
        if aspect is not None:
            self.aspects.add(aspect)
        fixture = self.fixture
        fixture.source_id = origin.source_id
        fixture.sent_at = origin.sent_at
        fixture.received_at = origin.received_at

    def close_batch(self, stored_at: datetime) -> Change | None:
        """Stamp the fixture and its aspects, and say what changed; None: nothing did."""
        if not self.touches:
            return None
        fixture = self.fixture
        fixture.revision = self.revision
        fixture.stored_at = stored_at
        for aspect in self.aspects:
            setattr(fixture, REVISION_COLUMNS[aspect], self.revision)
        return Change(
            fixture_id=fixture.id,
            revision=self.revision,
            aspects=frozenset(self.aspects),
            markets=tuple(sorted(self.changed_markets)),
            moved=self.moved,
        )


class Pending:
    """What a batch has to write: rows, removals and history.

    `bets` are those that changed, each once; `new_bets`, by Python's `id`, those of them to be written whole.
    `numbered` counts the messages that were numbered in their market, `skips` those of them whose number skipped some;
    `has_confirmed_hole` that an answer brought what a missing message had said.
    """

    def __init__(self) -> None:
        self.whole: dict[Table, dict[Any, Any]] = {}
        self.removed: dict[Table, dict[Any, Any]] = {}
        self.bets: list[BetRow] = []
        self.new_bets: dict[int, BetRow] = {}
        self.markets: dict[int, MarketChange] = {}
        self.scoreboards: dict[int, list[ScoreboardRow]] = {}
        self.numbered = self.skips = 0
        self.has_confirmed_hole = False

    def note_step(self, rows: FixtureRows, market: MarketRows, origin: Origin) -> None:
        """Keep what a message has changed of a market for the journal."""
        change = self.markets.get(id(market))
        if change is None:
            change = self.markets[id(market)] = MarketChange(rows, market)
        change.steps.append((origin.received_at, origin.sent_at, origin.source_id, copy(market.row), market.step))
        market.step = MarketStep()

    def write(self, table: Table, row: Any) -> None:
        key = tuple([getattr(row, name) for name in table.key])
        self.whole.setdefault(table, {})[key] = row
        if table in self.removed:
            self.removed[table].pop(key, None)

    def remove(self, table: Table, row: Any) -> None:
        key = tuple([getattr(row, name) for name in table.key])
        self.removed.setdefault(table, {})[key] = row
        if table in self.whole:
            self.whole[table].pop(key, None)

    def forget_bet(self, row: BetRow) -> None:
        """Another row takes the place of this one."""
        self.bets = [pending for pending in self.bets if pending is not row]
        self.new_bets.pop(id(row), None)

    def replace(self, table: Table, stored: dict[Any, Any], given: Mapping[Any, Any], revision: int) -> bool:
        """Make `stored` what is `given`, wholly. True if anything is different now."""
        changed = self.merge(table, stored, given, revision)
        gone = [key for key in stored if key not in given]
        for key in gone:
            self.remove(table, stored.pop(key))
        return changed or bool(gone)

    def merge(self, table: Table, stored: dict[Any, Any], given: Mapping[Any, Any], revision: int) -> bool:
        """Put what is `given` into `stored`, beside what is there. True if anything is different now."""
        changed = False
        for key, row in given.items():
            old = stored.get(key)
            if old is not None:
                row.revision = old.revision
                if row == old:
                    continue
            row.revision = revision
            stored[key] = row
            self.write(table, row)
            changed = True
        return changed
