"""Bombs: answers of a package API and messages of the feed that are cheap to send, but large, deep or slow to read."""

import gzip
import json
import socket
import threading
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psycopg

from exam.processes import until

from .poison import is_known
from .report import Findings
from .sockets import page_socket, program_socket
from .target import CSRF, Target, memory_mb

SOURCE = "127.0.0.13"
MOST_MB = 50.0
#: A call may be tried three times, each within its own seconds of connecting and answering (1 + 2), 1 s apart.
MOST_SECONDS = 15.0
#: Seconds within which a message after the bombs is stored.
FEED_SECONDS = 60.0
AFTER = 80_000
ENTITY_FILE = "/etc/hostname"


def run(target: Target, short: bool) -> Findings:
    findings = Findings("bombs")
    answers(target, findings, size=50 if short else 400)
    messages(target, findings, scale=1 if short else 10)
    sockets(target, findings)
    return findings


def answers(target: Target, findings: Findings, size: int) -> None:
    """The button that asks for a package's status, answered by each bomb of `size` MB unpacked."""
    path = f"/admin/packages_admin/package/{target.ids['package']}/status/"
    headers = {"Cookie": target.cookies("operator"), "X-CSRFToken": CSRF}
    with target.client(SOURCE) as client, listener() as (inside, connected):
        for name, start, drop in bombs(size, inside):
            target.api.answer(start, drop)
            before, calls, began = target.memory_mb(), len(target.api.calls), time.monotonic()
            status = pressed(client, path, headers)
            seconds, more = time.monotonic() - began, target.memory_mb() - before
            check = findings.check
            check("each bomb was asked for", name, len(target.api.calls) > calls, "no call came")
            check("a button is answered whatever comes back", name, status == 302, status)
            check(f"a call ends within {MOST_SECONDS:g} s", name, seconds < MOST_SECONDS, f"{seconds:.1f} s")
            check(f"a bomb costs under {MOST_MB:g} MB", name, more < MOST_MB, f"{more:.0f} MB")
            check("no redirect is followed", name, not connected, connected)
    target.api.be_good()


def pressed(client: httpx.Client, path: str, headers: dict[str, str]) -> int | str:
    """The status of the answer, or why there is none."""
    try:
        return client.post(path, headers=headers).status_code
    except httpx.TransportError as error:
        return repr(error)


def bombs(size: int, inside: str) -> Iterator[tuple[str, bytes, bytes]]:
    """Name, beginning, and what trickles after it."""
    ok = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"
    zeros = b'{"success": true, "status": "' + b"0" * (size << 20)
    for coding, packed in (("gzip", gzip.compress(zeros, 9)), ("deflate", zlib.compress(zeros, 9))):
        yield f"{coding} of {size} MB", ok + f"content-encoding: {coding}\r\n\r\n".encode() + packed, b""
    yield "zstd in the header, not in the body", ok + b"content-encoding: zstd\r\n\r\n" + b"\x28\xb5\x2f\xfd", b""
    yield f"{size} MB of plain text", ok + b"\r\n" + zeros, b""
    yield "a length of a terabyte", ok + b"content-length: 1099511627776\r\n\r\n{", b" "
    yield "nested 100,000 deep", ok + b"\r\n" + b"[" * 100_000, b""
    yield "objects 50,000 deep", ok + b"\r\n" + b'{"a":' * 50_000, b""
    yield "a number of 500,000 digits", ok + b'\r\n{"success": true, "status": ' + b"9" * 500_000 + b"}", b""
    yield "not a number", ok + b'\r\n{"success": NaN, "status": Infinity, "message": -0e99999}', b""
    yield "text that is no UTF-8", ok + b'\r\n{"message": "\xff\xfe\x00\xed\xa0\x80"}', b""
    yield "headers that trickle", b"HTTP/1.1 200 OK\r\nx: ", b"x"
    yield "header lines that trickle", b"HTTP/1.1 200 OK\r\n", b"x: y\r\n"
    yield "a body that trickles", ok + b"content-length: 99999\r\n\r\n", b"x"
    yield "chunks that trickle", ok + b"transfer-encoding: chunked\r\n\r\n", b"1\r\nx\r\n"
    yield "a header of a megabyte", b"HTTP/1.1 200 OK\r\nx: " + b"x" * (1 << 20) + b"\r\n\r\n{}", b""
    yield "no HTTP", b"\0\1\2 nothing of the kind\r\n\r\n", b""
    yield "nothing", b"", b""
    for status in (301, 302, 303, 307, 308):
        head = f"HTTP/1.1 {status} Elsewhere\r\nlocation: {inside}/latest/meta-data/\r\ncontent-length: 0\r\n\r\n"
        yield f"a redirect to an address inside, {status}", head.encode(), b""


@contextmanager
def listener() -> Iterator[tuple[str, list[str]]]:
    """An address within the machine to which no redirect may lead, and a list of who connected."""
    server, came = socket.create_server(("127.0.0.1", 0)), []

    def wait() -> None:
        while True:
            try:
                taken, address = server.accept()
            except OSError:
                return
            came.append(f"{address}: {taken.recv(4096)!r}")
            taken.close()

    thread = threading.Thread(target=wait, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.getsockname()[1]}", came
    finally:
        server.shutdown(socket.SHUT_RDWR)
        server.close()
        thread.join(5)


def messages(target: Target, findings: Findings, scale: int) -> None:
    """Each bomb is published to the queue; the sound message behind it must be stored soon, by the same consumer."""
    consumer = target.desk.started[0]
    before = memory_mb(consumer.pid)
    for number, (name, body) in enumerate(message_bombs(scale)):
        target.feed.broker.publish(body)
        target.feed.fixture(AFTER + number)
        began = time.monotonic()
        try:
            until(lambda pk=AFTER + number: is_known(target, pk), FEED_SECONDS)  # type: ignore[misc]
        except AssertionError:
            began -= FEED_SECONDS
        seconds = time.monotonic() - began
        alive = consumer.poll() is None
        findings.check("the feed goes on behind a bomb", name, alive and seconds < FEED_SECONDS, f"{seconds:.0f} s")
    more = memory_mb(consumer.pid) - before
    findings.measure("memory of the consumer, MB more", more)
    findings.check("bombs leave the consumer under 200 MB more", "consumer", more < 200, f"{more:.0f} MB")
    secret = Path(ENTITY_FILE).read_text().strip()
    with psycopg.connect(target.database) as server:
        rows = server.execute("SELECT reason FROM feed_rejectedmessage").fetchall()
    findings.measure("messages refused", len(rows))
    leaked = [reason for (reason,) in rows if secret in reason]
    findings.check("no message reads a file of the machine", "reasons of refused messages", not leaked, leaked)


def message_bombs(scale: int) -> Iterator[tuple[str, bytes]]:
    yield "nested JSON", b'{"Header": {"Type": 1}, "Body": ' + b"[" * 100_000 * scale
    yield "nested JSON objects", b'{"a":' * 100_000 * scale + b"1" + b"}" * 100_000 * scale
    yield "a number of many digits", b'{"Header": {"Type": 1, "MsgSeq": ' + b"9" * 1_000_000 + b"}}"
    yield "an id of many digits", json.dumps(event({"FixtureId": "9" * 200_000})).encode()
    yield "an exponent", b'{"Header": {"Type": 1}, "Body": {"Events": [{"FixtureId": 1e999999999}]}}'
    price = [{"Id": 1, "Bets": [{"Id": 1, "Status": 1, "Price": "1e999999999"}, {"Id": 2, "Price": "9" * 100_000}]}]
    yield "a price with an exponent", json.dumps(event({"FixtureId": 79_000, "Markets": price}, 3)).encode()
    yield "a million values", b'{"Header": {"Type": 1}, "Body": {"Events": [' + b"1," * 1_000_000 + b"1]}}"
    yield "many keys", json.dumps({str(number): number for number in range(200_000)}).encode()
    yield "entities of entities", laughs()
    yield "entities of one long text", quadratic(scale)
    yield "an entity of a file", outside(f"file://{ENTITY_FILE}")
    yield "an entity of an address", outside("http://127.0.0.1:9/x")
    yield "nested XML", b"<Message>" + b"<Body>" * 100_000 + b"</Body>" * 100_000 + b"</Message>"
    yield "many attributes", b"<Message " + b" ".join(b'a%d="1"' % number for number in range(50_000)) + b"/>"
    yield "a message of 15 MB", b'{"Header": {"Type": 1, "MsgGuid": "' + b"x" * (15 << 20) + b'"}}'
    yield "a message of 17 MB", b'{"Header": {"Type": 1, "MsgGuid": "' + b"x" * (17 << 20) + b'"}}'
    yield "compressed", gzip.compress(b'{"Header": {"Type": 1}}' + b" " * (20 << 20))
    yield "nothing", b""


def event(content: dict[str, object], kind: int = 1) -> dict[str, object]:
    return {"Header": {"Type": kind, "ServerTimestamp": int(time.time() * 1000)}, "Body": {"Events": [content]}}


def laughs() -> bytes:
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    return f'<!DOCTYPE Message [<!ENTITY l0 "ha">{levels}]><Message><Header>&l11;</Header></Message>'.encode()


def quadratic(scale: int) -> bytes:
    text = "x" * 50_000 * scale
    return f'<!DOCTYPE Message [<!ENTITY a "{text}">]><Message><Header>{"&a;" * 50_000}</Header></Message>'.encode()


def outside(address: str) -> bytes:
    inner = "<Message><Header><Type>1</Type><MsgGuid>&x;</MsgGuid></Header></Message>"
    return f'<!DOCTYPE Message [<!ENTITY x SYSTEM "{address}">]>{inner}'.encode()


def sockets(target: Target, findings: Findings) -> None:
    """What a page or a program sends: closed with words, by the socket's own codes, and no failure."""
    address, cookie, token = target.addresses[0], target.cookies("trader"), target.tokens["all"]
    for name, text in {
        "nested deep": '{"x": ' + "[" * 60_000,
        "nested deep behind its kind": '{"op": "subscribe", "watch": {"feed": ' + "[" * 60_000,
        "a number of many digits": '{"op": "ack", "ack": ' + "9" * 60_000 + "}",
        "an id of many digits": '{"op": "subscribe", "fixtures": [' + "9" * 60_000 + "]}",
        "a key that comes often": '{"op": "subscribe", ' + '"fixtures": [1], ' * 4_000 + '"leagues": []}',
        "half a character": '{"watch": {"\\ud800": ""}, "op": "subscribe"}',
        "not JSON": "\0" * 1000,
        "a megabyte": '"' + "x" * (1 << 20) + '"',
    }.items():
        for kind, got in (
            ("page", page_socket(address, cookie, text, source=SOURCE)),
            ("stream", program_socket(address, token, text, source=SOURCE)),
        ):
            # What is larger than may be read ends the connection while it is still being sent, without a code.
            holds = got.code in (0, 1006, 1009) or 4000 <= got.code < 5000
            findings.check("a socket is closed with its own code", f"{kind}: {name}", holds, got)
    failed = "Exception inside application" in target.logs()
    findings.check("no socket fails", "logs of the web processes", not failed)
