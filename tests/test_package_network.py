"""Each way in which a network can fail, on real sockets, in the exact words that the operator sees."""

import contextlib
import ipaddress
import socket
import ssl
import struct
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
from packages_admin.outcome import Kind, Outcome
from packages_admin.products import Action

from .packages import unsaved_package


@pytest.fixture(autouse=True)
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses between attempts, in seconds; none of them is waited."""
    pauses: list[float] = []
    monkeypatch.setattr("packages_admin.client.time.sleep", pauses.append)
    return pauses


def failing(address: str, action: Action = Action.STATUS, **fields: Any) -> Outcome:
    return client.ask(unsaved_package(api_base=address, snapshot_base="", **fields), action).outcome


#: Instead of an answer: the connection is reset.
RESET = b"(reset)"


@contextlib.contextmanager
def listening(answer: bytes | None, context: ssl.SSLContext | None = None) -> Iterator[str]:
    """A server that reads a request and sends `answer` (None: nothing, and keeps the connection) on each connection."""
    server = socket.create_server(("127.0.0.1", 0))
    connections: list[socket.socket] = []

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                taken, _ = server.accept()
                connections.append(taken)
                with contextlib.suppress(OSError):
                    talk(taken)

    def talk(taken: socket.socket) -> None:
        stream = context.wrap_socket(taken, server_side=True) if context else taken
        stream.recv(65536)
        if answer is RESET:
            taken.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            taken.close()
        elif answer is not None:
            stream.sendall(answer)
            stream.close()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield f"127.0.0.1:{server.getsockname()[1]}"
    server.shutdown(socket.SHUT_RDWR)
    server.close()
    thread.join(5)
    for taken in connections:
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
    slow = unsaved_package(connect_seconds=0.05, answer_seconds=0.05)
    outcome = client.ask(slow, Action.STATUS, most_bytes=10**12, transport=transport).outcome
    assert outcome.kind == Kind.TIME_OUT


def test_a_server_that_takes_no_connection_in_time_is_told() -> None:
    with busy_server() as address:
        outcome = failing(f"http://{address}", connect_seconds=0.2)
    assert outcome.kind == Kind.TIME_OUT
    assert outcome.sentence == f"No connection to {address} within 0.2 s."


@contextlib.contextmanager
def busy_server() -> Iterator[str]:
    """A server that accepts nobody, with as many waiting as the kernel keeps: the next one waits unanswered."""
    with contextlib.ExitStack() as waiting:
        server = waiting.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        for _ in range(8):
            client = waiting.enter_context(socket.socket())
            client.setblocking(False)
            client.connect_ex(server.getsockname())
        yield f"127.0.0.1:{server.getsockname()[1]}"


@pytest.mark.parametrize(("action", "attempts"), [(Action.ACTIVATE, 3), (Action.SNAPSHOT, 1)])
def test_a_connection_that_breaks_off_is_told(action: Action, attempts: int) -> None:
    with listening(b"") as address:
        outcome = failing(f"http://{address}", action)
    assert outcome.kind == Kind.CUT_OFF
    assert outcome.sentence == (
        f"{address} broke off the connection before it answered; it may have done it all the same."
    )
    assert outcome.attempts == attempts


@pytest.mark.parametrize(("action", "attempts"), [(Action.ACTIVATE, 3), (Action.SNAPSHOT, 1)])
def test_a_connection_that_is_reset_is_told(action: Action, attempts: int) -> None:
    with listening(RESET) as address:
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


@pytest.mark.parametrize(
    ("host", "days", "reason"),
    [
        ("engage-api.lsports.eu", 1, "IP address mismatch, certificate is not valid for '127.0.0.1'"),
        ("127.0.0.1", -1, "certificate has expired"),
    ],
)
def test_a_certificate_of_another_host_or_time_is_told(
    host: str, days: int, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = own_certificate(tmp_path, host, days)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "both.pem"))
    with listening(b"", context) as address:
        outcome = failing(f"https://{address}")
    assert outcome.kind == Kind.TLS
    assert outcome.sentence == f"The certificate of {address} is not to be trusted: {reason}."


def test_a_certificate_of_an_authority_of_ones_own_is_trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    context = own_certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "both.pem"))
    body = b'{"success": true, "status": "active"}'
    with listening(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%b" % (len(body), body), context) as address:
        assert failing(f"https://{address}").sentence == "LSports: the package is active."


def own_certificate(folder: Path, host: str = "127.0.0.1", days: int = 1) -> ssl.SSLContext:
    """A server's TLS with a certificate of its own for `host`, which ends in so many days."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    alternative: x509.GeneralName = x509.DNSName(host)
    if host[0].isdigit():
        alternative = x509.IPAddress(ipaddress.ip_address(host))
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .add_extension(x509.SubjectAlternativeName([alternative]), critical=False)
        .not_valid_before(now - timedelta(days=9))
        .not_valid_after(now + timedelta(days=days))
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "both.pem").write_bytes(private + certificate.public_bytes(pem))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "both.pem")
    return context
