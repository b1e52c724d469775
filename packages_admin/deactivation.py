"""Deactivating with care: by two people where the settings say so, and with a time at which it comes back by itself."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.utils import timezone

from .actions import NOT_DONE, Asker, perform
from .client import Transport
from .impact import impact_of_deactivating
from .models import Package
from .outcome import Kind, Outcome
from .products import Action

#: How long a second person has to agree.
AGREE_WITHIN = timedelta(minutes=15)
#: After these nothing was switched, so the proposal stands.
NOT_SWITCHED = NOT_DONE | {Kind.BUSY, Kind.TOO_SOON, Kind.SEALED}
BY_ONE = "What is in play is deactivated by two people, in the admin (TWO_PEOPLE_DEACTIVATE). Nothing was sent."


def deactivate(
    package: Package, asker: Asker, minutes_off: int | None = None, transport: Transport | None = None
) -> Outcome:
    """Deactivate, and activate again after `minutes_off`, where given. REFUSED while a second person has to agree."""
    if not takes_two(package):
        return switch_off(package, asker, minutes_off, transport)
    if asker.user is None:
        return Outcome(kind=Kind.REFUSED, sentence=BY_ONE)
    if agreed(package, asker.user):
        return switch_off(package, asker, minutes_off, transport)
    return proposed(package, asker.user)


def takes_two(package: Package) -> bool:
    """Whether one person alone may not stop it: it feeds what is in play, and the settings ask for two."""
    return settings.TWO_PEOPLE_DEACTIVATE and bool(impact_of_deactivating(package).in_play)


def is_held_by_two(package: Package) -> bool:
    """Whether it is on and `takes_two`: it is not to be deleted or made another one either, which stops it too."""
    return package.state == Package.State.ACTIVE and takes_two(package)


def switch_off(package: Package, asker: Asker, minutes_off: int | None, transport: Transport | None) -> Outcome:
    outcome = perform(package, Action.DEACTIVATE, asker, minutes_off=minutes_off, transport=transport)
    if outcome.kind not in NOT_SWITCHED:
        Package.objects.filter(pk=package.pk).update(off_proposed_by=None, off_proposed_at=None)
    return outcome


def agreed(package: Package, user: User) -> bool:
    """Whether another person proposed it lately. That proposal is used up: of two who agree at once, one is counted."""
    fresh = Package.objects.filter(pk=package.pk, off_proposed_at__gt=timezone.now() - AGREE_WITHIN)
    by_another = fresh.exclude(off_proposed_by=None).exclude(off_proposed_by=user)
    return by_another.update(off_proposed_by=None, off_proposed_at=None) == 1


def proposed(package: Package, user: User) -> Outcome:
    Package.objects.filter(pk=package.pk).update(off_proposed_by=user, off_proposed_at=timezone.now())
    minutes = int(AGREE_WITHIN.total_seconds() // 60)
    sentence = f"It feeds what is in play: another operator has to deactivate it too, within {minutes} minutes."
    return Outcome(kind=Kind.PROPOSED, sentence=f"{sentence} Nothing was sent.")


def proposal(package: Package, now: datetime) -> str:
    """Who proposed to switch it off, and how long that stands; empty where nobody did."""
    if package.off_proposed_by is None or package.off_proposed_at is None:
        return ""
    left = package.off_proposed_at + AGREE_WITHIN - now
    if left <= timedelta(0):
        return ""
    name = package.off_proposed_by.get_username()
    return f"{name} wants it deactivated; another operator has {left.seconds // 60 + 1} min to agree."
