"""How much Daphne reads of a request before anybody has looked at it, and for how long.

Daphne hands a request on when its body is complete, and keeps it in memory until then; Twisted has no limit for a body,
restarts its time-out with each byte, and takes any number of connections. Neither has settings for this, so their
classes are extended here. (uvicorn streams bodies, and is told how many connections there may be by
`--limit-concurrency`; a proxy in front of it must set the times.)
"""

from collections import Counter
from typing import Any

from daphne import http_protocol
from daphne.http_protocol import WebRequest
from daphne.ws_protocol import WebSocketProtocol
from django.conf import settings
from twisted.internet.protocol import connectionDone
from twisted.web import http

from livescore_site.edge.addresses import is_one_of, network_of
from livescore_site.edge.limits_log import limit_reached

#: From the first byte of a request until its last.
REQUEST_SECONDS = 20.0
#: Until the first byte of the next request; and until a connection that is being ended is cut off.
IDLE_SECONDS = 20.0
ABORT_SECONDS = 5
MOST_HEADERS = 100
MOST_HEADER_BYTES = 16 * 1024
#: A body's bytes, of strangers and of those who show a session; and of all bodies under way.
MOST_BODY_BYTES = 64 * 1024
MOST_SIGNED_IN_BYTES = 1024 * 1024
MOST_BYTES_OF_ALL = 16 * 1024 * 1024
#: Of these, what one address may hold, so that the forms of all others are still taken.
MOST_BYTES_OF_ONE_ADDRESS = 4 * 1024 * 1024
#: The largest message in which a page says what it watches (`feed.live`); the server's own limit is 1 MB.
MOST_MESSAGE_BYTES = 256 * 1024
#: Connections that are no sockets yet, of all addresses and of one.
MOST_CONNECTIONS = 1000
MOST_OF_ONE_ADDRESS = 500

TOO_LARGE = 413
REFUSALS = {TOO_LARGE: b"Too much is sent at once.\n", 503: b"The desk is busy. Try again in a few seconds.\n"}


class Budget:
    """Bytes of bodies that are held for requests under way, of all and of each address."""

    def __init__(self, most: int, share: int) -> None:
        self.most = most
        self.share = share
        self.held: Counter[str] = Counter()

    def take(self, address: str, size: int) -> bool:
        """Whether there is room for `size` more of this address (`counted_as`), which then are taken."""
        is_over = address and self.held[address] + size > self.share
        if is_over or self.held.total() + size > self.most:
            return False
        self.held[address] += size
        return True

    def give_back(self, address: str, size: int) -> None:
        self.held[address] -= size
        if not self.held[address]:
            del self.held[address]


def counted_as(peer: Any) -> str:
    """The address that a connection counts for, of IPv6 its owner's network; "" for our proxies, who bring many."""
    host = str(getattr(peer, "host", ""))
    return "" if is_one_of(host, settings.TRUSTED_PROXIES) else network_of({"client": (host, 0)})


bodies = Budget(MOST_BYTES_OF_ALL, MOST_BYTES_OF_ONE_ADDRESS)
connections: Counter[str] = Counter()


class BoundedRequest(WebRequest):
    """Daphne's request, with a body that has an end."""

    most = MOST_BODY_BYTES
    received = 0
    taken = 0
    refused = 0

    def gotLength(self, length: int | None) -> None:
        """The headers are here. A body of unknown length may become as long as is allowed."""
        cookie = f"{settings.SESSION_COOKIE_NAME}=".encode()
        shown = b"; ".join(self.requestHeaders.getRawHeaders(b"cookie", []))
        self.most = MOST_SIGNED_IN_BYTES if cookie in shown else MOST_BODY_BYTES
        wanted = self.most if length is None else length
        if wanted > self.most:
            self.refused = TOO_LARGE
        elif not bodies.take(counted_as(self.client), wanted):
            self.refused = 503
        else:
            self.taken = wanted
        super().gotLength(0 if self.refused else length)

    def handleContentChunk(self, data: bytes) -> None:
        self.received += len(data)
        if self.received > self.most and not self.refused:
            self.refused = TOO_LARGE
            self.channel.refuse(self.refused)
        if not self.refused:
            super().handleContentChunk(data)

    def process(self) -> Any:
        """Hand the request on, or make the connection a socket."""
        if self.refused:
            return None
        channel, handed = self.channel, super().process()
        if self.transport is None:
            self.forget_body()
            channel.uncount()
        return handed

    def finish(self) -> None:
        self.forget_body()
        super().finish()

    def connectionLost(self, reason: Any) -> None:
        self.forget_body()
        super().connectionLost(reason)

    def forget_body(self) -> None:
        if self.taken:
            bodies.give_back(counted_as(self.client), self.taken)
        self.taken = 0


class BoundedChannel(http.HTTPChannel):
    """Twisted's connection, which ends in time."""

    maxHeaders = MOST_HEADERS
    totalHeadersSize = MOST_HEADER_BYTES
    abortTimeout = ABORT_SECONDS
    transport: Any
    deadline: Any = None
    is_refused = False
    counted: str | None = None

    def connectionMade(self) -> None:
        super().connectionMade()
        self.counted = counted_as(self.transport.getPeer())
        connections[self.counted] += 1

    def uncount(self) -> None:
        """It has ended, or is a socket now."""
        if self.counted is not None:
            connections[self.counted] -= 1
            if not connections[self.counted]:
                del connections[self.counted]
            self.counted = None

    def dataReceived(self, data: bytes) -> None:
        if self.is_refused:
            return
        if self.deadline is None and not self._handlingRequest:
            self.deadline = self.callLater(REQUEST_SECONDS, self.timeoutConnection)
        super().dataReceived(data)

    def allHeadersReceived(self) -> None:
        super().allHeadersReceived()
        if refusal := self.requests[-1].refused:
            self.refuse(refusal)

    def allContentReceived(self) -> None:
        self.stop_deadline()
        if not self.is_refused:
            super().allContentReceived()

    def connectionLost(self, reason: Any = connectionDone) -> None:
        self.stop_deadline()
        self.uncount()
        super().connectionLost(reason)

    def stop_deadline(self) -> None:
        if self.deadline is not None and self.deadline.active():
            self.deadline.cancel()
        self.deadline = None

    def refuse(self, status: int) -> None:
        """Answer, read on without keeping anything so that the answer arrives, and end soon."""
        limit_reached("a body" if status == TOO_LARGE else "bodies at once", self.counted or "")
        self.is_refused = True
        self.stop_deadline()
        text = REFUSALS[status]
        head = f"HTTP/1.1 {status} {http.RESPONSES[status].decode()}\r\nContent-Type: text/plain; charset=utf-8\r\n"
        head += f"Content-Length: {len(text)}\r\nRetry-After: 5\r\nConnection: close\r\n\r\n"
        self.transport.write(head.encode() + text)
        self.setTimeout(1)


def build_protocol(factory: http_protocol.HTTPFactory, address: Any) -> Any:
    """A connection within the limits; None, which ends it at once, where there are too many."""
    who = counted_as(address)
    if connections.total() >= MOST_CONNECTIONS or (who and connections[who] >= MOST_OF_ONE_ADDRESS):
        limit_reached("connections", str(getattr(address, "host", "")))
        return None
    protocol: Any = http.HTTPFactory.buildProtocol(factory, address)
    protocol.requestFactory = BoundedRequest
    return protocol


def new_connection(factory: http_protocol.HTTPFactory) -> Any:
    factory.timeOut = IDLE_SECONDS
    return http._GenericHTTPChannelProtocol(BoundedChannel())


def bound_daphnes_connections() -> None:
    http_protocol.HTTPFactory.buildProtocol = build_protocol
    http_protocol.HTTPFactory.protocol = new_connection
    WebSocketProtocol.maxMessagePayloadSize = MOST_MESSAGE_BYTES
    WebSocketProtocol.maxFramePayloadSize = MOST_MESSAGE_BYTES
