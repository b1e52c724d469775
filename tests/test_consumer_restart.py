"""A consumer that is killed: told in time, and current again soon when it is started anew."""

import signal
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from exam.proxy import Proxy
from feed.models import Bet, Break, FeedSource
from feed.vouching.source_health import state_of
from tests.broker import Broker
from tests.conftest import default_database
from tests.emptying import empty_database
from tests.feed_messages import NOON, fixture, heartbeat, market
from tests.polling import poll
from tests.test_consume_feed import Process

pytestmark = [pytest.mark.rabbitmq, pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]
State = FeedSource.State
FIXTURES = 20


@pytest.fixture
def postgresql(migrated_postgresql: str) -> Iterator[str]:
    with default_database(migrated_postgresql):
        yield migrated_postgresql
        empty_database()


class Supplier:
    """Publishes 100 prices a second of 20 fixtures, and heartbeats. `second` after noon is the newest price's time."""

    def __init__(self, url: str, queue: str) -> None:
        self.broker = Broker(url)
        self.queue = queue
        self.second = 0
        self.is_closed = False
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def run(self) -> None:
        while not self.is_closed:
            self.second += 1
            bodies = [
                market(number, f"{1 + self.second / 1000:.3f}", seconds=self.second) for number in range(FIXTURES)
            ]
            for body in [*bodies, heartbeat(datetime.now(UTC))]:
                self.broker.channel.basic_publish("", self.queue, body)
            self.broker.connection.sleep(FIXTURES / 100)

    def close(self) -> None:
        self.is_closed = True
        self.thread.join()
        self.broker.close()


def state() -> str:
    source = FeedSource.objects.first()
    return state_of(source, datetime.now(UTC)).state if source else ""


def has_prices_of(second: int) -> bool:
    """Whether every fixture has its price of that second, or a newer one."""
    return Bet.objects.filter(last_update__gte=NOON + timedelta(seconds=second)).count() == FIXTURES


def test_a_killed_consumer_is_told_within_seven_seconds_and_current_within_eight(
    postgresql: str, amqp_url: str, tmp_path: Path
) -> None:
    took: list[float] = []
    with closing(Broker(amqp_url)) as broker:
        broker.publish(*map(fixture, range(FIXTURES)))
        with closing(Supplier(amqp_url, broker.queue)) as supplier:
            process = Process.of(broker, postgresql, tmp_path)
            try:
                process.until(lambda: state() == State.UP and has_prices_of(supplier.second - 2))
                for _ in range(3):
                    process.end(signal.SIGKILL)
                    begun, second = time.monotonic(), supplier.second + 2
                    process = Process.of(broker, postgresql, tmp_path)
                    process.until(lambda second=second: has_prices_of(second) and state() == State.UP)
                    took.append(time.monotonic() - begun)
                process.end(signal.SIGKILL)
                begun = time.monotonic()
                poll(lambda: state() == State.DOWN)
                assert time.monotonic() - begun < 7
            finally:
                process.close()
    assert statistics.quantiles(took, n=20, method="inclusive")[-1] < 8, took


def test_two_consumers_that_are_restarted_one_after_the_other_take_no_feed_down(
    postgresql: str, amqp_url: str, tmp_path: Path
) -> None:
    seen: set[str] = set()
    with closing(Broker(amqp_url)) as broker, closing(Supplier(amqp_url, broker.queue)) as supplier:
        broker.publish(*map(fixture, range(FIXTURES)))
        processes = [Process.of(broker, postgresql, tmp_path) for _ in range(2)]
        try:
            poll(
                lambda: state() == State.UP and sum("Standing by" in one.output() for one in processes) == 1, seconds=30
            )
            breaks = Break.objects.count()
            processes.sort(key=lambda one: "Standing by" in one.output())
            for place in range(2):
                processes[place].process.send_signal(signal.SIGTERM)
                processes[place].process.wait(20)
                second = supplier.second + 2
                processes[place] = Process.of(broker, postgresql, tmp_path)
                processes[place].until(
                    lambda place=place, second=second: (
                        seen.add(state()) or ("Standing by" in processes[place].output() and has_prices_of(second))
                    )
                )
            assert seen == {State.UP}
            assert Break.objects.count() == breaks
        finally:
            for process in processes:
                process.close()


def test_a_silent_redis_costs_the_consumer_no_time(
    postgresql: str, amqp_url: str, redis_url: str, tmp_path: Path
) -> None:
    with closing(Broker(amqp_url)) as broker, Proxy(redis_url) as redis:
        broker.publish(*map(fixture, range(FIXTURES)))
        settings = {"AMQP_URL": broker.url, "AMQP_QUEUE": broker.queue, "REDIS_URL": redis.url}
        with (
            closing(Supplier(amqp_url, broker.queue)) as supplier,
            closing(Process(postgresql, tmp_path, **settings)) as process,
        ):
            process.until(lambda: has_prices_of(1))
            redis.hold()
            process.until(lambda: "Announcements are lost" in process.output())
            slowest = 0.0
            for _ in range(20):
                begun, second = time.monotonic(), supplier.second
                poll(lambda second=second: has_prices_of(second))
                slowest = max(slowest, time.monotonic() - begun)
            assert slowest < 1
            redis.restore()
