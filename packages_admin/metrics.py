"""Packages' numbers for Prometheus: queues, states, calls."""

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Count
from django.utils import timezone
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from .models import Package, PackageCall
from .queues import queue_rooms

CALLS = timedelta(hours=1)


class PackageCollector(Collector):
    """Reads everything when it is asked."""

    def collect(self) -> Iterator[Metric]:
        yield from of_queues()
        yield of_calls()


def of_queues() -> Iterator[Metric]:
    """How full each queue of a package is, by the newest reading that is no older than five minutes."""
    now = timezone.now()
    active = GaugeMetricFamily("desk_package_active", "Whether LSports says that it is on", labels=["package"])
    waiting = GaugeMetricFamily("desk_queue_waiting", "Messages that wait in a package's queue", labels=["source"])
    limit = GaugeMetricFamily("desk_queue_limit", "At so many LSports switches it off", labels=["source"])
    left = GaugeMetricFamily("desk_queue_seconds_left", "Until it is full, while it grows", labels=["source"])
    for package in Package.objects.all():
        active.add_metric([package.name], float(package.state == Package.State.ACTIVE))
        for queue in queue_rooms(package, now):
            if queue.room is None or queue.is_stale:
                continue
            waiting.add_metric([queue.name], queue.room.waiting)
            limit.add_metric([queue.name], queue.room.limit)
            if queue.room.seconds_left is not None:
                left.add_metric([queue.name], queue.room.seconds_left)
    yield from (active, waiting, limit, left)


def of_calls() -> Metric:
    """Calls to LSports in the last hour; an outcome that is empty is still on its way."""
    family = GaugeMetricFamily("desk_calls_last_hour", "Calls to LSports", labels=["action", "outcome"])
    recent = PackageCall.objects.filter(asked_at__gt=timezone.now() - CALLS).order_by()
    for action, kind, number in recent.values_list("action", "kind").annotate(number=Count("pk")):
        family.add_metric([action, kind], number)
    return family
