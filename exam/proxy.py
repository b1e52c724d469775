"""A way to a TCP server that can be cut, held up and restored: a lost database, a lost broker, a net that loses all."""

import socket
import threading
from contextlib import suppress
from types import TracebackType
from urllib.parse import urlsplit


class Proxy:
    """Listens on a port of its own and carries bytes to the host and port of `url`. `self.url` leads through it."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.target = (parts.hostname or "127.0.0.1", parts.port or 0)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        before, _, _ = parts.netloc.rpartition("@")
        self.url = parts._replace(netloc=f"{before}{'@' if before else ''}127.0.0.1:{self.port}").geturl()
        self.is_cut = False
        self.flows = threading.Event()
        self.flows.set()
        self.sockets: list[socket.socket] = []
        threading.Thread(target=self.accept, daemon=True).start()

    def __enter__(self) -> "Proxy":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        with suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.cut()
        self.flows.set()

    def cut(self) -> None:
        """Break every connection, and each new one at once, as a machine does whose server is gone."""
        self.is_cut = True
        for one in self.sockets:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        self.sockets.clear()

    def hold(self) -> None:
        """Carry nothing, and tell nobody: each side waits for the other, as where a net loses every packet."""
        self.flows.clear()

    def restore(self) -> None:
        self.is_cut = False
        self.flows.set()

    def accept(self) -> None:
        while True:
            try:
                near, _ = self.listener.accept()
            except OSError:
                return
            if self.is_cut:
                near.close()
                continue
            try:
                far = socket.create_connection(self.target)
            except OSError:  # the server is gone just now
                near.close()
                continue
            self.sockets += [near, far]
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=self.carry, args=[one, other], daemon=True).start()

    def carry(self, one: socket.socket, other: socket.socket) -> None:
        carry(one, other, self.flows)


def carry(one: socket.socket, other: socket.socket, flows: threading.Event) -> None:
    """Bytes from one to the other, while they flow, until either ends."""
    with suppress(OSError):
        while data := one.recv(65536):
            flows.wait()
            other.sendall(data)
    for end in (one, other):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
        end.close()
