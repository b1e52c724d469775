"""Trying rejected messages again: those that the desk can read by now are stored like any other."""

import msgspec
from django.db.models import QuerySet
from django.utils import timezone

from feed.models import RejectedMessage
from feed.store import Received, store_batch
from feed.store.epochs import epoch_at
from feed.store.rejects import why_set_aside
from feed.store.sql.faults import is_of_database
from feed.transport import Delivery
from feed.wire import DecodeError, decode

from .limits import wire_limits
from .storing import STORE_KIND, refusal

#: Messages tried again at one press of the button.
MOST = 1000


class Retried(msgspec.Struct, kw_only=True):
    """How many were understood and stored, how many refused again, and how many were left for another time."""

    understood: int = 0
    refused: int = 0
    left: int = 0
    reason: str = ""

    @property
    def sentence(self) -> str:
        """The result in an operator's words."""
        if not self.understood and not self.refused:
            return "There was no message to try again."
        parts = [f"{self.understood:,} understood and stored" if self.understood else "None understood"]
        if self.refused:
            parts.append(f"{self.refused:,} refused again ({self.reason})")
        if self.left:
            parts.append(f"{self.left:,} left: press again")
        return "; ".join(parts) + "."


def retry(chosen: QuerySet[RejectedMessage]) -> Retried:
    """Try the `chosen` that are still refused, oldest first. Applying one that came twice changes nothing."""
    waiting = chosen.filter(understood_at=None).order_by("received_at", "pk")
    result = Retried(left=max(0, waiting.count() - MOST))
    for pk in list(waiting.values_list("pk", flat=True)[:MOST]):
        message = RejectedMessage.objects.select_related("source").filter(pk=pk, understood_at=None).first()
        if message is not None:
            retry_one(message, result)
    return result


def retry_one(message: RejectedMessage, result: Retried) -> None:
    """Decode and store one; write down that it was understood, or why still not."""
    message.tries += 1
    limits = wire_limits()
    delivery = Delivery(
        body=bytes(message.body),
        received_at=message.received_at,
        headers=message.headers,
        queue=message.queue,
        redelivered=True,
    )
    try:
        epoch = epoch_at(message.source, message.received_at)
        received = Received(message=decode(delivery.body, limits), delivery=delivery, epoch=epoch)
        store_batch(message.source, [received], [])
    except DecodeError as error:
        refuse(message, result, error.reason, error.kind)
    except Exception as error:
        if is_of_database(error):
            raise
        refuse(message, result, refusal(error), STORE_KIND)
    else:
        if why := why_set_aside(received.message):
            refuse(message, result, why, "part")
            return
        message.understood_at = timezone.now()
        message.save(update_fields=["tries", "understood_at"])
        result.understood += 1


def refuse(message: RejectedMessage, result: Retried, reason: str, kind: str) -> None:
    message.reason, message.kind = reason.replace("\0", "")[:500], kind
    message.save(update_fields=["tries", "reason", "kind"])
    result.refused += 1
    result.reason = message.reason
