"""The simulated supplier in LSports' own virtual hosts of a real RabbitMQ, and one desk that takes TRADE and Hyper from
all four."""

import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pika
import pytest
from django.utils import timezone

from exam.processes import Desk, desk, until
from feed.models import Bet, FeedSource, Fixture, RejectedMessage, Scoreboard, UnknownCode
from packages_admin.models import Package
from sandbox.outgoing import Feed
from tests.conftest import default_database, missing
from tests.polling import poll

pytestmark = pytest.mark.rabbitmq
PACKAGE = 980_000 + os.getpid() % 10_000


@pytest.fixture
def virtual_hosts(amqp_url: str) -> Iterator[dict[Feed, Any]]:
    """A channel in each of LSports' virtual hosts, which stay; the queues of this test's package go when it ends."""
    with ExitStack() as stack:
        channels = {feed: channel_in(amqp_url, feed, stack) for feed in Feed}
        yield channels
        for channel in channels.values():
            channel.queue_delete(f"_{PACKAGE}_")


def channel_in(amqp_url: str, host: str, stack: ExitStack) -> Any:
    parameters = pika.URLParameters(amqp_url)
    parameters.virtual_host = host
    try:
        connection = pika.BlockingConnection(parameters)
    except pika.exceptions.AMQPError:
        make_virtual_host(host, urlsplit(amqp_url).username or "guest")
        connection = pika.BlockingConnection(parameters)
    stack.callback(connection.close)
    return connection.channel()


def make_virtual_host(host: str, user: str) -> None:
    commands = (["add_vhost", host], ["set_permissions", "-p", host, user, ".*", ".*", ".*"])
    try:
        for command in commands:
            subprocess.run(["rabbitmqctl", "-q", *command], check=True, capture_output=True, timeout=30)
    except (OSError, subprocess.SubprocessError) as error:
        missing(f"the virtual host {host} in RabbitMQ (rabbitmqctl add_vhost {host}; {error!r})")


@pytest.fixture
def both(own_postgresql_url: str, settings: Any, transactional_db: None) -> Iterator[Desk]:
    """A desk on a database of its own, which is Django's here as well."""
    keys = ",".join(settings.CREDENTIAL_KEYS)
    with (
        desk(DATABASE_URL=own_postgresql_url, CREDENTIAL_KEYS=keys) as running,
        default_database(own_postgresql_url),
    ):
        yield running


def start_supplier(running: Desk, amqp_url: str, *arguments: str) -> str:
    """Two dozen fixtures, twenty times as fast as real ones, in both products. The address of its APIs."""
    user, password = urlsplit(amqp_url).username, urlsplit(amqp_url).password
    supplier = running.start(
        "manage.py", "sandbox", "--amqp", amqp_url, "--dialect", "trade,hyper", "--fixtures", "24", "--speed", "20",
        "--http", "127.0.0.1:0", "--package", f"{PACKAGE}:{user}:{password}", *arguments,
    )  # fmt: skip
    return until(lambda: re.search(r"http://127.0.0.1:\d+", running.log(supplier)), what="the API")[0]


def add_package(name: str, product: str, api: str, amqp_url: str) -> None:
    url = urlsplit(amqp_url)
    package = Package(
        name=name, product=product, package_id=PACKAGE, user_name=url.username, api_base=api, amqp_host=url.hostname,
        amqp_port=url.port or 5672, amqp_tls=False,
    )  # fmt: skip
    package.set_password(url.password or "", timezone.now())
    package.save()


@pytest.mark.postgresql
@pytest.mark.timeout(120)
def test_one_desk_takes_trade_and_hyper_from_lsports_virtual_hosts(
    amqp_url: str, virtual_hosts: dict[Feed, Any], both: Desk
) -> None:
    api = start_supplier(both, amqp_url, "--start-inactive")
    add_package("In-play", "trade_in_play", api, amqp_url)
    add_package("Pre-match", "trade_pre_match", api, amqp_url)
    add_package("Hyper", "hyper", f"{api}/api/livescore", amqp_url)
    both.start("manage.py", "consume_feed")
    both.run("package", "activate", str(PACKAGE), "--product", "hyper")
    Package.objects.update(state=Package.State.ACTIVE)  # one switch for a package, so all three are on

    poll(lambda: Bet.objects.filter(source__name="In-play").exists(), seconds=40)
    poll(lambda: Bet.objects.filter(source__name="Pre-match").exists(), seconds=40)
    poll(lambda: Scoreboard.objects.filter(source__name="Hyper Incidents").exists(), seconds=40)
    poll(lambda: Fixture.objects.filter(source__name="Hyper Fixtures").exists(), seconds=40)
    sources = dict(FeedSource.objects.values_list("name", "state"))
    assert sources == dict.fromkeys(("In-play", "Pre-match", "Hyper Fixtures", "Hyper Incidents"), "up")
    assert not RejectedMessage.objects.exists()
    assert not UnknownCode.objects.exists()


def test_each_virtual_host_has_the_queue_that_lsports_names(
    amqp_url: str, virtual_hosts: dict[Feed, Any], tmp_path: Path
) -> None:
    with closing(Desk(tmp_path)) as supplier:
        start_supplier(supplier, amqp_url)
        for channel in virtual_hosts.values():
            poll(lambda: depth(channel), seconds=20)  # noqa: B023 - called at once
    for feed, channel in virtual_hosts.items():
        _, properties, _ = channel.basic_get(f"_{PACKAGE}_", auto_ack=True)
        types = {Feed.FIXTURES: {"1"}, Feed.INCIDENTS: {"2"}}.get(feed)
        assert types is None or properties.headers["MessageType"] in types


def depth(channel: Any) -> int:
    """How many messages wait in the package's queue."""
    return int(channel.queue_declare(f"_{PACKAGE}_", durable=True).method.message_count)
