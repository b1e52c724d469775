"""A transport in use against a real broker, with a deadline on everything that is awaited of it."""

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest

from feed.transport import Delivery
from feed.transport.rabbitmq import RabbitMQ
from tests.broker import Broker

#: A busy broker answers late; only a failure waits so long.
SECONDS = 40


@pytest.fixture
def broker(amqp_url: str) -> Iterator[Broker]:
    with closing(Broker(amqp_url)) as broker:
        yield broker


@pytest.fixture(autouse=True)
def quick_return(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("feed.transport.rabbitmq.full_jitter", lambda failures: 0.05)


class Consuming:
    """A transport in use, with a deadline on everything that is awaited of it."""

    def __init__(self, url: str, queue: str, **options: Any) -> None:
        self.transport = RabbitMQ(url, queue, **options)
        self.deliveries = iter(self.transport)

    def take(self, number: int) -> list[Delivery]:
        taken: list[Delivery] = []
        self.until(lambda: len(taken) == number, taken.append)
        return taken

    def until(self, is_so: Callable[[], object], seen: Callable[[Delivery], object] = lambda _: None) -> None:
        deadline = time.monotonic() + SECONDS
        while not is_so():
            assert time.monotonic() < deadline, f"it did not happen in {SECONDS} s ({self.transport.trouble})"
            delivery = next(self.deliveries)
            if delivery is not None:
                seen(delivery)

    def trouble(self) -> str:
        self.until(lambda: self.transport.trouble and not self.transport.trouble.startswith("Connecting"))
        return self.transport.trouble

    def nothing_comes(self) -> bool:
        return next(self.deliveries) is None and next(self.deliveries) is None

    def close(self) -> None:
        self.transport.close()


@pytest.fixture
def consuming(broker: Broker) -> Iterator[Consuming]:
    with closing(Consuming(broker.url, broker.queue)) as consuming:
        yield consuming
