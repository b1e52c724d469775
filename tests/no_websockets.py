"""Proxies that websockets do not pass, each in its way."""

import socket
import threading
from contextlib import suppress
from enum import Enum

from exam.proxy import Proxy

REFUSAL = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class Way(Enum):
    """What becomes of a websocket's handshake, or of what follows it."""

    PASSES = "passes"
    REFUSED = "is refused"
    CUT = "is cut"
    SWALLOWED = "is never answered"
    DEAF = "opens, and brings nothing"
    BRIEF = "opens, and is cut after some seconds"
    MUTED = "opens, and brings nothing any more once it is muted"


class Cutter(Proxy):
    """Passes all but websockets; brief ones for so many seconds."""

    brief_seconds = 2.5

    def __init__(self, url: str, way: Way) -> None:
        super().__init__(url)
        self.way = way
        self.is_muted = threading.Event()

    def mute(self) -> None:
        """From now on no websocket brings anything; none is closed."""
        self.is_muted.set()

    def carry(self, one: socket.socket, other: socket.socket) -> None:
        """Both directions of a connection that becomes a websocket go through here, each in a thread."""
        is_websocket = False
        with suppress(OSError):
            while data := one.recv(65536):
                self.flows.wait()
                is_handshake = b"upgrade: websocket" in data.lower()
                is_answer = data.startswith(b"HTTP/1.1 101")
                if is_handshake and self.way is Way.REFUSED:
                    one.sendall(REFUSAL)
                    break
                if is_handshake and self.way is Way.CUT:
                    break
                if is_handshake and self.way is Way.SWALLOWED:
                    continue
                if is_answer and self.way is Way.DEAF:
                    other.sendall(data[: data.index(b"\r\n\r\n") + 4])
                    while one.recv(65536):
                        pass
                    break
                is_websocket = is_websocket or is_answer
                if self.way is Way.MUTED and self.is_muted.is_set() and is_websocket:
                    continue
                if is_answer and self.way is Way.BRIEF:
                    threading.Timer(self.brief_seconds, cut_both, (one, other)).start()
                other.sendall(data)
        cut_both(one, other)
        for end in (one, other):
            end.close()


def cut_both(*ends: socket.socket) -> None:
    for end in ends:
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
