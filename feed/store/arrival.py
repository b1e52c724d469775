"""What comes into the store: messages that were understood, and messages that were not."""

from datetime import datetime, timedelta
from typing import cast

import msgspec

from feed.codes import MessageType
from feed.transport import Delivery
from feed.wire.messages import Message

SETTLEMENTS = frozenset(
    {MessageType.SETTLEMENT, MessageType.OUTRIGHT_SETTLEMENT, MessageType.OUTRIGHT_LEAGUE_SETTLEMENT}
)
#: Types whose fixtures are described whole, so that what is missing is gone (type 1 is Hyper's too).
DESCRIPTIONS = frozenset(
    {
        MessageType.FIXTURE,
        MessageType.SNAPSHOT,
        MessageType.OUTRIGHT_FIXTURE,
        MessageType.OUTRIGHT_LEAGUE_FIXTURE,
    }
)
#: How far LSports' clock may be ahead of ours.
MOST_AHEAD = timedelta(minutes=1)


class Received(msgspec.Struct, kw_only=True):
    """A message and when it came: `received_at` (aware, UTC) is the delivery's, unless given."""

    message: Message
    delivery: Delivery | None = None
    received_at: datetime = cast(datetime, None)

    def __post_init__(self) -> None:
        if self.received_at is None:
            if self.delivery is None:
                raise TypeError("a received message needs a delivery or a received_at")
            self.received_at = self.delivery.received_at


class Rejected(msgspec.Struct, kw_only=True):
    """A delivery that could not be understood, why (a sentence for operators), and the kind of reason."""

    delivery: Delivery
    reason: str
    kind: str = ""


class Origin(msgspec.Struct, gc=False, kw_only=True):
    """Who says it, and when: what every row takes from the message that it came in."""

    source_id: int
    sent_at: datetime
    seq: int | None
    received_at: datetime
    is_settlement: bool
    is_description: bool

    @classmethod
    def of(cls, received: Received, source_id: int) -> "Origin":
        """Where the header has no time, that of receipt stands in for it."""
        header = received.message.header
        return cls(
            source_id=source_id,
            sent_at=header.sent_at or header.created_at or received.received_at,
            seq=header.seq,
            received_at=received.received_at,
            is_settlement=header.type in SETTLEMENTS,
            is_description=header.type in DESCRIPTIONS,
        )

    def is_before(self, stamp: datetime) -> bool:
        """Whether it was sent before what a row is stamped with.

        A stamp far ahead of when this one was received is a wrong clock's: it does not keep out one whose own is right.
        """
        latest = self.received_at + MOST_AHEAD
        return self.sent_at < stamp and (stamp <= latest or self.sent_at > latest)
