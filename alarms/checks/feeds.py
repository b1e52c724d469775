"""Feeds that are not live, markets with holes that do not close, messages that are refused."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Min

from alarms.fault import Fault
from feed.models import FeedSource, Market, RejectedMessage
from feed.vouching.sources import read_vouching

State = FeedSource.State
#: Refused messages are counted over this time.
REJECTED_WINDOW = timedelta(minutes=5)


def feed_faults(now: datetime) -> Iterator[Fault]:
    """Feeds that are DOWN, LATE or RECOVERING, with the patience for each. A feed that is off is no fault."""
    patience = {
        State.DOWN: settings.ALARM_DOWN_SECONDS,
        State.LATE: settings.ALARM_LATE_SECONDS,
        State.RECOVERING: settings.ALARM_RECOVERING_SECONDS,
    }
    for row in read_vouching(now).sources:
        health = row.health
        if row.source.kind == FeedSource.Kind.RECORDING or health.state not in patience or health.since is None:
            continue
        yield Fault(
            kind=f"feed_{health.state}",
            about=row.source.name,
            text=f"The feed {row.source.name} has been {health.state.upper()} since {health.since:%H:%M:%S} UTC. "
            f"{health.reason}".strip(),
            since=health.since,
            patience=timedelta(seconds=patience[health.state]),
        )


def hole_faults(now: datetime) -> Iterator[Fault]:
    """Markets that are waiting for missing messages, unless their source's numbers are in doubt."""
    open_holes = Market.objects.exclude(gap_since=None).values("numbered_by")
    names = dict(FeedSource.objects.filter(doubted_since=None).values_list("pk", "name"))
    for row in open_holes.annotate(number=Count("gap_since"), since=Min("gap_since")).order_by("numbered_by"):
        if row["numbered_by"] in names:
            name = names[row["numbered_by"]]
            yield Fault(
                kind="holes",
                about=name,
                text=f"{row['number']:,} markets of {name} have missing messages,"
                f" the first since {row['since']:%H:%M:%S} UTC.",
                since=row["since"],
                patience=timedelta(seconds=settings.ALARM_HOLES_SECONDS),
            )


def rejected_faults(now: datetime) -> Iterator[Fault]:
    """Sources with more than ALARM_REJECTED refused messages in the last five minutes."""
    refused = RejectedMessage.objects.filter(understood_at=None, received_at__gt=now - REJECTED_WINDOW)
    for name, number in refused.order_by().values_list("source__name").annotate(number=Count("pk")):
        if number > settings.ALARM_REJECTED:
            text = f"{number:,} messages of {name} were refused in the last five minutes."
            yield Fault(kind="rejected", about=name, text=text, since=now)
