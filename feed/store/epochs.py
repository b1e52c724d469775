"""A source's epochs: each break of its continuity begins a new one, and what an earlier one said is unconfirmed.

A bet has the epoch of the message that last spoke of it. Epochs follow the order of the queue, not any clock: of two
messages of one batch, the one before the break confirms nothing and the one after it does.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec
from django.utils.translation import gettext, gettext_noop

from feed.models import Break, FeedShare, FeedSource, Recovery
from feed.store.rows.structs import EpochsRow
from feed.store.rows.tables import EPOCHS
from feed.store.sql.database import Statements

from .arrival import Received, own_time
from .heartbeat_chain import Chain, extend, longest_space, space_before

#: Why a break comes when a feed is expected again that was not.
NOT_EXPECTED = gettext_noop("Nothing was expected of the feed for a while.")
BROKE_AGAIN = gettext_noop("Another break came; its recovery goes back to before this one.")
CANNOT_ASK = gettext_noop("This feed has no package: LSports cannot be asked. Its old prices stay unconfirmed.")


class Begun(msgspec.Struct, frozen=True):
    """Where an epoch began: why, the own time of the last link before it, and when the break was noticed (ours)."""

    epoch: int
    reason: str
    link_at: datetime | None
    noticed_at: datetime


class Epochs:
    """The epochs of one source while a batch is walked through.

    `begun_at` is the own time of the epoch's first message, `heard_at` when the last heartbeat was received, `due` why
    a break comes before the next message of the queue. The first message that a source ever brings comes after no
    break.
    `row` is the source's as it is stored, `remembered` what of it is to be still so where it was not read in this
    transaction.
    """

    def __init__(self, row: EpochsRow) -> None:
        self.epoch = row.epoch
        self.begun_at = row.epoch_from
        self.chain = Chain(row.link_at, row.stray_at)
        self.heard_at = row.last_heartbeat_at
        self.due = row.break_due
        self.is_due_past = False
        self.breaks: list[Begun] = []
        self.as_read = self.columns()
        self.numbered, self.skips = row.numbered, row.skips
        self.row = row
        self.remembered: dict[str, Any] = {}

    def take(self, received: Received) -> int:
        """Go on to the next message; returns the epoch that it confirms what it speaks of for.

        What did not come from the queue says nothing of the chain, and uses up no break.
        """
        if received.epoch is not None:
            return min(self.epoch, received.epoch)
        own = own_time(received)
        delivery = received.delivery
        is_repeat = delivery is not None and delivery.redelivered
        is_first = self.chain.link_at is None
        reason = delivery.after_loss if delivery is not None else ""
        longest = longest_space(self.heard_at, delivery.connected_at if delivery is not None else None)
        if not is_repeat:  # What is delivered again was sent before the break, which waits for what is new.
            reason, self.is_due_past = reason or ("" if self.is_due_past else self.due), True
        if reason and not is_first:
            self.begin(reason, own, received.received_at)
            self.chain = Chain(own)
        elif received.message.heartbeat is not None:
            chain, reason = extend(self.chain, own, is_repeat=is_repeat, longest=longest)
            if reason:
                self.begin(reason, own, received.received_at)
            self.heard_at = received.received_at if chain != self.chain else self.heard_at
            self.chain = chain
        elif is_first:
            self.chain = Chain(own)
        elif found := space_before(self.chain, own, self.heard_at, received.received_at, longest):
            chain, reason = found
            self.begin(reason, own, received.received_at)
            self.chain, self.heard_at = chain, received.received_at
        return self.confirmed_by(own, is_repeat)

    def begin(self, reason: str, own: datetime, noticed_at: datetime) -> None:
        self.epoch += 1
        self.begun_at = own
        self.breaks.append(Begun(self.epoch, reason, self.chain.link_at, noticed_at))

    def confirmed_by(self, own: datetime, is_repeat: bool) -> int:
        """A repeated message that is older than the epoch speaks of what was before the break."""
        is_old = is_repeat and self.begun_at is not None and own < self.begun_at
        return self.epoch - 1 if is_old else self.epoch

    def columns(self) -> dict[str, Any]:
        return {
            "epoch": self.epoch,
            "epoch_from": self.begun_at,
            "link_at": self.chain.link_at,
            "stray_at": self.chain.stray_at,
        }

    def changes(self) -> dict[str, Any]:
        """The columns of the source's row that have changed since it was read."""
        return {name: value for name, value in self.columns().items() if value != self.as_read[name]}


def read_epochs(source: FeedSource, database: Statements) -> Epochs:
    """Where the source stands: one query. Raises `FeedSource.DoesNotExist` for one that was deleted."""
    return Epochs(read_row(source, database))


def read_row(source: FeedSource, database: Statements) -> EpochsRow:
    for row in database.select(EPOCHS, ("id",), [(source.pk,)]):
        found: EpochsRow = row
        return found
    raise FeedSource.DoesNotExist(f"The feed {source} was deleted.")


class EpochsCache:
    """Where sources stood after this process's last batch of each, so that the next one need not read it.

    It is good for the same consumer, as long as the row is as that batch left it; the batch finds out when it writes
    there (`feed.store.sources`).
    """

    def __init__(self) -> None:
        self.rows: dict[int, tuple[str, EpochsRow]] = {}

    def take(self, source: FeedSource, consumer: str) -> Epochs | None:
        """Take out where the source stands, if this consumer knows; it comes back with `put` after the commit."""
        holder, row = self.rows.pop(source.pk, ("", None))
        if row is None or holder != consumer:
            return None
        epochs = Epochs(row)
        epochs.remembered = {"epoch": row.epoch, "link_at": row.link_at, "break_due": row.break_due}
        return epochs

    def put(self, source: FeedSource, consumer: str, epochs: Epochs) -> None:
        if consumer:
            self.rows[source.pk] = consumer, epochs.row


EPOCHS_CACHE = EpochsCache()


def note_breaks(source: FeedSource, epochs: Epochs, share: int | None = None) -> None:
    """Write what broke, for operators; in the transaction of the batch. `share`: the queue's, where it has several."""
    if epochs.breaks:
        Break.objects.bulk_create(break_of(source, begun) for begun in epochs.breaks)
        begin_recovery(source, epochs.breaks)
    if epochs.due and epochs.is_due_past:
        own = FeedSource.objects.filter(pk=source.pk)
        rows = own if share is None else FeedShare.objects.filter(pk=share)
        rows.filter(break_due=epochs.due).update(break_due="")
        if share is not None:
            note_none_due(source)


def note_none_due(source: FeedSource) -> None:
    """No break of a source that is spread over queues is due once none of its queues has one."""
    due = FeedShare.objects.filter(source=source).exclude(break_due="")
    if not due.exists():
        FeedSource.objects.filter(pk=source.pk).update(break_due="")


def break_of(source: FeedSource, begun: Begun) -> Break:
    return Break(source=source, **msgspec.structs.asdict(begun))


def begin_recovery(source: FeedSource, breaks: Sequence[Begun]) -> None:
    """From here on the source is recovering, where LSports can be asked; one that was under way goes into this one."""
    now = datetime.now(UTC)
    row = FeedSource.objects.filter(pk=source.pk)
    can_ask = row.values_list("snapshots", flat=True).get() != FeedSource.Snapshots.NONE
    row.update(
        broke_at=breaks[-1].noticed_at, recovering_since=now if can_ask else None, recovery_words=breaks[-1].reason
    )
    unended = Recovery.objects.filter(source=source, ended_at=None)
    links = [begun.link_at for begun in breaks] + list(unended.values_list("since", flat=True))
    unended.update(ended_at=now, outcome=gettext(BROKE_AGAIN))
    Recovery.objects.create(
        source=source,
        epoch=breaks[-1].epoch,
        reason=breaks[-1].reason,
        since=None if None in links else min(link for link in links if link is not None),
        began_at=now,
        ended_at=None if can_ask else now,
        outcome="" if can_ask else gettext(CANNOT_ASK),
    )


def expect_break(source_ids: Sequence[int], reason: str) -> None:
    """What comes next of these sources comes after a break: whoever calls knows that messages may be missing.

    Of a source that is spread over queues each queue has its own break, and the source's is due until all have come.
    """
    FeedSource.objects.filter(pk__in=source_ids).update(break_due=reason[:300])
    FeedShare.objects.filter(source_id__in=source_ids).update(break_due=reason[:300])


def epoch_at(source: FeedSource, moment: datetime) -> int:
    """The source's epoch when something came at `moment`: what broke later it cannot confirm."""
    later = Break.objects.filter(source=source, noticed_at__gt=moment).order_by("epoch").values_list("epoch", flat=True)
    first = later.first()
    now = FeedSource.objects.values_list("epoch", flat=True).get(pk=source.pk)
    return now if first is None else first - 1
