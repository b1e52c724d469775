"""Numbers for Prometheus: of this web process, and of the feed as the database has it."""

from collections.abc import Iterator

from django.utils import timezone
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from feed.live.hub.hub import Hub
from feed.live.legs import BOUNDS, Leg
from feed.live.running import present, running_hubs
from feed.models import FeedShare, FeedSource, Fixture, RejectedMessage, WebProcess
from feed.vouching.sources import read_vouching

from .process_metrics import add_process_metrics, of_database

#: Only each fourth bound of the buckets is exported: a dashboard needs no more.
EVERY = 4


class DeskCollector(Collector):
    """Reads everything when it is asked."""

    def collect(self) -> Iterator[Metric]:
        yield from of_database()
        for hub in running_hubs():
            yield from of_process(hub)
        yield from of_feed()


def of_process(hub: Hub) -> Iterator[Metric]:
    """What is connected to this process, and the legs of changes since it began."""
    now = present(hub)
    connected = GaugeMetricFamily("desk_connected", "Open sockets of this web process", labels=["kind"])
    connected.add_metric(["page"], now.pages)
    connected.add_metric(["program"], now.programs)
    yield connected
    yield GaugeMetricFamily("desk_topics", "Topics watched in this web process", value=len(hub.topics))
    silent = (timezone.now() - hub.read_at).total_seconds()
    yield GaugeMetricFamily("desk_unread_seconds", "Since the database was last read for pages", value=silent)
    legs = HistogramMetricFamily("desk_leg_seconds", "Legs of changes that a page has displayed", labels=["leg"])
    for leg in Leg:
        legs.add_metric([leg.value], buckets(hub.clocks.totals[leg]), hub.clocks.sums[leg] / 1000)
    yield legs
    yield from of_lanes(hub)


def of_lanes(hub: Hub) -> Iterator[Metric]:
    """How often the database was read for pages and programs, for how many topics, and how long that took."""
    polls = CounterMetricFamily("desk_polls", "Polls of the database for pages and programs", labels=["lane"])
    topics = CounterMetricFamily("desk_polled_topics", "Topics in these polls", labels=["lane"])
    seconds = CounterMetricFamily("desk_poll_seconds", "Time that they took", labels=["lane"])
    for lane in hub.lanes:
        polls.add_metric([lane.name], lane.polls)
        topics.add_metric([lane.name], lane.polled)
        seconds.add_metric([lane.name], lane.poll_seconds)
    yield from (polls, topics, seconds)


def buckets(counts: list[int]) -> list[tuple[str, float]]:
    """Cumulative counts by upper bound in seconds, as Prometheus has them."""
    bounds = [index for index in range(len(BOUNDS) - 1) if index % EVERY == EVERY - 1]
    bucket_list = [(f"{BOUNDS[index] / 1000:.6g}", float(sum(counts[: index + 1]))) for index in bounds]
    return [*bucket_list, ("+Inf", float(sum(counts)))]


def of_feed() -> Iterator[Metric]:
    """The sources, what is in play, and what was refused."""
    now = timezone.now()
    up = GaugeMetricFamily("desk_source_up", "Whether a source vouches for its prices", labels=["source"])
    off = GaugeMetricFamily("desk_source_off", "Whether a source is off because we want it so", labels=["source"])
    silence = GaugeMetricFamily("desk_source_silent_seconds", "Since a source's last message", labels=["source"])
    age = GaugeMetricFamily(
        "desk_source_age_seconds",
        "How old the last minute's messages were when stored (p95), by whose part",
        labels=["source", "part"],
    )
    for row in read_vouching(now).sources:
        up.add_metric([row.source.name], float(row.is_up))
        off.add_metric([row.source.name], float(row.health.state == FeedSource.State.OFF))
        if row.source.age_ms is not None and row.source.supplier_age_ms is not None:
            age.add_metric([row.source.name, "supplier"], row.source.supplier_age_ms / 1000)
            age.add_metric([row.source.name, "own"], (row.source.age_ms - row.source.supplier_age_ms) / 1000)
        if row.source.last_message_at:
            silence.add_metric([row.source.name], (now - row.source.last_message_at).total_seconds())
    yield up
    yield off
    yield silence
    yield age
    yield from of_shares()
    in_play = Fixture.objects.in_play().count()
    yield GaugeMetricFamily("desk_fixtures_in_play", "Fixtures that are in play", value=in_play)
    refused = RejectedMessage.objects.filter(understood_at=None).count()
    yield GaugeMetricFamily("desk_messages_refused", "Messages that were not understood", value=refused)
    sources, processes = FeedSource.objects.count(), WebProcess.objects.count()
    yield GaugeMetricFamily("desk_sources", "Sources known", value=sources)
    yield GaugeMetricFamily("desk_web_processes", "Web processes seen in the last ten minutes", value=processes)


def of_shares() -> Iterator[Metric]:
    """The queues of our own broker over which sources are spread."""
    waiting = GaugeMetricFamily("desk_share_waiting", "Messages that wait in it", labels=["source", "queue"])
    up = GaugeMetricFamily("desk_share_up", "Whether its consumer says that it is up", labels=["source", "queue"])
    for share in FeedShare.objects.select_related("source"):
        up.add_metric([share.source.name, share.queue], float(share.state == FeedSource.State.UP))
        if share.waiting is not None:
            waiting.add_metric([share.source.name, share.queue], share.waiting)
    yield from (waiting, up)


registry = CollectorRegistry(auto_describe=False)
registry.register(DeskCollector())
add_process_metrics(registry)


def metrics_text() -> bytes:
    """All of it in Prometheus' text format."""
    return generate_latest(registry)
