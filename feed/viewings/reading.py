"""What was on somebody's screens at a moment, from the spans of all web processes."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial

import msgspec
from django.db.models import QuerySet

from feed.models import ViewingSpan

from .spans import HIDDEN, Event, Item, Span, Viewing, unpacked

#: Spans begin every ten seconds, and later where a process was busy.
LONGEST_SPAN = timedelta(minutes=2)
#: Earlier spans that are searched for the moment since which a topic was shown: ten minutes.
MOST_BACK = 60
#: A topic's name, "market:7:1?...".
OF_FIXTURE = re.compile(r"(?P<kind>[a-z_]+):(?P<fixture>\d+)(?::(?P<market>\d+))?(?:\?|$)", re.ASCII)
#: Topics of a fixture, and not of one market, that have prices.
WITH_PRICES = frozenset({"row", "card", "state"})


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
    found = [
        shown for row in spans_at(moment) for owner, shown in of_row(row, moment, lambda viewing: viewing.who == who)
    ]
    return sorted(found, key=lambda shown: shown.opened_at, reverse=True)


def shown_of(fixture_id: int, market_id: int | None, moment: datetime) -> list[tuple[bytes, Shown]]:
    """All sockets that had something of the fixture, or the market, then, with whose they were; of it alone.

    Of a market these are also what has prices of several: a board's row, a race's card, a program's state. Raises
    ValueError for a damaged span.
    """
    found = [
        seen
        for row in spans_at(moment)
        for seen in of_row(row, moment, anybody, partial(is_of, fixture_id=fixture_id, market_id=market_id))
    ]
    return [(owner, shown) for owner, shown in found if shown.topics]


def is_of(name: str, fixture_id: int, market_id: int | None) -> bool:
    """Whether a topic is of the fixture, and shows prices of the market where one is given."""
    found = OF_FIXTURE.match(name)
    if found is None or int(found["fixture"]) != fixture_id:
        return False
    market = found["market"]
    return market_id is None or (int(market) == market_id if market else found["kind"] in WITH_PRICES)


def spans_at(moment: datetime) -> QuerySet[ViewingSpan]:
    """One of each web process."""
    return ViewingSpan.objects.filter(begun_at__lte=moment, begun_at__gt=moment - LONGEST_SPAN, ended_at__gt=moment)


def anybody(viewing: Viewing) -> bool:
    return True


def any_topic(name: str) -> bool:
    return True


def of_row(
    row: ViewingSpan,
    moment: datetime,
    is_own: Callable[[Viewing], bool] = anybody,
    is_wanted: Callable[[str], bool] = any_topic,
) -> list[tuple[bytes, Shown]]:
    """The sockets of a span that were open then, with whose they were, and the topics that are wanted."""
    span, until = unpacked(row.blob), moment.timestamp() * 1000
    viewings = [viewing for viewing in span.viewings if is_open(viewing, until) and is_own(viewing)]
    own = {
        viewing.number: {name: shown for name, shown in topics_at(span, viewing, until).items() if is_wanted(name)}
        for viewing in viewings
    }
    look_back(row, own)
    return [
        (
            viewing.who,
            Shown(row.process, viewing.number, viewing.kind, time_of(viewing.opened), row.lost, own[viewing.number]),
        )
        for viewing in viewings
    ]


def is_open(viewing: Viewing, at: float) -> bool:
    """At that time in epoch milliseconds."""
    return viewing.opened <= at and (viewing.closed is None or viewing.closed > at)


def look_back(row: ViewingSpan, own: dict[int, dict[str, ShownTopic]]) -> None:
    """Find in the spans before since when the topics were shown that had been there when the span began.

    `own` are the topics of sockets by their numbers. Each span before is read once for all of them.
    """
    wanted = {number: {topic for topic, shown in topics.items() if not shown.since} for number, topics in own.items()}
    before = ViewingSpan.objects.filter(process=row.process, begun_at__lt=row.begun_at).order_by("-begun_at")
    for earlier in before[:MOST_BACK].iterator() if any(wanted.values()) else ():
        span = unpacked(earlier.blob)
        viewings = {viewing.number: viewing for viewing in span.viewings}
        wanted = {number: names for number, names in wanted.items() if names and number in viewings}
        for number, names in wanted.items():
            for topic, shown in topics_at(span, viewings[number], float("inf")).items():
                if topic in names and shown.version == own[number][topic].version and shown.since is not None:
                    own[number][topic] = shown
                    names.discard(topic)
        if not any(wanted.values()):
            return


def topics_at(span: Span, viewing: Viewing, until: float) -> dict[str, ShownTopic]:
    """What the socket had at that time (epoch milliseconds), by topic."""
    topics = {item.topic: topic_of(item) for item in (span.items[place] for place in viewing.had)}
    for event in viewing.events:
        if event.at > until:
            break
        for topic in event.gone:
            topics.pop(topic, None)
        for item in (span.items[place] for place in event.items):
            topics[item.topic] = topic_of(item, event)
    return topics


def topic_of(item: Item, event: Event | None = None) -> ShownTopic:
    shown = ShownTopic(item.topic, item.version, item.digest.hex())
    if event is not None:
        shown.since, shown.came_with_page = time_of(event.at), event.is_own
        shown.is_hidden = event.painted == HIDDEN
        if event.painted is not None and not shown.is_hidden:
            shown.painted_at = time_of(event.at + event.painted)
    return shown


def time_of(milliseconds: float) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
