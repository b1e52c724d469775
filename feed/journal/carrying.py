"""Before days of the journal are forgotten: what they say of fixtures that go on is carried over, as keyframes.

So every moment that is kept has its whole state, also of what has not changed since before the first kept day.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any

from django.db import connection, transaction

from feed.codes import BEFORE_PLAY, IN_PLAY
from feed.models import Fixture, JournalEntry

from .blobs import packed, read_sent_at, unpacked
from .entries import Entry, Key, chains, moment
from .states import MarketState, part_rows, rows_of

Part = JournalEntry.Part
TABLE = JournalEntry._meta.db_table
#: Keys that are read at once.
KEYS_READ = 5000


def carry_over(begin: datetime) -> int:
    """Write keyframes as of that moment, from which on the journal is kept. Returns how many.

    Of fixtures that are over and have nothing in the days that are kept there are none. May be stopped and run again.
    """
    written = 0
    for _, keys in groupby(keys_before(begin), lambda key: key.fixture_id):
        entries = keyframes(list(keys), begin)
        with transaction.atomic():
            JournalEntry.objects.bulk_create(entries, batch_size=500)
        written += len(entries)
    return written


def keys_before(begin: datetime) -> Iterator[Key]:
    """The parts that have entries before that moment, of what goes on; none that was carried over already."""
    stored = connection.ops.adapt_datetimefield_value(begin.astimezone(UTC))
    statuses = ", ".join(str(int(status)) for status in sorted(BEFORE_PLAY | IN_PLAY))
    sql = f"""
        SELECT DISTINCT j.fixture_id, j.part, j.market_id FROM {TABLE} j
        WHERE j.committed_at < %s AND j.keyframe_revision > 0
        AND (
            j.fixture_id IN (SELECT id FROM {Fixture._meta.db_table} WHERE status IN ({statuses}))
            OR EXISTS (SELECT 1 FROM {TABLE} k WHERE k.fixture_id = j.fixture_id AND k.committed_at > %s)
        ) AND NOT EXISTS (
            SELECT 1 FROM {TABLE} k WHERE k.fixture_id = j.fixture_id AND k.part = j.part
            AND k.market_id = j.market_id AND k.committed_at = %s
        ) ORDER BY 1, 2, 3
    """  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, [stored] * 3)
        while rows := cursor.fetchmany(KEYS_READ):
            yield from (Key(*row) for row in rows)


def keyframes(keys: Sequence[Key], begin: datetime) -> list[JournalEntry]:
    """The state of these parts of one fixture just before that moment."""
    found = chains(keys, begin - timedelta(microseconds=1))
    of_fixture = rows_of(found)[Fixture]
    entries = []
    for key, chain in found.items():
        rows = of_fixture if key.part == Part.FIXTURE else None
        revision = rows[0].revision if rows else chain[-1].revision
        entries.append(keyframe(key, chain[-1], blob_of(key, chain, rows), revision, begin))
    return entries


def blob_of(key: Key, chain: Sequence[Entry], rows: list[Any] | None) -> tuple[Any, ...]:
    """The whole of a part after these entries; `rows`, where they are known already."""
    sent_at = read_sent_at(unpacked(chain[-1].blob)).sent_at
    if key.part != Part.MARKET:
        return sent_at, rows or part_rows(key.part, chain), []
    state = MarketState.of(chain)
    step = [moment(chain[-1].received_at), sent_at, chain[-1].source_id or 0, state.market, [], None, []]
    return sent_at, [step], [list(state.providers.values()), list(state.bets.values())]


def keyframe(key: Key, last: Entry, blob: tuple[Any, ...], revision: int, begin: datetime) -> JournalEntry:
    return JournalEntry(
        **key._asdict(),
        revision=revision,
        keyframe_revision=revision,
        received_at=moment(last.received_at),
        committed_at=begin,
        source_id=last.source_id,
        blob=packed(blob),
    )
