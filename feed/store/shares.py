"""One queue of a source that is spread over several: what its batches read and write in its own row.

Of the source's row an ordinary batch writes nothing, so that consumers of one source never wait for each other.
Heartbeats and breaks lock it: epochs are the source's.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from msgspec.structs import replace

from feed.models import FeedShare, FeedSource
from feed.store.rows.structs import EpochsRow
from feed.store.sql.database import Statements

from .arrival import Received
from .epochs import Epochs, read_row
from .heartbeat_chain import longest_space
from .lease import Lease
from .sources import SourceTaken, of_source

#: What of a batch's changes is kept for each queue; the rest is the source's.
OF_SHARE = ("link_at", "stray_at", "numbered", "skips")


def read_share(source: FeedSource, lease: Lease, batch: Sequence[Received], database: Statements) -> Epochs:
    """The source's epochs with the queue's own chain of heartbeats. Raises `SourceTaken` where the share is gone."""
    share = FeedShare.objects.filter(pk=lease.share or 0).first()
    if share is None:
        raise SourceTaken
    is_locked = bool(share.break_due) or any(may_break(received) for received in batch)
    if is_locked:
        FeedSource.objects.select_for_update().get(pk=source.pk)
    row = read_row(source, database)
    if not is_locked and any(comes_after_silence(received, row) for received in batch):
        FeedSource.objects.select_for_update().get(pk=source.pk)
        row = read_row(source, database)
    own = {name: getattr(share, name) for name in ("link_at", "stray_at", "break_due", "numbered", "skips")}
    return Epochs(replace(row, **own))


def may_break(received: Received) -> bool:
    """Whether an epoch may begin with this message."""
    after_loss = received.delivery is not None and received.delivery.after_loss
    return bool(after_loss) or received.message.heartbeat is not None


def comes_after_silence(received: Received, row: EpochsRow) -> bool:
    """Whether no heartbeat was received for so long that the message itself may prove a break."""
    heard_at, delivery = row.last_heartbeat_at, received.delivery
    longest = longest_space(heard_at, delivery.connected_at if delivery is not None else None)
    return heard_at is not None and received.received_at - heard_at > longest


def note_share(
    source: FeedSource,
    lease: Lease,
    batch: Sequence[Received],
    last_received_at: datetime,
    epochs: Epochs,
    changes: dict[str, Any],
) -> None:
    """Write what a batch changed, in its transaction. Raises `SourceTaken` where another consumer has the share."""
    own = {name: value for name, value in changes.items() if name in OF_SHARE}
    own |= {"last_message_at": last_received_at, "consumer_seen_at": datetime.now(UTC)}
    if not FeedShare.objects.filter(pk=lease.share or 0, consumer=lease.consumer).update(**own):
        raise SourceTaken
    rest = {name: value for name, value in changes.items() if name not in OF_SHARE}
    if any(received.message.heartbeat or received.message.keep_alive for received in batch):
        rest |= of_source(source, batch, epochs)
    if rest:
        FeedSource.objects.filter(pk=source.pk).update(**rest)
    for name, value in (rest | own).items():
        setattr(source, name, value)
