"""What /metrics of web processes has beside the feed's own numbers."""

from alarms.metrics import AlarmCollector
from feed.operations.metrics import registry
from packages_admin.metrics import PackageCollector


def collect_all() -> None:
    """Add packages and alarms to /metrics. Call it once."""
    registry.register(PackageCollector())
    registry.register(AlarmCollector())
