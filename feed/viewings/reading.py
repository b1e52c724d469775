"""What was on somebody's screens at a moment, from the spans of all web processes."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import msgspec

from feed.models import ViewingSpan

from .spans import HIDDEN, Event, Item, Span, Viewing, unpacked

#: Spans begin every ten seconds, and later where a process was busy.
LONGEST_SPAN = timedelta(minutes=2)
#: Since when a topic was shown is looked for in so many spans before, which is ten minutes.
MOST_BACK = 60


class ShownTopic(msgspec.Struct, omit_defaults=True):
    """A topic that was shown. `digest` is in hex, "" where it is not known.

    `since` is when it was sent over the socket or, where it `came_with_page`, when the page told so; None where that
    was too long before. `painted_at` is when it stood on the page. `is_hidden`: another window was before it.
    """

    topic: str
    version: str
    digest: str = ""
    since: datetime | None = None
    painted_at: datetime | None = None
    came_with_page: bool = False
    is_hidden: bool = False


class Shown(msgspec.Struct):
    """What one socket had at a moment. `lost` frames of those seconds, of anybody, are not in the span."""

    process: str
    number: int
    kind: str
    opened_at: datetime
    lost: int
    topics: dict[str, ShownTopic]


def shown_to(who: bytes, moment: datetime) -> list[Shown]:
    """All that the person or token had open then, the latest opened first. Raises ValueError for a damaged span."""
    rows = ViewingSpan.objects.filter(begun_at__lte=moment, begun_at__gt=moment - LONGEST_SPAN, ended_at__gt=moment)
    found = [shown for row in rows for shown in of_row(row, who, moment)]
    return sorted(found, key=lambda shown: shown.opened_at, reverse=True)


def of_row(row: ViewingSpan, who: bytes, moment: datetime) -> Iterator[Shown]:
    span, until = unpacked(row.blob), moment.timestamp() * 1000
    for viewing in span.viewings:
        is_open = viewing.opened <= until and (viewing.closed is None or viewing.closed > until)
        if viewing.who == who and is_open:
            topics = topics_at(span, viewing, until)
            look_back(row, viewing, topics)
            yield Shown(row.process, viewing.number, viewing.kind, time_of(viewing.opened), row.lost, topics)


def look_back(row: ViewingSpan, viewing: Viewing, topics: dict[str, ShownTopic]) -> None:
    """Find in the spans before since when the topics were shown that had been there when the span began."""
    wanted = {topic for topic, shown in topics.items() if shown.since is None}
    before = ViewingSpan.objects.filter(process=row.process, begun_at__lt=row.begun_at).order_by("-begun_at")
    for earlier in before[:MOST_BACK].iterator() if wanted else ():
        span = unpacked(earlier.blob)
        same = [of_earlier for of_earlier in span.viewings if of_earlier.number == viewing.number]
        if not same:
            return
        for topic, shown in topics_at(span, same[-1], float("inf")).items():
            if topic in wanted and shown.version == topics[topic].version and shown.since is not None:
                topics[topic] = shown
                wanted.discard(topic)
        if not wanted:
            return


def topics_at(span: Span, viewing: Viewing, until: float) -> dict[str, ShownTopic]:
    """What the socket had at that time (epoch milliseconds), by topic."""
    topics = {item.topic: shown_of(item) for item in (span.items[place] for place in viewing.had)}
    for event in viewing.events:
        if event.at > until:
            break
        for topic in event.gone:
            topics.pop(topic, None)
        for item in (span.items[place] for place in event.items):
            topics[item.topic] = shown_of(item, event)
    return topics


def shown_of(item: Item, event: Event | None = None) -> ShownTopic:
    shown = ShownTopic(item.topic, item.version, item.digest.hex())
    if event is not None:
        shown.since, shown.came_with_page = time_of(event.at), event.is_own
        shown.is_hidden = event.painted == HIDDEN
        if event.painted is not None and not shown.is_hidden:
            shown.painted_at = time_of(event.at + event.painted)
    return shown


def time_of(milliseconds: float) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
