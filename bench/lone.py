"""How long a lone message takes from its receipt to its commit, at rest: `python -m bench.lone`.

A 24-bet market message is published to a RabbitMQ queue 50 ms after the last one was stored, so at rest, and goes
through the real transport and loop into a database of its own, made and dropped here. Goal: under 15 ms (median).
"""

import argparse
import json
import os
import secrets
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime, timedelta
from typing import Any

import django
import pika
import psycopg
from django.core.management import call_command
from django.db import connection

AMQP_URL = os.environ.get("AMQP_TEST_URL", "amqp://guest:guest@127.0.0.1:5672/%2F")
POSTGRESQL_URL = os.environ.get("DATABASE_TEST_URL", "postgres://postgres@127.0.0.1:5432/postgres")
FIXTURES = 200
BETS = 24
REST_SECONDS = 0.05
#: The first messages open connections and fill caches.
WARM_UP = 20


def market_message(number: int) -> bytes:
    """Message `number`: all prices of one market of one fixture changed."""
    fixture_id = 1 + number % FIXTURES
    at = datetime.now(UTC)
    bets = [
        {"Id": fixture_id * 1000 + n, "Name": str(n), "Status": 1, "Price": f"{1 + (number + n) % 900 / 100:.2f}"}
        | {"Line": f"{n / 2}", "BaseLine": f"{n / 2}", "LastUpdate": at.isoformat()}
        for n in range(BETS)
    ]
    header = {
        "Type": 3,
        "MsgSeq": number,
        "MsgGuid": secrets.token_hex(16),
        "ServerTimestamp": int(at.timestamp() * 1e3),
    }
    markets = [{"Id": 2, "Name": "Under/Over", "Bets": bets}]
    return json.dumps({"Header": header, "Body": {"Events": [{"FixtureId": fixture_id, "Markets": markets}]}}).encode()


@contextmanager
def database(kind: str) -> Iterator[None]:
    """Django, set up on a new database of that kind, with all migrations; the database is dropped at the end."""
    name = f"desk_bench_{secrets.token_hex(4)}"
    with tempfile.TemporaryDirectory() as folder, postgresql_database(name) if kind == "postgresql" else nullcontext():
        os.environ |= {"VAR_DIR": folder, "DJANGO_SETTINGS_MODULE": "livescore_site.settings", "LOG_LEVEL": "ERROR"}
        os.environ["DATABASE_URL"] = f"sqlite:///{folder}/bench.sqlite3"
        if kind == "postgresql":
            os.environ["DATABASE_URL"] = POSTGRESQL_URL.rpartition("/")[0] + f"/{name}"
        django.setup()
        call_command("migrate", verbosity=0)
        yield
        connection.close()


@contextmanager
def postgresql_database(name: str) -> Iterator[None]:
    with psycopg.connect(POSTGRESQL_URL, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')
        try:
            yield
        finally:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def measure(messages: int) -> list[float]:
    """Milliseconds from receipt to commit, for each message."""
    from feed.ingest import Ingest  # Django is set up only now
    from feed.models import FeedSource
    from feed.transport import Delivery
    from feed.transport.rabbitmq import RabbitMQ

    took: list[float] = []

    class Timed(RabbitMQ):
        def ack(self, last: Delivery) -> None:
            took.append((datetime.now(UTC) - last.received_at) / timedelta(milliseconds=1))
            super().ack(last)

    def run() -> None:
        ingest.run()
        connection.close()

    broker = pika.BlockingConnection(pika.URLParameters(AMQP_URL))
    channel, queue = broker.channel(), f"bench_lone_{secrets.token_hex(4)}"
    channel.queue_declare(queue)
    source = FeedSource.objects.create(name=queue, kind=FeedSource.Kind.QUEUE)
    ingest = Ingest(Timed(AMQP_URL, queue), source)
    thread = threading.Thread(target=run)
    thread.start()
    for number in range(WARM_UP + messages):
        before = len(took)
        channel.basic_publish("", queue, market_message(number))
        wait_for(lambda before=before: len(took) > before)
        broker.sleep(REST_SECONDS)
    ingest.stop()
    thread.join()
    channel.queue_delete(queue)
    broker.close()
    return took[WARM_UP:]


def wait_for(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not is_so():
        assert time.monotonic() < deadline, "a message was not stored within 30 s"
        time.sleep(0.001)


def row(kind: str, took: list[float]) -> dict[str, Any]:
    percentiles = statistics.quantiles(took, n=100)
    return {
        "what": f"lone message to {kind}, receipt to commit",
        "messages": len(took),
        "p50_ms": round(percentiles[49], 2),
        "p95_ms": round(percentiles[94], 2),
        "max_ms": round(max(took), 2),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("database", nargs="?", choices=["postgresql", "sqlite"], default="postgresql")
    parser.add_argument("--messages", type=int, default=200)
    parser.add_argument("--json", action="store_true", help="one object instead of a line")
    options = parser.parse_args()
    with database(options.database):
        result = row(options.database, measure(options.messages))
    if options.json:
        print(json.dumps(result))
    else:
        print("{what}: p50 {p50_ms} ms, p95 {p95_ms} ms, max {max_ms} ms ({messages} messages)".format(**result))


if __name__ == "__main__":
    main()
