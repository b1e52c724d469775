"""What LSports' two APIs are sent and what their answers mean. Pure: no HTTP, no clock, no database.

`Livescore` is the customers API of Hyper Livescore (docs/protocol.md, Customers API), `Distribution` that of TRADE.
They share neither keys nor structure, so each defines what goes out and what comes back; `client` sends for both.
"""

import re
from typing import Any, Protocol

import msgspec

from .outcome import Kind, Outcome, QueueReport
from .products import CHANGES, Action, Call
from .texts import one_line

#: How much of an answer is stored and shown.
ANSWER_CHARACTERS = 4000
EXCERPT_CHARACTERS = 120
#: Words of TRADE's messages: distribution is on, is off, either is as it was asked; or something failed.
ON = frozenset({"active", "activated", "started", "enabled", "on"})
OFF = frozenset({"inactive", "deactivated", "stopped", "disabled", "off"})
AS_ASKED = frozenset({"already", "set", "success", "successful", "successfully", "completed", "done", "ok"})
FAILURE = frozenset({"not", "no", "cannot", "error", "failed", "failure", "invalid", "unable", "unavailable", "denied"})
#: Where an answer says what became of each thing that was to be changed.
LISTS = ("fixtures", "subscription", "subscriptions", "suspensions")
WHO_ARE_YOU = "check package id, user name and password, and whether LSports lets this address in."


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """An HTTP answer. `text` is its body, `shown` the same without the password, should LSports echo it; `location` is
    where a redirect points. Decisions are made on `text`, words for people are taken from `shown`.
    """

    status_code: int
    text: str
    shown: str
    content_type: str = ""
    location: str = ""


class Api(Protocol):
    """One of LSports' APIs. `password_key` is the key under which it wants the password in the body."""

    password_key: str
    #: Seconds that LSports wants to pass before the same request is sent again.
    repeat_seconds: float

    def body(self, package_id: int, user_name: str) -> dict[str, Any]:
        """What is sent, without the password."""

    def success(self, action: Action | Call, answer: dict[str, Any], reason: str) -> Outcome:
        """What an answer of status 200 with a JSON object means. Keys come in lower case; `reason` is LSports' own."""

    def reason(self, answer: dict[str, Any]) -> str:
        """LSports' words in an answer; empty where it has none. Keys come in lower case."""


class Livescore:
    """`{"packageId", "username", "password"}` in; `success`, `message`, `status` or `error` out."""

    password_key = "password"  # noqa: S105 - the name of a key
    repeat_seconds = 1.0

    def body(self, package_id: int, user_name: str) -> dict[str, Any]:
        return {"packageId": package_id, "username": user_name}

    def success(self, action: Action | Call, answer: dict[str, Any], reason: str) -> Outcome:
        if answer.get("success") is False or answer.get("error"):
            return refused(reason)
        if action is Action.STATUS:
            return state_outcome({"active": True, "inactive": False}.get(str(answer.get("status")).lower()))
        is_done = answer.get("success") is True and not found_in(reason) & contrary(action)
        return done(action, reason) if is_done else not_success(reason)

    def reason(self, answer: dict[str, Any]) -> str:
        return words(answer.get("error")) or words(answer.get("message"))


class Distribution:
    """`{"PackageId", "UserName", "Password"}` in; `Header` with errors and `Body` with the answer out."""

    password_key = "Password"  # noqa: S105 - the name of a key
    repeat_seconds = 5.0

    def body(self, package_id: int, user_name: str) -> dict[str, Any]:
        return {"PackageId": package_id, "UserName": user_name}

    def success(self, action: Action | Call, answer: dict[str, Any], reason: str) -> Outcome:
        if says_failure(answer):
            return refused(reason)
        if action is Action.SNAPSHOT:
            # Storing the snapshot finds out whether the array is missing, and then keeps the answer whole.
            return Outcome(kind=Kind.SUCCESS, sentence="LSports sent the snapshot.")
        inner = lower_keys(answer.get("body")) or answer
        if isinstance(action, Call):
            return of_call(action, answer, inner, reason)
        if action is not Action.STATUS:
            return done(action, reason) if agrees(action, words(inner.get("message"))) else not_success(reason)
        is_on = inner.get("isdistributionon")
        outcome = state_outcome(is_on if isinstance(is_on, bool) else None)
        return msgspec.structs.replace(outcome, queue=queue_report(inner) if outcome.ok else None)

    def reason(self, answer: dict[str, Any]) -> str:
        inner = lower_keys(answer.get("body")) or answer
        reasons = (errors(answer), *map(words, (inner.get("message"), answer.get("message"), answer.get("error"))))
        return next(filter(None, reasons), "")


def outcome_of(api: Api, action: Action | Call, url: str, answer: Answer) -> Outcome:
    """What an answer means, in words for an operator; whatever LSports sent, this makes an `Outcome` of it."""
    outcome = judge(api, action, url, answer)
    return msgspec.structs.replace(outcome, status_code=answer.status_code, answer=answer.shown[:ANSWER_CHARACTERS])


def judge(api: Api, action: Action | Call, url: str, answer: Answer) -> Outcome:
    document = parsed(answer.text)
    reason = api.reason(parsed(answer.shown) or {})
    if 300 <= answer.status_code < 400:
        return redirected(url, answer)
    if answer.status_code == 429:
        return refused(reason or "too many calls; wait a minute", code=429)
    if 400 <= answer.status_code < 500:
        return refused(reason, code=answer.status_code, url=url)
    if answer.status_code >= 500:
        detail = f": {closed(reason)}" if reason else " and gave no reason."
        return Outcome(kind=Kind.SERVER_ERROR, sentence=f"LSports' server failed ({answer.status_code}){detail}")
    if document is None:
        return not_json(answer)
    return api.success(action, document, reason)


def parsed(text: str) -> dict[str, Any] | None:
    """The JSON object in `text` with its keys in lower case, None where it is something else or nested too deep."""
    try:
        return lower_keys(msgspec.json.decode(text))
    except (msgspec.DecodeError, RecursionError):
        return None


def lower_keys(value: Any) -> dict[str, Any] | None:
    return {str(key).lower(): part for key, part in value.items()} if isinstance(value, dict) else None


def words(value: Any) -> str:
    """A text in an answer, on one line; empty for anything that is no text."""
    return one_line(value[:ANSWER_CHARACTERS])[:EXCERPT_CHARACTERS] if isinstance(value, str) else ""


def closed(sentence: str) -> str:
    """The sentence with a full stop, which LSports does not write."""
    return sentence if sentence.endswith((".", "!", "?")) else f"{sentence}."


def of_call(call: Call, answer: dict[str, Any], inner: dict[str, Any], reason: str) -> Outcome:
    """An answer to a call that is not about the package's state: `succeeded` stands in some of them alone."""
    if inner.get("succeeded") is False:
        return refused(reason or words(inner.get("reason")))
    if not isinstance(answer.get("body"), dict):
        return not_success(reason)
    return of_parts(inner) if call in CHANGES else Outcome(kind=Kind.SUCCESS, sentence="LSports answered.")


def of_parts(inner: dict[str, Any]) -> Outcome:
    """LSports answers for each thing that was to be changed by itself: one refusal makes the whole a refusal."""
    found: list[Any] = next((inner[name] for name in LISTS if isinstance(inner.get(name), list)), [])
    parts = [members for part in found if (members := lower_keys(part)) is not None]
    if not parts:
        return Outcome(kind=Kind.UNEXPECTED, sentence="LSports answered, but not what became of any of them.")
    bad = [part for part in parts if True not in (part.get("success"), part.get("succeeded"))]
    done = f"LSports: done for {len(parts) - len(bad):,} of {len(parts):,}."
    if not bad:
        return Outcome(kind=Kind.SUCCESS, sentence=done)
    return Outcome(kind=Kind.REFUSED, sentence=f"{done} Refused: {'; '.join(map(why, bad[:5]))}")


def why(part: dict[str, Any]) -> str:
    """What was refused, and LSports' reason."""
    reasons = (words(part.get(name)) for name in ("errormessage", "message", "reason"))
    names = (part.get(name) for name in ("fixtureid", "leagueid", "sportid"))
    return f"{next(filter(None, names), 'all of it')}: {next(filter(None, reasons), 'no reason given')}"


def errors(answer: dict[str, Any]) -> str:
    """The messages of a TRADE header's `Errors`, joined; some have none."""
    listed = (lower_keys(answer.get("header")) or {}).get("errors")
    found = [lower_keys(error) or {"message": error} for error in (listed if isinstance(listed, list) else [listed])]
    return "; ".join(filter(None, (words(error.get("message")) for error in found)))


def says_failure(answer: dict[str, Any]) -> bool:
    """Whether a TRADE header has errors, whatever they look like, or a status that means failure."""
    header = lower_keys(answer.get("header")) or {}
    status = str(header.get("httpstatuscode"))
    return bool(header.get("errors")) or (status.isdecimal() and len(status) == 3 and int(status) >= 400)


def agrees(action: Action | Call, message: str) -> bool:
    """Whether TRADE's message says that it is as asked: "Distribution is: Active", "Value was already set".

    Nothing else of it is documented, so another word of success is taken too, but never one of failure.
    """
    found = found_in(message)
    return bool(found & (ON | OFF | AS_ASKED)) and not found & contrary(action)


def found_in(message: str) -> set[str]:
    return set(re.findall(r"[a-z]+", message.lower()))


def contrary(action: Action | Call) -> frozenset[str]:
    """The words that no answer has where `action` was done."""
    opposites: dict[str, frozenset[str]] = {Action.ACTIVATE: OFF, Action.DEACTIVATE: ON}
    return FAILURE | opposites.get(action, frozenset())


def not_success(reason: str) -> Outcome:
    """An answer of status 200 that does not say that it was done."""
    detail = f": {closed(reason)}" if reason else "."
    return Outcome(kind=Kind.UNEXPECTED, sentence=f"LSports answered, but not that it is done{detail}")


def done(action: Action | Call, message: str) -> Outcome:
    """A success in LSports' words; after activating and deactivating we know the state too."""
    states: dict[str, bool] = {Action.ACTIVATE: True, Action.DEACTIVATE: False}
    state = states.get(action)
    return Outcome(kind=Kind.SUCCESS, sentence=f"LSports: {closed(message or 'success')}", is_active=state)


def state_outcome(is_active: bool | None) -> Outcome:
    """The answer to a question for the status."""
    if is_active is None:
        return Outcome(kind=Kind.UNEXPECTED, sentence="LSports answered, but not whether the package is active.")
    state = "active" if is_active else "inactive"
    return Outcome(kind=Kind.SUCCESS, sentence=f"LSports: the package is {state}.", is_active=is_active)


def queue_report(status: dict[str, Any]) -> QueueReport:
    """What GetDistributionStatus says of the queue; what is missing or no number stays None."""
    waiting, rate, consumers = (status.get(key) for key in ("numbermessagesinqueue", "messagespersecond", "consumers"))
    return QueueReport(
        waiting=waiting if isinstance(waiting, int) and waiting >= 0 else None,
        per_second=float(rate) if isinstance(rate, int | float) and rate >= 0 else None,
        consumers=len(consumers) if isinstance(consumers, list) else None,
    )


def refused(reason: str, *, code: int = 400, url: str = "") -> Outcome:
    """Refused, in LSports' words; without any, what may be wrong."""
    number = "" if code == 400 else f" ({code})"
    if reason:
        return Outcome(kind=Kind.REFUSED, sentence=f"LSports refused{number}: {closed(reason)}")
    if code in (404, 405) and url:
        return Outcome(
            kind=Kind.UNEXPECTED,
            sentence=f"LSports knows no {url} ({code}). The address and path can be changed in the package.",
        )
    if code in (401, 403):
        return Outcome(kind=Kind.REFUSED, sentence=f"LSports refused{number} and gave no reason: {WHO_ARE_YOU}")
    return Outcome(kind=Kind.REFUSED, sentence=f"LSports refused{number} and gave no reason.")


def redirected(url: str, answer: Answer) -> Outcome:
    to = answer.location[:EXCERPT_CHARACTERS] or "nowhere"
    return Outcome(
        kind=Kind.UNEXPECTED,
        sentence=f"{url} sends us on to {to} ({answer.status_code}). We do not follow: the password is in the call.",
    )


def not_json(answer: Answer) -> Outcome:
    """An answer that is not what the API promises: a proxy's page, a cut body."""
    start = words(answer.shown) or "nothing at all"
    kind = answer.content_type.partition(";")[0] or "of no stated type"
    return Outcome(
        kind=Kind.NOT_JSON,
        sentence=f"The answer ({answer.status_code}) is not LSports' JSON but {kind}: {closed(start)}",
    )
