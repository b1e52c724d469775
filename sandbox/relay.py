"""A TCP relay in front of the broker, so that a consumer's connection can be cut without touching the broker."""

import socket
from contextlib import suppress
from threading import Event, Thread
from time import monotonic

from .faults import Faults

LOOK_SECONDS = 0.05
CHUNK = 65536


class Relay:
    """Listens on `host:port` and passes bytes to `target`. The fault `cut` ends every connection and, for as long as
    it lasts, each new one at once. Raises OSError where the address cannot be had."""

    def __init__(self, host: str, port: int, target: tuple[str, int], faults: Faults) -> None:
        self.target = target
        self.faults = faults
        self.cut_until = 0.0
        self.stopped = Event()
        self.pairs: list[socket.socket] = []
        self.listener = socket.create_server((host, port))
        self.listener.settimeout(LOOK_SECONDS)
        self.port: int = self.listener.getsockname()[1]
        self.thread = Thread(target=self.serve, name="relay", daemon=True)
        self.thread.start()

    def serve(self) -> None:
        while not self.stopped.is_set():
            self.look_for_cut()
            with suppress(TimeoutError, OSError):
                client, _ = self.listener.accept()
                self.connect(client)
        self.cut()
        self.listener.close()

    def look_for_cut(self) -> None:
        seconds = self.faults.take("cut")
        if seconds:
            self.cut_until = monotonic() + seconds
            self.cut()

    def connect(self, client: socket.socket) -> None:
        if monotonic() < self.cut_until:
            client.close()
            return
        try:
            server = socket.create_connection(self.target, timeout=5)
        except OSError:
            client.close()
            return
        for peer in (client, server):
            peer.settimeout(None)
        self.pairs += [client, server]
        for source, sink in ((client, server), (server, client)):
            Thread(target=self.pump, args=(source, sink), daemon=True).start()

    def pump(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while chunk := source.recv(CHUNK):
                sink.sendall(chunk)
        for peer in (source, sink):
            with suppress(OSError):
                peer.shutdown(socket.SHUT_RDWR)

    def cut(self) -> None:
        for peer in self.pairs:
            with suppress(OSError):
                peer.shutdown(socket.SHUT_RDWR)
            peer.close()
        self.pairs.clear()

    def close(self) -> None:
        self.stopped.set()
        self.thread.join()
