"""Tampering with what was shown: a span is deleted, or its content, process, times or number of lost frames changed."""

import random
from datetime import timedelta

from feed.models import ViewingSpan
from feed.viewings.spans import content_of


def a_span(choice: random.Random, _: object) -> None:
    row = choice.choice(list(ViewingSpan.objects.all()))
    what = choice.choice(["gone", "content", "process", "lost", "begun_at", "ended_at"])
    if what == "gone":
        row.delete()
        return
    if what == "content":
        before = content_of(row.blob)
        row.blob = with_another_byte(bytes(row.blob), choice)
        if readable(row.blob) == before:
            row.lost += 1
    elif what == "process":
        row.process += "x"
    elif what == "lost":
        row.lost += 1
    else:
        setattr(row, what, getattr(row, what) + timedelta(microseconds=choice.randrange(1, 10_000_000)))
    row.save()


def with_another_byte(content: bytes, choice: random.Random) -> bytes:
    place = choice.randrange(len(content))
    return content[:place] + bytes([content[place] ^ choice.randrange(1, 256)]) + content[place + 1 :]


def readable(blob: bytes) -> bytes:
    """Nothing where it cannot be read."""
    try:
        return content_of(blob)
    except ValueError:
        return b""
