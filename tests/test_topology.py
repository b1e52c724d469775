"""One's own broker: a feed spread over queues by fixture, consumed by several processes, of which one is killed."""

import os
import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pika
import pytest
from django.core.management import CommandError, call_command

from exam.processes import Desk, until
from feed.models import Bet, FeedShare, FeedSource
from feed.transport import TransportClosed
from feed.transport.topology import OwnBroker, Topology
from tests.conftest import default_database, missing
from tests.emptying import empty_database
from tests.feed_messages import NOON, fixture, heartbeat, market

pytestmark = [pytest.mark.rabbitmq, pytest.mark.django_db(transaction=True)]
FIXTURES = 30
PLUGIN = "rabbitmq_consistent_hash_exchange"


@pytest.fixture(scope="module")
def hashing_url(amqp_url: str) -> str:
    """A broker with the plugin, which is enabled where the test may do that."""
    probe = Topology(f"probe_{secrets.token_hex(4)}", 1, "classic")
    try:
        OwnBroker(amqp_url).apply(probe)
    except TransportClosed:
        try:
            tool = shutil.which("rabbitmq-plugins", path=f"{os.environ['PATH']}:/usr/sbin") or "rabbitmq-plugins"
            subprocess.run([tool, "-q", "enable", PLUGIN], check=True, capture_output=True, timeout=50)
            OwnBroker(amqp_url).apply(probe)
        except (OSError, subprocess.SubprocessError, TransportClosed):
            missing(f"RabbitMQ's plugin {PLUGIN}, or the right to enable it")
    remove(amqp_url, probe)
    return amqp_url


def remove(url: str, topology: Topology) -> None:
    with closing(pika.BlockingConnection(pika.URLParameters(url))) as connection:
        channel = connection.channel()
        for queue in topology.queue_names:
            channel.queue_delete(queue)
        for exchange in (topology.name, topology.hash_name):
            channel.exchange_delete(exchange)


@pytest.fixture(params=["quorum", "classic"])
def topology(request: pytest.FixtureRequest, hashing_url: str) -> Iterator[Topology]:
    made = Topology(f"test_{secrets.token_hex(4)}", 3, request.param)
    yield made
    remove(hashing_url, made)


class Supplier:
    """Publishes as LSports would, to the exchange."""

    def __init__(self, url: str, exchange: str) -> None:
        self.connection = pika.BlockingConnection(pika.URLParameters(url))
        self.channel = self.connection.channel()
        self.exchange = exchange

    def send(self, body: bytes, kind: int, fixture_id: int | None = None) -> None:
        headers = {"MessageType": str(kind)} | ({} if fixture_id is None else {"FixtureId": str(fixture_id)})
        self.channel.basic_publish(self.exchange, "", body, pika.BasicProperties(headers=headers, delivery_mode=2))

    def beat(self) -> None:
        self.send(heartbeat(datetime.now(UTC)), 32)

    def prices(self, second: int) -> None:
        """A new price of each fixture, `second` after noon."""
        for number in range(1, FIXTURES + 1):
            self.send(market(number, f"{1 + second / 1000:.3f}", seconds=second), 3, number)

    def close(self) -> None:
        self.connection.close()


@pytest.fixture
def supplier(hashing_url: str, topology: Topology) -> Iterator[Supplier]:
    OwnBroker(hashing_url).apply(topology)
    with closing(Supplier(hashing_url, topology.name)) as made:
        yield made


def depths(url: str, topology: Topology) -> list[int]:
    return [found.waiting for found in OwnBroker(url).check(topology)]


def test_a_fixture_keeps_to_one_queue_and_a_heartbeat_goes_to_all(
    hashing_url: str, topology: Topology, supplier: Supplier
):
    supplier.beat()
    until(lambda: depths(hashing_url, topology) == [1, 1, 1])
    for _ in range(2):
        supplier.prices(1)
    until(lambda: sum(depths(hashing_url, topology)) == 3 + 2 * FIXTURES)
    waiting = depths(hashing_url, topology)
    assert all((number - 1) % 2 == 0 for number in waiting), "both messages of a fixture are in one queue"
    assert min(waiting) > 1, "each queue has a part"


def run(action: str, topology: Topology, url: str, **changes: Any) -> str:
    out = StringIO()
    options = {"source": "Meadow", "name": topology.name, "queues": 3, "queue_type": topology.queue_type, **changes}
    call_command("topology", action, url=url, stdout=out, **options)
    return out.getvalue()


@pytest.mark.parametrize("topology", ["classic"], indirect=True)
def test_the_command_plans_makes_checks_and_takes_back(hashing_url: str, topology: Topology):
    source = FeedSource.objects.create(name="Meadow", kind="queue")
    assert "The queue is not there." in run("plan", topology, hashing_url)
    assert not FeedShare.objects.exists()
    with pytest.raises(CommandError, match="5 faults"):
        run("check", topology, hashing_url)
    assert run("apply", topology, hashing_url).count("ready") == 3
    FeedShare.objects.update(state="up")
    assert run("check", topology, hashing_url).count("ok ") == 3
    with closing(Supplier(hashing_url, topology.name)) as supplier:
        supplier.beat()
    until(lambda: depths(hashing_url, topology) == [1, 1, 1])
    assert "1 messages still wait" in run("apply", topology, hashing_url, queues=2)
    with closing(pika.BlockingConnection(pika.URLParameters(hashing_url))) as connection:
        connection.channel().queue_purge(topology.queue_names[2])
    assert f"{topology.queue_names[2]}: gone" in run("apply", topology, hashing_url, queues=2)
    assert FeedShare.objects.filter(source=source).count() == 2


@pytest.mark.parametrize("topology", ["classic"], indirect=True)
def test_what_is_there_otherwise_is_refused_in_words(hashing_url: str, topology: Topology):
    FeedSource.objects.create(name="Meadow", kind="queue")
    run("apply", topology, hashing_url)
    with pytest.raises(CommandError, match="other properties than planned"):
        run("apply", topology, hashing_url, queue_type="quorum")


@pytest.fixture
def desk_on(migrated_postgresql: str, hashing_url: str, tmp_path: Any) -> Iterator[Desk]:
    with default_database(migrated_postgresql):
        made = Desk(tmp_path, DATABASE_URL=migrated_postgresql, AMQP_URL=hashing_url)
        yield made
        made.close()
        empty_database()


def holders() -> dict[str, int]:
    """How many queues each process consumes that are up."""
    counts: dict[str, int] = {}
    for consumer in FeedShare.objects.filter(state="up").exclude(consumer="").values_list("consumer", flat=True):
        process = consumer.split("/")[2]
        counts[process] = counts.get(process, 0) + 1
    return counts


@pytest.mark.postgresql
@pytest.mark.timeout(120)
@pytest.mark.parametrize("topology", ["quorum"], indirect=True)
def test_two_processes_share_the_queues_and_the_other_goes_on_alone_when_one_is_killed(
    desk_on: Desk, topology: Topology, supplier: Supplier
):
    source = FeedSource.objects.create(name="Meadow", kind="queue")
    for queue in topology.queue_names:
        FeedShare.objects.create(source=source, queue=queue)
    for number in range(1, FIXTURES + 1):
        supplier.send(fixture(number, sent_at=NOON), 1, number)
    first, _ = desk_on.start("manage.py", "consume_feed"), desk_on.start("manage.py", "consume_feed")

    def both() -> bool:
        supplier.beat()
        time.sleep(0.2)
        return sorted(holders().values()) == [1, 2]

    until(both, 40, "both processes")
    second = 1
    for second in range(1, 6):
        supplier.prices(second)
    first.send_signal(signal.SIGKILL)
    first.wait()
    killed_at = time.monotonic()
    for second in range(6, 11):
        supplier.prices(second)

    def is_current() -> bool:
        supplier.beat()
        time.sleep(0.1)
        return Bet.objects.filter(last_update=NOON + timedelta(seconds=second)).count() == FIXTURES

    until(is_current, 30, "all prices")
    assert time.monotonic() - killed_at < 10, "5 s on a machine that does nothing else"
    until(lambda: supplier.beat() or list(holders().values()) == [3], 20, "one process")
    assert set(Bet.objects.values_list("price", flat=True).distinct()) == {Bet.objects.first().price}  # type: ignore[union-attr]
    assert not any(depths(desk_on.env["AMQP_URL"], topology))
