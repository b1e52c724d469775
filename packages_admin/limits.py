"""LSports' limits on calls, which the desk keeps to, so that LSports refuses none (docs/protocol.md, Call limits)."""

from datetime import datetime
from typing import Any

from .client import CANNOT_HAVE_ARRIVED, api_of, request_of
from .models import Package, PackageCall
from .outcome import Kind
from .products import Action, Call

FULL_SNAPSHOT_SECONDS = 15.0
FILTERED_SNAPSHOT_SECONDS = 1.0
#: The longest that a call waits; if it would have to wait longer, it is refused, and the person sees why.
PATIENCE_SECONDS = 1.0

NEVER_ARRIVED = [kind.value for kind in (*CANNOT_HAVE_ARRIVED, Kind.TLS, Kind.NOT_ALLOWED)]


def seconds_until_allowed(package: Package, action: Action, is_filtered: bool, now: datetime) -> float:
    """How long to wait before `action` may be sent, 0 when it may be now. Calls that never arrived do not count."""
    arrived = package.calls.exclude(kind__in=NEVER_ARRIVED).filter(action=action)
    if action is Action.SNAPSHOT:
        full, filtered = arrived.filter(is_filtered=False).first(), arrived.first()
        gaps = [(filtered, FILTERED_SNAPSHOT_SECONDS)]
        gaps += [] if is_filtered else [(full, FULL_SNAPSHOT_SECONDS)]
    else:
        # Livescore names no limit; TRADE's "same request every 5 s" is the pause before a repeat.
        gaps = [(arrived.first(), 0.0 if package.is_hyper else api_of(package).repeat_seconds)]
    return max(remaining(call, seconds, now) for call, seconds in gaps)


def seconds_until_asked(package: Package, call: Call, wanted: dict[str, Any], now: datetime) -> float:
    """How long to wait before this very request of the Customers API may be sent again."""
    arrived = package.calls.exclude(kind__in=NEVER_ARRIVED).filter(action=call)
    same = arrived.filter(request=request_of(package, call, wanted)).first()
    return remaining(same, api_of(package).repeat_seconds, now)


def remaining(call: PackageCall | None, seconds: float, now: datetime) -> float:
    if call is None:
        return 0.0
    since = (now - call.asked_at).total_seconds() - (call.duration_ms or 0) / 1000
    return max(0.0, seconds - max(0.0, since))
