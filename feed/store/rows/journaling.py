"""What a batch changed, handed over to the journal: an entry for each part and each market that changed."""

from collections.abc import Iterable, Sequence
from typing import Any

from feed.changes import Aspect
from feed.codes import BetStatus
from feed.journal.blobs import STATE, columns, compressed, encode
from feed.models import JournalEntry
from feed.store.sql.database import Statements
from feed.store.sql.partitions import make_partitions

from .fixture_rows import FixtureRows, MarketChange, MarketRows, MarketStep, Pending
from .structs import FixtureRow, MarketRow, PartKeyframe, WrittenEntry
from .tables import (
    BETS,
    FIXTURES,
    INCIDENTS,
    JOURNAL,
    MARKETS,
    PARTICIPANTS,
    PERIODS,
    PLAYER_STATISTICS,
    PROVIDER_MARKETS,
    SCOREBOARDS,
    STATISTICS,
    Table,
)

Part = JournalEntry.Part
#: No state is made of more entries.
MOST_ENTRIES = 64
#: A part with no more rows than this is written whole each time.
FEW_ROWS = 16
PARTS = {
    PARTICIPANTS: Part.PARTICIPANTS,
    SCOREBOARDS: Part.SCOREBOARD,
    PERIODS: Part.PERIODS,
    INCIDENTS: Part.INCIDENTS,
    STATISTICS: Part.STATISTICS,
    PLAYER_STATISTICS: Part.PLAYER_STATISTICS,
}
OF_MARKET = (MARKETS, PROVIDER_MARKETS, BETS)
#: Where the fixture's own row may be another.
OF_FIXTURE = frozenset({Aspect.FIXTURE, Aspect.COMPETITION})
STATUS = STATE.index("status")

#: The rows of a table that changed, and those that are gone.
Changed = tuple[list[Any], list[Any]]


def entries_of(fixtures: Iterable[FixtureRows], pending: Pending) -> list[WrittenEntry]:
    """What a batch changed of fixtures. Their revisions are set, their rows not yet written."""
    entries = [market_entry(change) for change in pending.markets.values()]
    changed = changed_rows(pending)
    for fixture_rows in fixtures:
        if fixture_rows.touches and is_itself_changed(fixture_rows):
            fixture = fixture_rows.fixture
            entries.append(entry(fixture, Part.FIXTURE, (fixture.sent_at, [fixture], []), fixture.revision))
        for table, rows in changed.get(fixture_rows.fixture.id, {}).items():
            entries.append(part_entry(fixture_rows, table, rows, pending))
    return entries


def record(entries: Sequence[WrittenEntry], database: Statements) -> None:
    """Write entries to the journal."""
    if entries:
        make_partitions(JOURNAL, {written.committed_at for written in entries})
        database.append(JOURNAL, entries)


def record_markets(fixture_id: int, market_ids: Iterable[int], database: Statements) -> list[WrittenEntry]:
    """Write the whole of markets whose rows were changed outside of a batch, in its transaction.

    They are stored already, and say that this is their keyframe.
    """
    (fixture,) = database.select(FIXTURES, ("id",), [(fixture_id,)])
    wanted = [(fixture_id, market_id) for market_id in market_ids]
    stored = {table: database.select(table, ("fixture_id", "market_id"), wanted) for table in OF_MARKET}
    entries = []
    for row in stored[MARKETS]:
        whole = [[of for of in stored[table] if of.market_id == row.market_id] for table in (PROVIDER_MARKETS, BETS)]
        step = [fixture.received_at, fixture.sent_at, row.numbered_by or 0, row, [], None, []]
        entries.append(entry(fixture, Part.MARKET, (fixture.sent_at, [step], whole), fixture.revision, row.market_id))
    record(entries, database)
    return entries


def is_itself_changed(fixture_rows: FixtureRows) -> bool:
    """Whether the fixture's own row is another, in more than its revisions and stamps; or new."""
    is_new = fixture_rows.fixture.revision == 1
    return (
        is_new
        or fixture_rows.is_described_anew
        or fixture_rows.is_itself_changed
        or not OF_FIXTURE.isdisjoint(fixture_rows.aspects)
    )


def entry(
    fixture: FixtureRow, part: Part, blob: tuple[Any, ...], keyframe: int, market_id: int = 0, settles: bool = False
) -> WrittenEntry:
    """An entry of the batch that has just changed the fixture."""
    if fixture.received_at is None or fixture.stored_at is None:
        raise ValueError(f"fixture {fixture.id} is not changed by any message")
    text = encode(blob)
    return WrittenEntry(
        fixture.id,
        market_id,
        fixture.revision,
        keyframe,
        fixture.received_at,
        fixture.stored_at,
        fixture.source_id,
        part,
        settles,
        compressed(text),
        text,
    )


def market_entry(change: MarketChange) -> WrittenEntry:
    """What changed of a market, message by message; and the whole of it where a keyframe is due."""
    fixture, row = change.rows.fixture, change.market.row
    steps = [
        (received_at, sent_at, source_id, market, step.providers, columns(step.states), step.bets, *late_of(step))
        for received_at, sent_at, source_id, market, step in change.steps
    ]
    whole = whole_market(change.market) if is_due(row, fixture) else None
    settles = any(
        any(state[STATUS] == BetStatus.SETTLED for state in step.states)
        or any(bet.status == BetStatus.SETTLED for bet in step.bets)
        for *_, step in change.steps
    )
    blob = fixture.sent_at, steps, whole
    return entry(fixture, Part.MARKET, blob, row.keyframe_revision, row.market_id, settles)


def late_of(step: MarketStep) -> tuple[Any, ...]:
    return (columns(step.late),) if step.late else ()


def whole_market(market: MarketRows) -> tuple[list[Any], list[Any]]:
    return list(market.provider_rows.values()), [bet for bets in market.bets.values() for bet in bets.values()]


def is_due(last: MarketRow | PartKeyframe, fixture: FixtureRow) -> bool:
    """Whether a keyframe is due, noting that it is written, or that one entry more follows the last.

    Days are dropped whole, so each begins with a keyframe.
    """
    day = fixture.stored_at.date() if fixture.stored_at else None
    if last.keyframe_at is not None and last.keyframe_at.date() == day and last.entries < MOST_ENTRIES - 1:
        last.entries += 1
        return False
    last.keyframe_revision, last.keyframe_at, last.entries = fixture.revision, fixture.stored_at, 0
    return True


def part_entry(fixture_rows: FixtureRows, table: Table, changed: Changed, pending: Pending) -> WrittenEntry:
    """What changed of a part's rows, or all of them: where they are few, and where a keyframe is due."""
    fixture, part = fixture_rows.fixture, PARTS[table]
    if table is SCOREBOARDS:
        on_the_way = pending.scoreboards.get(fixture.id, [])
        last = [row for row in changed[0] if not on_the_way or row is not on_the_way[-1]]
        return entry(fixture, part, (fixture.sent_at, on_the_way + last, []), fixture.revision)
    rows = list(rows_of(fixture_rows, table).values())
    keyframe = fixture_rows.keyframes.setdefault(table, PartKeyframe())
    if len(rows) <= FEW_ROWS or is_due(keyframe, fixture):
        keyframe = fixture_rows.keyframes[table] = PartKeyframe(fixture.revision, fixture.stored_at)
        return entry(fixture, part, (fixture.sent_at, rows, []), keyframe.keyframe_revision)
    gone = [[getattr(row, name) for name in table.key[1:]] for row in changed[1]]
    return entry(fixture, part, (fixture.sent_at, changed[0], gone), keyframe.keyframe_revision)


def rows_of(fixture_rows: FixtureRows, table: Table) -> dict[Any, Any]:
    """All rows of a part, by their keys within the fixture."""
    play = fixture_rows.play
    parts: dict[Table, dict[Any, Any]] = {
        PARTICIPANTS: fixture_rows.participants,
        PERIODS: play.periods,
        INCIDENTS: play.incidents,
        STATISTICS: play.statistics,
        PLAYER_STATISTICS: play.player_statistics,
    }
    return parts[table]


def changed_rows(pending: Pending) -> dict[int, dict[Table, Changed]]:
    """The rows of parts that changed, and those that are gone, by fixture and table."""
    found: dict[int, dict[Table, Changed]] = {}
    for place, tables in enumerate((pending.whole, pending.removed)):
        for table in PARTS:
            for row in tables.get(table, {}).values():
                found.setdefault(row.fixture_id, {}).setdefault(table, ([], []))[place].append(row)
    return found
