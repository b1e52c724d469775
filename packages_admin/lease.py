"""One call for a package at a time, whatever the process: a lease in the package's row, taken by compare and set."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from .models import Package


class Taken(Exception):
    """Another call for the package is under way."""


@contextmanager
def lease(package_pk: int, seconds: float) -> Iterator[None]:
    """Hold the package for at most `seconds`; after a crash it is free again by then. Raises `Taken`."""
    holder, now = secrets.token_hex(16), timezone.now()
    free = Q(call_lease_until=None) | Q(call_lease_until__lte=now)
    held = Package.objects.filter(free, pk=package_pk).update(
        call_lease_until=now + timedelta(seconds=seconds), call_lease_holder=holder
    )
    if not held:
        raise Taken
    try:
        yield
    finally:
        Package.objects.filter(pk=package_pk, call_lease_holder=holder).update(
            call_lease_until=None, call_lease_holder=""
        )
