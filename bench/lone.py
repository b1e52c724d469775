"""How long a lone message takes from its receipt to its commit, at rest, into PostgreSQL and into SQLite.

A message is published 50 ms after the last one was stored and goes through the real transport and loop. The reference
is a hand-written consumer that decodes, writes and commits the same bets and history, and does nothing else.
"""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from typing import Any

import pika

from feed.transport import Delivery

from . import desk_side, market_feed, queues, reference
from .scratch import new_postgresql
from .side_by_side import row

FIXTURES = 200
REST_SECONDS = 0.05
MESSAGES = 200
#: The first messages open connections and fill caches.
WARM_UP = 20
MOST_MS = 15


def run() -> list[dict[str, Any]]:
    """A row for each database; a process can have only one, so each has its own."""
    with (
        tempfile.TemporaryDirectory(prefix="desk-bench-") as folder,
        new_postgresql() as theirs,
        new_postgresql() as ours,
    ):
        sqlite = f"sqlite:///{folder}/theirs.sqlite3", f"sqlite:///{folder}/ours.sqlite3"
        return [lone_row("PostgreSQL", theirs, ours), lone_row("SQLite", *sqlite)]


def lone_row(name: str, theirs_url: str, ours_url: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.lone", theirs_url, ours_url]
    output = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True).stdout
    mine, theirs = json.loads(output)
    middle, other = statistics.median(mine), statistics.median(theirs)
    worst = {"p95": round(statistics.quantiles(mine, n=20)[-1], 2), "most": round(max(mine), 2), "messages": len(mine)}
    what = f"lone message to {name}, receipt to commit"
    return row(what, "ms", middle, other, middle / other, f"<= {MOST_MS} ms", middle <= MOST_MS, **worst)


def measure(theirs_url: str, ours_url: str) -> tuple[list[float], list[float]]:
    """Milliseconds from receipt to commit of each message, ours and the reference's."""
    desk_side.migrate(theirs_url)
    desk_side.set_up(ours_url)
    theirs = reference.opened(theirs_url)
    seed = list(market_feed.every_market(FIXTURES))
    desk_side.ingest(seed)
    for start in range(0, len(seed), reference.BATCH):
        theirs.store(seed[start : start + reference.BATCH])
    bodies = market_feed.messages(WARM_UP + MESSAGES, FIXTURES)
    return stored(bodies)[WARM_UP:], [milliseconds(theirs, body) for body in bodies][WARM_UP:]


def stored(bodies: list[bytes]) -> list[float]:
    from feed.transport.rabbitmq import RabbitMQ  # Django is set up only now

    took: list[float] = []

    class Timed(RabbitMQ):
        def ack(self, last: Delivery) -> None:
            took.append((datetime.now(UTC) - last.received_at).total_seconds() * 1000)
            super().ack(last)

    with queues.new_queue() as queue, desk_side.running(Timed(queues.AMQP_URL, queue)):
        broker = pika.BlockingConnection(pika.URLParameters(queues.AMQP_URL))
        channel = broker.channel()
        for number, body in enumerate(bodies):
            channel.basic_publish("", queue, body)
            desk_side.wait_for(lambda number=number: len(took) > number)
            broker.sleep(REST_SECONDS)
        broker.close()
    return took


def milliseconds(store: reference.PostgreSQL | reference.SQLite, body: bytes) -> float:
    time.sleep(REST_SECONDS)
    received = time.perf_counter()
    store.store([body])
    return (time.perf_counter() - received) * 1000


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1], sys.argv[2])))
