"""A server that means ill, on a socket of its own: bombs, drips, redirects, empty successes."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator

import httpx
import pytest

from packages_admin import client
from packages_admin.outcome import Kind
from packages_admin.products import Action

from .packages import ask, unsaved_package


@contextlib.contextmanager
def dripping(start: bytes, drop: bytes) -> Iterator[str]:
    """A server that sends `start`, and then `drop` twenty times a second for as long as anybody listens."""
    server = socket.create_server(("127.0.0.1", 0))
    ended = threading.Event()

    def serve() -> None:
        with contextlib.suppress(OSError):
            taken, _ = server.accept()
            with taken:
                taken.recv(65536)
                taken.sendall(start)
                while not ended.wait(0.05):
                    taken.sendall(drop)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.getsockname()[1]}"
    ended.set()
    server.close()
    thread.join(5)


@pytest.mark.parametrize(
    ("start", "drop"),
    [
        (b"HTTP/1.1 200 OK\r\nx: ", b"x"),
        (b"HTTP/1.1 200 OK\r\n", b"x: y\r\n"),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 9999\r\n\r\n", b"x"),
        (b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
        (b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 100 Continue\r\n\r\n"),
    ],
)
def test_an_answer_that_trickles_ends_at_one_deadline(start: bytes, drop: bytes) -> None:
    with dripping(start, drop) as address:
        package = unsaved_package(api_base=address, connect_seconds=0.2, answer_seconds=0.4)
        began = time.monotonic()
        outcome = client.ask(package, Action.STATUS).outcome
    assert outcome.kind == Kind.TIME_OUT
    assert time.monotonic() - began < 1.5


@pytest.mark.parametrize("coding", ["gzip", "zstd", "br", "deflate", "identity, gzip", "x-unknown"])
def test_a_compressed_answer_is_not_read(coding: str) -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        assert request.headers["accept-encoding"] == "identity"
        return httpx.Response(200, headers={"content-encoding": coding}, stream=httpx.ByteStream(b"not compressed"))

    outcome = client.ask(unsaved_package(), Action.STATUS, transport=httpx.MockTransport(handler)).outcome
    assert outcome.kind == Kind.UNEXPECTED
    assert outcome.sentence == "api.example.test answers compressed though asked not to: not read."
    assert outcome.answer == ""


EMPTY: list[tuple[str, object]] = [
    ("hyper", {}),
    ("hyper", {"message": "Package is already active"}),
    ("hyper", {"success": "true"}),
    ("hyper", {"success": 1}),
    ("hyper", {"success": None, "status": "active"}),
    ("trade_in_play", {}),
    ("trade_in_play", {"Header": {"HttpStatusCode": 200}, "Body": {}}),
    ("trade_in_play", {"Body": {"Message": ""}}),
    ("trade_in_play", {"Header": {"HttpStatusCode": 500}, "Body": {"Message": "Distribution is: Active"}}),
]


@pytest.mark.parametrize("action", [Action.ACTIVATE, Action.DEACTIVATE])
@pytest.mark.parametrize(("product", "body"), EMPTY)
def test_an_answer_that_does_not_say_success_is_none(action: Action, product: str, body: object) -> None:
    outcome = ask(action, 200, body, product)
    assert not outcome.ok
    assert outcome.is_active is None


def test_an_empty_answer_is_told_as_what_it_is() -> None:
    assert ask(Action.SNAPSHOT, 200, {}).sentence == "LSports answered, but not that it is done."


@pytest.mark.parametrize("body", ["[" * 100_000, '{"a":' * 100_000, '{"message": ' + "9" * 500_000])
@pytest.mark.parametrize("status", [200, 400, 500])
@pytest.mark.parametrize("action", Action)
def test_an_answer_that_is_nested_deep_is_no_success(action: Action, status: int, body: str) -> None:
    assert not ask(action, status, body).ok


@pytest.mark.parametrize(("action", "word"), [(Action.ACTIVATE, "Inactive"), (Action.DEACTIVATE, "Active")])
def test_a_message_of_the_opposite_is_no_success(action: Action, word: str) -> None:
    assert not ask(action, 200, {"Body": {"Message": f"Distribution is: {word}"}}, "trade_in_play").ok


@pytest.mark.parametrize("action", [Action.ACTIVATE, Action.DEACTIVATE])
@pytest.mark.parametrize(
    "message", ["The service is unavailable", "Maintenance", "0", "Value could not be set", "An error was set", "{}"]
)
def test_a_message_that_speaks_of_something_else_is_no_success(action: Action, message: str) -> None:
    assert not ask(action, 200, {"Body": {"Message": message}}, "trade_in_play").ok


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("packages_admin.client.time.sleep", lambda seconds: None)


@pytest.mark.parametrize("status", [200, 302, 400, 500])
def test_no_word_of_a_server_begins_a_line_of_its_own(status: int) -> None:
    forged = "no\r\n2026-01-01 ERROR forged\x1b[2J\u2028x"
    outcome = ask(Action.STATUS, status, {"error": forged, "message": forged})
    assert outcome.sentence.isprintable()
