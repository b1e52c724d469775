"""A desk for the live benchmarks: Daphne on PostgreSQL and Redis as in production, and what that process costs."""

import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import Popen

from exam.processes import Desk, collected_static, desk, free_port

from .scratch import new_postgresql
from .worker import Worker

REDIS_URL = os.environ.get("REDIS_TEST_URL", "redis://127.0.0.1:6379/15")
APPLICATION = "bench.live_site:application"
#: By server, how it is begun, but for the port.
SERVERS = {
    "daphne": (
        *("daphne", "--websocket_timeout", "-1", "--ping-interval", "10", "--ping-timeout", "10"),
        *("-b", "127.0.0.1", "-p", "{port}", APPLICATION),
    ),
    "uvicorn": (
        *("uvicorn", "--ws-ping-interval", "10", "--ws-ping-timeout", "10", "--no-access-log"),
        *("--host", "127.0.0.1", "--port", "{port}", APPLICATION),
    ),
}
#: The number of the clock that Linux's scheduler keeps for a process (CPUCLOCK_SCHED).
SCHEDULED = 2
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


class Served:
    """A web process of a desk: its address, and what it has used."""

    def __init__(self, made: Desk, server: str = "daphne") -> None:
        port = free_port()
        arguments = (argument.format(port=port) for argument in SERVERS[server])
        self.process: Popen[str] = made.start("-m", *arguments)
        self.address = made.wait_for(self.process, f"http://127.0.0.1:{port}")

    def cpu_seconds(self) -> float:
        """CPU time of all its threads, in the kernel too, to the nanosecond (clock_getcpuclockid(3))."""
        return time.clock_gettime((~self.process.pid << 3) | SCHEDULED)

    def megabytes(self) -> float:
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        return pages * PAGE_BYTES / 2**20


class LiveDesk:
    """A desk whose consumer plays what it is told; `cookie` is a trader's."""

    def __init__(self, made: Desk, feed: Worker, fixtures: int) -> None:
        (made.folder / "static").symlink_to(collected_static())
        self.made = made
        self.feed = feed
        self.cookie: str = feed.ask("sign_in")
        feed.ask("fill", fixtures=fixtures)

    @contextmanager
    def served(self, server: str = "daphne") -> Iterator[Served]:
        """A new web process: earlier measurements have left nothing in its memory."""
        web = Served(self.made, server)
        try:
            yield web
        finally:
            web.process.kill()
            web.process.wait()


@contextmanager
def live_desk(fixtures: int) -> Iterator[LiveDesk]:
    """A desk with this many fixtures in play, on a database and under a prefix of its own."""
    with new_postgresql() as url:
        names = {"SOCKETS_PER_USER": "5000", "SOCKETS_PER_ADDRESS": "5000"}
        names |= {"DATABASE_URL": url, "REDIS_URL": REDIS_URL, "REDIS_PREFIX": f"bench_{secrets.token_hex(4)}"}
        with desk(**names) as made, Worker("live_feed", url, env=made.env) as feed:
            yield LiveDesk(made, feed, fixtures)
