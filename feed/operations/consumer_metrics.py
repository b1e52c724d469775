"""Numbers of a consumer for Prometheus, and whether it is ready, on a port of its own."""

import logging
import threading
from collections.abc import Iterable, Iterator, Sequence
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from prometheus_client import CollectorRegistry, make_wsgi_app
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from feed.ingest.consumers import Consumers, Feed
from feed.ingest.loop import Ingest
from feed.ingest.tally import STORE_BOUNDS

from .process_metrics import add_process_metrics, of_database

LABELS = ["source", "queue"]

logger = logging.getLogger(__name__)


class ConsumerCollector(Collector):
    """Reads the counts of what runs here when it is asked."""

    def __init__(self, consumers: Consumers) -> None:
        self.consumers = consumers

    def collect(self) -> Iterator[Metric]:
        rows = [(feed, consumer.ingest) for feed, consumer in list(self.consumers.running.items())]
        yield from counters(rows)
        yield from gauges(rows)
        yield stores(rows)
        yield from of_database()


Rows = Sequence[tuple[Feed, Ingest]]


def labels(feed: Feed) -> list[str]:
    return [feed.source_name, feed.queue]


def counters(rows: Rows) -> Iterator[Metric]:
    """What the consumer has done since it began to consume each queue."""
    for name, what, count in (
        ("desk_messages", "Messages taken", lambda tally: tally.messages),
        ("desk_messages_rejected", "Messages that were not understood", lambda tally: tally.rejected.total()),
        ("desk_batches", "Transactions", lambda tally: tally.batches),
        ("desk_changes", "Fixtures changed, once for each batch", lambda tally: tally.changes),
        ("desk_decode_seconds", "Time spent decoding", lambda tally: tally.decode_seconds),
    ):
        family = CounterMetricFamily(name, what, labels=LABELS)
        for feed, ingest in rows:
            family.add_metric(labels(feed), count(ingest.tally))
        yield family


def gauges(rows: Rows) -> Iterator[Metric]:
    """How each queue stands now."""
    standing = GaugeMetricFamily("desk_consumer_active", "1 where it consumes, 0 where it stands by", labels=LABELS)
    lag = GaugeMetricFamily("desk_lag_seconds", "From LSports' sending to our commit, newest message", labels=LABELS)
    connected = GaugeMetricFamily("desk_consumer_connected", "Whether its broker is connected", labels=LABELS)
    for feed, ingest in rows:
        standing.add_metric(labels(feed), float(not ingest.standing_by_for))
        connected.add_metric(labels(feed), float(not ingest.transport.trouble))
        if ingest.tally.lag_ms is not None:
            lag.add_metric(labels(feed), ingest.tally.lag_ms / 1000)
    yield from (standing, connected, lag)


def stores(rows: Rows) -> Metric:
    """How long transactions took."""
    family = HistogramMetricFamily("desk_store_seconds", "Storing a batch, with its commit", labels=LABELS)
    for feed, ingest in rows:
        counts = ingest.tally.store_counts
        names = [*map(str, STORE_BOUNDS), "+Inf"]
        cumulative = [(name, float(sum(counts[: index + 1]))) for index, name in enumerate(names)]
        family.add_metric(labels(feed), cumulative, ingest.tally.store_seconds)
    return family


class Server(ThreadingMixIn, WSGIServer):
    """A thread for each request, so that a slow client holds up nobody."""

    daemon_threads = True


class Quiet(WSGIRequestHandler):
    """Logs no request."""

    def log_message(self, *words: Any) -> None: ...


class Pages:
    """`/readyz`: 503 until each queue is consumed or stood by for, so that another consumer may be ended. All else:
    the metrics."""

    def __init__(self, consumers: Consumers, registry: CollectorRegistry) -> None:
        self.consumers = consumers
        self.metrics = make_wsgi_app(registry)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ["PATH_INFO"] != "/readyz":
            answer: Iterable[bytes] = self.metrics(environ, start_response)
            return answer
        awaited = self.consumers.awaited()
        status = "503 Service Unavailable" if awaited else "200 OK"
        start_response(status, [("Content-Type", "text/plain; charset=utf-8"), ("Retry-After", "1")])
        return [f"{awaited or 'ready'}\n".encode()]


def serve_metrics(consumers: Consumers, port: int) -> WSGIServer | None:
    """Serve them on loopback; None where the port is taken: a consumer consumes all the same."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(ConsumerCollector(consumers))
    add_process_metrics(registry)
    try:
        server = make_server("127.0.0.1", port, Pages(consumers, registry), Server, Quiet)
    except OSError as error:
        logger.error("No metrics: port %d of loopback cannot be used: %s", port, error.strerror)
        return None
    threading.Thread(target=server.serve_forever, name="metrics", daemon=True).start()
    return server
