"""A message: its header, and an event for each fixture that it speaks of."""

from datetime import datetime
from enum import StrEnum

import msgspec

from .base import ExtraData, Int64, Text
from .fixture import Fixture
from .hyper import HyperIncident
from .livescore import Livescore
from .market import Market
from .outright import Competition, OutrightScore


class Dialect(StrEnum):
    """Which of LSports' formats a message came in."""

    TRADE = "trade"
    ODDSERVICE = "oddservice"
    XML = "xml"
    HYPER = "hyper"


class FixtureKind(StrEnum):
    """A match of two, a race or other contest of many, or a question about a whole league's season."""

    MATCH = "match"
    OUTRIGHT = "outright"
    OUTRIGHT_LEAGUE = "outright_league"


class SetAside(msgspec.Struct, gc=False, frozen=True):
    """The smallest part of a message that could not be read: where it lies, why, and what stood there as JSON.

    One that `decides` closes what it was about; another is only noted.
    """

    place: str
    reason: str
    kind: str
    part: str
    decides: bool = True

    @property
    def sentence(self) -> str:
        """Place and reason, for operators."""
        return f"{self.place}: {self.reason}" if self.place else self.reason


class Event(msgspec.Struct, gc=False, kw_only=True):
    """All that one message says of one fixture; a part that it does not speak of is None.

    `unreadable`: its status could not be read. `lost_markets` are the names of markets without a readable id, each ""
    where the name cannot be read either.
    """

    fixture_id: Int64
    kind: FixtureKind = FixtureKind.MATCH
    fixture_name: Text | None = None
    fixture: Fixture | None = None
    livescore: Livescore | None = None
    markets: list[Market] | None = None
    outright_score: OutrightScore | None = None
    competitions: list[Competition] | None = None
    incident: HyperIncident | None = None
    unreadable: bool = False
    lost_markets: list[Text] | None = None


class KeepAlive(msgspec.Struct, gc=False, kw_only=True):
    """Ids of the fixtures that LSports has live just now; the old feed sends one list for each provider.

    What its `extra_data` says is not documented.
    """

    active_events: list[Int64]
    provider_id: Int64 | None = None
    extra_data: list[ExtraData] = []


class Heartbeat(msgspec.Struct, gc=False, kw_only=True):
    """The feed lives. `feed_interrupted` names what does not ([1] is markets); empty is healthy."""

    feed_interrupted: list[Int64]


class Header(msgspec.Struct, gc=False, kw_only=True):
    """`sent_at` is ServerTimestamp; `seq` is MsgSeq (a counter for fixture, type and market) or the old MsgId."""

    type: Int64
    seq: Int64 | None = None
    guid: Text | None = None
    sent_at: datetime | None = None
    created_at: datetime | None = None


class Message(msgspec.Struct, gc=False, kw_only=True):
    """A decoded delivery: events, or a keep-alive, or a heartbeat; and what of it could not be read."""

    dialect: Dialect
    header: Header
    events: list[Event]
    keep_alive: KeepAlive | None = None
    heartbeat: Heartbeat | None = None
    set_aside: list[SetAside] = []
