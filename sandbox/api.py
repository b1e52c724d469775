"""LSports' APIs and the faults page over HTTP: the standard library's server, a thread for each request.

    server = serve(Distribution(Supplier(), [Package(id=123, user="u", password="p", active=False)]))
    httpx.post(f"{server.url}/api/livescore/package/activate", json={"packageId": 123, ...})
    server.close()

LSports has a host for each API; here all are at one address, told apart by their paths.
"""

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec

from .distribution import Distribution
from .faults import UnknownFault
from .package_api import Api, usual_distribution
from .packages import Package
from .supplier import Supplier
from .views import faults_page

MOST_BODY_BYTES = 1024 * 1024


class Server:
    """A running server. `url` is where it is; `close` ends it, requests that wait included."""

    def __init__(self, api: Api, host: str, port: int) -> None:
        self.closing = Event()
        handler = type("BoundHandler", (Handler,), {"api": api, "closing": self.closing})
        self.http = ThreadingHTTPServer((host, port), handler)
        self.http.daemon_threads = True
        self.thread = Thread(target=self.http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self.thread.start()

    @property
    def url(self) -> str:
        host, port = self.http.server_address[:2]
        return f"http://{host if isinstance(host, str) else host.decode()}:{port}"

    def close(self) -> None:
        self.closing.set()
        self.http.shutdown()
        self.http.server_close()
        self.thread.join()


def serve(
    source: Distribution | Supplier | list[Package], host: str = "127.0.0.1", port: int = 0, *, limits: bool = True
) -> Server:
    """Serve the APIs of a distribution, or of a supplier or packages alone. Port 0 takes a free one.

    Raises OSError where the address cannot be had.
    """
    return Server(Api(usual_distribution(source), limits=limits), host, port)


class Handler(BaseHTTPRequestHandler):
    """One request. The class attributes are set by `Server`."""

    api: Api
    closing: Event
    protocol_version = "HTTP/1.1"
    server_version = "Sandbox"

    def do_POST(self) -> None:
        if not self.is_ours():
            self.reply(403, b"Cross-site requests are refused.\n", "text/plain; charset=utf-8")
        elif self.path.startswith("/faults/"):
            self.switch_fault()
        else:
            self.answer(parsed(self.body()))

    def do_GET(self) -> None:
        """The faults page; TRADE's own SDK asks its distribution API by GET, so that is answered too."""
        path, query = urlsplit(self.path)[2:4]
        if path in ("/", "/faults", "/faults/"):
            page = faults_page(self.api.distribution)
            self.reply(200, page.encode(), "text/html; charset=utf-8")
        elif path.lower() in self.api.stm:
            asked = {name: values[0] for name, values in parse_qs(query).items()}
            self.answer({name: int(value) if value.isdigit() else value for name, value in asked.items()})
        else:
            self.reply(405, b'{"error":"Method not allowed"}')

    def answer(self, request: dict[str, Any] | None) -> None:
        seconds = self.api.distribution.faults.number("api-timeout")
        if seconds and self.closing.wait(seconds):
            return
        answer = self.api.answer(urlsplit(self.path).path, request)
        self.reply(answer.status, answer.body)

    def switch_fault(self) -> None:
        """`/faults/start` and `/faults/stop`, with `fault` (NAME or NAME:NUMBER) and maybe `number` in the form."""
        form = parse_qs(self.body().decode(errors="replace"))
        fault = ":".join(form[field][0] for field in ("fault", "number") if field in form)
        faults = self.api.distribution.faults
        try:
            if self.path == "/faults/start":
                faults.start(fault)
            elif self.path == "/faults/stop":
                faults.stop(fault)
        except UnknownFault as error:
            self.reply(400, f"{error}\n".encode(), "text/plain; charset=utf-8")
            return
        self.send_response(303)
        self.send_header("Location", "/faults")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def is_ours(self) -> bool:
        """No other site's page may switch a fault, or call the API, from a visitor's browser."""
        origin = self.headers.get("Origin")
        return origin is None or urlsplit(origin).netloc == self.headers.get("Host")

    def body(self) -> bytes:
        length = self.headers.get("Content-Length", "0")
        return self.rfile.read(min(int(length) if length.isdigit() else 0, MOST_BODY_BYTES))

    def reply(self, status: int, body: bytes, kind: str = "application/json; charset=utf-8") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Requests are no news."""


def parsed(body: bytes) -> dict[str, Any] | None:
    try:
        request = msgspec.json.decode(body)
    except msgspec.DecodeError:
        return None
    return request if isinstance(request, dict) else None
