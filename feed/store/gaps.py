"""Gaps: markets whose missing messages had their time to come. From then on no price of them looks open."""

from datetime import datetime, timedelta

from django.db import transaction

from feed.changes import Aspect, Change
from feed.models import FeedSource, Fixture, Market
from feed.store.rows.journaling import record_markets
from feed.store.sql.database import statements

from .leaves import Messages, note_leaves

#: How late a message may come out of order.
PATIENCE = timedelta(seconds=2)


def open_gaps(source: FeedSource, now: datetime) -> list[Change]:
    """Open the gaps whose patience is over. Returns a change for each fixture that has one."""
    skipped = Market.objects.filter(skipped_at__lte=now - PATIENCE, gap_since=None, numbered_by=source.pk)
    markets: dict[int, list[int]] = {}
    for fixture_id, market_id in skipped.order_by("fixture_id", "market_id").values_list("fixture_id", "market_id"):
        markets.setdefault(fixture_id, []).append(market_id)
    return [change for pk, ids in markets.items() if (change := open_in(pk, ids, now))]


def open_in(fixture_id: int, market_ids: list[int], now: datetime) -> Change | None:
    """Open gaps as a batch would: under the fixture's lock, at its next revision."""
    database = statements()
    with transaction.atomic():
        fixture = Fixture.objects.select_for_update().filter(pk=fixture_id).first()
        still = Market.objects.filter(
            fixture_id=fixture_id, market_id__in=market_ids, skipped_at__isnull=False, gap_since=None
        )
        opened = tuple(still.order_by("market_id").values_list("market_id", flat=True))
        if fixture is None or not opened:
            return None
        revision = fixture.revision + 1
        stored_at = max(now, fixture.stored_at or now)
        keyframe = {"keyframe_revision": revision, "keyframe_at": stored_at, "entries": 0}
        still.update(gap_since=now, skipped_at=now, revision=revision, status_revision=revision, **keyframe)
        Fixture.objects.filter(pk=fixture_id).update(revision=revision, markets_revision=revision, stored_at=stored_at)
        note_leaves(Messages(), record_markets(fixture_id, opened, database), stored_at, database)
    return Change(fixture_id=fixture_id, revision=revision, aspects=frozenset({Aspect.MARKETS}), markets=opened)


def has_skips(source: FeedSource) -> bool:
    """Whether any market of the source waits for messages that are missing, and has no gap yet."""
    return Market.objects.filter(skipped_at__isnull=False, gap_since=None, numbered_by=source.pk).exists()
