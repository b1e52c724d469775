"""Entries of the journal: those of which the state of a part at a moment is made."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.db import connection

from feed.models import JournalEntry

Part = JournalEntry.Part
TABLE = JournalEntry._meta.db_table
#: Parts whose entries are read in one query.
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
    """For each part with entries: its last keyframe until then and what follows, at most 64 entries, oldest first."""
    found: dict[Key, list[Entry]] = {}
    for start in range(0, len(keys), KEYS_AT_ONCE):
        for key, entry in chains_of(keys[start : start + KEYS_AT_ONCE], until):
            found.setdefault(key, []).append(entry)
    return found


def newest(keys: Sequence[Key], until: Until) -> dict[Key, Entry]:
    """For each part with entries: only its last entry until then."""
    found: dict[Key, Entry] = {}
    for start in range(0, len(keys), KEYS_AT_ONCE):
        found |= chains_of(keys[start : start + KEYS_AT_ONCE], until, from_keyframe=False)
    return found


def differing(known: Mapping[Key, int], until: Until) -> tuple[set[Key], dict[Key, Entry]]:
    """Which of these parts had any entry until then, and the last of each that is another than the known one.

    `known` has the revision of each part's entry, 0 for none.
    """
    there: set[Key] = set()
    found: dict[Key, Entry] = {}
    parts = list(known.items())
    for start in range(0, len(parts), KEYS_AT_ONCE):
        for key, is_known, entry in newest_of(parts[start : start + KEYS_AT_ONCE], until):
            if is_known or entry.keyframe_revision:
                there.add(key)
            if not is_known and entry.keyframe_revision:
                found[key] = entry
    return there, found


def newest_of(parts: Iterable[tuple[Key, int]], until: Until) -> list[tuple[Key, bool, Entry]]:
    """For each part with entries: whether the last one is the known one, and if it is not, that entry."""
    column = "revision" if isinstance(until, int) else "committed_at"
    limit = until if isinstance(until, int) else connection.ops.adapt_datetimefield_value(until.astimezone(UTC))
    values = ", ".join(f"({int(key[0])}, {int(key[1])}, {int(key[2])}, {int(known)})" for key, known in parts)
    same = "j.fixture_id = k.fixture_id AND j.part = k.part AND j.market_id = k.market_id"
    sql = f"""
        WITH k (fixture_id, part, market_id, known) AS (VALUES {values}), n AS MATERIALIZED (
            SELECT k.*, (
                SELECT j.revision FROM {TABLE} j WHERE {same} AND j.{column} <= %s
                ORDER BY j.revision DESC, j.keyframe_revision DESC LIMIT 1
            ) AS newest FROM k
        )
        SELECT k.fixture_id, k.part, k.market_id, k.newest = k.known, j.{", j.".join(Entry._fields)} FROM n k
        LEFT JOIN {TABLE} j ON {same} AND j.revision = k.newest AND k.newest <> k.known AND j.keyframe_revision > 0
        WHERE k.newest IS NOT NULL
    """  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, [limit])
        return [(Key(*row[:3]), bool(row[3]), Entry(*row[4:])) for row in cursor.fetchall()]


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
