"""What a batch tells of its source: that it speaks, whether by heartbeats too, and the fixtures that it keeps alive."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from feed.models import FeedSource
from feed.wire.messages import Dialect

from .arrival import Origin, Received

#: A provider's keep-alive list counts for this long after the newest one: LSports sends one each 30 s.
KEEP_ALIVE_SECONDS = 120


def note_source(source: FeedSource, batch: Sequence[Received], last_received_at: datetime) -> None:
    """Update the source's row, once, in the transaction of the batch. The object in hand follows."""
    changes: dict[str, Any] = {"last_message_at": last_received_at}
    if sent := [each.message.header.sent_at for each in batch if each.message.header.sent_at is not None]:
        changes["last_sent_at"] = max(sent)
    signs = [each for each in batch if each.message.heartbeat or each.message.keep_alive]
    if signs:
        stored = FeedSource.objects.select_for_update().get(pk=source.pk)
        for received in signs:
            note_heartbeat(stored, received, changes)
            note_keep_alive(stored, received, changes)
    note_product(source, batch, changes)
    FeedSource.objects.filter(pk=source.pk).update(**changes)
    for name, value in changes.items():
        setattr(source, name, value)


def note_product(source: FeedSource, batch: Sequence[Received], changes: dict[str, Any]) -> None:
    """A source that brings Hyper's messages has no heartbeat, unless it ever had one."""
    if "last_heartbeat_at" in changes:
        changes["has_heartbeat"] = True
    elif source.last_heartbeat_at is None and any(each.message.dialect is Dialect.HYPER for each in batch):
        changes["has_heartbeat"] = False


def note_heartbeat(stored: FeedSource, received: Received, changes: dict[str, Any]) -> None:
    """The newest heartbeat says what of the feed is interrupted; an older one is still a sign of life."""
    if received.message.heartbeat is None:
        return
    changes["last_heartbeat_at"] = received.received_at
    sent_at = Origin.of(received, stored.pk).sent_at
    if stored.heartbeat_sent_at is None or sent_at >= stored.heartbeat_sent_at:
        stored.heartbeat_sent_at = changes["heartbeat_sent_at"] = sent_at
        changes["feed_interrupted"] = received.message.heartbeat.feed_interrupted


def note_keep_alive(stored: FeedSource, received: Received, changes: dict[str, Any]) -> None:
    """The newest list of each provider counts; one without provider is the whole list."""
    keep_alive = received.message.keep_alive
    if keep_alive is None:
        return
    changes["last_keep_alive_at"] = received.received_at
    provider = str(keep_alive.provider_id or 0)
    sent_at = Origin.of(received, stored.pk).sent_at
    lists = stored.keep_alives
    if provider in lists and sent_at < datetime.fromisoformat(lists[provider]["sent_at"]):
        return
    lists[provider] = {"sent_at": sent_at.isoformat(), "fixtures": keep_alive.active_events}
    changes["keep_alives"] = current_lists(lists)
    active = {number for each in changes["keep_alives"].values() for number in each["fixtures"]}
    changes["active_fixtures"] = sorted(active)


def current_lists(lists: dict[str, Any]) -> dict[str, Any]:
    """The lists that are not out of date beside the newest."""
    oldest = max(datetime.fromisoformat(each["sent_at"]) for each in lists.values())
    oldest -= timedelta(seconds=KEEP_ALIVE_SECONDS)
    return {key: each for key, each in lists.items() if datetime.fromisoformat(each["sent_at"]) >= oldest}
