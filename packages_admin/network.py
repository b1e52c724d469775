"""The sockets under the client: one deadline over a whole call, and no connection to an address that was not checked.

A name is resolved once, each address is checked, and the connection goes to that very address: between check and
connection nothing is asked again. Proxies of the environment are not used, for nobody could check where they go.
"""

import socket
import threading
import time
from collections.abc import Iterable, Sequence
from ssl import SSLContext
from typing import Any

import httpcore
import httpx

from .destinations import NotAllowed, is_allowed, is_reachable


class Deadline:
    """The moment at which all of a call has to be over."""

    def __init__(self, seconds: float) -> None:
        self.at = time.monotonic() + seconds

    def left(self, error: type[Exception], at_most: float | None = None) -> float:
        """The seconds left, at most `at_most`. Raises `error` where there are none."""
        seconds = self.at - time.monotonic()
        if seconds <= 0:
            raise error("the call's time is over")
        return seconds if at_most is None else min(seconds, at_most)


class Stream(httpcore.NetworkStream):
    """A connection whose every read and write ends at the deadline, however little comes at a time."""

    def __init__(self, inner: httpcore.NetworkStream, deadline: Deadline) -> None:
        self.inner = inner
        self.deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self.inner.read(max_bytes, self.deadline.left(httpcore.ReadTimeout, timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self.inner.write(buffer, self.deadline.left(httpcore.WriteTimeout, timeout))

    def close(self) -> None:
        self.inner.close()

    def start_tls(
        self, ssl_context: SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        left = self.deadline.left(httpcore.ConnectTimeout, timeout)
        return Stream(self.inner.start_tls(ssl_context, server_hostname, left), self.deadline)

    def get_extra_info(self, info: str) -> Any:
        return self.inner.get_extra_info(info)


class Backend(httpcore.NetworkBackend):
    """Connects only where `destinations` allows it."""

    def __init__(self, deadline: Deadline, hosts: Sequence[str] | None = None) -> None:
        self.deadline = deadline
        self.hosts = hosts
        self.inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address that answers. Raises `NotAllowed` where any of them is refused."""
        connecting = Deadline(self.deadline.left(httpcore.ConnectTimeout, timeout))
        try:
            *others, last = checked_addresses(host, port, connecting.left(httpcore.ConnectTimeout), self.hosts)
        except TimeoutError as error:
            raise httpcore.ConnectTimeout(str(error)) from error
        except OSError as error:  # as its context too: the pool drops the cause
            raise httpcore.ConnectError(str(error)) from error
        for address in others:
            try:
                return self.connect_address(address, port, connecting)
            except httpcore.ConnectError:
                continue
        return self.connect_address(last, port, connecting)

    def connect_address(self, address: str, port: int, connecting: Deadline) -> Stream:
        stream = self.inner.connect_tcp(address, port, connecting.left(httpcore.ConnectTimeout))
        return Stream(stream, self.deadline)


def checked_addresses(host: str, port: int, seconds: float, hosts: Sequence[str] | None = None) -> list[str]:
    """The addresses of a host, each allowed. Raises `NotAllowed`, or an OSError for a name not found in time."""
    if not is_allowed(host, port, hosts):
        raise NotAllowed
    addresses = resolved(host, port, seconds)
    if not all(is_reachable(host, address) for address in addresses):
        raise NotAllowed
    return addresses


def resolved(host: str, port: int, seconds: float) -> list[str]:
    """What the name server says of a host within `seconds`; the system's resolver has no time-out of its own."""
    found: list[list[str] | OSError] = []

    def resolve() -> None:
        try:
            rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            found.append(list(dict.fromkeys(str(row[4][0]) for row in rows)))
        except OSError as error:
            found.append(error)

    thread = threading.Thread(target=resolve, name="resolve a host", daemon=True)
    thread.start()
    thread.join(seconds)
    if not found:
        raise TimeoutError("the host was not looked up in time")
    if isinstance(found[0], OSError):
        raise found[0]
    return found[0]


class CheckedTransport(httpx.HTTPTransport):
    """Carries one call, which is over after `seconds` at the latest, to PACKAGE_HOSTS or to `hosts`. Closed with its
    client."""

    def __init__(self, seconds: float, hosts: Sequence[str] | None = None) -> None:
        super().__init__(trust_env=True)
        # httpx passes no backend on; a test connects to a refused address, should this place change.
        self._pool._network_backend = Backend(Deadline(seconds), hosts)
