"""What the tests of packages share: a package with defaults, people with roles, and a small LSports on a socket."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
from django.apps import apps
from django.contrib.auth.models import Group, Permission, User
from django.test import Client
from django.utils import timezone

from packages_admin import client
from packages_admin.actions import Asker
from packages_admin.models import Package, PackageCall
from packages_admin.outcome import Outcome
from packages_admin.products import Action
from packages_admin.roles import make_roles

PASSWORD = 'wise "owl" <77> & co'
BASE = "https://api.example.test/livescore"
CRON = Asker(origin=PackageCall.Origin.COMMAND, name="cron")
DESK = Asker(origin=PackageCall.Origin.AUTOMATIC, name="the desk")

LIVESCORE = {
    "activate": "Package activation completed successfully",
    "deactivate": "Package deactivation completed successfully",
    "trigger": "Livescore snapshot request sent successfully",
}
QUEUE = {"IsDistributionOn": True, "NumberMessagesInQueue": 40, "MessagesPerSecond": 2.5}
SNAPSHOT = {
    "Header": {"HttpStatusCode": 200},
    "Body": [
        {"FixtureId": number, "Fixture": {"Sport": {"Id": 6046, "Name": "Football"}, "Status": 1}} for number in (7, 8)
    ],
}
NOTHING = {"Header": {"HttpStatusCode": 200}, "Body": []}


def make_package(product: str = "hyper", **fields: Any) -> Package:
    """A saved package with its sources, as if added in the admin."""
    package = Package(**{"name": "North", "product": product, "package_id": 123, "user_name": "ops", **fields})
    package.set_password(PASSWORD, timezone.now())
    package.save()
    package.name_sources()
    return package


def package_at(lsports: "LSports", product: str = "hyper", **fields: Any) -> Package:
    """A saved package that calls this LSports."""
    return make_package(product, api_base=lsports.url, snapshot_base=lsports.url, **fields)


def unsaved_package(product: str = "hyper", password: str = PASSWORD, **fields: Any) -> Package:
    """A package for the client, which asks the database nothing."""
    given = {"name": "North", "package_id": 123, "user_name": "ops@example.test"}
    package = Package(product=product, **{"api_base": BASE, "snapshot_base": BASE, **given, **fields})
    package.set_password(password, timezone.now())
    return package


def answering(status: int, body: Any, **headers: str) -> httpx.MockTransport:
    """Carries every request to this answer."""
    content = body if isinstance(body, str) else json.dumps(body)
    return httpx.MockTransport(lambda request: httpx.Response(status, content=content, headers=headers))


def ask(action: Action, status: int, body: Any, product: str = "hyper", **headers: str) -> Outcome:
    """What comes of asking when LSports answers so."""
    return client.ask(unsaved_package(product), action, transport=answering(status, body, **headers)).outcome


def make_user(role: str = "", *, without: str = "", **fields: Any) -> User:
    """A user with a role; `without` takes away a permission ("activate_package") that the role has."""
    user = User.objects.create_user(**{"username": role or "nobody", "password": "open sesame 77", **fields})
    if role:
        if not Group.objects.filter(name=role).exists():
            make_roles(apps)
        group = Group.objects.get(name=role)
        user.groups.add(group)
        if without:
            group.permissions.remove(Permission.objects.get(codename=without))
    return user


def signed_in(name: str = "operator", **options: Any) -> Client:
    """A browser in which this user has signed in."""
    browser = Client(**options)
    assert browser.login(username=name, password="open sesame 77")
    return browser


def make_call(**given: Any) -> PackageCall:
    """A row of the record of calls."""
    return PackageCall.objects.create(
        **{
            "package_name": "North",
            "action": "status",
            "actor_name": "olga",
            "origin": "admin",
            "asked_at": timezone.now(),
            "url": "https://a/b",
            "kind": "success",
            "ok": True,
            **given,
        }
    )


class LSports:
    """Answers like LSports on a socket of its own. `answers` maps a path's last part to (status, body)."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.requests: list[tuple[str, dict[str, Any]]] = []
        self.answers: dict[str, tuple[int, Any]] = {
            name: (200, {"success": True, "message": message}) for name, message in LIVESCORE.items()
        }
        self.answers |= {
            "status": (200, {"success": True, "status": "active"}),
            "Start": (200, {"Body": {"Message": "Distribution is: Active"}}),
            "Stop": (200, {"Body": {"Message": "Distribution is: Inactive"}}),
            "GetDistributionStatus": (200, {"Body": QUEUE}),
            "GetEvents": (200, SNAPSHOT),
            "GetOutrightEvents": (200, NOTHING),
            "GetOutrightLeagueEvents": (200, NOTHING),
        }
        #: A call waits here before it is answered, where a test wants to look meanwhile.
        self.gate: threading.Event | None = None

    def answer(self, path: str, body: dict[str, Any]) -> tuple[int, Any]:
        self.requests.append((path, body))
        if self.gate is not None:
            self.gate.wait(10)
        return self.answers[path.rpartition("/")[2]]


@contextmanager
def running_lsports() -> Iterator[LSports]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            status, answer = lsports.answer(self.path, body)
            content = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *args: Any) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    lsports = LSports(server.server_port)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield lsports
    server.shutdown()
    server.server_close()
    thread.join(5)
