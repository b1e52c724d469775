"""What web processes say at /metrics beside the feed's own numbers."""

from alarms.metrics import AlarmCollector
from feed.operations.metrics import registry
from packages_admin.metrics import PackageCollector


def collect_all() -> None:
    """Packages and alarms too, from now on. Call it once."""
    registry.register(PackageCollector())
    registry.register(AlarmCollector())
