"""Our side of the comparisons: the real loop, on a database of its own."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import django
from django.core.management import call_command

from feed.transport import Delivery, Transport
from livescore_site.collector import collect_rarely


def set_up(url: str) -> None:
    """Django on a new database. A process can do this once."""
    os.environ |= {"DATABASE_URL": url, "LOG_LEVEL": "ERROR", "DJANGO_SETTINGS_MODULE": "livescore_site.settings"}
    django.setup()
    call_command("migrate", verbosity=0)
    collect_rarely()  # as consume_feed does


def migrate(url: str) -> None:
    """The desk's tables in a database that this process does not use through Django."""
    environment = os.environ | {"DATABASE_URL": url}
    subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity=0"], env=environment, check=True)


def source() -> Any:
    from feed.models import FeedSource  # Django is set up only now

    return FeedSource.objects.get_or_create(name="bench", defaults={"kind": FeedSource.Kind.QUEUE})[0]


def ingest(bodies: Sequence[bytes]) -> None:
    """Take messages through the loop, without a broker."""
    from feed.ingest.loop import Ingest

    waiting = Waiting(bodies)
    Ingest(waiting, source()).run()
    waiting.bodies = ()  # a loop that has ended is a reference cycle, which would hold the bodies until it is collected


class Waiting:
    """A transport whose messages are all in memory. After each 200 it says that none waits, as a prefetch of 200 makes
    RabbitMQ do."""

    trouble = ""
    PREFETCH = 200

    def __init__(self, bodies: Sequence[bytes]) -> None:
        self.bodies = bodies

    def __iter__(self) -> Iterator[Delivery | None]:
        for tag, body in enumerate(self.bodies, 1):
            yield Delivery(body=body, received_at=datetime.now(UTC), tag=tag)
            if tag % self.PREFETCH == 0:
                yield None

    def ack(self, last: Delivery) -> None:
        pass

    def close(self) -> None:
        pass


def drain(amqp_url: str, queue: str, is_enough: Callable[[int], bool]) -> None:
    """Take messages from a queue until it is enough, through the real transport and loop."""
    from feed.ingest.loop import Ingest
    from feed.transport.rabbitmq import RabbitMQ

    class Counting(RabbitMQ):
        def ack(self, last: Delivery) -> None:
            super().ack(last)
            if is_enough(last.tag):
                loop.stop()

    loop = Ingest(Counting(amqp_url, queue), source())
    loop.run()


@contextmanager
def running(transport: Transport) -> Iterator[None]:
    """Within the `with` block, the loop takes the transport's messages in a thread."""
    from django.db import connection

    from feed.ingest.loop import Ingest  # Django is set up only now

    loop = Ingest(transport, source())

    def run() -> None:
        loop.run()
        connection.close()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield
    finally:
        loop.stop()
        thread.join(30)


def wait_for(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not is_so():
        assert time.monotonic() < deadline, "a message was not stored within 30 s"
        time.sleep(0.001)
