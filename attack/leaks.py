"""Secrets: known ones are planted, the desk is used, with errors too, and all that leaves it is searched for them."""

import base64
import html
import json
import urllib.parse
from collections.abc import Iterator
from pathlib import Path

import httpx

from livescore_site.private_files import open_to_others

from .hostile import hostile
from .report import Findings
from .sockets import page_socket, program_socket, topics_of
from .target import CSRF, PROGRAM_SECRETS, Target

SOURCE = "127.0.0.14"
ROLES = ("nobody", "trader", "operator", "administrator", "root")
#: Status and body of answers in which a package API sends back the password that it was sent.
ECHOES = (
    (200, '{{"success": false, "message": "{}"}}'),
    (400, '{{"error": "{}"}}'),
    (500, "<html>{}</html>"),
    (302, "{}"),
)
BUTTONS = ("status", "activate", "deactivate", "snapshot")


def run(target: Target, short: bool) -> Findings:
    findings = Findings("leaks")
    # At DEBUG everything that could ever be logged is logged.
    before = target.desk.env["LOG_LEVEL"]
    target.desk.env["LOG_LEVEL"] = "DEBUG"
    address = target.desk.serve()
    target.desk.env["LOG_LEVEL"] = before
    leaks = Leaks(target, findings)
    with httpx.Client(base_url=address, timeout=60) as client:
        # First, since its command repairs file modes, and would hide those that the buttons leave open.
        leaks.tell_programs(client)
        leaks.press_buttons(client)
        leaks.change_address(client)
        leaks.sign_in(client)
        for role in ROLES:
            for _, path in target.paths:
                if role in ("nobody", "root") or not short or not path.startswith("/admin/"):
                    leaks.search(f"GET {path} as {role}", client.get(path, headers={"Cookie": target.cookies(role)}))
        leaks.programs(client)
    leaks.sockets()
    target.desk.started[-1].terminate()
    target.desk.started[-1].wait(20)
    for process in target.desk.started:
        leaks.find(f"log of {' '.join(map(str, process.args[1:4]))}", target.desk.log(process))  # type: ignore[index]
    files(target, findings, leaks)
    return findings


class Leaks:
    """Looks for every secret, in every form in which text travels."""

    def __init__(self, target: Target, findings: Findings) -> None:
        self.target = target
        self.findings = findings
        self.secrets = dict(target.secrets)
        for role, person in target.people.items():
            self.secrets |= {f"phone key of {role}": person.get("phone_key", "")}
            self.secrets |= {f"recovery code of {role}": person.get("recovery_code", "")}
            self.secrets |= {f"session {at} of {role}": key for at, key in enumerate(person["sessions"])}
        self.secrets |= {f"token {name}": secret for name, secret in target.tokens.items()}
        for name in ("secret_key", "credential_key"):
            self.secrets[name] = (target.desk.folder / name).read_text().strip()
        self.forms = {name: set(forms(secret)) for name, secret in self.secrets.items() if secret}

    def find(self, place: str, text: str) -> None:
        found = [name for name, written in self.forms.items() if any(form in text for form in written)]
        self.findings.check("no secret leaves the desk", place, not found, found)

    def search(self, place: str, answer: httpx.Response) -> None:
        """Search an answer, except for Set-Cookie: a session's owner is sent its cookie again."""
        headers = "\n".join(f"{name}: {value}" for name, value in answer.headers.multi_items() if name != "set-cookie")
        self.find(place, headers + "\n" + answer.text)

    def post(self, client: httpx.Client, path: str, role: str = "operator", **fields: str) -> httpx.Response:
        headers = {"Cookie": self.target.cookies(role), "X-CSRFToken": CSRF}
        answer = client.post(path, data=fields, headers=headers)
        self.search(f"POST {path} as {role}", answer)
        return answer

    def press_buttons(self, client: httpx.Client) -> None:
        """Press each button while the package API sends back what it was sent."""
        secret, base = (
            self.target.secrets["package password"],
            f"/admin/packages_admin/package/{self.target.ids['package']}",
        )
        for status, text in ECHOES:
            body = text.format(secret)
            head = (
                f"HTTP/1.1 {status} Said\r\ncontent-type: text/plain\r\nlocation: /{secret}\r\nx-said: {secret}\r\n\r\n"
            )
            self.target.api.answer(head.encode() + body.encode())
            for button in BUTTONS:
                self.post(client, f"{base}/{button}/", confirmed="yes")
            self.search(
                "the package's page", client.get(f"{base}/change/", headers={"Cookie": self.target.cookies("operator")})
            )
        self.target.api.be_good()
        calls = b"".join(self.target.api.calls)
        self.findings.check("the package API itself is sent its password", "calls", secret.encode() in calls)

    def change_address(self, client: httpx.Client) -> None:
        """An operator points the package elsewhere and presses the buttons: nothing secret may arrive there."""
        path = f"/admin/packages_admin/package/{self.target.ids['package']}"
        fields = {"name": "North", "product": "hyper", "package_id": "123", "user_name": "ops", "queue_name": "_{id}_"}
        fields |= {
            "connect_seconds": "1",
            "answer_seconds": "2",
            "reactivations_per_hour": "3",
            "amqp_host": "127.0.0.1",
        }
        with hostile() as other:
            for changed in (
                {"api_base": other.url, "snapshot_base": other.url},
                {"api_base": other.url.replace("127.0.0.1", "localhost"), "snapshot_base": other.url},
                {"api_base": self.target.api.url, "snapshot_base": self.target.api.url, "user_name": "another"},
                {"api_base": "http://169.254.169.254", "snapshot_base": self.target.api.url},
            ):
                answer = self.post(client, f"{path}/change/", **{**fields, **changed})
                refused = answer.status_code == 200
                self.findings.check(
                    "another address demands the password anew", str(changed), refused, answer.status_code
                )
                for button in BUTTONS:
                    self.post(client, f"{path}/{button}/", confirmed="yes")
            self.find("calls to an address that was changed", b"\n".join(other.calls).decode("latin-1"))
            self.findings.check("no call goes to an address that was refused", other.url, not other.calls, other.calls)

    def tell_programs(self, client: httpx.Client) -> None:
        """Send alarms and webhooks to an address whose answers repeat their secrets; then point them elsewhere."""
        secrets = " ".join(self.target.secrets[name] for name in PROGRAM_SECRETS)
        # Only on these paths: the consumer may call the package API meanwhile, and LSports knows none of these secrets.
        paths = [self.target.secrets[name] for name in PROGRAM_SECRETS if name.endswith("path")]
        for status, text in reversed(ECHOES):
            head = f"HTTP/1.1 {status} {secrets}\r\nlocation: /{secrets}\r\nx-said: {secrets}\r\n\r\n"
            self.target.api.answer(head.encode() + text.format(secrets).encode(), paths=paths)
            self.post(client, f"/admin/alarms/destination/{self.target.ids['destination']}/try/")
            self.find("output of webhooks", self.target.desk.run("webhooks", "--once"))
        received = b"".join(self.target.api.calls).decode("latin-1")
        for name in PROGRAM_SECRETS:
            holds = (self.target.secrets[name] in received) == name.endswith("path")
            self.findings.check("a program hears its address, and never the secret", name, holds)
        self.target.api.be_good()
        with hostile() as other:
            for place, form in (
                ("alarms/destination", {"name": "ops", "kind": "webhook", "is_on": "on"}),
                ("webhooks/webhook", {"name": "odds screen", "contents": "all", "is_on": "on"}),
            ):
                path = f"/admin/{place}/{self.target.ids[place.rpartition('/')[2]]}"
                answer = self.post(client, f"{path}/change/", "root", **form, new_address=f"{other.url}/elsewhere")
                refused = answer.status_code == 200 and "Enter the secret again" in answer.text
                self.findings.check("another address demands the secret anew", place, refused, answer.status_code)
            self.post(client, f"/admin/alarms/destination/{self.target.ids['destination']}/try/")
            self.find("output of webhooks", self.target.desk.run("webhooks", "--once"))
            self.findings.check("nothing is sent to an address that was refused", other.url, not other.calls)

    def sign_in(self, client: httpx.Client) -> None:
        """Sign in rightly and wrongly, and with the password in the address; then send a wrong code and password."""
        headers = {"Cookie": self.target.cookies(""), "X-CSRFToken": CSRF}
        name, password = self.target.people["operator"]["name"], self.target.password
        for fields in (
            {"username": name, "password": password},
            {"username": name, "password": f"{password} "},
            {"username": name, "password": "x", "next": f"/{password}"},
            {"username": password, "password": name},
        ):
            answer = client.post("/sign_in/", data=fields, headers=headers)
            if (
                "next" not in fields and fields["username"] == name
            ):  # the form shows its sender what he typed as the name
                self.search(f"signing in with {list(fields)}", answer)
        code = self.target.people["codeless"]["recovery_code"]
        self.post(client, "/admin/code/", "codeless", code=f"{code}x")
        self.post(client, "/password/", "trader", old_password=f"{password}x", new_password1="short", new_password2="x")

    def programs(self, client: httpx.Client) -> None:
        for name, token in self.target.tokens.items():
            for path in (
                "/api/v1/feed/",
                "/api/v1/fixtures/",
                "/api/v1/fixtures/7/",
                "/api/v1/fixtures/7/?x=1",
                "/metrics",
            ):
                self.search(f"{path} with token {name}", client.get(path, headers={"Authorization": f"Bearer {token}"}))
        metrics = client.get("/metrics", headers={"Authorization": f"Bearer {self.target.secrets['metrics token']}"})
        self.search("metrics", metrics)
        self.findings.check(
            "metrics are read by their token", "/metrics", metrics.status_code == 200, metrics.status_code
        )

    def sockets(self) -> None:
        address, cookie = self.target.addresses[0], self.target.cookies("trader")
        with self.target.client(SOURCE) as client:
            topics = topics_of(self.target.ask(client, "trader", "GET", "/fixtures/7/").text)
        watch = {"watch": dict.fromkeys(topics, "")}
        self.find("frames of a page", "\n".join(page_socket(address, cookie, watch, source=SOURCE).frames))
        subscribe = {"op": "subscribe"}
        got = program_socket(address, self.target.tokens["all"], subscribe, source=SOURCE)
        self.find("frames of a program", "\n".join(got.frames))


def forms(secret: str) -> Iterator[str]:
    """The secret as it is written in HTML, JSON, an address and base64."""
    yield from (secret, html.escape(secret), json.dumps(secret)[1:-1], urllib.parse.quote(secret, safe=""))
    yield base64.b64encode(secret.encode()).decode().rstrip("=")


def files(target: Target, findings: Findings, leaks: Leaks) -> None:
    """The desk's files: their modes, and no secret in the clear."""
    logs = {Path(process.log.name) for process in target.desk.started}  # type: ignore[attr-defined]
    opened = [str(path) for path in open_to_others(target.desk.folder) if path not in logs]
    findings.check("files are their user's alone", str(target.desk.folder), not opened, opened)
    for path in sorted(target.desk.folder.rglob("*")):
        is_own = path.is_file() and "static" not in path.parts and path not in logs
        if is_own and path.name not in ("secret_key", "credential_key"):
            leaks.find(f"file {path.name}", path.read_bytes().decode("latin-1"))
