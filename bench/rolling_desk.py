"""A desk as docs/deployment.md installs it, in processes on loopback: webs behind nginx, consumers, a supplier."""

import secrets
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from typing import NamedTuple

import httpx
import pika

from exam.processes import Desk, collected_static, free_port, until
from exam.rig import DAPHNE, NAME, PASSWORD, SET_UP
from exam.services import Services
from exam.truth import Truth, read_witness
from tests.front import Front, nginx_path

READY_SECONDS = 60
#: The program asks for the feed's state four times a second, and Chromium and others beside it.
MORE_REQUESTS = "from feed.models import SubscriberToken as T; T.objects.update(most_requests_per_minute=10_000)"


class Restart(NamedTuple):
    """When a process was told to end, when it had ended, and when the new one was ready."""

    name: str
    begin: float
    ended: float
    ready: float


class RollingDesk:
    """`restart` ends a process as systemd would, and starts it again. `stack` ends what is begun here."""

    def __init__(self, made: Desk, services: Services, stack: ExitStack, supply: tuple[str, ...]) -> None:
        self.made = made
        self.services = services
        (made.folder / "static").symlink_to(collected_static())
        self.package = secrets.randbelow(10**8) + 10**8
        stack.callback(self.remove_queues)
        stack.callback(made.close)
        ports = [free_port() for _ in range(4)]
        self.ports = {"web 1": ports[0], "web 2": ports[1], "consumer 1": ports[2], "consumer 2": ports[3]}
        front = self.front = Front(made.folder, ports[:2])
        made.env |= {"BEHIND_TLS": "True", "CSRF_TRUSTED_ORIGINS": front.address, "PACKAGE_HOSTS": "127.0.0.1"}
        made.env |= {"OPERATOR_TOTP_REQUIRED": "False", "SSL_CERT_FILE": str(front.certificate)}
        self.truth_path = made.folder / "truth.jsonl"
        self.api = self.start_supplier(supply)
        self.token = self.set_up()
        self.processes = {name: self.start(name) for name in self.ports}
        for name in self.ports:
            until(lambda name=name: self.is_ready(name), READY_SECONDS, name)  # type: ignore[misc]
        nginx = nginx_path()
        assert nginx is not None, "There is no nginx here."
        stack.callback(front.close)
        front.start(nginx)

    def start_supplier(self, supply: tuple[str, ...]) -> str:
        port = free_port()
        self.supplier = self.made.start(
            *("manage.py", "sandbox", "--amqp", self.services.amqp, "--amqp-vhost-as-is"),
            *("--package", ":".join([str(self.package), *self.services.credentials])),
            *("--http", f"127.0.0.1:{port}", "--truth", str(self.truth_path), *supply),
        )
        address = f"http://127.0.0.1:{port}"
        until(lambda: answers(f"{address}/faults"), READY_SECONDS, "the supplier")
        return address

    def set_up(self) -> str:
        """A trader, the packages and a token, which is returned."""
        user, password = self.services.credentials
        broker = self.services.broker
        script = SET_UP.format(
            name=NAME,
            password=PASSWORD,
            package=self.package,
            user=user,
            broker_password=password,
            api=self.api,
            port=broker.port,
            host=broker.virtual_host,
        )
        printed = self.made.run("shell", "--command", f"{script}\n{MORE_REQUESTS}")
        return printed.partition("token ")[2].split()[0]

    def start(self, name: str) -> "subprocess.Popen[str]":
        port = str(self.ports[name])
        if name.startswith("consumer"):
            return self.made.start("manage.py", "consume_feed", METRICS_PORT=port)
        return self.made.start(*DAPHNE, "-b", "127.0.0.1", "-p", port, "livescore_site.asgi:application")

    def is_ready(self, name: str) -> bool:
        process = self.processes[name]
        assert process.poll() is None, self.made.log(process)
        return answers(f"http://127.0.0.1:{self.ports[name]}/readyz")

    def restart(self, name: str) -> Restart:
        """SIGTERM, the end of its work, a new one, and until that is ready."""
        process, begin = self.processes[name], time.time()
        process.send_signal(signal.SIGTERM)
        process.wait(30)
        ended = time.time()
        self.processes[name] = self.start(name)
        until(lambda: self.is_ready(name), READY_SECONDS, name)
        return Restart(name, begin, ended, time.time())

    def end_supply(self, seconds: float) -> None:
        """End the supplier, and wait until all that it sent is taken."""
        self.supplier.terminate()
        self.supplier.wait(20)
        until(lambda: not self.waiting(), seconds, "the end of the queues")

    def truth(self) -> Truth:
        with self.truth_path.open("rb") as lines:
            return Truth(read_witness(lines))

    @property
    def queues(self) -> list[str]:
        return [f"{feed}_{self.package}_" for feed in ("StmInPlay", "StmPreMatch")]

    def waiting(self) -> int:
        return sum(self.of_queues(lambda channel, name: channel.queue_declare(name, passive=True).method.message_count))

    def remove_queues(self) -> None:
        self.of_queues(lambda channel, name: bool(channel.queue_delete(name)))

    def of_queues(self, act: Callable[..., int]) -> list[int]:
        with pika.BlockingConnection(self.services.broker) as connection:
            return [act(connection.channel(), name) for name in self.queues]


def answers(address: str) -> bool:
    with suppress(httpx.TransportError):
        return httpx.get(address).status_code == httpx.codes.OK
    return False
