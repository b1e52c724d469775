"""The whole desk in its own processes on loopback, with a proxy in front of everything that one of them talks to."""

import secrets
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any

import httpx
import pika
import psycopg
from playwright.sync_api import Browser

from feed.codes import MessageType

from .count import Window
from .page import SampledPage, sampled_page
from .processes import Desk, collected_static, free_port, sign_in, until
from .proxy import Proxy
from .services import Services
from .states import StateWatch
from .truth import Truth, read_witness

NAME, PASSWORD = "ann", "a long enough word"
DAPHNE = ("-m", "daphne", "--websocket_timeout", "-1", "--ping-interval", "10", "--ping-timeout", "10")
FIXTURES, IN_PLAY, RATE = 16, 8, 12
LIVESCORE = MessageType.LIVESCORE
#: Fixture pages that are watched.
PAGES = 2
STEP_SECONDS = 0.5
#: A trader, a program's token, and the supplier's package on both of TRADE's sides, active and brought back by itself.
SET_UP = """
from django.contrib.auth.models import Group, User
from django.utils import timezone
from feed.models import FeedSource, SubscriberToken
from packages_admin.models import Package
User.objects.create_user({name!r}, password={password!r}).groups.add(Group.objects.get(name="trader"))
token = SubscriberToken(name="exam", made_at=timezone.now())
print("token", token.new_secret())
token.save()
for product, feed in (("trade_in_play", "StmInPlay"), ("trade_pre_match", "StmPreMatch")):
    package = Package(
        name=feed, product=product, package_id={package}, user_name={user!r}, api_base={api!r}, snapshot_base={api!r},
        amqp_host="127.0.0.1", amqp_port={port}, amqp_tls=False, virtual_hosts={host!r}, queue_name=feed + "_{{id}}_",
        auto_reactivate=True, reactivations_per_hour=60, is_wanted=True, state="active", state_since=timezone.now(),
    )
    package.set_password({broker_password!r}, timezone.now())
    package.save()
    package.name_sources()
"""


class Rig:
    """A running desk. Faults act on its proxies (`ways`), its processes and its supplier; `rest` lets time pass.

    `stack` ends what is begun here, and leaves nothing in the broker.
    """

    def __init__(self, made: Desk, services: Services, browser: Browser, seed: int, stack: ExitStack) -> None:
        self.made = made
        self.services = services
        self.seed = seed
        (made.folder / "static").symlink_to(collected_static())
        self.package = secrets.randbelow(10**8) + 10**8
        names = ("web database", "feed database", "web redis", "feed redis", "broker")
        urls = (services.database, services.database, services.redis, services.redis, services.amqp)
        stack.callback(self.remove_queues)
        self.ways = {name: stack.enter_context(Proxy(url)) for name, url in zip(names, urls, strict=True)}
        stack.callback(made.close)
        self.truth_path = made.folder / "truth.jsonl"
        self.api = self.start_supplier()
        self.token = self.set_up()
        self.consumer = self.start_consumer()
        self.web_port = free_port()
        self.web = self.start_web()
        direct = made.wait_for(self.web, f"http://127.0.0.1:{self.web_port}")
        self.ways["page"] = stack.enter_context(Proxy(direct))
        self.cookies = sign_in(direct, NAME, PASSWORD)
        self.fixtures = until(self.busiest, 90, "fixtures in play with open prices")
        self.pages = self.open_pages(browser)
        self.program = self.start_program()
        self.states = StateWatch(services.database)
        #: From when until when messages came into queues that were purged then, with no consumer there.
        self.purges: list[Window] = []

    # Processes

    def start_supplier(self) -> str:
        """The simulated supplier, a witness of what is true; the address of its API."""
        port = free_port()
        self.supplier = self.made.start(
            *("manage.py", "sandbox", "--amqp", self.services.amqp, "--amqp-vhost-as-is"),
            *("--package", ":".join([str(self.package), *self.services.credentials])),
            *("--http", f"127.0.0.1:{port}", "--truth", str(self.truth_path), "--seed", str(self.seed)),
            *("--fixtures", str(FIXTURES), "--in-play", str(IN_PLAY), "--rate", str(RATE)),
        )
        address = f"http://127.0.0.1:{port}"

        def answers() -> bool:
            assert self.supplier.poll() is None, self.made.log(self.supplier)
            with suppress(httpx.TransportError):
                return httpx.get(f"{address}/faults").status_code == httpx.codes.OK
            return False

        until(answers, 60, "the supplier")
        return address

    def set_up(self) -> str:
        """A trader, a token (returned) and the packages."""
        user, password = self.services.credentials
        script = SET_UP.format(
            name=NAME,
            password=PASSWORD,
            package=self.package,
            user=user,
            broker_password=password,
            api=self.api,
            port=self.ways["broker"].port,
            host=self.services.broker.virtual_host,
        )
        return self.made.run("shell", "--command", script).partition("token ")[2].split()[0]

    def start_consumer(self) -> "subprocess.Popen[str]":
        urls = {"DATABASE_URL": self.ways["feed database"].url, "REDIS_URL": self.ways["feed redis"].url}
        return self.made.start("manage.py", "consume_feed", **urls)

    def start_web(self) -> "subprocess.Popen[str]":
        urls = {"DATABASE_URL": self.ways["web database"].url, "REDIS_URL": self.ways["web redis"].url}
        where = ("-b", "127.0.0.1", "-p", str(self.web_port), "livescore_site.asgi:application")
        return self.made.start(*DAPHNE, *where, **urls)

    def start_program(self) -> "subprocess.Popen[str]":
        url = f"{self.ways['page'].url.replace('http', 'ws')}/ws/v1/stream"
        return self.made.start("-m", "exam.program", url, *map(str, self.fixtures), DESK_TOKEN=self.token)

    def open_pages(self, browser: Browser) -> list[SampledPage]:
        address = self.ways["page"].url
        return [sampled_page(browser, address, f"/fixtures/{pk}/", self.cookies) for pk in self.fixtures]

    # What faults need

    def fault(self, text: str) -> None:
        """Start a fault of the supplier, as in `lost:0.3`."""
        self.switch("start", text)

    def purge(self, away_at: float) -> None:
        """Delete what waits in the queues; there has been no consumer since `away_at`."""
        before = self.logged_purges()
        self.fault("purge")
        until(lambda: self.logged_purges() > before, 10, "the purge")
        self.purges.append(Window(away_at, time.time()))

    def logged_purges(self) -> int:
        """How many purges the supplier has logged so far."""
        return self.made.log(self.supplier).count("The queues were purged")

    def is_distributed(self) -> bool:
        """Whether the supplier's package is on."""
        return "1 of 1 packages active" in httpx.get(f"{self.api}/faults").text

    def end_fault(self, name: str) -> None:
        self.switch("stop", name)

    def switch(self, way: str, fault: str) -> None:
        address = f"{self.api}/faults/{way}"
        httpx.post(address, data={"fault": fault}, follow_redirects=True).raise_for_status()

    @contextmanager
    def faulty(self, *texts: str) -> Iterator[None]:
        for text in texts:
            self.fault(text)
        yield
        for text in texts:
            self.end_fault(text.partition(":")[0])

    @contextmanager
    def database(self) -> Iterator["psycopg.Connection[Any]"]:
        """The database by a way that is never cut, in a session that may always write."""
        options = "-c default_transaction_read_only=off"
        with psycopg.connect(self.services.database, autocommit=True, options=options) as connection:
            yield connection

    def rest(self, seconds: float) -> None:
        """Let time pass while what is seen is collected."""
        ends = time.monotonic() + seconds
        while (left := ends - time.monotonic()) > 0:
            self.pages[0].page.wait_for_timeout(min(left, STEP_SECONDS) * 1000)
            for page in self.pages:
                page.drain()

    # What is true

    def truth(self) -> Truth:
        """What LSports has sent so far."""
        with self.truth_path.open("rb") as lines:
            return Truth(read_witness(lines))

    def busiest(self) -> list[int]:
        """The fixtures with the most open bets in play, once there are enough that have been sent in play."""
        truth = self.truth()
        in_play: dict[int, int] = {}
        scored = {stream.fixture for stream in truth.sent_of_stream if stream.type == LIVESCORE}
        for key, states in truth.offers.items():
            if key.fixture in scored and states[-1].price is not None:
                in_play[key.fixture] = in_play.get(key.fixture, 0) + 1
        most = sorted(in_play, key=lambda pk: -in_play[pk])[:PAGES]
        return sorted(most) if len(most) == PAGES else []

    def waiting(self) -> int:
        """Messages that wait in the broker."""
        with pika.BlockingConnection(self.services.broker) as connection:
            channel = connection.channel()
            queues = [channel.queue_declare(name, passive=True) for name in self.queues]
            return sum(queue.method.message_count for queue in queues)

    @property
    def queues(self) -> list[str]:
        return [f"{feed}_{self.package}_" for feed in ("StmInPlay", "StmPreMatch")]

    def close(self) -> None:
        self.states.close()
        for page in self.pages:
            page.page.context.close()

    def remove_queues(self) -> None:
        with pika.BlockingConnection(self.services.broker) as connection:
            for name in self.queues:
                connection.channel().queue_delete(name)
