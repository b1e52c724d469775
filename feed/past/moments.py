"""Moments as text: "2026-11-26T20:14:03.250" in UTC for addresses and commands, RFC 3339 for programs."""

import re
from datetime import UTC, datetime

IN_ADDRESS = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?Z?", re.ASCII)
RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", re.ASCII)
FORM = "a moment is written like 2026-11-26T20:14:03.250Z"
#: Before that there was no feed.
FIRST = datetime(1970, 1, 1, tzinfo=UTC)


def parse_moment(text: str) -> datetime:
    """The moment in an address or a command. Raises ValueError with the reason in words."""
    if IN_ADDRESS.fullmatch(text) is None:
        raise ValueError(f"{FORM}, in UTC")
    return from_iso(f"{text.removesuffix('Z')}+00:00")


def parse_rfc_3339(text: str) -> datetime:
    """The moment in a program's request. Raises ValueError with the reason in words."""
    upper = text.upper()
    if RFC_3339.fullmatch(upper) is None:
        raise ValueError(FORM)
    return FIRST if upper.startswith("0000-") else from_iso(upper)


def from_iso(text: str) -> datetime:
    """Never earlier than `FIRST`."""
    try:
        moment = datetime.fromisoformat(text)
        return FIRST if moment <= FIRST else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError(f"there is no such day or time; {FORM}") from None


def moment_text(moment: datetime) -> str:
    """The moment as addresses have it: to the millisecond where that is exact, else to the microsecond."""
    precision = "microseconds" if moment.microsecond % 1000 else "milliseconds"
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec=precision)
