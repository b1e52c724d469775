"""How long ago something was, in words: 8 s, 4 min, 3 h, 2 days."""

from datetime import datetime


def span(seconds: float) -> str:
    """A length of time in its largest whole unit."""
    whole = max(0, int(seconds))
    if whole < 90:
        return f"{whole} s"
    if whole < 90 * 60:
        return f"{whole // 60} min"
    if whole < 36 * 3600:
        return f"{whole // 3600} h"
    days = whole // 86400
    return "1 day" if days == 1 else f"{days} days"


def ago(at: datetime, now: datetime) -> str:
    return f"{span((now - at).total_seconds())} ago"
