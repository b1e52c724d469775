"""`manage.py proof check`, of what was shown: each span has its leaf, and each leaf its span."""

from datetime import UTC, datetime, timedelta

from django.conf import settings

from feed.models import ViewingSpan

from .texts import shown_leaf, signed

#: A span is forgotten by when it began, and its leaf says when it ended, which is a little later.
SLACK = timedelta(minutes=5)


class Spans:
    """The leaves of spans, with when they ended."""

    def __init__(self) -> None:
        self.leaves: dict[str, str] = {}
        self.limit = datetime.min.replace(tzinfo=UTC)
        if days := settings.KEEP_VIEWINGS_DAYS:
            self.limit = datetime.now(UTC) - timedelta(days=days) + SLACK

    def add(self, line: bytes, at: str) -> None:
        self.leaves[line.decode()] = at

    def faults(self, notes: list[str]) -> list[str]:
        """What is not as it was signed. What was forgotten by the settings, and what is right, is added to `notes`."""
        found, left, compared, earlier = [], dict(self.leaves), 0, 0
        first = min((datetime.fromisoformat(at) for at in left.values()), default=datetime.max.replace(tzinfo=UTC))
        for row in ViewingSpan.objects.order_by("pk").iterator(100):
            compared += 1
            if left.pop(leaf_of(row), None) is not None:
                continue
            if row.ended_at < first:
                earlier += 1
            else:
                found.append(
                    f"What {row.process} showed until {row.ended_at:%Y-%m-%d %H:%M:%S} is not as it was signed."
                )
        gone = [at for at in left.values() if datetime.fromisoformat(at) >= self.limit]
        found += [f"What was shown until {at} is gone." for at in gone]
        if compared or left:
            words = f"{compared:,} spans of what was shown are compared, and {len(left) - len(gone):,} were forgotten"
            notes.append(f"{words}; {earlier:,} are of before such were signed." if earlier else f"{words}.")
        return found


def leaf_of(row: ViewingSpan) -> str:
    """The span's leaf; "" where it cannot be read."""
    try:
        return shown_leaf(row, signed(row)[0])
    except ValueError:
        return ""
