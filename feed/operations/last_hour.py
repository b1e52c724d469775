"""The last hour on the health page: what is, what is normal, and a small chart, from rows that are kept anyway."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import dropwhile, pairwise
from operator import not_
from statistics import median

from django.db.models import Subquery, Sum
from django.utils.translation import gettext

from feed.attention.reading import read_holes
from feed.models import Break, FeedShare, Fixture, LeafBatch, ProofLog, Recovery, RejectedMessage
from feed.vouching.sources import Vouching

MINUTES = 60
MINUTE = timedelta(minutes=1)
#: The height of a chart, in the units of its view box.
HEIGHT = 30
#: Fewer records than this share of the hour's median are no pause between two goals.
LEAST_SHARE = 0.25
#: A fixture in play changes more often than this.
STALE_AFTER = timedelta(minutes=5)
#: From receipt until stored, p95: above it messages wait for the consumer.
MOST_OWN_MS = 500
#: Rejected messages that are charted; more in an hour are a flood, and said to be one.
MOST_REJECTED = 5000


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of a chart of `HEIGHT`, at `left` from 0."""

    left: int
    top: int
    height: int


@dataclass(frozen=True, slots=True)
class Tile:
    """What is, in a few words, and what is normal, in a sentence. `bars` has a bar for each unit of time that is not 0,
    of `units` units; no units: there is no chart. `most` says what the highest bar stands for."""

    title: str
    now: str
    normal: str
    is_normal: bool
    bars: tuple[Bar, ...] = ()
    units: int = 0
    most: str = ""


def last_hour(vouching: Vouching, now: datetime) -> list[Tile]:
    """The tiles, those that ask for a look soonest first: eight queries, whatever the size of the database."""
    return [stored(now), waiting(vouching), rejected(now), breaks(now), recoveries(now), *in_play(vouching, now)]


def stored(now: datetime) -> Tile:
    """Messages, and what they changed: what the leaves of the proof count."""
    title = gettext("Stored a minute")
    counts = records(now)
    if counts is None:
        return Tile(title, "–", gettext("Counted where the proof is kept (PROOF), and something is stored."), True)
    usual, last = median(list(dropwhile(not_, counts)) or [0]), counts[-1]
    least = int(usual * LEAST_SHARE)
    normal = gettext("Messages and what they changed. Normal: %(least)s or more, a quarter of the hour's median.")
    return Tile(title, f"{last:,}", normal % {"least": f"{least:,}"}, last >= least, *chart(counts))


def records(now: datetime) -> list[int] | None:
    """How many records each of the last whole minutes brought, the oldest first: records are numbered, so that the
    first number of each minute is enough. None: there is none."""
    end = now.replace(second=0, microsecond=0)
    edges = [end - MINUTE * back for back in range(MINUTES, -1, -1)]
    firsts = [
        LeafBatch.objects.filter(committed_at__gte=edge).order_by("committed_at").values("first") for edge in edges
    ]
    found = ProofLog.objects.values_list("size", *(Subquery(first[:1]) for first in firsts)).first()
    if found is None:
        return None
    size, *numbers = found
    starts = [size if number is None else number for number in numbers]
    return [max(0, later - sooner) for sooner, later in pairwise(starts)]


def waiting(vouching: Vouching) -> Tile:
    """How long messages wait for our consumer, and how many wait in our own queues."""
    ages = [(row.source.age_ms, row.source.supplier_age_ms) for row in vouching.sources]
    own = max((age - supplier for age, supplier in ages if age is not None and supplier is not None), default=None)
    queued = FeedShare.objects.aggregate(sum=Sum("waiting"))["sum"]
    now = "–" if own is None else gettext("%(number)s ms") % {"number": f"{own:,}"}
    if queued:
        now = f"{now} · {gettext('%(number)s wait') % {'number': f'{queued:,}'}}"
    normal = gettext("From receipt until stored, p95 of the last minute. Normal: under %(most)s ms.")
    return Tile(gettext("Backlog"), now, normal % {"most": MOST_OWN_MS}, own is None or own < MOST_OWN_MS)


def rejected(now: datetime) -> Tile:
    rows = RejectedMessage.objects.filter(understood_at=None, received_at__gt=now - MINUTE * MINUTES)
    times = list(rows.order_by("-received_at").values_list("received_at", flat=True)[:MOST_REJECTED])
    text = f"{len(times):,}{'+' if len(times) == MOST_REJECTED else ''}"
    normal = gettext("Messages that could not be understood in the last hour, and were not since. Normal: none.")
    return Tile(gettext("Rejected"), text, normal, not times, *chart(by_minute(times, now)))


def breaks(now: datetime) -> Tile:
    """The feed's losses: after each, prices from before are unconfirmed."""
    noticed = Break.objects.filter(noticed_at__gt=now - MINUTE * MINUTES).order_by("-noticed_at")
    times = list(noticed.values_list("noticed_at", flat=True)[:MOST_REJECTED])
    normal = gettext("When messages may have been lost, in the last hour. Normal: none but after a restart.")
    return Tile(gettext("Breaks"), f"{len(times):,}", normal, not times, *chart(by_minute(times, now)))


def recoveries(now: datetime) -> Tile:
    began = Recovery.objects.filter(began_at__gt=now - MINUTE * MINUTES).order_by("-began_at")
    times = list(began.values_list("began_at", flat=True)[:MOST_REJECTED])
    running = Recovery.objects.filter(ended_at=None).count()
    text = gettext("%(number)s under way") % {"number": running} if running else f"{len(times):,}"
    normal = gettext("Begun in the last hour, one after each break. Normal: none under way.")
    return Tile(gettext("Recoveries"), text, normal, not running, *chart(by_minute(times, now)))


def in_play(vouching: Vouching, now: datetime) -> tuple[Tile, Tile]:
    """Two tiles about fixtures in play: how many have not changed for long, and where messages are missing. The chart
    of the first has a bar for each minute since a fixture changed."""
    changed = dict(Fixture.objects.in_play().values_list("pk", "received_at"))
    times = [at for at in changed.values() if at is not None]
    stale = sum(at < now - STALE_AFTER for at in times)
    holes = sum(len(own) for own in read_holes(list(changed), vouching).values())
    words = {"minutes": STALE_AFTER // MINUTE, "number": len(changed)}
    normal = gettext("Of %(number)s in play, without a change for %(minutes)s minutes; by age. Normal: none.") % words
    missing = gettext("Markets in play that a numbered message is missing from. Normal: none.")
    return (
        Tile(gettext("Stale fixtures"), f"{stale:,}", normal, not stale, *chart(by_minute(times, now))),
        Tile(gettext("Holes"), f"{holes:,}", missing, not holes),
    )


def by_minute(times: Iterable[datetime], now: datetime) -> list[int]:
    """How many there are in each of the last minutes, the oldest first; what is older counts as the oldest."""
    counts = [0] * MINUTES
    for at in times:
        counts[max(0, MINUTES - 1 - max(0, (now - at) // MINUTE))] += 1
    return counts


def chart(counts: Sequence[int]) -> tuple[tuple[Bar, ...], int, str]:
    """Its bars, the highest as high as the chart and none lower than a unit; how many units; what the highest is."""
    most = max(counts, default=0)
    heights = [max(1, round(HEIGHT * count / most)) if count else 0 for count in counts]
    bars = tuple(Bar(left, HEIGHT - height, height) for left, height in enumerate(heights) if height)
    return bars, len(counts), f"{most:,}"
