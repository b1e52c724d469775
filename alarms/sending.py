"""Sending one message to one destination. Nothing here knows the database."""

import time
from collections.abc import Sequence
from smtplib import SMTPException

import httpx
import msgspec
from django.conf import settings
from django.core.mail import send_mail

from packages_admin.destinations import NotAllowed
from packages_admin.network import CheckedTransport

from .message import Kind, Message, body_of, signature
from .models import Destination

SECONDS = 5.0
HOST_REFUSED = "The host is not among those that alarms may be sent to (ALARM_HOSTS)."


class Target(msgspec.Struct, frozen=True):
    """A destination with its secrets open, held in memory, since the database may be what is lost."""

    pk: int
    kind: str
    address: str
    secret: str

    def __repr__(self) -> str:
        return f"Target({self.pk}, {self.kind!r})"


class NotSent(Exception):
    """Why a message was not sent, in words for operators, without the address."""


def target_of(destination: Destination) -> Target:
    """Raises `SealBroken` where no key opens it."""
    return Target(destination.pk, destination.kind, destination.address.reveal(), destination.secret.reveal())


def send(target: Target, message: Message, transport: httpx.BaseTransport | None = None) -> None:
    """Raises `NotSent`. It takes 5 s at most."""
    if target.kind == Kind.EMAIL:
        send_mail_to(target.address, message)
        return
    body = body_of(target.kind, message)
    post(target.address, signed(body, message.id, target.secret), body, settings.ALARM_HOSTS, HOST_REFUSED, transport)


def signed(body: bytes, delivery: str, secret: str) -> dict[str, str]:
    """The headers of a body: its id, the same whenever it is sent again, and its signature where there is a secret."""
    headers = {"content-type": "application/json", "livescore-delivery": delivery}
    if secret:
        headers["livescore-signature"] = signature(secret, int(time.time()), body)
    return headers


def post(
    address: str,
    headers: dict[str, str],
    body: bytes,
    hosts: Sequence[str],
    refused: str,
    transport: httpx.BaseTransport | None = None,
) -> None:
    """Post to one of `hosts`, in 5 s at most.

    Raises `NotSent` where the host is another (with `refused`), cannot be reached, or answers anything but 2xx.
    """
    carrier = transport or CheckedTransport(SECONDS, hosts)
    try:
        # Only the status is read: a body might have no end, or grow when it is unpacked.
        with (
            httpx.Client(transport=carrier, timeout=SECONDS, follow_redirects=False) as client,
            client.stream("POST", address, content=body, headers=headers) as answer,
        ):
            status = answer.status_code
    except NotAllowed:
        raise NotSent(refused) from None
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        raise NotSent(f"It cannot be reached: {type(error).__name__}.") from None
    if not 200 <= status < 300:
        raise NotSent(f"It answered with status {status}.")


def send_mail_to(address: str, message: Message) -> None:
    if not settings.EMAIL_HOST:
        raise NotSent("EMAIL_HOST is not set.")
    try:
        send_mail(f"Livescore Desk: {message.sentence}"[:150], message.sentence + "\n", None, [address])
    except (OSError, SMTPException) as error:
        raise NotSent(f"The mail server does not take it: {type(error).__name__}.") from None
