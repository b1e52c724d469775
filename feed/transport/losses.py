"""What a queue shows of messages that were lost in it: it was deleted, declared again or purged. Pure.

A loss of less than two heartbeats shows in no chain of heartbeats (`feed.store.heartbeat_chain`), so other signs count:
the broker ended our consumption, the queue was not there, or it holds fewer messages than it must. The counts are of
different moments: where they allow of no loss, none is noted.
"""

from typing import NamedTuple

DELETED = "The queue was deleted or moved while it was consumed."
NOT_THERE = "The queue was not there for a while."
DECLARED_ANEW = (
    "The queue was purged or declared again: %(number)d messages that were not acknowledged did not come back."
)
PURGED = "The queue was purged: at least %(number)d messages that waited in it never came."


class QueueState(NamedTuple):
    """Messages that wait, and who consumes."""

    waiting: int
    consumers: int


class Flag(NamedTuple):
    """Why messages are missing before the delivery `tag`; None: before the next one."""

    reason: str
    tag: int | None = None


class QueueLosses:
    """Counts what one consumer, with this prefetch, was given and has acknowledged, by tags that grow forever.

    `given` and `compare` are called by the thread that holds the connection, `acknowledged` by any.
    """

    def __init__(self, prefetch: int) -> None:
        self.prefetch = prefetch
        self.last_tag = self.last_acknowledged = 0
        self.flag: Flag | None = None
        self.before: tuple[int, int] | None = None

    def given(self, tag: int) -> str:
        """Note a delivery; returns why messages are missing before it, empty where none is known to be."""
        self.last_tag = tag
        flag = self.flag
        if flag is None or flag.tag is not None:
            return ""
        self.flag = Flag(flag.reason, tag)
        return flag.reason

    def acknowledged(self, tag: int) -> None:
        """What was flagged is stored once it is acknowledged; until then it comes again, and is flagged again."""
        self.last_acknowledged = max(self.last_acknowledged, tag)
        flag = self.flag
        if flag is not None and flag.tag is not None and tag >= flag.tag:
            self.flag = None

    def note(self, reason: str) -> None:
        """Messages are missing before the next delivery."""
        self.flag = Flag(reason)

    def reconnected(self, state: QueueState | None) -> None:
        """On a new connection, before it consumes: what was not acknowledged must be in the queue again.

        Nothing is noted while the queue has a consumer: it may be our own earlier one, which still holds them.
        """
        number = self.last_tag - self.last_acknowledged
        if state is not None and state.consumers == 0 and state.waiting < number:
            self.note(DECLARED_ANEW % {"number": number - state.waiting})
        elif self.flag is not None:
            self.flag = Flag(self.flag.reason)
        self.last_acknowledged = self.last_tag
        self.before = None

    def compare(self, state: QueueState) -> None:
        """While it consumes: what waited before and does not now must have been given to us."""
        if self.before is not None and state.consumers == 1:
            waiting, last_tag = self.before
            most_given = max(0, self.last_acknowledged + self.prefetch - last_tag)
            if state.waiting + most_given < waiting:
                self.note(PURGED % {"number": waiting - most_given - state.waiting})
        self.before = state.waiting, self.last_tag
