"""Numbers for Prometheus: of this web process, and of the feed as the database has it."""

from collections.abc import Iterator

from django.utils import timezone
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from feed.live.hub import Hub
from feed.live.running import present, running_hubs
from feed.models import FeedSource, Fixture, RejectedMessage, WebProcess
from feed.pages.legs import BOUNDS, Leg
from feed.pages.vouching import read_vouching

#: Every how manieth bound of the buckets is told; a quarter's width is more than a dashboard needs.
EVERY = 4


class DeskCollector(Collector):
    """Reads everything when it is asked."""

    def collect(self) -> Iterator[Metric]:
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
    yield GaugeMetricFamily("desk_topics", "Topics watched in this web process", value=len(hub.having))
    silent = (timezone.now() - hub.read_at).total_seconds()
    yield GaugeMetricFamily("desk_unread_seconds", "Since the database was last read for pages", value=silent)
    legs = HistogramMetricFamily("desk_leg_seconds", "Legs of changes that a page has painted", labels=["leg"])
    for leg in Leg:
        legs.add_metric([leg.value], buckets(hub.clocks.totals[leg]), hub.clocks.sums[leg] / 1000)
    yield legs


def buckets(counts: list[int]) -> list[tuple[str, float]]:
    """Cumulative counts by upper bound in seconds, as Prometheus has them."""
    bounds = [index for index in range(len(BOUNDS) - 1) if index % EVERY == EVERY - 1]
    told = [(f"{BOUNDS[index] / 1000:.6g}", float(sum(counts[: index + 1]))) for index in bounds]
    return [*told, ("+Inf", float(sum(counts)))]


def of_feed() -> Iterator[Metric]:
    """The sources, what is in play, and what was refused."""
    now = timezone.now()
    up = GaugeMetricFamily("desk_source_up", "Whether a source vouches for its prices", labels=["source"])
    off = GaugeMetricFamily("desk_source_off", "Whether a source is off because we want it so", labels=["source"])
    silence = GaugeMetricFamily("desk_source_silent_seconds", "Since a source's last message", labels=["source"])
    for each in read_vouching(now).sources:
        up.add_metric([each.source.name], float(each.is_up))
        off.add_metric([each.source.name], float(each.health.state == FeedSource.State.OFF))
        if each.source.last_message_at:
            silence.add_metric([each.source.name], (now - each.source.last_message_at).total_seconds())
    yield up
    yield off
    yield silence
    in_play = Fixture.objects.in_play().count()
    yield GaugeMetricFamily("desk_fixtures_in_play", "Fixtures that are in play", value=in_play)
    refused = RejectedMessage.objects.filter(understood_at=None).count()
    yield GaugeMetricFamily("desk_messages_refused", "Messages that were not understood", value=refused)
    sources, processes = FeedSource.objects.count(), WebProcess.objects.count()
    yield GaugeMetricFamily("desk_sources", "Sources known", value=sources)
    yield GaugeMetricFamily("desk_web_processes", "Web processes seen in the last ten minutes", value=processes)


registry = CollectorRegistry(auto_describe=False)
registry.register(DeskCollector())


def metrics_text() -> bytes:
    """All of it in Prometheus' text format."""
    return generate_latest(registry)
