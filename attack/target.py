"""The desk under attack: PostgreSQL, Redis, RabbitMQ, a consumer and two web processes, started here and ended here."""

import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from subprocess import Popen
from typing import Any

import httpx
import psycopg
from psycopg import sql

from bench.greedy import memory_mb
from exam.databases import new_postgresql
from exam.processes import until
from tests.live_desk import LiveDesk, live_desk

from .hostile import Hostile, hostile

AMQP_URL = os.environ.get("AMQP_TEST_URL", "amqp://guest:guest@127.0.0.1:5672/%2F")
REDIS_URL = os.environ.get("REDIS_TEST_URL", "redis://127.0.0.1:6379/15")
#: The limit of each web process, which the floods try to exceed.
DATABASE_CONNECTIONS = 8
#: The token of forms. Any value of this form will do: the cookie and the form only have to agree.
CSRF = "a" * 32
WEB_PROCESSES = 2
SECONDS = 30.0
#: Secrets of a destination of alarms and of a webhook. The path is part of the address.
PROGRAM_SECRETS = ("destination path", "destination secret", "webhook path", "webhook secret")
#: Tables that change merely because a desk runs or is read.
RESTLESS = frozenset(
    {
        "accounts_guesses",
        "accounts_usersession",
        "django_admin_log",
        "django_session",
        "feed_feedsource",
        "feed_healthminute",
        "feed_leafbatch",
        "feed_prooflog",
        "feed_subscribertoken",
        "feed_viewersalt",
        "feed_viewingspan",
        "feed_webprocess",
    }
)


#: Parts of the journal that the feed writes by itself: the state of a source (`JournalEntry.Part.SOURCE`), and that a
#: message came again and changed nothing (`JournalEntry.Part.UNCHANGED`).
OF_THE_FEED = 10, 11


class Target:
    """A desk with people, tokens and secrets that the attack knows. `addresses` are those of its web processes."""

    def __init__(self, feed: LiveDesk, database: str, api: Hostile) -> None:
        self.api = api
        self.feed = feed
        self.desk = feed.made
        self.database = database
        self.secrets = {"metrics token": feed.made.env["METRICS_TOKEN"], "package password": new_word()}
        self.password = new_word()
        self.secrets["password"] = self.password
        self.secrets |= {name: new_word() for name in PROGRAM_SECRETS}
        feed.fixture(7)
        feed.score(7, 1, 0)
        feed.price(7, "2.5")
        until(lambda: "2.50" in httpx.get(f"{feed.direct}/fixtures/7/", cookies=feed.cookies).text, 60, "the price")
        given = (api.url, self.password, self.secrets)
        printed = self.desk.run("shell", "--command", f"from attack.seed import main; main(*{given!r})")
        seeded = json.loads(printed.partition("SEED ")[2].splitlines()[0])
        self.people: dict[str, dict[str, Any]] = seeded["people"]
        self.tokens: dict[str, str] = seeded["tokens"]
        self.ids: dict[str, int] = seeded["ids"]
        self.paths: list[tuple[str, str]] = [(name, path) for name, path in seeded["addresses"]]
        self.addresses = [feed.direct]
        self.webs: list[Popen[str]] = [feed.web]
        while len(self.addresses) < WEB_PROCESSES:
            self.addresses.append(self.desk.serve())
            self.webs.append(self.desk.started[-1])

    def cookies(self, role: str, session: int = 0) -> str:
        """The Cookie header of a person who is signed in; for anybody else only the form's token."""
        form = f"csrftoken={CSRF}"
        return f"sessionid={self.people[role]['sessions'][session]}; {form}" if role in self.people else form

    def client(self, source: str = "127.0.0.1", web: int = 0) -> httpx.Client:
        """Requests from this address of loopback to one of the web processes; redirects are shown, not followed."""
        transport = httpx.HTTPTransport(local_address=source, limits=httpx.Limits(max_connections=None))
        return httpx.Client(base_url=self.addresses[web], transport=transport, timeout=SECONDS)

    def ask(self, client: httpx.Client, role: str, method: str, path: str, **more: Any) -> httpx.Response:
        """A request of this person, with the form's token unless `more` brings headers of its own."""
        headers = more.pop("headers", {"Cookie": self.cookies(role), "X-CSRFToken": CSRF})
        return client.request(method, path, headers=headers, **more)

    def memory_mb(self, web: int = 0) -> float:
        """What a web process has in memory."""
        return memory_mb(self.webs[web].pid)

    def connections(self) -> int:
        """How many connections this desk's database has, without the one that asks."""
        with psycopg.connect(self.database) as server:
            query = (
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid != pg_backend_pid()"
            )
            return int(server.execute(query).fetchone()[0])  # type: ignore[index]

    def fingerprint(self) -> dict[str, str]:
        """A digest of each table that nobody but a person changes."""
        with psycopg.connect(self.database) as server:
            names = server.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
            return {name: digest(server, name) for (name,) in names if name not in RESTLESS}

    def logs(self) -> str:
        """What all processes have printed so far."""
        return "\n".join(self.desk.log(process) for process in self.desk.started)


def digest(server: "psycopg.Connection[Any]", table: str) -> str:
    """A digest of the table; of the journal without what the feed writes there by itself."""
    rows = f"{{}} t WHERE part NOT IN {OF_THE_FEED}" if table.startswith("feed_journalentry") else "{} t"
    query = sql.SQL(f"SELECT coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') FROM {rows}")  # noqa: S608
    return str(server.execute(query.format(sql.Identifier(table))).fetchone()[0])  # type: ignore[index]


def new_word() -> str:
    """A secret that occurs nowhere else, of characters that look the same in HTML, JSON, CSV and addresses."""
    return f"Zq{secrets.token_hex(10)}"


@contextmanager
def target(**more: str) -> Iterator[Target]:
    """A desk for one attack, and the package API that it calls; all of it is gone at the end. `more` are settings."""
    settings = {"OPERATOR_TOTP_REQUIRED": "True", "METRICS_TOKEN": new_word(), "SECOND_FACTOR_MINUTES": "600"}
    settings |= {"DATABASE_CONNECTIONS": str(DATABASE_CONNECTIONS), "PYTHONUNBUFFERED": "1", **more}
    with (
        hostile() as api,
        new_postgresql() as database,
        live_desk(database, REDIS_URL, AMQP_URL, **settings) as feed,
    ):
        yield Target(feed, database, api)
