"""Numbers that every process has: what it is, its memory and CPU, its statements to the database."""

from collections.abc import Iterator

from django.conf import settings
from prometheus_client import CollectorRegistry, GCCollector, ProcessCollector
from prometheus_client.core import CounterMetricFamily, InfoMetricFamily, Metric

from feed.database.timing import STATEMENTS


def add_process_metrics(registry: CollectorRegistry) -> None:
    """Prometheus' own: CPU, memory, files, garbage collection."""
    ProcessCollector(registry=registry)
    GCCollector(registry=registry)


def of_database() -> Iterator[Metric]:
    """Which version runs, and the statements that it sent to the database."""
    yield InfoMetricFamily("desk_build", "What runs here", value={"version": settings.VERSION})
    yield CounterMetricFamily("desk_database_statements", "Statements to the database", value=STATEMENTS.number)
    yield CounterMetricFamily("desk_database_failures", "Statements that failed", value=STATEMENTS.failed)
    yield CounterMetricFamily("desk_database_seconds", "Time that they took", value=STATEMENTS.seconds)
