"""The desk as real processes: its own folder, database and port; all are gone when the test ends."""

import atexit
import contextlib
import fcntl
import functools
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import httpx
import psycopg

ROOT = Path(__file__).resolve().parent.parent
#: Debian's Chromium: its headless shell draws the same pages for a third of the processor's time, so it goes first.
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium-headless-shell") or "/usr/bin/chromium"
Found = TypeVar("Found")


def free_port() -> int:
    """A port of loopback that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(find: Callable[[], Found | None], seconds: float = 20, what: str = "it") -> Found:
    """What `find` returns, asked again until it finds something; fails after `seconds`."""
    deadline = time.monotonic() + seconds
    while not (found := find()):
        assert time.monotonic() < deadline, f"{what} did not come within {seconds} s"
        time.sleep(0.02)
    return found


def environment(**settings: str) -> dict[str, str]:
    """The environment of a process that must not see the test's own settings.

    Programs use pages more quickly than people, so a caller's requests have a whole processor.
    """
    own = {key: value for key, value in os.environ.items() if key in ("PATH", "HOME", "LANG")}
    return {**own, "CALLER_PERCENT": "100", **settings}


@functools.cache
def shared_folder() -> Path:
    """Where a run keeps what it makes once: of this process, or of all that were given MADE_ONCE."""
    if given := os.environ.get("MADE_ONCE"):
        return Path(given)
    folder = tempfile.TemporaryDirectory(prefix="desk-once-")
    atexit.register(folder.cleanup)
    return Path(folder.name)


def made_once(name: str, make: Callable[[Path], None]) -> Path:
    """A folder that the first process to need it fills; others wait for that."""
    folder = shared_folder() / name
    with (shared_folder() / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (made := shared_folder() / f"{name}.made").exists():
            folder.mkdir(exist_ok=True)
            make(folder)
            made.touch()
    return folder


def collected_static() -> Path:
    """The static files as they are now, collected once for all tests of this run."""
    collect = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"]

    def make(folder: Path) -> None:
        subprocess.run(collect, cwd=ROOT, env=environment(VAR_DIR=str(folder)), check=True)

    return made_once("static", make) / "static"


def migrated_sqlite() -> Path:
    """A migrated SQLite, made once for all desks of this run."""

    def make(folder: Path) -> None:
        Desk(folder).run("migrate", "--verbosity", "0")

    return made_once("migrated", make) / "desk.sqlite3"


def has_tables(url: str) -> bool:
    """Whether a PostgreSQL was migrated."""
    with psycopg.connect(url) as server:
        return server.execute("SELECT to_regclass('django_migrations')").fetchone() != (None,)


class Desk:
    """A desk in a folder of its own. `run` waits for a command, `start` leaves it running until the desk closes."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.env = environment(VAR_DIR=str(folder), LOG_LEVEL="WARNING", **settings)
        self.folder = folder
        self.started: list[subprocess.Popen[str]] = []

    def run(self, *command: str, code: int = 0) -> str:
        """manage.py <command>; its output, which must end with exit code `code`."""
        done = subprocess.run(
            [sys.executable, "manage.py", *command], cwd=ROOT, env=self.env, capture_output=True, text=True, timeout=60
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout + done.stderr

    def migrate(self) -> None:
        """Give its database all tables. A new SQLite is a copy, and a PostgreSQL that has them is left as it is."""
        url = self.env.get("DATABASE_URL", f"sqlite:///{self.folder / 'desk.sqlite3'}")
        if url.startswith("sqlite:"):
            shutil.copy(migrated_sqlite(), url.removeprefix("sqlite:///"))
        elif not has_tables(url):
            self.run("migrate", "--verbosity", "0")

    def start(self, *command: str, **settings: str) -> subprocess.Popen[str]:
        """python <command>, its output in a file of the desk's folder; `settings` are its alone."""
        log = (self.folder / f"process-{len(self.started)}.log").open("w+")
        process = subprocess.Popen(
            [sys.executable, *command],
            cwd=ROOT,
            env={**self.env, **settings},
            stdout=log,
            stderr=subprocess.STDOUT,
            text=True,
        )
        process.log = log  # type: ignore[attr-defined]
        self.started.append(process)
        return process

    def log(self, process: subprocess.Popen[str]) -> str:
        """What a process has printed so far."""
        return self.log_path(process).read_text()

    def log_path(self, process: subprocess.Popen[str]) -> Path:
        """The file that a process prints to."""
        return Path(process.log.name)  # type: ignore[attr-defined]

    def serve(self, port: int | None = None) -> str:
        """A web process of this desk; its address."""
        if not (static := self.folder / "static").exists():
            static.symlink_to(collected_static())
        port = port or free_port()
        process = self.start("-m", "daphne", "-b", "127.0.0.1", "-p", str(port), "livescore_site.asgi:application")
        return self.wait_for(process, f"http://127.0.0.1:{port}")

    def wait_for(self, process: subprocess.Popen[str], address: str) -> str:
        """The address, once the desk answers there."""

        def answers() -> bool:
            assert process.poll() is None, self.log(process)
            with contextlib.suppress(httpx.TransportError):
                return httpx.get(f"{address}/healthz").status_code == 200
            return False

        until(answers, 55, f"{address}/healthz")
        return address

    def close(self) -> None:
        for process in self.started:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for process in self.started:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            process.log.close()  # type: ignore[attr-defined]


@contextlib.contextmanager
def desk(**settings: str) -> Iterator[Desk]:
    """A desk with its database migrated."""
    with tempfile.TemporaryDirectory(prefix="desk-") as folder:
        made = Desk(Path(folder), **settings)
        try:
            made.migrate()
            yield made
        finally:
            made.close()


def sign_in(address: str, name: str, password: str) -> dict[str, str]:
    """The cookies of a signed-in user."""
    with httpx.Client(base_url=address, follow_redirects=True) as client:
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', client.get("/sign_in/").text)
        assert token is not None
        answer = client.post(
            "/sign_in/",
            data={"username": name, "password": password, "csrfmiddlewaretoken": token[1]},
            headers={"Referer": f"{address}/sign_in/"},
        )
        assert answer.url.path == "/", answer.text
        return dict(client.cookies)
