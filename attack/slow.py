"""Slow and silent clients, which begin and never end: the desk must end each, and all together must cost little."""

import base64
import selectors
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from itertools import cycle, islice

import httpx

from .report import Findings
from .target import Target

MANY, FEW = 1_000, 100
SECONDS = 30.0
#: A page that acknowledges nothing is told to go after 30 s, and has some seconds for that.
UNREAD_SECONDS = 45.0
MOST_MB = 50.0
#: The clients come from several addresses, since each address has a limit of its own.
SOURCES = [f"127.0.2.{number}" for number in range(1, 41)]
#: How often a client that trickles sends its next byte.
DROP_SECONDS = 1.0
WEB = 1
TRICKLING = ("slow headers", "slow header lines", "slow bodies")


def run(target: Target, short: bool) -> Findings:
    findings = Findings("slow")
    before, most = target.memory_mb(WEB), 0.0
    clients = Clients(target, FEW if short else MANY)
    try:
        served(target, findings)
        for _ in clients.live(UNREAD_SECONDS + 5):
            most = max(most, target.memory_mb(WEB) - before)
    finally:
        clients.close()
    for kind, ended in clients.ended():
        limit = UNREAD_SECONDS if kind == "unread page sockets" else SECONDS
        lasted = "still open" if ended is None else f"{ended:.0f} s"
        findings.check(f"{kind} are ended within {limit:g} s", kind, ended is not None and ended <= limit, lasted)
    served(target, findings)
    holds = most < MOST_MB
    findings.check(f"all of them cost under {MOST_MB:g} MB", f"{clients.number} clients", holds, f"{most:.0f} MB")
    findings.measure("clients at once", clients.number)
    findings.measure("memory at most, MB more", most)
    return findings


def served(target: Target, findings: Findings) -> None:
    """Check that others are answered meanwhile."""
    try:
        status = httpx.get(f"{target.addresses[WEB]}/healthz", timeout=SECONDS).status_code
    except httpx.TransportError as error:
        findings.check("others are served meanwhile", "/healthz", False, repr(error))
        return
    findings.check("others are served meanwhile", "/healthz", status == 200, status)


class Clients:
    """`number` connections, of every kind in turn, and when the server ended each."""

    def __init__(self, target: Target, number: int) -> None:
        self.opened: dict[socket.socket, float] = {}
        self.selector = selectors.DefaultSelector()
        self.kinds: dict[socket.socket, str] = {}
        self.ends: list[tuple[str, float]] = []
        port = int(target.addresses[WEB].rpartition(":")[2])
        beginnings = list(islice(cycle(openings(target.cookies("trader"), target.addresses[WEB])), number))
        for (kind, beginning), source in zip(beginnings, cycle(SOURCES), strict=False):
            self.open(kind, beginning, port, source)
        self.number = len(beginnings)
        self.began = time.monotonic()

    def open(self, kind: str, beginning: bytes, port: int, source: str) -> None:
        try:
            connection = socket.create_connection(("127.0.0.1", port), timeout=SECONDS, source_address=(source, 0))
        except OSError:
            self.ends.append((kind, 0.0))
            return
        connection.settimeout(0.5)
        self.kinds[connection], self.opened[connection] = kind, time.monotonic()
        self.selector.register(connection, selectors.EVENT_READ)
        self.drip(connection, beginning)

    def live(self, seconds: float) -> Iterator[None]:
        """Let them be slow, until all have ended or the time is over. Yields once a second."""
        while self.kinds and time.monotonic() - self.began < seconds:
            yield
            until = time.monotonic() + DROP_SECONDS
            while (left := until - time.monotonic()) > 0:
                for key, _ in self.selector.select(left):
                    self.read(key.fileobj)  # type: ignore[arg-type]
            for connection, kind in list(self.kinds.items()):
                if kind in TRICKLING:
                    self.drip(connection, b"x: y\r\n" if kind == "slow header lines" else b"x")

    def read(self, connection: socket.socket) -> None:
        """Notice that the server has ended it. What a page's socket was sent is only peeked at, and stays unread."""
        kind = self.kinds[connection]
        unread = kind == "unread page sockets"
        try:
            found = connection.recv(1 if unread else 65536, socket.MSG_PEEK if unread else 0)
        except OSError:
            found = b""
        if unread and found:
            # Readable for ever, so it is looked at again only at the end (`close`).
            self.selector.unregister(connection)
        elif not found:
            self.drop(connection)

    def drip(self, connection: socket.socket, drop: bytes) -> None:
        try:
            connection.sendall(drop)
        except OSError:
            self.drop(connection)

    def drop(self, connection: socket.socket) -> None:
        self.ends.append((self.kinds.pop(connection), time.monotonic() - self.opened[connection]))
        with suppress(KeyError):
            self.selector.unregister(connection)
        connection.close()

    def ended(self) -> Iterator[tuple[str, float | None]]:
        """Each client's kind with the seconds until the server ended it; None where it did not."""
        yield from self.ends
        yield from ((kind, None) for kind in self.kinds.values())

    def close(self) -> None:
        """Close what the server has not ended; of unread ones, it turns out only now whether it has."""
        for connection, kind in list(self.kinds.items()):
            if kind == "unread page sockets" and is_over(connection):
                self.kinds.pop(connection)
                self.ends.append((kind, UNREAD_SECONDS))
            connection.close()
        self.selector.close()


def is_over(connection: socket.socket) -> bool:
    """Whether the server has ended the connection, which shows once everything that it sent has been read."""
    connection.settimeout(0.5)
    try:
        while connection.recv(1 << 20):
            pass
    except TimeoutError:
        return False
    except OSError:
        return True
    return True


def openings(cookie: str, address: str) -> Iterator[tuple[str, bytes]]:
    """How each kind begins."""
    host = "Host: 127.0.0.1"
    post = f"POST /sign_in/ HTTP/1.1\r\n{host}\r\n"
    yield "slow headers", f"GET / HTTP/1.1\r\n{host}\r\nX: ".encode()
    yield "slow header lines", f"GET / HTTP/1.1\r\n{host}\r\n".encode()
    yield "slow bodies", f"{post}Content-Length: 60000\r\n\r\n".encode()
    yield "big bodies of strangers", f"{post}Content-Length: 300000000\r\n\r\n".encode() + b"x" * 60_000
    yield (
        "bodies without an end",
        f"{post}Transfer-Encoding: chunked\r\n\r\n".encode() + b"2000\r\n" + b"x" * 0x2000 + b"\r\n",
    )
    yield "silent connections", b""
    yield "silent sockets of strangers", handshake("/ws/v1/pages/", f"Origin: {address}")
    yield "silent sockets without a token", handshake("/ws/v1/stream")
    yield "unread page sockets", handshake("/ws/v1/pages/", f"Origin: {address}", f"Cookie: {cookie}") + watch()


def handshake(path: str, *lines: str) -> bytes:
    key = base64.b64encode(b"sixteen bytes in").decode()
    upgrade = ("Host: 127.0.0.1", "Upgrade: websocket", "Connection: Upgrade", f"Sec-WebSocket-Key: {key}")
    return "\r\n".join([f"GET {path} HTTP/1.1", *upgrade, "Sec-WebSocket-Version: 13", *lines, "", ""]).encode()


def watch() -> bytes:
    """A client's frame that asks for a board; with a mask of zeros the text stays as it is."""
    text = b'{"watch": {"board?show=all": "", "feed": ""}}'
    return bytes([0x81, 0x80 | len(text)]) + bytes(4) + text
