"""Codes that LSports may write by their names instead of as numbers: its Node SDK has a subscription's status so, and
its own tests a fixture's. Descriptions, periods, positions and types of incidents are read by their names, too.

Nothing here can open a price: the status and settlement of a bet, a market or a bookmaker are numbers or unreadable.
"""

from collections.abc import Mapping
from enum import IntEnum

from feed.codes import (
    ClockStatus,
    Confirmation,
    DangerStatus,
    DangerType,
    FixtureStatus,
    MessageType,
    OutrightScoreStatus,
    SubscriptionStatus,
    SubscriptionType,
)
from feed.codes.hyper import folded
from feed.codes.names import DESCRIPTION_NAMES, PERIOD_NAMES, POSITION_NAMES, STATISTIC_NAMES
from feed.wire.envelope import RawHeader
from feed.wire.messages import (
    Clock,
    CurrentIncident,
    DangerTrigger,
    Fixture,
    HyperIncident,
    Incident,
    OutrightScore,
    Participant,
    Period,
    Result,
    Scoreboard,
    Statistic,
    Subscription,
)


def names_of(codes: type[IntEnum], **others: IntEnum) -> Mapping[str, int]:
    """The number behind each name; `others` are LSports' names where they differ from ours."""
    return {folded(name): int(code) for name, code in [*codes.__members__.items(), *others.items()]}


FIXTURE_STATUSES = names_of(FixtureStatus, NSY=FixtureStatus.NOT_STARTED)
#: LSports' SDKs call a message of markets "MarketUpdate".
MESSAGE_TYPES = {
    **names_of(MessageType),
    **{f"{name}update": code for name, code in names_of(MessageType).items()},
    "fixturemetadataupdate": int(MessageType.FIXTURE),
    "outrightleagueupdate": int(MessageType.OUTRIGHT_LEAGUE_FIXTURE),
}
#: The names of a field's codes, by the struct and LSports' name of the field.
NAMES: Mapping[tuple[type, str], Mapping[str, int]] = {
    (RawHeader, "Type"): MESSAGE_TYPES,
    (Fixture, "Status"): FIXTURE_STATUSES,
    (Scoreboard, "Status"): FIXTURE_STATUSES,
    (OutrightScore, "Status"): names_of(OutrightScoreStatus),
    (Subscription, "Status"): names_of(SubscriptionStatus),
    (Subscription, "Type"): names_of(SubscriptionType),
    (Clock, "Status"): names_of(ClockStatus),
    (CurrentIncident, "Confirmation"): names_of(Confirmation, TBD=Confirmation.TO_BE_DECIDED),
    (DangerTrigger, "Type"): names_of(DangerType),
    (DangerTrigger, "Status"): names_of(DangerStatus),
    (Scoreboard, "Description"): DESCRIPTION_NAMES,
    (Scoreboard, "CurrentPeriod"): PERIOD_NAMES,
    (Period, "Type"): PERIOD_NAMES,
    (Incident, "Period"): PERIOD_NAMES,
    (Incident, "IncidentType"): STATISTIC_NAMES,
    (Statistic, "Type"): STATISTIC_NAMES,
    (Participant, "Position"): POSITION_NAMES,
    (Result, "Position"): POSITION_NAMES,
    (Incident, "ParticipantPosition"): POSITION_NAMES,
    (HyperIncident, "InitiatorPosition"): POSITION_NAMES,
}


def number_named(names: Mapping[str, int], value: object) -> object:
    """The number that the value names; the value itself where it names none."""
    return names.get(folded(value), value) if isinstance(value, str) and names else value


def names_in(struct: type, field: str) -> Mapping[str, int]:
    """The names of a field's codes, which a struct has from its base too."""
    return next((NAMES[base, field] for base in struct.__mro__ if (base, field) in NAMES), {})
