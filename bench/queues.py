"""RabbitMQ queues of their own for the benchmarks, and what waits in them."""

import os
import secrets
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import pika

from . import market_feed

AMQP_URL = os.environ.get("AMQP_TEST_URL", "amqp://guest:guest@127.0.0.1:5672/%2F")
#: The publisher sends this often, so that its rate is even.
TICK_SECONDS = 0.02


@contextmanager
def new_queue() -> Iterator[str]:
    """A queue's name; the queue is deleted at the end."""
    name = f"bench_{secrets.token_hex(4)}"
    connection = pika.BlockingConnection(pika.URLParameters(AMQP_URL))
    connection.channel().queue_declare(name)
    connection.close()
    yield name
    connection = pika.BlockingConnection(pika.URLParameters(AMQP_URL))
    connection.channel().queue_delete(name)
    connection.close()


def fill(queue: str, bodies: Iterable[bytes]) -> None:
    connection = pika.BlockingConnection(pika.URLParameters(AMQP_URL))
    channel = connection.channel()
    for body in bodies:
        channel.basic_publish("", queue, body)
    connection.close()


@contextmanager
def publisher(queue: str, rate: float, first: int) -> Iterator[None]:
    """Meanwhile another process publishes `rate` messages a second, numbered from `first`."""
    process = subprocess.Popen([sys.executable, "-m", "bench.queues", queue, str(rate), str(first)])
    try:
        yield
    finally:
        process.terminate()
        process.wait()


class Depth:
    """Asks how many messages wait."""

    def __init__(self, queue: str) -> None:
        self.queue = queue
        self.connection = pika.BlockingConnection(pika.URLParameters(AMQP_URL))
        self.channel = self.connection.channel()

    def wait_below(self, count: int, seconds: float) -> float:
        """How long it takes until fewer than `count` messages wait."""
        started = time.monotonic()
        while time.monotonic() < started + seconds:
            if self.channel.queue_declare(self.queue, passive=True).method.message_count < count:
                break
            time.sleep(0.05)
        self.connection.close()
        return time.monotonic() - started


def publish(queue: str, rate: float, first: int) -> None:
    """Publish until the process is ended."""
    bodies = market_feed.messages(4000, fixtures=200, first=first)
    connection = pika.BlockingConnection(pika.URLParameters(AMQP_URL))
    channel = connection.channel()
    started, sent = time.monotonic(), 0
    while True:
        for _ in range(int((time.monotonic() - started) * rate) - sent):
            channel.basic_publish("", queue, bodies[sent % len(bodies)])
            sent += 1
        connection.sleep(TICK_SECONDS)


if __name__ == "__main__":
    publish(sys.argv[1], float(sys.argv[2]), int(sys.argv[3]))
