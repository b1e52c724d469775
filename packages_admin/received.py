"""What came of a snapshot: the fixtures that the package's sources brought since it was asked for."""

from datetime import datetime, timedelta

import msgspec

from feed.models import Fixture

from .models import Package, PackageCall
from .products import Action

#: How long after a snapshot the page says what came of it.
SHOWN_FOR = timedelta(hours=1)


class Received(msgspec.Struct, frozen=True, kw_only=True):
    """Fixtures that are new or changed since `since`; one that LSports sent again unchanged is not counted."""

    since: datetime
    fixtures: int
    upcoming: int
    last_message_at: datetime | None


def since_last_snapshot(package: Package, now: datetime) -> Received | None:
    """What came since the last snapshot that LSports granted, from its first part on; None where there was none."""
    first_part = package.calls.filter(action=Action.SNAPSHOT, url=package.url(Action.SNAPSHOT))
    call = first_part.filter(ok=True, asked_at__gt=now - SHOWN_FOR).first()
    return received_since(package, call) if call else None


def received_since(package: Package, call: PackageCall) -> Received:
    sources = [link.source for link in package.link_sources()]
    came = Fixture.objects.filter(source__in=sources, received_at__gte=call.asked_at)
    latest = [source.last_message_at for source in sources if source.last_message_at]
    return Received(
        since=call.asked_at,
        fixtures=came.count(),
        upcoming=came.upcoming().count(),
        last_message_at=max(latest, default=None),
    )
