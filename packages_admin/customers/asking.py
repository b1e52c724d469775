"""One call of the Customers API: asked once at a time, recorded like every call, answered with its body."""

import time
from collections.abc import Sequence
from typing import Any

import msgspec
from django.conf import settings
from django.utils import timezone

from packages_admin import client
from packages_admin.actions import BUSY, LEASE_MARGIN_SECONDS, SEALED, Asker, begun, ended
from packages_admin.answers import lower_keys
from packages_admin.lease import Taken, lease
from packages_admin.limits import PATIENCE_SECONDS, seconds_until_asked
from packages_admin.models import Package
from packages_admin.outcome import Kind, Outcome
from packages_admin.products import Call
from packages_admin.secrets import OtherAddress, SealBroken

NO_LIST = "LSports answered, but without the list that tells how many {}."
NO_SUCH_API = "Hyper Livescore has no such call; only TRADE packages have."


class Answered(msgspec.Struct, frozen=True):
    """What came of a call, and the members of the answer's body with their names in lower case."""

    outcome: Outcome
    body: dict[str, Any] = {}


def ask_for(
    package: Package, call: Call, asker: Asker, wanted: dict[str, Any], transport: client.Transport | None = None
) -> Answered:
    """Ask LSports for `call`, with the keys of `wanted` in the body. Never raises for what LSports does."""
    if package.is_hyper:
        return not_sent(Kind.REFUSED, NO_SUCH_API)
    try:
        with lease(package.pk, client.longest_seconds(package) + LEASE_MARGIN_SECONDS):
            package = Package.objects.get(pk=package.pk)
            package.reveal_password()
            wait = seconds_until_asked(package, call, wanted, timezone.now())
            if wait > PATIENCE_SECONDS:
                words = f"LSports allows the same call once in 5 s: wait {int(wait) + 1} s more. Nothing was sent."
                return not_sent(Kind.TOO_SOON, words)
            time.sleep(wait)
            return send(package, call, asker, wanted, transport)
    except Taken:
        return not_sent(Kind.BUSY, BUSY)
    except OtherAddress as error:
        return not_sent(Kind.NOT_ALLOWED, f"Nothing was sent: {error}. Enter the password again.")
    except SealBroken:
        return not_sent(Kind.SEALED, SEALED)


def not_sent(kind: Kind, sentence: str) -> Answered:
    return Answered(Outcome(kind=kind, sentence=sentence))


def send(
    package: Package, call: Call, asker: Asker, wanted: dict[str, Any], transport: client.Transport | None
) -> Answered:
    """Send, with a row that says so before and how it went after."""
    row = begun(package, call, asker, wanted, "")
    started = time.monotonic()
    reply = client.ask(package, call, wanted, most_bytes=settings.WIRE_MAX_BYTES, transport=transport)
    ended(row, reply.outcome, time.monotonic() - started)
    return Answered(reply.outcome, body_of(reply.body))


def body_of(answer: bytes) -> dict[str, Any]:
    """The body of a successful answer; empty where it is none that we know."""
    try:
        document = lower_keys(msgspec.json.decode(answer)) if answer else None
    except (msgspec.DecodeError, RecursionError):
        return {}
    return lower_keys((document or {}).get("body")) or {}


def listed(body: dict[str, Any], name: str) -> list[dict[str, Any]] | None:
    """The objects in the list of this name, their members' names in lower case; None where there is no such list."""
    found = body.get(name)
    if not isinstance(found, list):
        return None
    return [members for element in found if (members := lower_keys(element)) is not None]


def counted(answered: Answered, found: Sequence[Any] | None, what: str) -> Outcome:
    """How many there are. An answer without a list does not mean that there are none."""
    if not answered.outcome.ok:
        return answered.outcome
    if found is None:
        return msgspec.structs.replace(answered.outcome, kind=Kind.UNEXPECTED, sentence=NO_LIST.format(what))
    return msgspec.structs.replace(answered.outcome, sentence=f"LSports: {len(found):,} {what}.")
