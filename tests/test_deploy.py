"""What `deploy/` promises: an installation that runs, units, proxies and containers that their own tools accept."""

import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import yaml
from websockets.sync.client import connect

from exam.processes import Desk, free_port, until
from tests.conftest import missing
from tests.front import NAME, Front

ROOT = Path(__file__).resolve().parent.parent
DEPLOY = ROOT / "deploy"
UNITS = ["livescore.target", "livescore-tidy.timer", "livescore-tidy.service", "livescore-web@8001.service"]
UNITS += ["livescore-consumer@1.service", "livescore-alerts.service", "livescore-packages.service"]
UNITS += ["livescore-watch.service", "livescore-webhooks.service"]
#: A program of the desk, made where the installation's own settings are.
MAKE_TOKEN = """
from django.utils import timezone
from feed.models import SubscriberToken
token = SubscriberToken(name="deployed", made_at=timezone.now())
print(token.new_secret())
token.save()
"""

pytestmark = pytest.mark.timeout(180)


def tool(name: str) -> str:
    """The path of a program that the machine has; else the test is skipped by name."""
    return shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin:/sbin") or missing(name)


def run(*command: str | Path, code: int = 0, **environment: str) -> str:
    """A command's whole output; it must end with exit code `code`."""
    done = subprocess.run(
        [str(word) for word in command], env={**os.environ, **environment}, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


class Installation:
    """The desk as `deploy/install.sh` puts it on a machine, below one folder and without systemd."""

    def __init__(self, folder: Path) -> None:
        self.prefix, self.config, self.state, self.units = (folder / name for name in ("opt", "etc", "var", "units"))
        self.where = {"PREFIX": str(self.prefix), "CONFIG": str(self.config), "STATE": str(self.state)}
        self.where |= {"UNITS": str(self.units), "OWNER": "root", "VENV": sys.prefix, "PYTHON": sys.executable}
        self.settings = self.config / "desk.env"

    def install(self) -> str:
        return run(DEPLOY / "install.sh", **self.where)

    def manage(self, *words: str) -> str:
        return run(self.prefix / "deploy" / "manage", *words, **self.where)

    def set(self, name: str, value: str) -> None:
        """One setting, as a person would write it into desk.env."""
        text, count = re.subn(rf"(?m)^(# )?{name}=.*$", f"{name}={value}", self.settings.read_text())
        assert count == 1, name
        self.settings.write_text(text)


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    if os.getuid() != 0:
        missing("root, to install as")
    made = Installation(tmp_path_factory.mktemp("installed"))
    assert "run make install again" in made.install()
    made.set("DATABASE_URL", f"sqlite:///{made.state / 'desk.sqlite3'}")
    made.set("REDIS_URL", "")
    assert "Installed." in made.install()
    return made


def test_every_setting_of_the_readme_is_in_the_environment_file_and_no_other():
    table = (ROOT / "README.md").read_text().partition("## Settings")[2].partition("\n## ")[0]
    documented = {name for row in re.findall(r"(?m)^\| (`.*?) \|", table) for name in re.findall(r"`([A-Z_]+)`", row)}
    present = re.findall(r"(?m)^(?:# )?([A-Z_]+)=", (DEPLOY / "desk.env").read_text())
    assert set(present) == documented
    assert len(present) == len(set(present))


def test_whoever_installs_is_told_what_may_be_set():
    assert "PREFIX" in run(DEPLOY / "install.sh", "--help")
    assert "Usage" in run(DEPLOY / "install.sh", "--prefix=/x", code=1)


def test_an_installation_keeps_its_secrets_to_its_services(installation: Installation):
    settings = installation.settings
    assert re.search(r"(?m)^SECRET_KEY=\S{60,}$", settings.read_text())
    assert re.search(r"(?m)^CREDENTIAL_KEYS=\S{40,}$", settings.read_text())
    modes = {path: path.stat().st_mode & 0o777 for path in (settings, installation.config, installation.state)}
    assert modes == {settings: 0o640, installation.config: 0o750, installation.state: 0o700}
    assert (installation.state / "desk.sqlite3").stat().st_mode & 0o777 == 0o600


def test_a_new_version_keeps_the_settings_and_leaves_no_old_file(installation: Installation):
    settings = installation.settings.read_text()
    old = installation.prefix / "feed" / "gone.py"
    old.write_text("")
    installation.install()
    assert installation.settings.read_text() == settings
    assert not old.exists()


def test_a_new_version_leaves_alone_what_a_running_process_and_its_pages_may_still_read(installation: Installation):
    running = installation.prefix.resolve()
    static = installation.state / "static" / "css"
    recent, ancient = static / "base.00000000000a.css", static / "base.00000000000b.css"
    for path in (recent, ancient):
        path.write_text("td {}")
    os.utime(ancient, (0, 0))
    os.utime(static / "base.css", (0, 0))
    with subprocess.Popen(["sleep", "60"], cwd=running) as process:
        for _ in range(3):
            installation.install()
        process.kill()
    versions = sorted(path for path in running.parent.iterdir() if path.name[0].isdigit())
    assert (len(versions), versions[0], versions[-1]) == (3, running, installation.prefix.resolve())
    assert (running / "templates" / "desk" / "board.html").exists()
    assert f"WorkingDirectory={versions[-1]}\n" in "".join(
        path.read_text() for path in installation.units.rglob("*.conf")
    )
    assert (recent.exists(), ancient.exists(), (static / "base.css").exists()) == (True, False, True)
    installation.install()
    assert not running.exists()


def test_a_version_that_cannot_be_installed_changes_nothing(installation: Installation):
    before, url = installation.prefix.resolve(), f"sqlite:///{installation.state / 'desk.sqlite3'}"
    installation.set("DATABASE_URL", "nonsense")
    run(DEPLOY / "install.sh", code=1, **installation.where)
    installation.set("DATABASE_URL", url)
    assert installation.prefix.resolve() == before
    assert len([path for path in before.parent.iterdir() if path.name[0].isdigit()]) == 2


def test_systemd_accepts_every_unit(installation: Installation):
    made = {path.name for path in installation.units.iterdir() if path.is_file()}
    assert made == {re.sub(r"@\w+", "@", unit) for unit in UNITS}
    assert run(tool("systemd-analyze"), "verify", *UNITS, SYSTEMD_UNIT_PATH=f"{installation.units}:") == ""


def test_the_units_are_hardened(installation: Installation):
    analysis = run(
        tool("systemd-analyze"),
        "security",
        "--offline=yes",
        "--threshold=20",
        "livescore-web@8001.service",
        SYSTEMD_UNIT_PATH=f"{installation.units}:",
    )
    assert "OK" in analysis


@pytest.mark.parametrize("name", ["alerts", "packages", "watch", "webhooks", "consumer@", "tidy", "web@"])
def test_each_unit_and_the_procfile_start_what_there_is(installation: Installation, name: str):
    command = re.search(
        r"(?m)^ExecStart=(\S+) (\S+) ?(\S*)", (installation.units / f"livescore-{name}.service").read_text()
    )
    assert command is not None
    assert os.access(command[1], os.X_OK)
    if command[2] == "manage.py":
        assert "usage" in installation.manage(command[3], "--help").lower()
        assert name == "tidy" or f"python manage.py {command[3]}\n" in (DEPLOY / "Procfile").read_text()


def test_caddy_accepts_its_file():
    assert "Valid configuration" in run(tool("caddy"), "validate", "--config", DEPLOY / "caddy" / "Caddyfile")


def test_compose_accepts_its_file_and_every_process_is_in_it(tmp_path: Path):
    shutil.copytree(DEPLOY / "container", tmp_path / "container")
    shutil.copy(DEPLOY / "desk.env", tmp_path / "container" / "desk.env")
    file = tmp_path / "container" / "compose.yaml"
    run(tool("docker-compose"), "-f", file, "config", "-q", DATABASE_PASSWORD="secret")
    commands = [
        " ".join(service.get("command", [])) for service in yaml.safe_load(file.read_text())["services"].values()
    ]
    for line in (DEPLOY / "Procfile").read_text().splitlines()[1:]:
        assert line.partition(": ")[2] in commands


def test_the_container_has_every_folder_that_is_installed():
    copied = set(re.findall(r"(?m)^COPY (\w+) \1$", (DEPLOY / "container" / "Containerfile").read_text()))
    listed = re.search(r"tar --exclude=__pycache__ -cf - (.*?) \\", (DEPLOY / "install.sh").read_text())
    assert listed is not None
    assert copied == set(listed[1].split()) - {"deploy"}


class Proxied:
    """nginx with the sample's own lines in front of two web processes of an installation."""

    def __init__(self, installation: Installation, folder: Path) -> None:
        self.ports = [free_port(), free_port()]
        self.front = Front(folder, self.ports)
        self.client = httpx.Client(base_url=self.front.address, verify=self.front.trusted, headers={"Host": NAME})
        self.webs = [Desk(folder / str(port), **self.settings(installation)) for port in self.ports]

    def settings(self, installation: Installation) -> dict[str, str]:
        values = dict(re.findall(r"(?m)^([A-Z_]+)=(.*)$", installation.settings.read_text()))
        return {**values, "OPERATOR_TOTP_REQUIRED": "False"}

    def start(self) -> None:
        for web, port in zip(self.webs, self.ports, strict=True):
            web.folder.mkdir()
            web.serve(port)
        self.front.start(tool("nginx"))
        until(self.answers, 20, "nginx")

    def answers(self) -> bool:
        try:
            return self.client.get("/sign_in/").status_code == 200
        except httpx.TransportError:
            return False

    def close(self) -> None:
        self.client.close()
        self.front.close()
        for web in self.webs:
            web.close()


@pytest.fixture(scope="module")
def proxied(installation: Installation, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxied]:
    made = Proxied(installation, tmp_path_factory.mktemp("proxied"))
    try:
        made.start()
        yield made
    finally:
        made.close()


def test_behind_nginx_the_desk_is_served_over_tls_alone(proxied: Proxied):
    plain = httpx.get(f"http://127.0.0.1:{proxied.front.http}/", headers={"Host": NAME})
    assert (plain.status_code, plain.headers["location"]) == (301, f"https://{NAME}/")
    page = proxied.client.get("/sign_in/")
    assert page.status_code == 200
    assert "max-age" in page.headers["strict-transport-security"]
    assert page.headers["set-cookie"].startswith("__Host-csrftoken=")


@pytest.mark.parametrize("path", ["/api/v1/fixtures/", "/ws/v1/stream", "/metrics"])
def test_a_program_that_comes_to_nginx_in_the_clear_is_refused(proxied: Proxied, path: str):
    answer = httpx.get(f"http://127.0.0.1:{proxied.front.http}{path}", headers={"Host": NAME})
    assert (answer.status_code, answer.text[:9], "location" in answer.headers) == (403, "Use https", False)


@pytest.mark.parametrize("path", ["/metrics", "/healthz", "/readyz"])
def test_what_watchers_ask_is_not_there_for_the_world(proxied: Proxied, path: str):
    assert proxied.client.get(path).status_code == 404


def test_a_body_that_is_too_large_ends_at_nginx(proxied: Proxied):
    answer = proxied.client.post("/sign_in/", content=b"x" * 3_000_000)
    assert (answer.status_code, "nginx" in answer.text) == (413, True)


def test_a_program_follows_the_stream_through_nginx_and_another_process_when_its_own_ends(
    proxied: Proxied, installation: Installation
):
    secret = installation.manage("shell", "-c", MAKE_TOKEN).split()[-1]

    def greeting() -> str:
        peer = socket.create_connection(("127.0.0.1", proxied.front.https))
        headers = {"Authorization": f"Bearer {secret}"}
        address = f"wss://{NAME}/ws/v1/stream"
        with connect(address, sock=peer, ssl=proxied.front.trusted, additional_headers=headers) as stream:
            return str(stream.recv(15))

    assert '"type":"hello"' in greeting()
    proxied.webs[0].close()
    assert '"type":"hello"' in greeting()
    assert proxied.client.get("/sign_in/").status_code == 200
