"""What is ordered at LSports: the quota, what could be, what is; orders and cancellations, one by one or in bulk."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from packages_admin.actions import Asker
from packages_admin.client import Transport
from packages_admin.models import Package
from packages_admin.outcome import Kind, Outcome
from packages_admin.products import Call

from .asking import ask_for, counted, listed
from .cancelling import waits_for_agreement

#: Ids in one call.
MOST_IDS = 500
DAYS_AHEAD = 7
NO_QUOTA = "LSports answered, but not how many credits there are."
BY_FIXTURE = {Call.ORDER_FIXTURES, Call.CANCEL_FIXTURES}


class Area(msgspec.Struct, frozen=True, kw_only=True):
    """A league, or all leagues of a sport or of a sport in a location; a competition likewise."""

    sport: int
    location: int | None = None
    league: int | None = None

    def body(self) -> dict[str, int]:
        given = {"SportId": self.sport, "LocationId": self.location, "LeagueId": self.league}
        return {name: number for name, number in given.items() if number is not None}


class Quota(msgspec.Struct, frozen=True):
    """How many credits the package has in LSports' current period, and how many of them are used."""

    limit: int | None
    used: int | None
    left: int | None
    ends_at: str

    @property
    def sentence(self) -> str:
        numbers = f"{shown(self.used)} of {shown(self.limit)} credits are used, {shown(self.left)} are left"
        return f"{numbers}{f', until {self.ends_at}' if self.ends_at else ''}."


def shown(number: int | None) -> str:
    return "unknown" if number is None else f"{number:,}"


def ask_quota(package: Package, asker: Asker, transport: Transport | None = None) -> tuple[Outcome, Quota | None]:
    answered = ask_for(package, Call.QUOTA, asker, {}, transport)
    if not answered.outcome.ok:
        return answered.outcome, None
    body = answered.body
    limit, used, left = (number(body.get(name)) for name in ("creditlimit", "usedcredit", "creditremaining"))
    ends = body.get("currentperiodenddate")
    quota = Quota(limit, used, left, ends[:10] if isinstance(ends, str) else "")
    if limit is None and used is None and left is None:
        return msgspec.structs.replace(answered.outcome, kind=Kind.UNEXPECTED, sentence=NO_QUOTA), None
    return msgspec.structs.replace(answered.outcome, sentence=quota.sentence), quota


def ask_ordered(
    package: Package, asker: Asker, wanted: dict[str, Any], transport: Transport | None = None
) -> tuple[Outcome, list[int]]:
    """The ids of the fixtures that are ordered."""
    answered = ask_for(package, Call.ORDERED, asker, wanted, transport)
    found = answered.body.get("fixtures")
    ids = [pk for pk in found if isinstance(pk, int)] if isinstance(found, list) else None
    return counted(answered, ids, "fixtures are ordered"), ids or []


def ask_schedule(
    package: Package, asker: Asker, wanted: dict[str, Any], transport: Transport | None = None
) -> tuple[Outcome, list[dict[str, Any]]]:
    """The fixtures that could be ordered in play: "fixtureid", "startdate", "sport" ..."""
    answered = ask_for(package, Call.SCHEDULE, asker, wanted, transport)
    found = listed(answered.body, "fixtures")
    return counted(answered, found, "fixtures are scheduled in play"), found or []


def ask_ordered_details(
    package: Package, asker: Asker, since: datetime, until: datetime, transport: Transport | None = None
) -> tuple[Outcome, list[dict[str, Any]]]:
    """The ordered fixtures that start between two moments."""
    wanted = {"FromDate": f"{since:%m/%d/%Y}", "ToDate": f"{until:%m/%d/%Y}"}
    answered = ask_for(package, Call.ORDERED_DETAILS, asker, wanted, transport)
    found = listed(answered.body, "subscribedfixtures")
    return counted(answered, found, "ordered fixtures start then"), found or []


def order_fixtures(
    package: Package, call: Call, asker: Asker, ids: Sequence[int], transport: Transport | None = None
) -> Outcome:
    """Order or cancel fixtures, at most `MOST_IDS` in a call. PROPOSED while a second person has to agree."""
    outcome = Outcome(kind=Kind.REFUSED, sentence="No fixture was named. Nothing was sent.")
    sentences = []
    parts = [{"Fixtures": list(ids[start : start + MOST_IDS])} for start in range(0, len(ids), MOST_IDS)]
    if (proposed := waits_for_agreement(package, call, asker, parts)) is not None:
        return proposed
    for part in parts:
        outcome = ask_for(package, call, asker, part, transport).outcome
        sentences.append(outcome.sentence)
        if not outcome.ok:
            break
    return msgspec.structs.replace(outcome, sentence=" ".join(sentences)) if sentences else outcome


def order_areas(
    package: Package, call: Call, asker: Asker, areas: Sequence[Area], transport: Transport | None = None
) -> Outcome:
    """Order or cancel leagues or competitions. PROPOSED while a second person has to agree."""
    wanted = {"Subscriptions": [area.body() for area in areas]}
    if (proposed := waits_for_agreement(package, call, asker, [wanted])) is not None:
        return proposed
    return ask_for(package, call, asker, wanted, transport).outcome


def number(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
