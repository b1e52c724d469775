"""Time zones by name."""

from functools import cache
from zoneinfo import available_timezones


@cache
def zone_names() -> tuple[str, ...]:
    """All zones a reader can choose, "Europe/London" and the like."""
    return tuple(
        sorted(name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "SystemV/")))
    )


@cache
def known() -> frozenset[str]:
    return frozenset(available_timezones())


def zone_named(name: str) -> str:
    """The name if there is such a zone, else ""."""
    return name if name in known() else ""
