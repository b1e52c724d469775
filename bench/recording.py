"""What recording costs the consumer: `python -m bench.recording`.

The same 24-bet market messages go from a RabbitMQ queue into PostgreSQL, in turns with and without a recorder beside
the loop. Compared are the best times and the CPU time of the whole process, which other work disturbs less.
Goal: at most 5 %.
"""

import argparse
import json
import secrets
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import msgspec
import pika
from django.db import connection

from bench.lone import AMQP_URL, database, market_message, wait_for


class Run(msgspec.Struct):
    """One pass: messages a second, and microseconds of CPU time for each."""

    rate: float
    cpu_us: float


def measure(messages: int, *, is_recorded: bool) -> Run:
    from feed.ingest import Ingest  # Django is set up only now
    from feed.models import FeedSource
    from feed.transport import Transport
    from feed.transport.rabbitmq import RabbitMQ
    from feed.transport.recorder import RecordingWriter, Tap

    def run() -> None:
        ingest.run()
        connection.close()

    broker = pika.BlockingConnection(pika.URLParameters(AMQP_URL))
    channel, queue = broker.channel(), f"bench_recording_{secrets.token_hex(4)}"
    channel.queue_declare(queue)
    for number in range(messages):
        channel.basic_publish("", queue, market_message(number))
    wait_for(lambda: channel.queue_declare(queue, passive=True).method.message_count == messages)
    with tempfile.TemporaryDirectory() as folder:
        transport: Transport = RabbitMQ(AMQP_URL, queue, prefetch=1000)
        writer = RecordingWriter(Path(folder)) if is_recorded else None
        if writer is not None:
            transport = Tap(transport, writer)
        ingest = Ingest(transport, FeedSource.objects.create(name=queue, kind=FeedSource.Kind.QUEUE))
        thread = threading.Thread(target=run)
        began, cpu = time.perf_counter(), time.process_time()
        thread.start()
        wait_for(lambda: ingest.tally.messages == messages)
        result = Run(messages / (time.perf_counter() - began), (time.process_time() - cpu) / messages * 1e6)
        ingest.stop()
        thread.join()
        if writer is not None:
            writer.close()
            assert writer.lost == 0
    channel.queue_delete(queue)
    broker.close()
    return result


def compare(messages: int, turns: int) -> dict[str, Any]:
    measure(messages // 4, is_recorded=True)
    plain, recorded = [], []
    for _ in range(turns):
        plain.append(measure(messages, is_recorded=False))
        recorded.append(measure(messages, is_recorded=True))
    rates = max(run.rate for run in plain), max(run.rate for run in recorded)
    cpus = min(run.cpu_us for run in plain), min(run.cpu_us for run in recorded)
    return {
        "what": "recording beside ingest to postgresql",
        "messages_per_s": [round(rate) for rate in rates],
        "slower_percent": round((rates[0] / rates[1] - 1) * 100, 1),
        "cpu_us_per_message": [round(cpu) for cpu in cpus],
        "more_cpu_percent": round((cpus[1] / cpus[0] - 1) * 100, 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=4000)
    parser.add_argument("--turns", type=int, default=4)
    parser.add_argument("--json", action="store_true", help="one object instead of a line")
    options = parser.parse_args()
    with database("postgresql"):
        result = compare(options.messages, options.turns)
    print(json.dumps(result) if options.json else "\n".join(f"{name}: {value}" for name, value in result.items()))


if __name__ == "__main__":
    main()
