"""What the consumers of a source's queues say together, written to the source's own row.

Each of them writes it with its own signs of life, so that it is right whichever of them lives. The feed is as well as
the worst of its queues: a fixture is in one of them, and pages do not know in which.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import ngettext

from feed.journal.sources import silence_ended
from feed.models import FeedShare, FeedSource
from feed.store.sources import record_source

State = FeedSource.State
WORST_FIRST = (State.DOWN, State.LATE, State.UP)


def write_together(source_id: int) -> bool:
    """Bring the source's row to what its shares say; whether its state or reason is another one now."""
    shares = list(FeedShare.objects.filter(source_id=source_id))
    if not shares:
        return False
    now = datetime.now(UTC)
    row = FeedSource.objects.filter(pk=source_id)
    heard_at, seen_at = row.values_list("last_message_at", "consumer_seen_at").first() or (None, None)
    numbers = worst_numbers(shares)
    row.update(consumer=consumers_in_words(shares), **numbers)
    heard_at = silence_ended(heard_at, numbers["last_message_at"], settings.FEED_LATE_SECONDS)
    seen_at = silence_ended(seen_at, numbers["consumer_seen_at"], settings.FEED_GONE_SECONDS)
    counted = [share for share in shares if not is_being_handed_over(share, now)]
    is_new = bool(counted) and write_state(row, *state_together(counted), now)
    if is_new or heard_at or seen_at:
        record_source(source_id, heard_at=heard_at, seen_at=seen_at)
    return is_new


def write_state(row: QuerySet[FeedSource], state: str, reason: str, since: datetime | None, now: datetime) -> bool:
    """Whether the state or its reason is another one by this."""
    is_new = bool(row.exclude(state=state, state_since__isnull=False).update(state=state, state_since=since or now))
    return bool(row.exclude(state_reason=reason).update(state_reason=reason)) or is_new


def state_together(shares: Sequence[FeedShare]) -> tuple[str, str, datetime | None]:
    """The state of the worst, why, and since when it has it; the queue is named where not all say the same."""
    worst = min(shares, key=lambda share: WORST_FIRST.index(State(share.state)))
    reason = worst.state_reason
    if reason and len({(share.state, share.state_reason) for share in shares}) > 1:
        reason = f"{worst.queue}: {reason}"
    return worst.state, reason[:300], worst.state_since


def is_being_handed_over(share: FeedShare, now: datetime) -> bool:
    """One consumer has left it to another on purpose just now, which is no fault for as long as a consumer may hang."""
    limit = timedelta(seconds=settings.FEED_GONE_SECONDS)
    return share.state == State.DOWN and share.handed_at is not None and now - share.handed_at < limit


def worst_numbers(shares: Sequence[FeedShare]) -> dict[str, Any]:
    """The longest silence, the consumer that was not seen for longest, the oldest messages."""
    arrivals = [share.last_message_at for share in shares]
    return {
        "consumer_seen_at": min((share.consumer_seen_at for share in shares if share.consumer_seen_at), default=None),
        "last_message_at": None if None in arrivals else min(at for at in arrivals if at is not None),
        "age_ms": max((share.age_ms for share in shares if share.age_ms is not None), default=None),
        "supplier_age_ms": max(
            (share.supplier_age_ms for share in shares if share.supplier_age_ms is not None), default=None
        ),
        "taken": sum(share.taken for share in shares),
        "busy_ms": sum(share.busy_ms for share in shares),
    }


def consumers_in_words(shares: Sequence[FeedShare]) -> str:
    """ "2 processes, 3 of 3 queues"; empty where none is consumed."""
    holders = {share.consumer.rpartition("/")[0] for share in shares if share.consumer}
    if not holders:
        return ""
    processes = ngettext("%(num)s process", "%(num)s processes", len(holders)) % {"num": len(holders)}
    return f"{processes}, {sum(bool(share.consumer) for share in shares)}/{len(shares)}"
