"""One consumer at a time for each source, by a lease in the source's row; for each queue where it has several.

Two consumers of one source would store a fixture's messages out of order, and a price that is older than what is
stored would never reach history. Every write of a consumer names its lease, so that one that has been replaced while
it slept cannot write any more.
"""

import os
import secrets
import socket
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.utils.translation import gettext, gettext_noop

from feed.journal.sources import silence_ended
from feed.models import FeedShare, FeedSource
from feed.store.lease import Lease
from feed.store.sources import record_source

State = FeedSource.State
#: A word that is another one for each start of each machine.
BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
CONNECTING = gettext_noop("Connecting.")
#: Stands in place of the consumer while one that ends leaves the source to one that stands by for it.
HANDED_OVER = "handed over"
#: A consumer that stands by says so each half second; if it last did longer ago than this, it is gone.
WANTED = timedelta(seconds=2)


class Holder(NamedTuple):
    """The consumer that a lease names. Process numbers mean something only within one namespace of one machine."""

    host: str
    namespace: str
    process: int
    token: str

    @classmethod
    def new(cls) -> "Holder":
        """A holder in this process."""
        return cls(socket.gethostname()[:100], process_namespace(), os.getpid(), secrets.token_hex(4))

    @classmethod
    def parse(cls, text: str) -> "Holder":
        """Raises ValueError for a text that no `Holder` wrote."""
        host, namespace, process, token = text.rsplit("/", 3)
        return cls(host, namespace, int(process), token)

    def __str__(self) -> str:
        return f"{self.host}/{self.namespace}/{self.process}/{self.token}"

    @property
    def name(self) -> str:
        """The holder's name, for people."""
        return f"process {self.process} on {self.host}"


class SourceLease:
    """This consumer's claim to a source. All methods raise `django.db.Error` where the database is away."""

    def __init__(self, source: FeedSource, share: FeedShare | None = None) -> None:
        self.source = source
        self.share = share
        self.holder = Holder.new()
        self.handed_until = 0.0

    @property
    def place(self) -> QuerySet[Any]:
        """The row that the lease stands in: the source's, or the share's where it is spread over several queues."""
        rows: QuerySet[Any] = FeedSource.objects.filter(pk=self.source.pk)
        return rows if self.share is None else FeedShare.objects.filter(pk=self.share.pk)

    @property
    def row(self) -> QuerySet[Any]:
        """The lease's row while it is ours; no row otherwise."""
        return self.place.filter(consumer=str(self.holder))

    @property
    def written_by(self) -> Lease:
        """What a batch that is stored under it names."""
        return Lease(str(self.holder), self.share.pk if self.share is not None else None)

    def take(self) -> str:
        """Take the source if it is free. Returns the name of the consumer that has it, empty where it is ours now.

        What a consumer that died wrote of its state vouches for nothing any more: it is DOWN until ours says otherwise.
        One that handed the source over on purpose leaves it as it was (`is_handed`).
        """
        if self.take_over():
            return ""
        now, was_down = datetime.now(UTC), Q(state=State.DOWN, state_since__isnull=False)
        claim = {
            "consumer": str(self.holder),
            "consumer_seen_at": now,
            "wanted_at": None,
            "state": State.DOWN,
            "state_reason": gettext(CONNECTING),
            "state_since": Case(When(was_down, then=F("state_since")), default=Value(now)),
        }
        before = self.place.values("consumer", "consumer_seen_at").first() or {}
        text = ""
        if not self.place.filter(self.is_left()).update(**claim):
            text = self.holder_now()
            if text == HANDED_OVER and self.take_over():
                return ""
            if not is_dead(text) or not self.place.filter(consumer=text).update(**claim):
                self.stand_by(now)
                return consumer_name(text)
        if self.share is None:
            seen_at = before.get("consumer_seen_at") if before.get("consumer") else None
            record_source(self.source.pk, seen_at=silence_ended(seen_at, now, settings.FEED_GONE_SECONDS))
        return ""

    def hand_over(self) -> bool:
        """Leave the source, in the state that it has, to a consumer that stands by for it; False where none does.

        Should that one not come, readers take the source's consumer for gone, as one that hangs.
        """
        if self.share is not None:
            return False
        now = datetime.now(UTC)
        return bool(self.row.filter(wanted_at__gt=now - WANTED).update(consumer=HANDED_OVER, consumer_seen_at=now))

    def take_over(self) -> bool:
        """Take the source from a consumer that has just handed it over."""
        now = datetime.now(UTC)
        handed = self.place.filter(consumer=HANDED_OVER, consumer_seen_at__gt=now - self.patience)
        if not handed.update(consumer=str(self.holder), consumer_seen_at=now, wanted_at=None):
            return False
        self.handed_until = time.monotonic() + self.patience.total_seconds()
        return True

    @property
    def patience(self) -> timedelta:
        return timedelta(seconds=settings.FEED_GONE_SECONDS)

    @property
    def is_handed(self) -> bool:
        """Whether it was handed over just now: until it is connected its state is what it was, for as long as a
        consumer may hang."""
        return time.monotonic() < self.handed_until

    def stand_by(self, now: datetime) -> None:
        """Note in the source's row that this consumer stands by for it."""
        if self.share is None:
            self.place.update(wanted_at=now)

    def is_left(self) -> Q:
        """The condition under which nobody has the row or hands it over, as far as the database alone can say."""
        oldest = datetime.now(UTC) - self.patience
        expired = Q(consumer_seen_at=None) | Q(consumer_seen_at__lt=oldest)
        return expired | Q(consumer__in=["", str(self.holder)])

    def is_free(self) -> Q:
        """The condition under which the row is nobody else's."""
        return self.is_left() | Q(consumer=HANDED_OVER)

    def holder_now(self) -> str:
        """The holder as the row has it."""
        return self.place.values_list("consumer", flat=True).first() or ""

    def other(self) -> str:
        """The name of the consumer that has it; empty where it is free. Takes nothing."""
        text = self.holder_now()
        return "" if is_dead(text) or self.place.filter(self.is_free()).exists() else consumer_name(text)

    def release(self) -> None:
        """Leave the source to whoever comes next."""
        self.row.update(consumer="")


def consumer_name(text: str) -> str:
    """What `FeedSource.consumer` holds, in words; empty where it is empty."""
    with suppress(ValueError):
        return Holder.parse(text).name
    return text


def is_dead(text: str) -> bool:
    """Whether that consumer certainly no longer runs, so that nobody needs to wait for its lease to expire."""
    with suppress(ValueError, OSError):
        holder = Holder.parse(text)
        if (holder.host, holder.namespace) == (socket.gethostname()[:100], process_namespace()):
            try:
                os.kill(holder.process, 0)
            except ProcessLookupError:
                return True
    return False


def process_namespace() -> str:
    """Tells apart machines of one name, and containers, whose processes have the same numbers.

    A kernel numbers its first namespace like every other kernel does, so its start is named too. Empty where the
    system has neither.
    """
    names = []
    with suppress(OSError):
        names.append(BOOT_ID.read_text(encoding="ascii").strip())
    with suppress(OSError):
        names.append(os.readlink("/proc/self/ns/pid").removeprefix("pid:[").removesuffix("]"))
    return ".".join(names)
