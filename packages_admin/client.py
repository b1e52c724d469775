"""The only HTTP to LSports: one request out, one `Outcome` back, whatever happens between.

Time-outs come from the package. A call is repeated only where that is safe: always when it cannot have arrived, and
after a failure on the way only if doing it twice does no harm (activate, deactivate, status; never a snapshot).
"""

import logging
import socket
import ssl
import time
from collections.abc import Iterator
from typing import Any

import httpx
import msgspec

from .answers import Answer, Api, Distribution, Livescore, outcome_of
from .destinations import HOST_REFUSED, NotAllowed
from .models import Package
from .network import CheckedTransport
from .outcome import Kind, Outcome
from .products import CHANGES, Action, Call
from .texts import one_line

ATTEMPTS = 3
#: Before a call that cannot have arrived is tried again.
RECONNECT_SECONDS = 1.0
#: The largest answer that is read; a snapshot may be as large as a message from the queue.
ANSWER_BYTES = 1024 * 1024
#: 22 kB of a compressed answer can become 1.5 GB.
PLAIN = {"accept-encoding": "identity"}

HARMLESS_TWICE = frozenset({Action.ACTIVATE, Action.DEACTIVATE, Action.STATUS, *Call}) - CHANGES
CANNOT_HAVE_ARRIVED = frozenset({Kind.NO_CONNECTION, Kind.NO_SUCH_HOST})
MAY_HAVE_ARRIVED = frozenset({Kind.SERVER_ERROR, Kind.CUT_OFF})

logger = logging.getLogger(__name__)

PART_OF_IT = "Ask for a part: manage.py package snapshot ID --since TIME, or raise WIRE_MAX_BYTES."

HIDDEN = "(password)"

#: What carries the requests; tests give one of their own.
Transport = httpx.BaseTransport


class Reply(msgspec.Struct, frozen=True):
    """The outcome of a call, and the whole body of a successful answer."""

    outcome: Outcome
    body: bytes = b""


class AnswerTooLarge(Exception):
    """The answer went beyond what is read of one."""


class AnswerCompressed(Exception):
    """The answer came compressed though that was not asked for; its real size cannot be known beforehand."""


class AnswerTooSlow(Exception):
    """The answer began in time but did not end in time."""


def api_of(package: Package) -> Api:
    """Which of LSports' two APIs the package has."""
    return Livescore() if package.is_hyper else Distribution()


def request_of(package: Package, action: Action | Call, filters: dict[str, Any]) -> dict[str, Any]:
    """What is sent, without the password: fit for the record."""
    return {**api_of(package).body(package.package_id, package.user_name), **filters}


def longest_seconds(package: Package) -> float:
    """The longest that a call may take, repeats included."""
    return ATTEMPTS * (package.connect_seconds + package.answer_seconds + api_of(package).repeat_seconds)


def ask(
    package: Package,
    action: Action | Call,
    filters: dict[str, Any] | None = None,
    *,
    path: str = "",
    most_bytes: int = ANSWER_BYTES,
    transport: Transport | None = None,
) -> Reply:
    """Ask LSports for `action`; of a snapshot in parts, for the part at `path`.

    Raises `secrets.SealBroken` before anything is sent; nothing else.
    """
    api = api_of(package)
    request = request_of(package, action, filters or {})
    url = package.url(action, path)
    package.reveal_password()
    for attempt in range(1, ATTEMPTS + 1):
        reply = send_once(package, action, url, request, most_bytes, transport)
        wait = seconds_to_repeat(api, action, reply.outcome)
        if wait is None or attempt == ATTEMPTS:
            break
        time.sleep(wait)
    return Reply(msgspec.structs.replace(reply.outcome, attempts=attempt), reply.body)


def seconds_to_repeat(api: Api, action: Action | Call, outcome: Outcome) -> float | None:
    """How long to wait before the call is repeated, None where it must not be."""
    if outcome.kind in CANNOT_HAVE_ARRIVED:
        return RECONNECT_SECONDS
    if outcome.kind in MAY_HAVE_ARRIVED and action in HARMLESS_TWICE:
        return api.repeat_seconds
    return None


def send_once(
    package: Package,
    action: Action | Call,
    url: str,
    request: dict[str, Any],
    most_bytes: int,
    transport: Transport | None,
) -> Reply:
    try:
        answer, body = exchange(package, url, request, most_bytes, transport)
    except Exception as error:
        # Nothing may leave from here: what is on its way holds the password, and an error page shows what it holds.
        return Reply(failure(error, package, url, most_bytes))
    outcome = outcome_of(api_of(package), action, url, answer)
    return Reply(outcome, body if outcome.ok else b"")


def exchange(
    package: Package, url: str, request: dict[str, Any], most_bytes: int, transport: Transport | None
) -> tuple[Answer, bytes]:
    """Send, and read the answer whole. The password is put in here, and nowhere else."""
    key = api_of(package).password_key
    timeout = httpx.Timeout(package.answer_seconds, connect=package.connect_seconds)
    seconds = package.connect_seconds + package.answer_seconds
    deadline = time.monotonic() + seconds
    with (
        httpx.Client(
            timeout=timeout, transport=transport or CheckedTransport(seconds), follow_redirects=False, headers=PLAIN
        ) as client,
        client.stream("POST", url, json={**request, key: package.reveal_password()}) as response,
    ):
        if response.headers.get("content-encoding", "identity").strip().lower() not in ("", "identity"):
            raise AnswerCompressed
        body = b"".join(bounded(response.iter_bytes(), most_bytes, deadline))
    text = body.decode(errors="replace")
    answer = Answer(
        status_code=response.status_code,
        text=text,
        shown=without_password(package, text),
        content_type=one_line(response.headers.get("content-type", "")),
        location=without_password(package, one_line(response.headers.get("location", ""))),
    )
    return answer, body


def bounded(chunks: Iterator[bytes], most_bytes: int, deadline: float) -> Iterator[bytes]:
    """The chunks. Raises `AnswerTooLarge` or `AnswerTooSlow` rather than read on forever."""
    total = 0
    for chunk in chunks:
        total += len(chunk)
        if total > most_bytes:
            raise AnswerTooLarge
        if time.monotonic() > deadline:
            raise AnswerTooSlow
        yield chunk


def without_password(package: Package, text: str) -> str:
    """The text with the password blotted out, as it is and as JSON writes it."""
    plain = package.reveal_password()
    for form in {plain, msgspec.json.encode(plain).decode()[1:-1]} - {""}:
        text = text.replace(form, HIDDEN)
    return text


def failure(error: Exception, package: Package, url: str, most_bytes: int) -> Outcome:
    """Why there is no answer, in words for an operator."""
    where = one_line(httpx.URL(url).netloc.decode() if not isinstance(error, httpx.InvalidURL) else url)
    match error:
        case NotAllowed():
            return failed(Kind.NOT_ALLOWED, f"Nothing was sent to {where}. {HOST_REFUSED}")
        case AnswerCompressed():
            return failed(Kind.UNEXPECTED, f"{where} answers compressed though asked not to: not read.")
        case AnswerTooLarge():
            sentence = f"The answer of {where} is larger than {most_bytes:,} bytes: not read."
            return failed(Kind.UNEXPECTED, f"{sentence} {PART_OF_IT}" if most_bytes > ANSWER_BYTES else sentence)
        case httpx.ConnectTimeout():
            return failed(Kind.TIME_OUT, f"No connection to {where} within {package.connect_seconds:g} s.")
        case httpx.TimeoutException() | AnswerTooSlow():
            sentence = f"{where} did not answer within {package.answer_seconds:g} s; it may have done it all the same."
            return failed(Kind.TIME_OUT, sentence)
        case httpx.ConnectError():
            return no_connection(error, where)
        case httpx.RemoteProtocolError() if "illegal" in str(error):
            return failed(Kind.UNEXPECTED, f"{where} answers with something that is not HTTP.")
        case httpx.NetworkError() | httpx.RemoteProtocolError():
            sentence = f"{where} broke off the connection before it answered; it may have done it all the same."
            return failed(Kind.CUT_OFF, sentence)
        case _:
            logger.error("A call to %s failed.", where, exc_info=error)
            return failed(Kind.UNEXPECTED, f"The call to {where} failed: {type(error).__name__}.")


def no_connection(error: httpx.ConnectError, where: str) -> Outcome:
    """Which part of connecting failed: the name, the network, or TLS."""
    for cause in causes(error):
        match cause:
            case socket.gaierror():
                return failed(Kind.NO_SUCH_HOST, f"The host of {where} was not found: {cause.strerror}.")
            case ssl.SSLCertVerificationError():
                why = cause.verify_message.rstrip(".")
                return failed(Kind.TLS, f"The certificate of {where} is not to be trusted: {why}.")
            case ssl.SSLError():
                why = (cause.reason or "handshake failed").replace("_", " ").lower()
                return failed(Kind.TLS, f"TLS with {where} failed: {why}.")
            case OSError():
                return failed(Kind.NO_CONNECTION, f"No connection to {where}: {cause.strerror or cause}.")
    return failed(Kind.NO_CONNECTION, f"No connection to {where}.")


def causes(error: BaseException | None) -> Iterator[BaseException]:
    """The errors under an error, outermost first."""
    while error := error.__cause__ or error.__context__ if error else None:
        yield error


def failed(kind: Kind, sentence: str) -> Outcome:
    return Outcome(kind=kind, sentence=sentence)
