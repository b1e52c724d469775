"""Entries of the journal: those of which the state of a part at a moment is made."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.db import connection

from feed.models import JournalEntry

Part = JournalEntry.Part
TABLE = JournalEntry._meta.db_table
#: Of so many parts the entries are asked for in one query.
KEYS_AT_ONCE = 1000

#: A moment (what was committed then counts), or a revision of the fixture.
Until = datetime | int


class Key(NamedTuple):
    """A part of a fixture; for markets, one of them."""

    fixture_id: int
    part: int
    market_id: int = 0


class Entry(NamedTuple):
    """An entry without its key. Times are as the database has them; `moment` reads them."""

    revision: int
    keyframe_revision: int
    received_at: Any
    committed_at: Any
    source_id: int | None
    blob: bytes


def moment(stored: datetime | str) -> datetime:
    """A time of an entry: SQLite has it in UTC without saying so."""
    return (datetime.fromisoformat(stored) if isinstance(stored, str) else stored).replace(tzinfo=UTC)


def chains(keys: Sequence[Key], until: Until) -> dict[Key, list[Entry]]:
    """Of each part that had any, its last keyframe until then and what follows, at most 64 entries, oldest first."""
    found: dict[Key, list[Entry]] = {}
    for start in range(0, len(keys), KEYS_AT_ONCE):
        for key, entry in chains_of(keys[start : start + KEYS_AT_ONCE], until):
            found.setdefault(key, []).append(entry)
    return found


def newest(keys: Sequence[Key], until: Until) -> dict[Key, Entry]:
    """Of each part that had any, its last entry until then alone."""
    found: dict[Key, Entry] = {}
    for start in range(0, len(keys), KEYS_AT_ONCE):
        found |= chains_of(keys[start : start + KEYS_AT_ONCE], until, from_keyframe=False)
    return found


def chains_of(keys: Iterable[Key], until: Until, *, from_keyframe: bool = True) -> list[tuple[Key, Entry]]:
    """Each part's newest entry is found by its index, and from there the entries since its keyframe, if wanted."""
    column = "revision" if isinstance(until, int) else "committed_at"
    limit = until if isinstance(until, int) else connection.ops.adapt_datetimefield_value(until.astimezone(UTC))
    values = ", ".join(f"({int(fixture)}, {int(part)}, {int(market)})" for fixture, part, market in keys)
    same = "j.fixture_id = k.fixture_id AND j.part = k.part AND j.market_id = k.market_id"
    sql = f"""
        WITH k (fixture_id, part, market_id) AS (VALUES {values}), n AS MATERIALIZED (
            SELECT k.*, (
                SELECT j.{"keyframe_revision" if from_keyframe else "revision"} FROM {TABLE} j
                WHERE {same} AND j.{column} <= %s
                ORDER BY j.revision DESC, j.keyframe_revision DESC LIMIT 1
            ) AS first FROM k
        )
        SELECT k.fixture_id, k.part, k.market_id, j.{", j.".join(Entry._fields)} FROM n k
        JOIN {TABLE} j ON {same} AND j.revision >= k.first AND j.{column} <= %s
        WHERE {"(j.keyframe_revision = 0) = (k.first = 0)" if from_keyframe else "j.keyframe_revision > 0"}
        ORDER BY k.fixture_id, k.part, k.market_id, j.revision, j.keyframe_revision
    """  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, [limit, limit])
        return [(Key(*row[:3]), Entry(*row[3:])) for row in cursor.fetchall()]
