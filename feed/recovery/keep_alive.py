"""LSports' list of what is live, each 30 s, beside ours: what differs is shown to operations, and asked for."""

from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from feed.codes import IN_PLAY
from feed.models import Bet, FeedSource, Fixture, LiveDifference

from .supplier import Supplier, Wanted

#: Lists in a row that show a difference before it counts as more than timing, and is requested without anybody's help.
LISTS = 2
#: Time until one that stays is requested again.
AGAIN = timedelta(minutes=10)
MOST_FIXTURES = 20

Kind = LiveDifference.Kind


class KeepAlive:
    """The lists of one source. The list that is there at the start is not compared: when it came is not known."""

    def __init__(self, source_id: int, supplier: Supplier) -> None:
        self.source_id = source_id
        self.supplier = supplier
        self.seen_at: datetime | None = None
        self.is_started = False

    def take_turn(self, source: FeedSource) -> bool:
        """Compare a list that is new, ask for what is due. True if something was asked for."""
        if source.last_keep_alive_at is None:
            return False
        if self.is_started and source.last_keep_alive_at != self.seen_at:
            compare(source)
        self.is_started, self.seen_at = True, source.last_keep_alive_at
        due = list(due_now(source)[:MOST_FIXTURES])
        if not due:
            return False
        reply = self.supplier.ask(self.source_id, Wanted(fixtures=tuple({row.fixture_id: None for row in due})))
        if reply.was_sent:
            LiveDifference.objects.filter(pk__in=[row.pk for row in due]).update(
                is_wanted=False, asked_at=datetime.now(UTC), sentence=reply.sentence[:300]
            )
        return True


def due_now(source: FeedSource) -> QuerySet[LiveDifference]:
    """What a person wants asked for, and what has differed long enough."""
    again = Q(asked_at=None) | Q(asked_at__lt=datetime.now(UTC) - AGAIN)
    return LiveDifference.objects.filter(Q(is_wanted=True) | (Q(lists__gte=LISTS) & again), source=source)


def compare(source: FeedSource) -> None:
    """Count the newest list: a difference that it has not any more is over."""
    found = {(pk, Kind.MISSING.value) for pk in missing(source)} | {(pk, Kind.UNKNOWN.value) for pk in unknown(source)}
    with transaction.atomic():
        rows = {(row.fixture_id, row.kind): row.pk for row in LiveDifference.objects.filter(source=source)}
        LiveDifference.objects.filter(pk__in=[pk for key, pk in rows.items() if key not in found]).delete()
        LiveDifference.objects.filter(pk__in=[pk for key, pk in rows.items() if key in found]).update(
            lists=F("lists") + 1
        )
        LiveDifference.objects.bulk_create(
            LiveDifference(
                source=source, fixture_id=pk, kind=kind, since=source.last_keep_alive_at or datetime.now(UTC)
            )
            for pk, kind in sorted(found - rows.keys())
        )


def missing(source: FeedSource) -> set[int]:
    """The fixtures that are in play here with prices of this source, and not in LSports' list."""
    priced = Bet.objects.filter(fixture_id=OuterRef("pk"), source=source)
    ours = Fixture.objects.filter(Exists(priced), status__in=IN_PLAY).values_list("pk", flat=True)
    return set(ours).difference(source.active_fixtures)


def unknown(source: FeedSource) -> set[int]:
    listed = set(source.active_fixtures)
    return listed.difference(Fixture.objects.filter(pk__in=listed).values_list("pk", flat=True))
