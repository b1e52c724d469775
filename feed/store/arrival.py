"""What comes into the store: messages that were understood, and messages that were not."""

from datetime import datetime, timedelta
from typing import cast

import msgspec

from feed.codes import MessageType
from feed.transport import Delivery
from feed.wire.messages import Dialect, Message

from .sides import NO_SIDES, Sides

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
#: Types of messages about one market, which LSports numbers for each market.
OF_ONE_MARKET = SETTLEMENTS | {
    MessageType.MARKET,
    MessageType.OUTRIGHT_FIXTURE_MARKET,
    MessageType.OUTRIGHT_LEAGUE_MARKET,
}
#: How far LSports' clock may be ahead of ours, and two clocks of LSports' apart, before one of them is wrong.
MOST_AHEAD = timedelta(minutes=1)


class Received(msgspec.Struct, kw_only=True):
    """A message and when it came: `received_at` (aware, UTC) is the delivery's, unless given.

    `epoch` is set where it did not come from the queue just now (an answer of LSports', a message that is tried again):
    the latest of its source's that it can confirm anything for. Of an answer, `asked_at` is when it was asked for and
    `asked_since` from when on it names what changed; None: it names everything that it is about.
    """

    message: Message
    delivery: Delivery | None = None
    received_at: datetime = cast(datetime, None)
    epoch: int | None = None
    asked_at: datetime | None = None
    asked_since: datetime | None = None

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
    """Who says it, and when: what every row takes from the message that it came in.

    `epoch` is the source's epoch in which the message confirms what it speaks of, `sides` knows the source's side;
    `number` is the message's in its market. `is_queued`: it came from the queue just now; `is_repeat`: it may have come
    before; `is_untimed`: its header has no time that can be right, and that of receipt stands in for it.
    """

    source_id: int
    sent_at: datetime
    seq: int | None
    received_at: datetime
    is_settlement: bool
    is_description: bool
    epoch: int = 0
    sides: Sides = NO_SIDES
    number: int | None = None
    is_queued: bool = True
    is_repeat: bool = False
    asked_at: datetime | None = None
    asked_since: datetime | None = None
    is_untimed: bool = False

    @classmethod
    def of(cls, received: Received, source_id: int, epoch: int = 0, sides: Sides = NO_SIDES) -> "Origin":
        header = received.message.header
        sent_at = time_sent(header.sent_at, header.created_at, received.received_at)
        return cls(
            source_id=source_id,
            sent_at=sent_at,
            is_untimed=sent_at == received.received_at,
            seq=header.seq,
            received_at=received.received_at,
            is_settlement=header.type in SETTLEMENTS,
            is_description=header.type in DESCRIPTIONS,
            epoch=epoch,
            sides=sides,
            number=number_in_market(received),
            is_queued=received.epoch is None,
            is_repeat=received.delivery is not None and received.delivery.redelivered,
            asked_at=received.asked_at,
            asked_since=received.asked_since,
        )

    def is_before(self, stamp: datetime) -> bool:
        """Whether it was sent before what a row is stamped with.

        A stamp far ahead of this one's receipt comes from a wrong clock, and must not keep out a message whose time is
        right.
        """
        return self.sent_at < stamp <= self.received_at + MOST_AHEAD

    def trusted(self, update: datetime | None) -> datetime:
        """A LastUpdate of the message as it may be compared with others.

        Without one, the time at which the message was sent, which is never later than its receipt. The same where it
        lies in the future: well after the message was sent, and not about when it was received.
        """
        if update is None:
            return self.sent_at
        if update <= self.sent_at + MOST_AHEAD:
            return update
        is_of_now = abs(update - self.received_at) <= MOST_AHEAD
        return update if is_of_now else self.sent_at

    def as_late_as(self, sent_at: datetime | None, received_at: datetime | None) -> "Origin":
        """The origin of a message without a credible time: as late as the one before it of the same fixture.

        What waited in the queue, or is played again from a recording, was sent long ago: the time of its receipt would
        keep out all that follows.
        """
        if not self.is_untimed or sent_at is None or received_at is None or received_at <= sent_at:
            return self
        return msgspec.structs.replace(self, sent_at=self.received_at - (received_at - sent_at))


def number_in_market(received: Received) -> int | None:
    """The message's number, where it counts the messages of the one market that it is about."""
    message = received.message
    header = message.header
    if header.type not in OF_ONE_MARKET or message.dialect is not Dialect.TRADE or received.asked_at is not None:
        return None
    is_of_one = len(message.events) == 1 and len(message.events[0].markets or ()) == 1
    return header.seq if is_of_one else None


def time_sent(stated: datetime | None, created: datetime | None, received_at: datetime) -> datetime:
    """When a message was sent: by ServerTimestamp, unless that contradicts CreationDate or is ahead of its receipt."""
    latest = received_at + MOST_AHEAD
    times = [time for time in (stated, created) if time is not None and time <= latest]
    if not times:
        return received_at
    if len(times) == 2 and times[1] - times[0] > MOST_AHEAD:
        return times[1]
    return times[0]


def own_time(received: Received) -> datetime:
    """When LSports sent it, as its header says where that can be right (`time_sent`)."""
    header = received.message.header
    return time_sent(header.sent_at, header.created_at, received.received_at)
