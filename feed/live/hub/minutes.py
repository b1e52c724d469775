"""One row for each minute of how the desk fares, written by whichever web process looks first."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Max
from django.utils import timezone

from feed.attention.reading import read_holes
from feed.live.legs import Leg, added_windows, quantile
from feed.models import Bet, FeedShare, Fixture, HealthMinute, WebProcess
from feed.models.market import CALCULATED
from feed.pages.people import GONE_AFTER
from feed.pages.prices.movers import MARKETS, MOST_FIXTURES
from feed.vouching.sources import Vouching, read_vouching

#: Between two looks whether the minute has its row.
LOOK_SECONDS = 10.0
#: A fixture in play changes more often than this.
STALE_AFTER = timedelta(minutes=5)


def note_minute() -> None:
    """Write the minute's row, if nobody has: one query, and nine more once a minute."""
    now = timezone.now()
    at = now.replace(second=0, microsecond=0)
    if not HealthMinute.objects.filter(pk=at).exists():
        HealthMinute.objects.bulk_create([minute_of(now, at)], ignore_conflicts=True)


def minute_of(now: datetime, at: datetime) -> HealthMinute:
    """How the desk fares `now`."""
    vouching = read_vouching(now)
    own_ms, supplier_ms = worst_ages(vouching)
    shares = list(FeedShare.objects.all())
    changed = dict(
        Fixture.objects.in_play().order_by("start_at", "id").values_list("pk", "received_at")[:MOST_FIXTURES]
    )
    processes = list(WebProcess.objects.filter(seen_at__gt=now - GONE_AFTER))
    window = added_windows(process.clocks for process in processes)
    pushing, display = quantile(window[Leg.PUSHING], 0.95), quantile(window[Leg.DISPLAY], 0.95)
    return HealthMinute(
        at=at,
        queues=queues_of(vouching, shares),
        books=silences(changed, now),
        own_ms=own_ms,
        supplier_ms=supplier_ms,
        waiting=sum(share.waiting or 0 for share in shares) if shares else None,
        in_play=len(changed),
        stale=sum(heard_at is not None and heard_at < now - STALE_AFTER for heard_at in changed.values()),
        holes=sum(len(own) for own in read_holes(changed, vouching).values()),
        processes=len(processes),
        sockets=sum(process.pages + process.programs for process in processes),
        pushing_ms=None if pushing is None else round(pushing),
        display_ms=None if display is None else round(display),
        size=database_size(),
    )


def worst_ages(vouching: Vouching) -> tuple[int | None, int | None]:
    """Our part of how old messages are when they are stored, and LSports', in ms: of the worst source each."""
    ages = [(row.source.age_ms, row.source.supplier_age_ms) for row in vouching.sources]
    known = [(age - supplier, supplier) for age, supplier in ages if age is not None and supplier is not None]
    return max((own for own, _ in known), default=None), max((supplier for _, supplier in known), default=None)


def queues_of(vouching: Vouching, shares: Collection[FeedShare]) -> dict[str, list[int]]:
    """[messages ever taken, ms ever worked] of each queue; of a source that is spread over several, of each of them."""
    spread = {share.source_id for share in shares}
    whole = {f"{row.source.pk}": row.source for row in vouching.sources if row.source.pk not in spread}
    parts = {f"{share.source_id}/{share.pk}": share for share in shares}
    return {key: [row.taken, row.busy_ms] for key, row in (whole | parts).items()}


def silences(pks: Collection[int], now: datetime) -> dict[str, int]:
    """For how many seconds each bookmaker has changed no price of a main market of these fixtures."""
    bets = Bet.objects.filter(fixture_id__in=list(pks), market_id__in=MARKETS).exclude(provider_id=CALCULATED)
    newest = bets.values_list("provider_id").annotate(Max("received_at"))
    return {str(provider_id): max(0, round((now - at).total_seconds())) for provider_id, at in newest}


def database_size() -> int:
    """Bytes."""
    sizes = {"postgresql": "SELECT pg_database_size(current_database())"}
    pages = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
    with connection.cursor() as cursor:
        cursor.execute(sizes.get(connection.vendor, pages))
        return int(cursor.fetchone()[0])
