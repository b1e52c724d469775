"""Before days of the journal are dropped, the last state of each fixture that goes on is carried over as keyframes.

So the whole state can be read at every moment that remains, even of a part that last changed on a dropped day.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from django.db import transaction

from feed.codes import BEFORE_PLAY, IN_PLAY
from feed.models import Fixture, JournalEntry

from .blobs import packed, read_sent_at, unpacked
from .entries import Entry, Key, chains, moment
from .states import MarketState, part_rows, rows_of

Part = JournalEntry.Part


def carry_over(begin: datetime) -> int:
    """Write keyframes as of `begin`, the first moment that stays in the journal. Returns how many.

    None are written for fixtures that are over and have no entry after it. May be stopped and run again.
    """
    written = 0
    for _, keys in groupby(keys_before(begin), lambda key: key.fixture_id):
        entries = keyframes(list(keys), begin)
        with transaction.atomic():
            JournalEntry.objects.bulk_create(entries, batch_size=500)
        written += len(entries)
    return written


def keys_before(begin: datetime) -> Iterator[Key]:
    """The parts that have entries before `begin`, of fixtures that go on, but for those that were carried over.

    Queried fixture by fixture, so that no statement takes longer after a busy day.
    """
    old = JournalEntry.objects.filter(committed_at__lt=begin, keyframe_revision__gt=0).order_by("fixture_id")
    ids = old.values_list("fixture_id", flat=True)
    fixture_id = ids.first()
    while fixture_id is not None:
        if goes_on(fixture_id, begin):
            yield from keys_of(fixture_id, begin)
        fixture_id = ids.filter(fixture_id__gt=fixture_id).first()


def goes_on(fixture_id: int, begin: datetime) -> bool:
    """Whether a fixture is not over, or has entries after `begin`. 0 stands for what belongs to no fixture."""
    return (
        fixture_id == 0
        or Fixture.objects.filter(pk=fixture_id, status__in=BEFORE_PLAY | IN_PLAY).exists()
        or JournalEntry.objects.filter(fixture_id=fixture_id, committed_at__gt=begin).exists()
    )


def keys_of(fixture_id: int, begin: datetime) -> list[Key]:
    """The parts of one fixture that have entries before `begin`, but for those that were carried over."""
    keys = JournalEntry.objects.filter(fixture_id=fixture_id).order_by().values_list("fixture_id", "part", "market_id")
    old = keys.filter(committed_at__lt=begin, keyframe_revision__gt=0).distinct()
    return sorted({Key(*row) for row in old} - {Key(*row) for row in keys.filter(committed_at=begin)})


def keyframes(keys: Sequence[Key], begin: datetime) -> list[JournalEntry]:
    """The state of these parts of one fixture just before `begin`."""
    found = chains(keys, begin - timedelta(microseconds=1))
    of_fixture = rows_of(found)[Fixture]
    entries = []
    for key, chain in found.items():
        rows = of_fixture if key.part == Part.FIXTURE else None
        revision = rows[0].revision if rows else chain[-1].revision
        entries.append(keyframe(key, chain[-1], blob_of(key, chain, rows), revision, begin))
    return entries


def blob_of(key: Key, chain: Sequence[Entry], rows: list[Any] | None) -> tuple[Any, ...]:
    """The blob of a whole part after these entries; `rows` where its rows are known already."""
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
