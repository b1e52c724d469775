"""A hostile package API: it records every call, and answers the next ones as it was set to."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

WELL = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n" + b'{"success": true, "status": "active"}'
#: Between the drops of an answer that trickles; and so long it does.
DROP_SECONDS = 0.1
MOST_DROPS = 200


class Hostile:
    """Answers each call with `start`, then with `drop` again and again; `calls` are the calls as they came.

    Where paths are named, it is only their calls that are answered so.
    """

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.calls: list[bytes] = []
        self.be_good()

    def be_good(self) -> None:
        self.answer(WELL)

    def answer(self, start: bytes, drop: bytes = b"", paths: Sequence[str] = ()) -> None:
        """Answer so from now on."""
        self.start, self.drop, self.paths = start, drop, paths

    def answer_to(self, path: str) -> tuple[bytes, bytes]:
        if self.paths and not any(part in path for part in self.paths):
            return WELL, b""
        return self.start, self.drop


@contextmanager
def hostile() -> Iterator[Hostile]:
    """One that runs, on a port of loopback of its own."""
    ended = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            running.calls.append(f"{self.path} {self.headers}".encode() + body)
            start, drop = running.answer_to(self.path)
            self.close_connection = True
            with suppress(OSError):
                self.wfile.write(start)
                for _ in range(MOST_DROPS if drop else 0):
                    if ended.wait(DROP_SECONDS):
                        break
                    self.wfile.write(drop)

        do_GET = do_PUT = do_POST

        def log_message(self, *args: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    running = Hostile(server.server_port)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield running
    finally:
        ended.set()
        server.shutdown()
        server.server_close()
        thread.join(5)
