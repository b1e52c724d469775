"""What Daphne's websockets do otherwise here: close codes, and frames that go to many.

autobahn refuses to close with any code but 1000 and those of applications (3000 to 4999). 1012 (the server restarts)
and 1013 (come back later) are what browsers, proxies and programs understand, and Daphne drops the socket without a
word instead. uvicorn sends them.

Daphne builds a frame for each socket, and Twisted first asks the kernel whether a socket takes something before it
writes, though nearly always it does: three system calls and two turns of the loop for each frame. Here a text that
goes to many is made a frame once, and is written at once; what the socket does not take goes Twisted's way.
"""

from functools import lru_cache
from typing import Any

from autobahn.websocket.protocol import PreparedMessage
from daphne.ws_protocol import WebSocketProtocol
from twisted.internet.tcp import Connection

REGISTERED = frozenset({1001, 1011, 1012, 1013})
#: How many texts' frames are cached: those that are being sent to many sockets now.
CACHED_FRAMES = 32

_serve_close = WebSocketProtocol.serverClose
_serve_send = WebSocketProtocol.serverSend
_send_data = WebSocketProtocol.sendData


def server_close(protocol: WebSocketProtocol, code: int | None = None) -> None:
    """Close with a registered code, or as Daphne does."""
    if code in REGISTERED:
        protocol.sendCloseFrame(code=code)
    else:
        _serve_close(protocol, code)


def server_send(protocol: WebSocketProtocol, content: Any, binary: bool = False) -> None:
    """Send a text as the frame that others are sent too, anything else as Daphne does."""
    if binary or protocol.state != WebSocketProtocol.STATE_OPEN:
        _serve_send(protocol, content, binary)
    else:
        protocol.sendPreparedMessage(prepared(content))


@lru_cache(CACHED_FRAMES)
def prepared(text: str) -> PreparedMessage:
    return PreparedMessage(text.encode(), isBinary=False, applyMask=False, doNotCompress=False)


def send_data(protocol: WebSocketProtocol, data: bytes, sync: bool = False, chopsize: int | None = None) -> None:
    """Write what the socket takes at once, if nothing waits to be written before it."""
    if is_idle(protocol.transport) and not (sync or chopsize or protocol.send_queue):
        written = protocol.transport.writeSomeData(data)
        if written == len(data):
            return
        if isinstance(written, int):
            data = data[written:]
    _send_data(protocol, data, sync, chopsize)


def is_idle(transport: Any) -> bool:
    """Whether this is a plain connection of Twisted's that has nothing left to write."""
    if not isinstance(transport, Connection) or not transport.connected:
        return False
    return not (transport.TLS or transport.disconnecting or transport.dataBuffer or transport._tempDataBuffer)


def change_daphnes_sockets() -> None:
    WebSocketProtocol.serverClose = server_close
    WebSocketProtocol.serverSend = server_send
    WebSocketProtocol.sendData = send_data
