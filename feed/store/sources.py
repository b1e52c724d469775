"""What a batch says of its source: that it is alive, whether it has heartbeats, and the fixtures in its keep-alives."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from msgspec.structs import replace

from feed.journal.blobs import packed, unpacked
from feed.journal.entries import Key, newest
from feed.journal.rows import row_type
from feed.journal.sources import COLUMNS_OF_ENTRY, EVER, columns_of, silence_ended
from feed.models import FeedSource, JournalEntry, StreamOffset
from feed.proof.leaves import Journaled
from feed.store.rows.structs import SourceRow
from feed.store.rows.tables import EPOCHS, SOURCES
from feed.store.sql.database import Statements, statements
from feed.wire.messages import Dialect

from .apply.plain import extra_data
from .arrival import Received, Rejected, own_time
from .epochs import Epochs
from .leaves import Messages, note_leaves

#: A provider's keep-alive list counts for this long after the newest one: LSports sends one each 30 s.
KEEP_ALIVE_SECONDS = 120


Part = JournalEntry.Part


class SourceTaken(Exception):
    """The source has another consumer by now; what this one wanted to store is not stored."""

    def __init__(self) -> None:
        super().__init__("Another consumer has taken over this feed.")


class SourceMoved(Exception):
    """The source's row is not as this process left it; the batch is to be stored anew, by what is read now."""


def note_source(
    source: FeedSource,
    batch: Sequence[Received],
    last_received_at: datetime,
    consumer: str,
    epochs: Epochs,
    epoch_changes: Mapping[str, Any],
    database: Statements,
) -> None:
    """Update the source's row, once, in the transaction of the batch. The object in hand follows.

    Raises `SourceTaken` where `consumer` is given and has the source no longer, and `SourceMoved` where `epochs` are
    remembered and the row has others, or none of this consumer's.
    """
    changes: dict[str, Any] = {"last_message_at": last_received_at, **epoch_changes, **of_source(source, batch, epochs)}
    if consumer:
        changes["consumer_seen_at"] = datetime.now(UTC)
    given = {"consumer": consumer} | epochs.remembered if consumer else {}
    if not database.update_if(SOURCES, tuple(changes), SourceRow(source.pk, consumer, **changes), given) and consumer:
        raise SourceMoved if epochs.remembered else SourceTaken
    record_changes(source, changes)
    for name, value in changes.items():
        setattr(source, name, value)
    epochs.row = replace(
        epochs.row, **{name: changes[name] for name in EPOCHS.columns if name in changes}, break_due=""
    )


def record_source(source_id: int, *, heard_at: datetime | None = None, seen_at: datetime | None = None) -> None:
    """Write how the source's row stands, where that is another thing than was written last. It is a leaf of its own.

    `heard_at` and `seen_at` say since when there was no message, or no sign of life, where such a silence has just
    ended (`silence_ended`).
    """
    key = Key(0, Part.SOURCE, source_id)
    with transaction.atomic():
        row = FeedSource.objects.select_for_update().filter(pk=source_id).values(*COLUMNS_OF_ENTRY).first()
        if row is None:
            return
        now, last = datetime.now(UTC), newest([key], EVER).get(key)
        begun = [at for at in (heard_at, seen_at) if at is not None]
        if not begun and last is not None and columns_of(last) == row:
            return
        revision = max(int(now.timestamp() * 1_000_000), last.revision + 1 if last else 0)
        whole = row_type(FeedSource)(**row, last_message_at=heard_at, consumer_seen_at=seen_at)
        entry = JournalEntry(
            **key._asdict(),
            revision=revision,
            keyframe_revision=revision,
            received_at=min(begun, default=now),
            committed_at=now,
            source_id=source_id,
            blob=packed((None, [whole], [])),
        )
        entry.save(force_insert=True)
        note_leaves(Messages(), [journaled(entry)], now, statements())


def journaled(entry: JournalEntry) -> Journaled:
    """The entry as its leaf has it."""
    columns = {name: getattr(entry, name) for name in Journaled._fields if name != "text"}
    return Journaled(**columns, text=unpacked(entry.blob))


def record_changes(source: FeedSource, changes: Mapping[str, Any]) -> None:
    """Write into the journal what it has of sources: the end of a silence, and whether there are heartbeats."""
    heard_at = silence_ended(source.last_message_at, changes["last_message_at"], settings.FEED_LATE_SECONDS)
    seen_at = silence_ended(source.consumer_seen_at, changes.get("consumer_seen_at"), settings.FEED_GONE_SECONDS)
    if heard_at or seen_at or changes.get("has_heartbeat", source.has_heartbeat) != source.has_heartbeat:
        record_source(source.pk, heard_at=heard_at, seen_at=seen_at)


def of_source(source: FeedSource, batch: Sequence[Received], epochs: Epochs) -> dict[str, Any]:
    """What the messages say of the source itself. Where there are keep-alives, its row is locked."""
    changes: dict[str, Any] = {}
    if sent := [received.message.header.sent_at for received in batch if received.message.header.sent_at is not None]:
        changes["last_sent_at"] = max(sent)
    for received in batch:
        note_heartbeat(epochs, received, changes)
    if alive := [received for received in batch if received.message.keep_alive is not None]:
        stored = FeedSource.objects.select_for_update().only("keep_alives").get(pk=source.pk)
        for received in alive:
            note_keep_alive(stored, received, changes)
    note_product(source, batch, changes)
    return changes


def note_product(source: FeedSource, batch: Sequence[Received], changes: dict[str, Any]) -> None:
    """A source that brings Hyper's messages has no heartbeat, unless it ever had one."""
    if "last_heartbeat_at" in changes:
        changes["has_heartbeat"] = True
    elif source.last_heartbeat_at is None and any(received.message.dialect is Dialect.HYPER for received in batch):
        changes["has_heartbeat"] = False


def note_heartbeat(epochs: Epochs, received: Received, changes: dict[str, Any]) -> None:
    """The newest heartbeat says what of the feed is interrupted; an older one is still a sign of life."""
    if received.message.heartbeat is None:
        return
    changes["last_heartbeat_at"] = received.received_at
    sent_at = own_time(received)
    newest = changes.get("heartbeat_sent_at", epochs.row.heartbeat_sent_at)
    if newest is None or sent_at >= newest:
        changes["heartbeat_sent_at"] = sent_at
        changes["feed_interrupted"] = received.message.heartbeat.feed_interrupted


def note_keep_alive(stored: FeedSource, received: Received, changes: dict[str, Any]) -> None:
    """The newest list of each provider counts; one without provider is the whole list."""
    keep_alive = received.message.keep_alive
    if keep_alive is None:
        return
    changes["last_keep_alive_at"] = received.received_at
    provider = str(keep_alive.provider_id or 0)
    sent_at = own_time(received)
    lists = stored.keep_alives
    if provider in lists and sent_at < datetime.fromisoformat(lists[provider]["sent_at"]):
        return
    lists[provider] = {"sent_at": sent_at.isoformat(), "fixtures": keep_alive.active_events}
    if keep_alive.extra_data:
        lists[provider]["extra_data"] = extra_data(keep_alive.extra_data)
    changes["keep_alives"] = current_lists(lists)
    active = {number for entry in changes["keep_alives"].values() for number in entry["fixtures"]}
    changes["active_fixtures"] = sorted(active)


def current_lists(lists: dict[str, Any]) -> dict[str, Any]:
    """The lists that are not out of date beside the newest."""
    oldest = max(datetime.fromisoformat(entry["sent_at"]) for entry in lists.values())
    oldest -= timedelta(seconds=KEEP_ALIVE_SECONDS)
    return {key: entry for key, entry in lists.items() if datetime.fromisoformat(entry["sent_at"]) >= oldest}


def note_offsets(source: FeedSource, batch: Sequence[Received], rejected: Sequence[Rejected]) -> None:
    """Keep how far each stream is stored, in the transaction of the batch, so that a crash neither loses nor doubles.

    The last delivery counts: a stream that was declared again begins at 0.
    """
    deliveries = [*(received.delivery for received in batch), *(message.delivery for message in rejected)]
    if reached := [(one.tag, one.queue, one.offset) for one in deliveries if one and one.offset is not None]:
        _, queue, offset = max(reached)
        StreamOffset.objects.update_or_create(source=source, queue=queue, defaults={"offset": offset})


def stored_offset(source_name: str, queue: str) -> int | None:
    """The offset of the last message of a stream that is stored; None where none is."""
    known = StreamOffset.objects.filter(source__name=source_name, queue=queue)
    return known.values_list("offset", flat=True).first()
