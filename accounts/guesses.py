"""Limits how many passwords are tried. Tries are counted in the database, so that one limit holds for all processes.

A try is counted before its password is hashed, and taken back if that was right: however many come at once, no more
are hashed than the limit allows. The period slides: no quarter of an hour has more counted tries than the limit.
"""

import time
from collections.abc import Mapping
from datetime import UTC, datetime

from django.db import transaction

from accounts.models import Guesses

PERIOD_SECONDS = 15 * 60
MOST_PER_NAME = 5
MOST_PER_ADDRESS = 50


def count(limits: Mapping[str, int], now: float | None = None) -> float | None:
    """Count one try under each key, and return its time, by which `take_back` finds it.

    If any key is at its limit, nothing is counted, and None returned. The rows are always locked in the same order, so
    that no two processes wait for each other, and only while counting, not while a password is hashed.
    """
    at = time.time() if now is None else now
    with transaction.atomic():
        rows = [locked(key, at) for key in sorted(limits)]
        for row in rows:
            row.times = [then for then in row.times if at - PERIOD_SECONDS < then]
        if any(len(row.times) >= limits[row.key] for row in rows):
            return None
        for row in rows:
            row.times.append(at)
            row.last_at = max(row.last_at, datetime.fromtimestamp(at, UTC))
            row.save()
    return at


def locked(key: str, at: float) -> Guesses:
    """The row of a key, created if need be, and locked until the transaction ends."""
    new = Guesses(key=key, times=[], last_at=datetime.fromtimestamp(at, UTC))
    Guesses.objects.bulk_create([new], ignore_conflicts=True)
    return Guesses.objects.select_for_update().get(key=key)


def take_back(keys: Mapping[str, int], at: float) -> None:
    """Stop counting the try made at `at`, since its password was right."""
    with transaction.atomic():
        for row in Guesses.objects.select_for_update().filter(key__in=keys).order_by("key"):
            if at in row.times:
                row.times.remove(at)
                row.save()


def forget(key: str) -> None:
    """Drop all tries under this key."""
    Guesses.objects.filter(key=key).delete()


def forget_old(now: float | None = None) -> None:
    """Drop the keys whose tries are all older than the period."""
    oldest = (time.time() if now is None else now) - PERIOD_SECONDS
    Guesses.objects.filter(last_at__lt=datetime.fromtimestamp(oldest, UTC)).delete()
