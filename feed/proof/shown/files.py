"""What a bundle has of spans: the index of each, and what it says of the bundle's fixture."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from feed.models import ViewingSpan

from .texts import SHOWN, shown_leaf, signed

MOMENT = timedelta(microseconds=1)


def shown_files(own: dict[int, bytes], fixture: int) -> Iterator[tuple[str, bytes]]:
    """Of each leaf of a span the files, unless the span was forgotten."""
    numbers = {line: number for number, line in own.items() if line.startswith(SHOWN.encode() + b" ")}
    if not numbers:
        return
    ends = [datetime.fromisoformat(line.split(b" ")[1].decode()) for line in numbers]
    for row in ViewingSpan.objects.filter(ended_at__gte=min(ends), ended_at__lte=max(ends) + MOMENT).iterator(100):
        try:
            index, own_texts = signed(row)
        except ValueError:
            continue  # the check says what is wrong with it
        number = numbers.get(shown_leaf(row, index).encode())
        if number is not None:
            yield f"shown/{number}", index
            if fixture in own_texts:
                yield f"shown/{number}.jsonl", own_texts[fixture]
