"""Close codes that Daphne would not send: autobahn refuses all but 1000 and those of applications (3000 to 4999).

1012 (the server restarts) and 1013 (come back later) are what browsers, proxies and programs understand, and Daphne
drops the socket without a word instead. uvicorn sends them.
"""

from daphne.ws_protocol import WebSocketProtocol

REGISTERED = frozenset({1001, 1011, 1012, 1013})

_serve_close = WebSocketProtocol.serverClose


def server_close(protocol: WebSocketProtocol, code: int | None = None) -> None:
    """Close with a registered code, or as Daphne does."""
    if code in REGISTERED:
        protocol.sendCloseFrame(code=code)
    else:
        _serve_close(protocol, code)


def let_daphne_close_with_registered_codes() -> None:
    WebSocketProtocol.serverClose = server_close
