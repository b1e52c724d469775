"""Sends the messages that are due, several at once, and tries again until they arrive or a day has passed."""

import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from django.db.models import QuerySet

from packages_admin.secrets import SealBroken

from .message import Message
from .models import Alarm, Delivery, Destination
from .sending import NotSent, Target, send, target_of

#: Messages sent at the same time, so that a destination that hangs does not hold up the others.
AT_ONCE = 8
#: How long a process has for a delivery that it took: then it is due again, in case that process has died.
TAKEN = timedelta(seconds=30)
FIRST_PAUSE = timedelta(seconds=2)
LONGEST_PAUSE = timedelta(minutes=10)
GIVEN_UP = timedelta(days=1)

logger = logging.getLogger(__name__)


def targets() -> dict[int, Target]:
    """The destinations that are on, by id; one whose secrets no key opens is left out and logged."""
    found = {}
    for destination in Destination.objects.filter(is_on=True):
        try:
            found[destination.pk] = target_of(destination)
        except SealBroken as error:
            logger.error("The alarm destination %s cannot be used: %s", destination, error)
    return found


def plan(alarm: Alarm, what: Delivery.What, now: datetime) -> None:
    """Plan one message to each destination that is on. The end of an alarm goes only to those for
    which a message about its beginning was planned."""
    rows: QuerySet[Destination] = Destination.objects.filter(is_on=True)
    if what is Delivery.What.ENDED:
        rows = rows.filter(deliveries__alarm=alarm)
    Delivery.objects.bulk_create(
        [Delivery(alarm=alarm, destination=row, what=what, next_try_at=now) for row in rows], ignore_conflicts=True
    )


def deliver_due(known: dict[int, Target], now: datetime) -> int:
    """Send what is due; returns how many arrived. If two processes do so at once, only one takes each delivery."""
    due = Delivery.objects.filter(next_try_at__lte=now, destination__in=known).select_related("alarm")
    mine = [delivery for delivery in due[:AT_ONCE] if take(delivery, now)]
    if not mine:
        return 0
    with ThreadPoolExecutor(AT_ONCE) as pool:
        errors = pool.map(attempt, [known[delivery.destination_id] for delivery in mine], map(message_of, mine))
        return note(mine, list(errors), now)


def take(delivery: Delivery, now: datetime) -> bool:
    row = Delivery.objects.filter(pk=delivery.pk, next_try_at=delivery.next_try_at)
    return bool(row.update(next_try_at=now + TAKEN))


def attempt(target: Target, message: Message) -> str:
    """Send one message. Returns what went wrong, "" if it arrived."""
    try:
        send(target, message)
    except NotSent as error:
        return str(error)
    except Exception as error:  # one destination must not hold up the others
        logger.exception("An alarm could not be sent.")
        return type(error).__name__
    return ""


def note(deliveries: Sequence[Delivery], errors: Sequence[str], now: datetime) -> int:
    """Record which of them arrived and why the others did not; returns how many arrived."""
    for delivery, error in zip(deliveries, errors, strict=True):
        delivery.tries += 1
        delivery.error = error
        delivery.sent_at = None if error else now
        delivery.next_try_at = next_try(delivery, now) if error else None
        delivery.save(update_fields=["tries", "error", "sent_at", "next_try_at"])
        if error:
            logger.warning("An alarm did not reach destination %d: %s", delivery.destination_id, error)
    return errors.count("")


def next_try(delivery: Delivery, now: datetime) -> datetime | None:
    alarm = delivery.alarm
    if now - (alarm.ended_at or alarm.began_at) > GIVEN_UP:
        return None
    return now + min(FIRST_PAUSE * 2 ** min(delivery.tries - 1, 10), LONGEST_PAUSE)


def message_of(delivery: Delivery) -> Message:
    alarm = delivery.alarm
    is_over = delivery.what == Delivery.What.ENDED
    return Message(
        id=f"{alarm.pk}-{delivery.what}-{delivery.destination_id}",
        event=str(delivery.what),
        kind=alarm.kind,
        about=alarm.about,
        text=alarm.text,
        began_at=alarm.began_at,
        ended_at=alarm.ended_at if is_over else None,
    )
