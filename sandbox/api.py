"""LSports' APIs and the faults page over HTTP: the standard library's server, a thread for each request.

    server = serve(Distribution(Supplier(), [Package(id=123, user="u", password="p", active=False)]))
    httpx.post(f"{server.url}/api/livescore/package/activate", json={"packageId": 123, ...})
    server.close()

LSports has a host for each API; here all are at one address, told apart by their paths.
"""

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from threading import Event, Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec

from .distribution import Distribution
from .faults import UnknownFault
from .package_api import Api, is_snapshot, usual_distribution
from .packages import Package
from .supplier import Supplier
from .views import faults_page

MOST_BODY_BYTES = 1024 * 1024
#: What a fault may be aimed by.
AIM_FIELDS = ("fixture", "type", "market")
#: What Sec-Fetch-Site says of the faults page itself, and of an address that a person typed.
OWN_PAGES = ("same-origin", "none")


class Server:
    """A running server. `url` is its address; `close` ends it along with any waiting requests."""

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
            self.refuse()
        elif self.path.startswith("/faults/"):
            self.switch_fault()
        else:
            self.answer(parsed(self.body()))

    def do_GET(self) -> None:
        """The faults page, and which messages were lost; TRADE's own SDK asks its distribution API by GET."""
        path, query = urlsplit(self.path)[2:4]
        if not self.is_ours() or (self.is_browser() and path.lower() in self.api.calls_by_get):
            self.refuse()
        elif path in ("/", "/faults", "/faults/"):
            page = faults_page(self.api.distribution)
            self.reply(200, page.encode(), "text/html; charset=utf-8")
        elif path == "/faults/dropped":
            self.reply(200, msgspec.json.encode(list(self.api.distribution.spoiler.dropped)))
        elif path.lower() in self.api.calls_by_get:
            given = {name: values[0] for name, values in parse_qs(query).items()}
            self.answer({name: int(value) if value.isdigit() else value for name, value in given.items()})
        else:
            self.reply(405, b'{"error":"Method not allowed"}')

    def answer(self, request: dict[str, Any] | None) -> None:
        path, faults = urlsplit(self.path).path, self.api.distribution.faults
        if is_snapshot(path) and (seconds := faults.number("snapshot-never")):
            self.closing.wait(seconds)
            self.close_connection = True
            return
        seconds = faults.number("api-timeout") or (is_snapshot(path) and faults.number("snapshot-late"))
        if seconds and self.closing.wait(seconds):
            return
        answer = self.api.answer(path, request)
        self.reply(answer.status, answer.body)

    def switch_fault(self) -> None:
        """`/faults/start` and `/faults/stop`, with `fault` (NAME or NAME:NUMBER) in the form, and maybe `number`,
        `fixture`, `type` and `market`."""
        form = parse_qs(self.body().decode(errors="replace"))
        fault = ":".join(form[field][0] for field in ("fault", "number") if field in form)
        fault = ",".join([fault, *(f"{field}={form[field][0]}" for field in AIM_FIELDS if field in form)])
        faults = self.api.distribution.faults
        try:
            if self.path == "/faults/start":
                faults.start(fault)
            elif self.path == "/faults/stop":
                faults.stop(fault)
            else:
                raise UnknownFault(f"{self.path}: there are /faults/start and /faults/stop")
        except UnknownFault as error:
            self.reply(400, f"{error}\n".encode(), "text/plain; charset=utf-8")
            return
        self.send_response(303)
        self.send_header("Location", "/faults")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def is_ours(self) -> bool:
        """No other site's page may switch a fault, or call the API, from a visitor's browser.

        A name with a dot may be another site's that leads here (DNS rebinding); addresses and plain names cannot be.
        """
        host, origin = self.headers.get("Host", ""), self.headers.get("Origin")
        is_other_site = self.command != "GET" and self.headers.get("Sec-Fetch-Site", "none") not in OWN_PAGES
        return is_own_host(host) and origin in (None, f"http://{host}") and not is_other_site

    def is_browser(self) -> bool:
        """Whether a browser sent it: any page can make a browser send a GET, and LSports' clients are no browsers."""
        return "Sec-Fetch-Mode" in self.headers or "Mozilla/" in self.headers.get("User-Agent", "")

    def refuse(self) -> None:
        self.body()  # what is left unread when a connection is closed resets it
        self.reply(403, b"Cross-site requests are refused.\n", "text/plain; charset=utf-8", closes=True)

    def body(self) -> bytes:
        length = self.headers.get("Content-Length", "0")
        return self.rfile.read(min(int(length) if length.isdigit() else 0, MOST_BODY_BYTES))

    def reply(
        self, status: int, body: bytes, kind: str = "application/json; charset=utf-8", *, closes: bool = False
    ) -> None:
        self.send_response(status)
        if closes:
            self.send_header("Connection", "close")
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Log nothing: requests are routine."""


def is_own_host(host: str) -> bool:
    """Whether a Host header is an address, or a name without a dot such as localhost."""
    try:
        name = urlsplit(f"//{host}").hostname or ""
        return "." not in name or bool(ip_address(name))
    except ValueError:
        return False


def parsed(body: bytes) -> dict[str, Any] | None:
    try:
        request = msgspec.json.decode(body)
    except msgspec.DecodeError:
        return None
    return request if isinstance(request, dict) else None
