"""Snapshots for the feed, by the package of its source: within LSports' rates, each call on record."""

from django.db.models import Q

from feed.models import Fixture
from feed.recovery.supplier import Reply, Wanted

from .actions import Asker, Filter, PlannedCall, perform, perform_one
from .client import Transport
from .models import PackageCall, PackageQueue
from .outcome import Kind
from .products import Action

DESK = Asker(origin=PackageCall.Origin.AUTOMATIC, name="the desk")
NO_PACKAGE = "This feed has no package: LSports cannot be asked."
NOT_SENT = (Kind.BUSY, Kind.TOO_SOON)


class PackageSupplier:
    """Fulfils `feed.recovery.supplier.Supplier`."""

    def __init__(self, transport: Transport | None = None) -> None:
        self.transport = transport

    def ask(self, source_id: int, wanted: Wanted) -> Reply:
        """Matches alone cost one call; where races or seasons may be meant, one for each part of a snapshot."""
        link = PackageQueue.objects.filter(source_id=source_id).select_related("package").first()
        if link is None:
            return Reply(False, NO_PACKAGE)
        part = Filter(fixtures=wanted.fixtures, markets=wanted.markets, since=wanted.since)
        others = Fixture.objects.filter(~Q(kind=Fixture.Kind.MATCH), pk__in=wanted.fixtures)
        if wanted.fixtures and not others.exists():
            planned = PlannedCall(action=Action.SNAPSHOT, asker=DESK, wanted=part, transport=self.transport)
            outcome = perform_one(link.package, planned)
        else:
            outcome = perform(link.package, Action.SNAPSHOT, DESK, wanted=part, transport=self.transport)
        return Reply(outcome.ok, outcome.sentence, was_sent=outcome.kind not in NOT_SENT)
