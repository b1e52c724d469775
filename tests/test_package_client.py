"""The client: each documented answer and each way a network can fail, with the exact text the operator sees."""

import contextlib
import json
import socket
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from packages_admin import client
from packages_admin.models import Package
from packages_admin.outcome import Kind, Outcome
from packages_admin.products import Action
from packages_admin.secrets import Sealed

PASSWORD = 'wise "owl" 77'
BASE = "https://api.example.test/livescore"


@pytest.fixture(autouse=True)
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses between attempts, in seconds; none of them is waited."""
    pauses: list[float] = []
    monkeypatch.setattr("packages_admin.client.time.sleep", pauses.append)
    return pauses


def package(product: str = "hyper", **fields: Any) -> Package:
    given = {"name": "North", "package_id": 123, "user_name": "ops@example.test", "password": Sealed.of(PASSWORD)}
    return Package(product=product, **{"api_base": BASE, "snapshot_base": BASE, **given, **fields})


def answering(status: int, body: Any, **headers: str) -> httpx.MockTransport:
    content = body if isinstance(body, str) else json.dumps(body)
    return httpx.MockTransport(lambda request: httpx.Response(status, content=content, headers=headers))


def ask(action: Action, status: int, body: Any, product: str = "hyper", **headers: str) -> Outcome:
    return client.ask(package(product), action, transport=answering(status, body, **headers)).outcome


PAGE = "<html><h1>Sign in to the\nproxy</h1>"
ECHO = {"packageId": 123, "username": "ops@example.test"}


@pytest.mark.parametrize(
    ("action", "status", "body", "kind", "sentence", "is_active"),
    [
        (
            Action.ACTIVATE,
            200,
            {"success": True, "message": "Package activation completed successfully", **ECHO},
            Kind.SUCCESS,
            "LSports: Package activation completed successfully.",
            True,
        ),
        (
            Action.ACTIVATE,
            200,
            {"success": True, "message": "Package is already active", **ECHO},
            Kind.SUCCESS,
            "LSports: Package is already active.",
            True,
        ),
        (
            Action.DEACTIVATE,
            200,
            {"success": True, "message": "Package deactivation completed successfully", **ECHO},
            Kind.SUCCESS,
            "LSports: Package deactivation completed successfully.",
            False,
        ),
        (
            Action.DEACTIVATE,
            200,
            {"success": True, "message": "Package is already inactive", **ECHO},
            Kind.SUCCESS,
            "LSports: Package is already inactive.",
            False,
        ),
        (
            Action.STATUS,
            200,
            {"success": True, "status": "active", **ECHO},
            Kind.SUCCESS,
            "LSports: the package is active.",
            True,
        ),
        (
            Action.STATUS,
            200,
            {"success": True, "status": "inactive"},
            Kind.SUCCESS,
            "LSports: the package is inactive.",
            False,
        ),
        (
            Action.STATUS,
            200,
            {"success": True, "status": "paused"},
            Kind.UNEXPECTED,
            "LSports answered, but not whether the package is active.",
            None,
        ),
        (
            Action.SNAPSHOT,
            200,
            {"success": True, "message": "Livescore snapshot request sent successfully", **ECHO},
            Kind.SUCCESS,
            "LSports: Livescore snapshot request sent successfully.",
            None,
        ),
        (
            Action.ACTIVATE,
            200,
            {"success": False, "message": "Not today"},
            Kind.REFUSED,
            "LSports refused: Not today.",
            None,
        ),
        (
            Action.SNAPSHOT,
            500,
            {"success": False, "message": "Error message", "packageId": 123},
            Kind.SERVER_ERROR,
            "LSports' server failed (500): Error message.",
            None,
        ),
        (
            Action.ACTIVATE,
            503,
            "<html>",
            Kind.SERVER_ERROR,
            "LSports' server failed (503) and gave no reason.",
            None,
        ),
        (
            Action.STATUS,
            404,
            "gone",
            Kind.UNEXPECTED,
            f"LSports knows no {BASE}/package/status (404). The address and path can be changed in the package.",
            None,
        ),
        (Action.STATUS, 403, "", Kind.REFUSED, "LSports refused (403) and gave no reason.", None),
        (Action.STATUS, 429, {}, Kind.REFUSED, "LSports refused (429): too many calls; wait a minute.", None),
        (
            Action.STATUS,
            200,
            "",
            Kind.NOT_JSON,
            "The answer (200) is not LSports' JSON but of no stated type: nothing at all.",
            None,
        ),
        (
            Action.STATUS,
            200,
            "[1]",
            Kind.NOT_JSON,
            "The answer (200) is not LSports' JSON but of no stated type: [1].",
            None,
        ),
    ],
)
def test_each_livescore_answer_becomes_a_sentence(
    action: Action, status: int, body: Any, kind: Kind, sentence: str, is_active: bool | None
) -> None:
    outcome = ask(action, status, body)
    assert (outcome.kind, outcome.sentence, outcome.is_active) == (kind, sentence, is_active)
    assert outcome.status_code == status


@pytest.mark.parametrize(
    "text",
    [
        "PackageId must be a positive integer",
        "Username is required",
        "Password is required",
        "Invalid package credentials",
    ],
)
@pytest.mark.parametrize("action", list(Action))
def test_the_documented_refusals_are_shown_in_lsports_words(action: Action, text: str) -> None:
    outcome = ask(action, 400, {"error": text})
    assert outcome.kind == Kind.REFUSED
    assert outcome.sentence == f"LSports refused: {text}."
    assert outcome.is_active is None


def trade(message: str | None = None, **body: Any) -> dict[str, Any]:
    return {
        "Header": {"RequestId": "r", "HttpStatusCode": 200, "Errors": None},
        "Body": body | ({"Message": message} if message else {}),
    }


@pytest.mark.parametrize(
    ("action", "status", "body", "kind", "sentence", "is_active"),
    [
        (
            Action.ACTIVATE,
            200,
            trade("Distribution is: Active"),
            Kind.SUCCESS,
            "LSports: Distribution is: Active.",
            True,
        ),
        (
            Action.ACTIVATE,
            200,
            trade("Distribution is already Active"),
            Kind.SUCCESS,
            "LSports: Distribution is already Active.",
            True,
        ),
        (Action.ACTIVATE, 200, trade("Value was already set"), Kind.SUCCESS, "LSports: Value was already set.", True),
        (
            Action.DEACTIVATE,
            200,
            trade("Distribution is: Inactive"),
            Kind.SUCCESS,
            "LSports: Distribution is: Inactive.",
            False,
        ),
        (
            Action.DEACTIVATE,
            200,
            {"Message": "Distribution is already Inactive"},
            Kind.SUCCESS,
            "LSports: Distribution is already Inactive.",
            False,
        ),
        (
            Action.STATUS,
            200,
            trade(IsDistributionOn=False),
            Kind.SUCCESS,
            "LSports: the package is inactive.",
            False,
        ),
        (
            Action.STATUS,
            200,
            trade(IsDistributionOn="yes"),
            Kind.UNEXPECTED,
            "LSports answered, but not whether the package is active.",
            None,
        ),
        (
            Action.ACTIVATE,
            400,
            {"Header": {"HttpStatusCode": 400, "Errors": [{"Message": "Invalid package"}, {"Message": "No user"}]}},
            Kind.REFUSED,
            "LSports refused: Invalid package; No user.",
            None,
        ),
        (
            Action.ACTIVATE,
            401,
            {"Header": {"Errors": [{"Message": "Wrong credentials"}]}, "Body": None},
            Kind.REFUSED,
            "LSports refused (401): Wrong credentials.",
            None,
        ),
        (
            Action.STATUS,
            200,
            {"Header": {"Errors": [{"Message": "Package is blocked"}]}, "Body": {}},
            Kind.REFUSED,
            "LSports refused: Package is blocked.",
            None,
        ),
    ],
)
def test_each_trade_answer_becomes_a_sentence(
    action: Action, status: int, body: Any, kind: Kind, sentence: str, is_active: bool | None
) -> None:
    outcome = ask(action, status, body, "trade_in_play")
    assert (outcome.kind, outcome.sentence, outcome.is_active) == (kind, sentence, is_active)


def test_a_distribution_status_brings_the_queue_with_it() -> None:
    body = trade(IsDistributionOn=True, Consumers=["a", "b"], NumberMessagesInQueue=4200, MessagesPerSecond=31.5)
    queue = ask(Action.STATUS, 200, body, "trade_in_play").queue
    assert queue is not None
    assert (queue.waiting, queue.per_second, queue.consumers) == (4200, 31.5, 2)


def test_a_distribution_status_with_nonsense_for_the_queue_keeps_the_rest() -> None:
    body = trade(IsDistributionOn=True, Consumers="?", NumberMessagesInQueue=-1, MessagesPerSecond="fast")
    outcome = ask(Action.STATUS, 200, body, "trade_in_play")
    assert outcome.is_active is True
    assert outcome.queue is not None
    assert (outcome.queue.waiting, outcome.queue.per_second, outcome.queue.consumers) == (None, None, None)


@pytest.mark.parametrize(
    ("product", "path", "body"),
    [
        (
            "hyper",
            "/livescore/package/activate",
            {"packageId": 123, "username": "ops@example.test", "password": PASSWORD},
        ),
        (
            "trade_in_play",
            "/livescore/Distribution/Start",
            {"PackageId": 123, "UserName": "ops@example.test", "Password": PASSWORD},
        ),
    ],
)
def test_it_sends_what_lsports_documents(product: str, path: str, body: dict[str, Any]) -> None:
    seen: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json={"message": "ok"})

    client.ask(package(product), Action.ACTIVATE, transport=httpx.MockTransport(handler))
    (request,) = seen
    assert (request.method, request.url.path) == ("POST", path)
    assert request.headers["content-type"] == "application/json"
    assert json.loads(request.content) == body


def test_a_filter_goes_out_with_a_trade_snapshot() -> None:
    seen: list[Any] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append((request.url.path, json.loads(request.content)))
        return httpx.Response(200, json={"Header": {}, "Body": []})

    reply = client.ask(
        package("trade_pre_match"), Action.SNAPSHOT, {"Fixtures": [7]}, transport=httpx.MockTransport(handler)
    )
    assert seen[0][0] == "/livescore/PreMatch/GetEvents"
    assert seen[0][1]["Fixtures"] == [7]
    assert reply.body == b'{"Header":{},"Body":[]}'


def test_a_redirect_is_not_followed_with_the_password() -> None:
    outcome = ask(Action.STATUS, 302, "", location="https://elsewhere.example.test/")
    assert outcome.kind == Kind.UNEXPECTED
    assert outcome.sentence == (
        f"{BASE}/package/status sends us on to https://elsewhere.example.test/ (302). "
        "We do not follow: the password is in the call."
    )


def test_a_page_instead_of_json_is_named_as_such() -> None:
    outcome = ask(Action.STATUS, 200, PAGE, **{"content-type": "text/html; charset=x"})
    assert outcome.kind == Kind.NOT_JSON
    assert outcome.sentence == (
        "The answer (200) is not LSports' JSON but text/html: <html><h1>Sign in to the proxy</h1>."
    )


@pytest.mark.parametrize("status", [200, 400, 500])
def test_a_password_that_lsports_echoes_is_blotted_out(status: int) -> None:
    outcome = ask(Action.ACTIVATE, status, {"message": f"bad: {PASSWORD}", "error": f"x{PASSWORD}"})
    shown = outcome.sentence + outcome.answer + repr(outcome)
    assert client.HIDDEN in outcome.sentence
    assert PASSWORD not in shown
    assert json.dumps(PASSWORD)[1:-1] not in shown


def test_a_password_that_is_a_word_of_the_answer_does_not_change_its_meaning() -> None:
    named = package(password=Sealed.of("active"))
    reply = client.ask(named, Action.STATUS, transport=answering(200, {"status": "active"}))
    assert reply.outcome.is_active is True


def test_a_fault_of_our_own_is_told_and_logged_without_the_password(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*args: object) -> None:
        raise RuntimeError("the desk is broken here")

    monkeypatch.setattr("packages_admin.client.bounded", broken)
    outcome = ask(Action.STATUS, 200, {})
    assert outcome.kind == Kind.UNEXPECTED
    assert outcome.sentence == "The call to api.example.test failed: RuntimeError."
    assert "the desk is broken here" in caplog.text
    assert PASSWORD not in caplog.text


def test_an_answer_without_end_is_not_read() -> None:
    reply = client.ask(package(), Action.STATUS, most_bytes=100, transport=answering(200, "x" * 101))
    assert reply.outcome.kind == Kind.UNEXPECTED
    assert reply.outcome.sentence == "The answer of api.example.test is larger than 100 bytes: not read."


@pytest.mark.parametrize(
    ("action", "status", "attempts"),
    [
        (Action.ACTIVATE, 500, 3),
        (Action.DEACTIVATE, 502, 3),
        (Action.STATUS, 500, 3),
        (Action.SNAPSHOT, 500, 1),
        (Action.ACTIVATE, 400, 1),
        (Action.ACTIVATE, 200, 1),
    ],
)
def test_it_repeats_only_what_does_no_harm_twice(
    action: Action, status: int, attempts: int, slept: list[float]
) -> None:
    outcome = ask(action, status, {"message": "m"})
    assert outcome.attempts == attempts
    assert slept == [1.0] * (attempts - 1)


def test_it_leaves_trade_the_time_it_asks_for_between_equal_calls(slept: list[float]) -> None:
    ask(Action.STATUS, 500, {}, "trade_in_play")
    assert slept == [5.0, 5.0]


def test_a_passing_failure_is_gone_with_the_second_attempt() -> None:
    answers = iter([httpx.Response(500, json={}), httpx.Response(200, json={"status": "active"})])
    reply = client.ask(package(), Action.STATUS, transport=httpx.MockTransport(lambda _: next(answers)))
    assert (reply.outcome.ok, reply.outcome.attempts) == (True, 2)


# What follows fails on real sockets.


def failing(address: str, action: Action = Action.STATUS, **fields: Any) -> Outcome:
    return client.ask(package(api_base=address, snapshot_base="", **fields), action).outcome


@contextlib.contextmanager
def listening(answer: bytes | None, context: ssl.SSLContext | None = None) -> Iterator[str]:
    """A server that reads a request and sends `answer` (None: nothing, and keeps the connection) on each connection."""
    server = socket.create_server(("127.0.0.1", 0))
    kept: list[socket.socket] = []

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                taken, _ = server.accept()
                kept.append(taken)
                with contextlib.suppress(OSError):
                    talk(taken)

    def talk(taken: socket.socket) -> None:
        stream = context.wrap_socket(taken, server_side=True) if context else taken
        stream.recv(65536)
        if answer is not None:
            stream.sendall(answer)
            stream.close()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield f"127.0.0.1:{server.getsockname()[1]}"
    server.shutdown(socket.SHUT_RDWR)
    server.close()
    thread.join(5)
    for taken in kept:
        taken.close()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def test_a_refused_connection_is_tried_three_times_and_then_told(slept: list[float]) -> None:
    port = free_port()
    outcome = failing(f"http://127.0.0.1:{port}", Action.SNAPSHOT)
    assert outcome.kind == Kind.NO_CONNECTION
    assert outcome.sentence == f"No connection to 127.0.0.1:{port}: Connection refused."
    assert outcome.attempts == 3
    assert slept == [1.0, 1.0]


def test_a_host_that_does_not_exist_is_told() -> None:
    outcome = failing("https://no-such-host.invalid")
    assert outcome.kind == Kind.NO_SUCH_HOST
    assert outcome.sentence.startswith("The host of no-such-host.invalid was not found: ")


def test_a_server_that_never_answers_is_told_once() -> None:
    with listening(None) as address:
        outcome = failing(f"http://{address}", Action.ACTIVATE, answer_seconds=0.2)
    assert outcome.kind == Kind.TIME_OUT
    assert outcome.sentence == f"{address} did not answer within 0.2 s; it may have done it all the same."
    assert outcome.attempts == 1


def test_an_answer_that_drips_for_ever_is_given_up() -> None:
    def drip() -> Iterator[bytes]:
        while True:
            yield b"x"

    transport = httpx.MockTransport(lambda _: httpx.Response(200, content=drip()))
    slow = package(connect_seconds=0.05, answer_seconds=0.05)
    outcome = client.ask(slow, Action.STATUS, most_bytes=10**12, transport=transport).outcome
    assert outcome.kind == Kind.TIME_OUT


def test_a_server_that_takes_no_connection_in_time_is_told() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectTimeout("timed out")

    outcome = client.ask(package(), Action.STATUS, transport=httpx.MockTransport(handler)).outcome
    assert outcome.kind == Kind.TIME_OUT
    assert outcome.sentence == "No connection to api.example.test within 5 s."


@pytest.mark.parametrize(("action", "attempts"), [(Action.ACTIVATE, 3), (Action.SNAPSHOT, 1)])
def test_a_connection_that_breaks_off_is_told(action: Action, attempts: int) -> None:
    with listening(b"") as address:
        outcome = failing(f"http://{address}", action)
    assert outcome.kind == Kind.CUT_OFF
    assert outcome.sentence == (
        f"{address} broke off the connection before it answered; it may have done it all the same."
    )
    assert outcome.attempts == attempts


def test_a_body_that_is_shorter_than_promised_is_a_broken_connection() -> None:
    with listening(b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{") as address:
        outcome = failing(f"http://{address}", Action.SNAPSHOT)
    assert outcome.kind == Kind.CUT_OFF


def test_something_that_is_no_http_is_told() -> None:
    with listening(b"220 mail.example.test ESMTP\r\n\r\n") as address:
        outcome = failing(f"http://{address}", Action.SNAPSHOT)
    assert outcome.kind == Kind.UNEXPECTED
    assert outcome.sentence == f"{address} answers with something that is not HTTP."


def test_tls_with_a_server_that_speaks_none_is_told() -> None:
    with listening(b"HTTP/1.1 400 Bad Request\r\n\r\n") as address:
        outcome = failing(f"https://{address}")
    assert outcome.kind == Kind.TLS
    assert outcome.sentence == f"TLS with {address} failed: wrong version number."
    assert outcome.attempts == 1


def test_a_certificate_that_nobody_vouches_for_is_told(tmp_path: Path) -> None:
    with listening(b"", own_certificate(tmp_path)) as address:
        outcome = failing(f"https://{address}")
    assert outcome.kind == Kind.TLS
    assert outcome.sentence == f"The certificate of {address} is not to be trusted: self-signed certificate."


def own_certificate(folder: Path) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "both.pem").write_bytes(private + certificate.public_bytes(pem))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "both.pem")
    return context
