"""Codes that LSports may write by their names instead of as numbers: its Node SDK has a subscription's status so, and
its own tests a fixture's.

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
    OutrightScoreStatus,
    SubscriptionStatus,
    SubscriptionType,
)
from feed.wire.messages import (
    Clock,
    CurrentIncident,
    DangerTrigger,
    Fixture,
    OutrightScore,
    Scoreboard,
    Subscription,
)


def plain(name: str) -> str:
    """A name without what its writers differ in: case, and what stands between its words."""
    return "".join(filter(str.isalnum, name)).lower()


def names_of(codes: type[IntEnum], **others: IntEnum) -> Mapping[str, int]:
    """The number behind each name; `others` are LSports' names where they differ from ours."""
    return {plain(name): int(code) for name, code in [*codes.__members__.items(), *others.items()]}


FIXTURE_STATUSES = names_of(FixtureStatus, NSY=FixtureStatus.NOT_STARTED)
#: The names of a field's codes, by the struct and LSports' name of the field.
NAMES: Mapping[tuple[type, str], Mapping[str, int]] = {
    (Fixture, "Status"): FIXTURE_STATUSES,
    (Scoreboard, "Status"): FIXTURE_STATUSES,
    (OutrightScore, "Status"): names_of(OutrightScoreStatus),
    (Subscription, "Status"): names_of(SubscriptionStatus),
    (Subscription, "Type"): names_of(SubscriptionType),
    (Clock, "Status"): names_of(ClockStatus),
    (CurrentIncident, "Confirmation"): names_of(Confirmation, TBD=Confirmation.TO_BE_DECIDED),
    (DangerTrigger, "Type"): names_of(DangerType),
    (DangerTrigger, "Status"): names_of(DangerStatus),
}


def number_named(names: Mapping[str, int], value: object) -> object:
    """The number that the value names; the value itself where it names none."""
    return names.get(plain(value), value) if isinstance(value, str) and names else value
