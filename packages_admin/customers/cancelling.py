"""Cancelling orders with care: where two people are asked for, one alone cancels nothing that is in play."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from packages_admin.actions import Asker
from packages_admin.deactivation import AGREE_WITHIN
from packages_admin.impact import fed_in_play
from packages_admin.models import CancelProposal, Package
from packages_admin.outcome import Kind, Outcome
from packages_admin.products import Call

#: After these LSports sends no more of what they name.
CANCELS = frozenset({Call.CANCEL_FIXTURES, Call.CANCEL_LEAGUES, Call.CANCEL_COMPETITIONS})
BY_ONE = "What is in play is cancelled by two people, in the admin (TWO_PEOPLE_DEACTIVATE). Nothing was sent."


def cuts_in_play(package: Package, wanted: dict[str, Any]) -> bool:
    """Whether what is cancelled, as LSports' body names it, is in play and fed by the package.

    Competitions of outrights are taken by sport and location alone, since the body has no fixture's league.
    """
    if "Fixtures" in wanted:
        return fed_in_play(package).filter(pk__in=wanted["Fixtures"]).exists()
    return any(fed_in_play(package).filter(within(area)).exists() for area in wanted["Subscriptions"])


def within(area: dict[str, int]) -> Q:
    """The fixtures of a sport, and of its location and league where named; also those of which that is not known."""
    place = Q(sport=area["SportId"]) | Q(sport=None)
    if "LocationId" in area:
        place &= Q(location=area["LocationId"]) | Q(location=None)
    if "LeagueId" in area:
        place &= Q(league=area["LeagueId"]) | Q(league=None) | ~Q(kind="match")
    return place


def waits_for_agreement(package: Package, call: Call, asker: Asker, wanted: Sequence[dict[str, Any]]) -> Outcome | None:
    """Why this cancellation is not sent yet: only one person has asked for it. None where it may be sent."""
    if call not in CANCELS or not settings.TWO_PEOPLE_DEACTIVATE:
        return None
    if not any(cuts_in_play(package, body) for body in wanted):
        return None
    if asker.user is None:
        return Outcome(kind=Kind.REFUSED, sentence=BY_ONE)
    now = timezone.now()
    text = msgspec.json.encode(list(wanted), order="sorted").decode()
    CancelProposal.objects.filter(at__lte=now - AGREE_WITHIN).delete()
    same = CancelProposal.objects.filter(package=package, call=call, wanted=text)
    is_agreed = bool(same.exclude(by=asker.user).delete()[0])
    same.delete()  # the asker's own too: two posts at the same moment make two of them
    if is_agreed:
        return None
    CancelProposal.objects.create(package=package, call=call, wanted=text, by=asker.user, at=now)
    minutes = int(AGREE_WITHIN.total_seconds() // 60)
    words = f"It cancels what is in play: another operator has to ask for the same too, within {minutes} minutes."
    return Outcome(kind=Kind.PROPOSED, sentence=f"{words} Nothing was sent.")


def proposals(package: Package, now: datetime) -> list[CancelProposal]:
    """What one person wants cancelled, and another may still agree to, newest first."""
    return list(package.cancel_proposals.filter(at__gt=now - AGREE_WITHIN).select_related("by"))
