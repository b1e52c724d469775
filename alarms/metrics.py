"""Open alarms, for Prometheus."""

from collections.abc import Iterator

from django.db.models import Count
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from .models import Alarm, Delivery


class AlarmCollector(Collector):
    """Reads the database each time the metrics are asked for."""

    def collect(self) -> Iterator[Metric]:
        raised = GaugeMetricFamily("desk_alarms_open", "Alarms that are not over", labels=["kind"])
        counts = Alarm.objects.filter(ended_at=None).order_by().values_list("kind").annotate(number=Count("pk"))
        for kind, number in counts:
            raised.add_metric([kind], number)
        yield raised
        unsent = Delivery.objects.filter(next_try_at__isnull=False).count()
        yield GaugeMetricFamily("desk_alarms_unsent", "Alarm messages still to be delivered", value=unsent)
