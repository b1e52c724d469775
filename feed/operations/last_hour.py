"""The last hour on the health page, from rows that are kept anyway and from those of `feed.operations.by_minute`."""

from datetime import datetime

from django.utils.translation import gettext

from feed.attention.reading import read_holes
from feed.live.hub.minutes import STALE_AFTER, worst_ages
from feed.models import Break, FeedShare, Fixture, Recovery, RejectedMessage
from feed.vouching.sources import Vouching

from .by_minute import Hour, book_tile, lag_tiles, read_hour, screen_tiles, waiting_tile, work_tiles
from .growth import growth, size_tile
from .tiles import MINUTE, MINUTES, Tile, by_minute, chart

#: Rejected messages that are charted; more in an hour are a flood, and said to be one.
MOST_REJECTED = 5000


def last_hour(vouching: Vouching, now: datetime) -> list[Tile]:
    """The tiles, those that ask for a look soonest first: nine queries, whatever the size of the database."""
    hour = read_hour(now)
    queued = [share.waiting for share in FeedShare.objects.all() if share.waiting is not None]
    return [
        *work_tiles(hour),
        *lag_tiles(hour, *worst_ages(vouching)),
        waiting_tile(hour, sum(queued) if queued else None),
        *events(now),
        *in_play(hour, vouching, now),
        book_tile(hour),
        *screen_tiles(hour),
        growth(now.date(), hour),
    ]


def hour_before(moment: datetime) -> list[Tile]:
    """The tiles as they were at a moment that is over, of what is kept."""
    hour = read_hour(moment)
    newest = hour.newest
    ages = (newest.own_ms, newest.supplier_ms) if newest else (None, None)
    return [
        *work_tiles(hour),
        *lag_tiles(hour, *ages),
        waiting_tile(hour, newest.waiting if newest else None),
        *events(moment),
        *((stale_tile(hour, newest.stale, newest.in_play), hole_tile(hour, newest.holes)) if newest else ()),
        book_tile(hour),
        *screen_tiles(hour),
        *((size_tile(hour, newest.size),) if newest and newest.size else ()),
    ]


def events(now: datetime) -> tuple[Tile, Tile, Tile]:
    return rejected(now), breaks(now), recoveries(now)


def rejected(now: datetime) -> Tile:
    rows = RejectedMessage.objects.filter(understood_at=None, received_at__range=(now - MINUTE * MINUTES, now))
    times = list(rows.order_by("-received_at").values_list("received_at", flat=True)[:MOST_REJECTED])
    text = f"{len(times):,}{'+' if len(times) == MOST_REJECTED else ''}"
    normal = gettext("Messages that could not be understood in the last hour, and were not since. Normal: none.")
    return Tile(gettext("Rejected"), text, normal, not times, *chart(by_minute(times, now)))


def breaks(now: datetime) -> Tile:
    """The feed's losses: after each, prices from before are unconfirmed."""
    noticed = Break.objects.filter(noticed_at__range=(now - MINUTE * MINUTES, now)).order_by("-noticed_at")
    times = list(noticed.values_list("noticed_at", flat=True)[:MOST_REJECTED])
    normal = gettext("When messages may have been lost, in the last hour. Normal: none but after a restart.")
    return Tile(gettext("Breaks"), f"{len(times):,}", normal, not times, *chart(by_minute(times, now)))


def recoveries(now: datetime) -> Tile:
    began = Recovery.objects.filter(began_at__range=(now - MINUTE * MINUTES, now)).order_by("-began_at")
    times = list(began.values_list("began_at", flat=True)[:MOST_REJECTED])
    running = Recovery.objects.filter(began_at__lte=now).exclude(ended_at__lte=now).count()
    text = gettext("%(number)s under way") % {"number": running} if running else f"{len(times):,}"
    normal = gettext("Begun in the last hour, one after each break. Normal: none under way.")
    return Tile(gettext("Recoveries"), text, normal, not running, *chart(by_minute(times, now)))


def in_play(hour: Hour, vouching: Vouching, now: datetime) -> tuple[Tile, Tile]:
    """About fixtures in play: how many have not changed for long, and where messages are missing."""
    changed = dict(Fixture.objects.in_play().values_list("pk", "received_at"))
    stale = sum(at is not None and at < now - STALE_AFTER for at in changed.values())
    holes = sum(len(own) for own in read_holes(list(changed), vouching).values())
    return stale_tile(hour, stale, len(changed)), hole_tile(hour, holes)


def stale_tile(hour: Hour, stale: int, number: int) -> Tile:
    words = {"minutes": STALE_AFTER // MINUTE, "number": f"{number:,}"}
    normal = gettext("Of %(number)s in play, without a change for %(minutes)s minutes. Normal: none.") % words
    return Tile(gettext("Stale fixtures"), f"{stale:,}", normal, not stale, *chart(hour.column("stale")))


def hole_tile(hour: Hour, holes: int) -> Tile:
    normal = gettext("Markets in play that a numbered message is missing from. Normal: none.")
    return Tile(gettext("Holes"), f"{holes:,}", normal, not holes, *chart(hour.column("holes")))
