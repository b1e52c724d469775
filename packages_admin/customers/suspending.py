"""Manual suspensions at LSports: asked for, taken back, listed, each with who did it."""

from collections.abc import Sequence
from typing import Any

import msgspec
from django.utils import timezone

from packages_admin.actions import Asker
from packages_admin.client import Transport
from packages_admin.models import Package, Suspension
from packages_admin.outcome import Kind, Outcome
from packages_admin.products import Call

from .asking import ask_for, counted, listed

NOTHING_NAMED = "Name at least a sport, location, league, fixture or market. Nothing was sent."


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """What is suspended: everything of a sport, location, league or fixture, or one market or line of that."""

    sport: int | None = None
    location: int | None = None
    competition: int | None = None
    fixture: int | None = None
    market: int | None = None
    line: str = ""

    def body(self) -> dict[str, Any]:
        """The suspension as LSports' API has it."""
        names = {
            "SportId": self.sport,
            "LocationId": self.location,
            "CompetitionId": self.competition,
            "FixtureId": self.fixture,
        }
        body: dict[str, Any] = {name: value for name, value in names.items() if value is not None}
        if self.market is not None:
            body["Markets"] = [{"MarketId": self.market} | ({"Line": self.line} if self.line else {})]
        return body

    @property
    def fields(self) -> dict[str, Any]:
        return msgspec.structs.asdict(self)


def suspend(package: Package, asker: Asker, target: Target, transport: Transport | None = None) -> Outcome:
    """Suspend at LSports; what it confirms stands among the suspensions from then on."""
    if not target.body():
        return Outcome(kind=Kind.REFUSED, sentence=NOTHING_NAMED)
    outcome = changed(package, Call.SUSPEND, asker, [target], transport)
    if outcome.ok:
        own = {"by": asker.user, "by_name": asker.name, "at": timezone.now()}
        Suspension.objects.create(package=package, **target.fields, **own)
    return outcome


def resume(suspension: Suspension, asker: Asker, transport: Transport | None = None) -> Outcome:
    """Take a suspension of ours back."""
    outcome = changed(suspension.package, Call.RESUME, asker, [target_of(suspension)], transport)
    if outcome.ok:
        Suspension.objects.filter(pk=suspension.pk, resumed_at=None).update(
            resumed_at=timezone.now(), resumed_by_name=asker.name
        )
    return outcome


def target_of(suspension: Suspension) -> Target:
    return Target(**{name: getattr(suspension, name) for name in Target.__struct_fields__})


def changed(
    package: Package, call: Call, asker: Asker, targets: Sequence[Target], transport: Transport | None
) -> Outcome:
    wanted = {"Suspensions": [target.body() for target in targets]}
    return ask_for(package, call, asker, wanted, transport).outcome


def ask_suspensions(
    package: Package, asker: Asker, transport: Transport | None = None
) -> tuple[Outcome, list[dict[str, Any]]]:
    """All that is suspended at LSports now, whoever did it: "fixtureid", "markets", "creationdate" ..."""
    answered = ask_for(package, Call.SUSPENSIONS, asker, {}, transport)
    found = listed(answered.body, "suspensions")
    return counted(answered, found, "suspensions are active"), found or []
