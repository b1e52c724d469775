"""A desk under load: the simulated supplier through RabbitMQ, two consumers, PostgreSQL, Redis, a web process."""

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from subprocess import Popen

import httpx
import pika
import pika.exceptions

from exam.processes import Desk, desk, sign_in, until

NAME, PASSWORD = "ann", "a long enough word"
RATE = 300
#: Of twelve simulated fixtures two are races and seasons, which are not on the board: 500 are, some 40 of them in play.
FIXTURES, IN_PLAY = 600, 50
ON_BOARD = FIXTURES * 10 // 12


class Load:
    """The desk's address, its consumers, and the cookies of somebody who is signed in."""

    def __init__(self, made: Desk, address: str, consumers: Sequence["Popen[str]"]) -> None:
        self.desk = made
        self.address = address
        self.consumers = consumers
        self.cookies = sign_in(address, NAME, PASSWORD)

    def tabs(self) -> dict[str, int]:
        """How many fixtures each tab of the board says that it has."""
        page = httpx.get(f"{self.address}/", cookies=self.cookies).text
        heads = [part.partition("</a>")[0] for part in page.split('id="tab-')[1:]]
        return {head.partition('"')[0]: int(head.rpartition('count">')[2].partition("<")[0]) for head in heads}


@contextmanager
def running_load(postgresql_url: str, redis_url: str, amqp_url: str, rate: int = RATE, **more: str) -> Iterator[Load]:
    """Everything runs, and all fixtures have arrived. `more` are settings."""
    package = str(secrets.randbelow(10**8) + 10**8)
    queues = [f"{feed}_{package}_" for feed in ("StmInPlay", "StmPreMatch")]
    settings = {"DATABASE_URL": postgresql_url, "REDIS_URL": redis_url, "REDIS_PREFIX": f"desk-load-{package}"}
    try:
        with desk(**settings, AMQP_URL=amqp_url, PYTHONUNBUFFERED="1", **more) as made:
            made.env["DJANGO_SUPERUSER_PASSWORD"] = PASSWORD
            made.run("createsuperuser", "--noinput", "--username", NAME, "--email", "ann@example.com")
            what = ["--fixtures", str(FIXTURES), "--in-play", str(IN_PLAY), "--rate", str(rate)]
            where = ["--amqp", amqp_url, "--amqp-vhost-as-is", "--package", f"{package}:u:p"]
            made.start("manage.py", "sandbox", *where, *what)
            until(lambda: exists(amqp_url, queues), 30, "the supplier's queues")
            consumers = [made.start("manage.py", "consume_feed", "--queue", queue) for queue in queues]
            loaded = Load(made, made.serve(), consumers)
            until(lambda: loaded.tabs().get("all", 0) >= ON_BOARD, 90, "the fixtures")
            yield loaded
    finally:
        with pika.BlockingConnection(pika.URLParameters(amqp_url)) as connection:
            for queue in queues:
                connection.channel().queue_delete(queue)


def exists(amqp_url: str, queues: list[str]) -> bool:
    with pika.BlockingConnection(pika.URLParameters(amqp_url)) as connection:
        try:
            for queue in queues:
                connection.channel().queue_declare(queue, passive=True)
        except pika.exceptions.ChannelClosedByBroker:
            return False
    return True
