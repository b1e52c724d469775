"""What can be done with a package: asked of LSports once at a time, recorded, learned from. Each gives an `Outcome`."""

import time
from datetime import datetime, timedelta
from typing import Any

import msgspec
from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from . import client
from .acts import note_answered, note_asked
from .lease import Taken, lease
from .limits import PATIENCE_SECONDS, seconds_until_allowed
from .models import Package, PackageCall, QueueReading
from .outcome import Kind, Outcome, storable
from .products import Action, Call
from .secrets import OtherAddress, SealBroken
from .snapshot import NotStored, Request, store_snapshot
from .source_expectation import write_expectations

#: Added to the longest time a call may take, for the writing around it.
LEASE_MARGIN_SECONDS = 10.0
SNAPSHOT_MARGIN_SECONDS = 60.0
SENTENCE_CHARACTERS = 500
#: An answer of LSports' that is younger than this is used again: a look at two products of one package takes nearly as
#: long.
JUST_NOW = timedelta(seconds=20)

BUSY = "Another call for this package is under way; try again in a moment."
SEALED = "The password cannot be read: CREDENTIAL_KEYS lacks the key it was sealed with. Nothing was sent."
NOT_WANTED = "A person has deactivated this package since; it is not reactivated."

#: After these a deactivation is known not to have been done; after others LSports' next status tells.
NOT_DONE = frozenset({*client.CANNOT_HAVE_ARRIVED, Kind.REFUSED, Kind.TLS, Kind.NOT_ALLOWED})

Origin = PackageCall.Origin


class Asker(msgspec.Struct, frozen=True, kw_only=True):
    """Who asks. `name` stays when the user is deleted; a command or the desk itself has a name only."""

    origin: PackageCall.Origin
    name: str
    user: User | None = None


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    """Which part of a TRADE snapshot is wanted: some fixtures, or markets of them, or what changed since a moment.

    Empty: all of it.
    """

    fixtures: tuple[int, ...] = ()
    markets: tuple[int, ...] = ()
    since: datetime | None = None

    def body(self) -> dict[str, Any]:
        """The filter under the keys of LSports' snapshot API."""
        lists = {"Fixtures": list(self.fixtures), "Markets": list(self.markets)}
        wanted = {name: ids for name, ids in lists.items() if ids}
        return wanted | ({"Timestamp": int(self.since.timestamp())} if self.since else {})


class PlannedCall(msgspec.Struct, frozen=True, kw_only=True):
    """One call that is to be made. `path` is that of one part of a snapshot, else empty."""

    action: Action
    asker: Asker
    wanted: Filter = Filter()
    path: str = ""
    minutes_off: int | None = None
    transport: client.Transport | None = None


def perform(
    package: Package,
    action: Action,
    asker: Asker,
    *,
    wanted: Filter | None = None,
    minutes_off: int | None = None,
    transport: client.Transport | None = None,
) -> Outcome:
    """Ask LSports for `action`, unless a call is under way, it is too soon, or the password cannot be read.

    What is deactivated comes back by itself after `minutes_off`, where given.

    A snapshot in several parts: where only some of it is wanted, one part a second; of a full one the first part, and
    the others stay for `continue_snapshot`, for LSports allows one in 15 s.
    """
    planned = PlannedCall(
        action=action, asker=asker, wanted=wanted or Filter(), minutes_off=minutes_off, transport=transport
    )
    outcome = perform_one(package, planned)
    if action is not Action.SNAPSHOT or not outcome.ok:
        return outcome
    paths = Package.objects.get(pk=package.pk).snapshot_paths()
    if not planned.wanted.body():
        return leave_to_be_continued(package, outcome, paths[1:])
    for path in paths[1:]:
        part = perform_one(package, msgspec.structs.replace(planned, path=path))
        sentence = f"{outcome.sentence} {name_of(path)}: {part.sentence}"
        outcome = msgspec.structs.replace(part, sentence=sentence)
        if not outcome.ok:
            break
    return outcome


def leave_to_be_continued(package: Package, outcome: Outcome, paths: list[str]) -> Outcome:
    Package.objects.filter(pk=package.pk).update(snapshot_left=paths)
    if not paths:
        return outcome
    names = " and ".join(map(name_of, paths))
    sentence = f"{outcome.sentence} {names} follow{'s' * (len(paths) == 1)}, as LSports allows one in 15 s."
    return msgspec.structs.replace(outcome, sentence=sentence)


def continue_snapshot(package: Package, asker: Asker, transport: client.Transport | None = None) -> Outcome:
    """Ask for the next part of a full snapshot; for `Package.objects.with_snapshot_left()`.

    A part that fails is not requested again. BUSY or TOO_SOON: nothing was sent, and the part is still to be requested.
    """
    path, *others = package.snapshot_left
    outcome = perform_one(package, PlannedCall(action=Action.SNAPSHOT, asker=asker, path=path, transport=transport))
    if outcome.kind not in (Kind.BUSY, Kind.TOO_SOON):
        Package.objects.filter(pk=package.pk, snapshot_left=package.snapshot_left).update(snapshot_left=others)
    return msgspec.structs.replace(outcome, sentence=f"{name_of(path)}: {outcome.sentence}")


def name_of(path: str) -> str:
    """LSports' name of a call: GetOutrightEvents."""
    return path.rpartition("/")[2]


def perform_one(package: Package, planned: PlannedCall) -> Outcome:
    """One call, unless another is under way, it is too soon, or the password cannot be read."""
    action = planned.action
    margin = SNAPSHOT_MARGIN_SECONDS if action is Action.SNAPSHOT else LEASE_MARGIN_SECONDS
    try:
        with lease(package.pk, client.longest_seconds(package) + margin):
            # A fresh row: the caller's is left alone, so that saving it later does not write our lease back.
            package = Package.objects.get(pk=package.pk)
            package.reveal_password()
            if planned.asker.origin is Origin.AUTOMATIC and action is Action.ACTIVATE and not is_still_wanted(package):
                return Outcome(kind=Kind.REFUSED, sentence=NOT_WANTED)
            wait = seconds_until_allowed(package, action, bool(planned.wanted.body()), timezone.now())
            if wait > PATIENCE_SECONDS:
                return too_soon(action, wait)
            time.sleep(wait)
            return call(package, planned)
    except Taken:
        return Outcome(kind=Kind.BUSY, sentence=BUSY)
    except OtherAddress as error:
        return Outcome(kind=Kind.NOT_ALLOWED, sentence=f"Nothing was sent: {error}. Enter the password again.")
    except SealBroken:
        return Outcome(kind=Kind.SEALED, sentence=SEALED)


def is_still_wanted(package: Package) -> bool:
    is_due = package.reactivate_at is not None and package.reactivate_at <= timezone.now()
    return is_due or (package.is_wanted and package.off_asked_at is None)


def too_soon(action: Action, wait: float) -> Outcome:
    what = "one full snapshot in 15 s" if action is Action.SNAPSHOT else "the same call once in 5 s"
    sentence = f"LSports allows {what}: wait {int(wait) + 1} s more. Nothing was sent."
    return Outcome(kind=Kind.TOO_SOON, sentence=sentence)


def call(package: Package, planned: PlannedCall) -> Outcome:
    """Send it; recorded before it goes out, and again with its outcome."""
    action, filters = planned.action, planned.wanted.body()
    row = begun(package, action, planned.asker, filters, planned.path)
    if action is Action.DEACTIVATE:
        # Before it goes out: whoever is killed while waiting for the answer leaves behind what was wanted.
        back_at = row.asked_at + timedelta(minutes=planned.minutes_off) if planned.minutes_off else None
        Package.objects.filter(pk=package.pk).update(off_asked_at=row.asked_at, reactivate_at=back_at)
    request = Request(row.asked_at, package.link_sources()[0].source.epoch, planned.wanted.since)
    started = time.monotonic()
    most_bytes = settings.WIRE_MAX_BYTES if action is Action.SNAPSHOT else client.ANSWER_BYTES
    reply = client.ask(package, action, filters, path=planned.path, most_bytes=most_bytes, transport=planned.transport)
    outcome = stored(package, reply, request) if action is Action.SNAPSHOT and not package.is_hyper else reply.outcome
    ended(row, outcome, time.monotonic() - started)
    learn(package, row, outcome)
    return outcome


@transaction.atomic
def begun(package: Package, action: Action | Call, asker: Asker, filters: dict[str, Any], path: str) -> PackageCall:
    row = PackageCall.objects.create(
        package=package,
        package_name=str(package),
        action=action,
        actor=asker.user,
        actor_name=asker.name,
        origin=asker.origin,
        asked_at=timezone.now(),
        url=package.url(action, path),
        request=client.request_of(package, action, filters),
        is_filtered=bool(filters),
    )
    note_asked(row)
    return row


def stored(package: Package, reply: client.Reply, request: Request) -> Outcome:
    """TRADE answers a snapshot with the fixtures themselves: they go the way of every message."""
    if not reply.outcome.ok:
        return reply.outcome
    try:
        came = store_snapshot(package, reply.body, timezone.now(), request)
    except NotStored as error:
        return msgspec.structs.replace(reply.outcome, kind=Kind.NOT_STORED, sentence=str(error))
    return msgspec.structs.replace(reply.outcome, sentence=came.sentence)


@transaction.atomic
def ended(row: PackageCall, outcome: Outcome, seconds: float) -> None:
    sentence = storable(outcome.sentence)[:SENTENCE_CHARACTERS]
    PackageCall.objects.filter(pk=row.pk).update(
        kind=outcome.kind,
        ok=outcome.ok,
        sentence=sentence,
        status_code=outcome.status_code,
        answer=storable(outcome.answer),
        attempts=outcome.attempts,
        duration_ms=round(seconds * 1000),
    )
    note_answered(row, outcome.ok, sentence)


def learn(package: Package, row: PackageCall, outcome: Outcome) -> None:
    """Write into the package what the answer says of it. An answer that says nothing of the state changes none.

    `package` is as it was before the call: after one that was not done, what was in doubt before still is.
    """
    now = timezone.now()
    news: dict[str, Any] = {"last_call": row}
    if row.action == Action.DEACTIVATE and outcome.kind in NOT_DONE:
        news |= {"off_asked_at": package.off_asked_at, "reactivate_at": package.reactivate_at}
    if outcome.is_active is not None:
        state = Package.State.ACTIVE if outcome.is_active else Package.State.INACTIVE
        news |= {"state": state, "state_asked_at": now}
        if package.state != state:
            news["state_since"] = now
        news |= (
            {"is_wanted": True, "off_asked_at": None, "reactivate_at": None}
            if outcome.is_active
            else switched_off(package, row)
        )
    is_still_there = Package.objects.filter(pk=package.pk).update(**news)
    if is_still_there and outcome.is_active is not None:
        write_expectations(Package.objects.get(pk=package.pk))
    report = outcome.queue
    if is_still_there and report and report.waiting is not None:
        QueueReading.objects.note(package.link_sources()[0], now, report.waiting, report.per_second, report.consumers)


def switched_off(package: Package, row: PackageCall) -> dict[str, Any]:
    """What follows when it is inactive. Where a person's deactivation led to that, it is not wanted on any more."""
    was_asked = row.action == Action.DEACTIVATE or package.off_asked_at is not None
    return {"snapshot_left": [], "off_asked_at": None} | ({"is_wanted": False} if was_asked else {})


def over_limit(package: Package, now: datetime) -> str:
    """Why it may not be reactivated again just now; empty where it may."""
    hour = now - timedelta(hours=1)
    recent = package.calls.filter(origin=Origin.AUTOMATIC, action=Action.ACTIVATE, asked_at__gt=hour).count()
    if recent < package.reactivations_per_hour:
        return ""
    times = "once" if recent == 1 else f"{recent} times"
    return f"Reactivated {times} within an hour, which is the limit; somebody has to look into it."


def reactivate(package: Package, asker: Asker, transport: client.Transport | None = None) -> Outcome:
    """Switch on again what LSports switched off: ask for the status, then activate, as LSports advises.

    For `Package.objects.to_reactivate()`. More often than the package allows in an hour, it is refused. A status that
    LSports has just given is not asked for again: that would be too soon, and wait for the next look at the packages.
    """
    now = timezone.now()
    if sentence := over_limit(package, now):
        return Outcome(kind=Kind.TOO_SOON, sentence=sentence)
    if not is_known_to_be_off(package, now):
        status = perform(package, Action.STATUS, asker, transport=transport)
        if status.is_active is not False:
            return status
    return perform(package, Action.ACTIVATE, asker, transport=transport)


def is_known_to_be_off(package: Package, now: datetime) -> bool:
    """Whether LSports has just said so."""
    if package.state != Package.State.INACTIVE or package.state_asked_at is None:
        return False
    return package.state_asked_at > now - JUST_NOW
