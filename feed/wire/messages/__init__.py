"""What the feed says, one struct for each thing, the same for all dialects.

The attribute names are ours; `rename="pascal"` gives LSports' JSON names, so that TRADE JSON decodes straight into
these structs. Rules that hold for every message that leaves `wire`:

* every time is aware and UTC; every price is a finite `Decimal` below 10^12 with at most 6 decimals; what is absent, or
  is empty where a number or time is due, is None;
* texts have at most `MAX_TEXT` characters, all of which a database takes: no NUL, no half of a surrogate pair;
* ids are ints within 64 bits; positions are ints (1 home, 2 away; in outrights the runner's number);
* the values of results stay text, since LSports says nothing about their form;
* `fixture` and `livescore` are whole each time, `markets` are deltas (docs/protocol.md, Whole and delta).
"""

from .base import MAX_TEXT, Code, ExtraData, Int64, Label, Named, PlayerId, Price, Result, Text, WireStruct
from .fixture import Fixture, FixturePlayer, League, Participant, Player, Shirt, Subscription, Venue
from .hyper import HyperIncident, HyperPlayer
from .livescore import (
    Clock,
    CurrentIncident,
    DangerTrigger,
    Incident,
    IncidentPlayer,
    Livescore,
    Period,
    PlayerPair,
    PlayerStatistic,
    PlayerStatisticValue,
    Scoreboard,
    Statistic,
)
from .market import Bet, Market, PredictionData, ProviderMarket
from .message import Dialect, Event, FixtureKind, Header, Heartbeat, KeepAlive, Message, SetAside
from .outright import Competition, OutrightScore, ParticipantResult

__all__ = [
    "MAX_TEXT",
    "Bet",
    "Clock",
    "Code",
    "Competition",
    "CurrentIncident",
    "DangerTrigger",
    "Dialect",
    "Event",
    "ExtraData",
    "Fixture",
    "FixtureKind",
    "FixturePlayer",
    "Header",
    "Heartbeat",
    "HyperIncident",
    "HyperPlayer",
    "Incident",
    "IncidentPlayer",
    "Int64",
    "KeepAlive",
    "Label",
    "League",
    "Livescore",
    "Market",
    "Message",
    "Named",
    "OutrightScore",
    "Participant",
    "ParticipantResult",
    "Period",
    "Player",
    "PlayerId",
    "PlayerPair",
    "PlayerStatistic",
    "PlayerStatisticValue",
    "PredictionData",
    "Price",
    "ProviderMarket",
    "Result",
    "Scoreboard",
    "SetAside",
    "Shirt",
    "Statistic",
    "Subscription",
    "Text",
    "Venue",
    "WireStruct",
]
