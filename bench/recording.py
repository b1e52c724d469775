"""What recording costs the consumer beside which it runs.

The same messages go from a RabbitMQ queue into PostgreSQL, in turns with and without a recorder beside the loop. What
counts is the CPU time of the whole process, the recorder's thread included, which other work disturbs less than rates.
"""

import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

from feed.transport import Transport

from . import desk_side, market_feed, queues
from .scratch import new_postgresql
from .side_by_side import row

FIXTURES = 200
ROUNDS, MESSAGES = 24, 2000
#: As many wait with a consumer of LSports' own.
PREFETCH = 1000
MOST_TIMES = 1.05


def run() -> list[dict[str, Any]]:
    """A row: microseconds of CPU for each message with a recorder and, as reference, without."""
    with new_postgresql() as url:
        desk_side.set_up(url)
        desk_side.ingest(list(market_feed.every_market(FIXTURES)))
        cost(0, is_recorded=True)
        pairs = [turn(number) for number in range(1, 2 * ROUNDS, 2)]
    recorded, plain = (median(times) for times in zip(*pairs, strict=True))
    ratio = median(mine / other for mine, other in pairs)
    return [row("recording beside it", "us of CPU", recorded, plain, ratio, f"<= {MOST_TIMES}", ratio <= MOST_TIMES)]


def turn(number: int) -> tuple[float, float]:
    """Both costs; who begins changes from turn to turn."""
    first = bool(number // 2 % 2)
    took = {is_recorded: cost(number + n, is_recorded=is_recorded) for n, is_recorded in enumerate((first, not first))}
    return took[True], took[False]


def cost(number: int, *, is_recorded: bool) -> float:
    """Microseconds of this process's CPU time for each message of round so-and-so."""
    from feed.transport.rabbitmq import RabbitMQ  # Django is set up only now
    from feed.transport.recorder import RecordingWriter, Tap

    stored = 0

    class Counting(RabbitMQ):
        def ack(self, last: Any) -> None:
            nonlocal stored
            super().ack(last)
            stored = last.tag

    with queues.new_queue() as queue, tempfile.TemporaryDirectory(prefix="desk-bench-") as folder:
        queues.fill(queue, market_feed.messages(MESSAGES, FIXTURES, first=number * MESSAGES))
        transport: Transport = Counting(queues.AMQP_URL, queue, prefetch=PREFETCH)
        writer = RecordingWriter(Path(folder)) if is_recorded else None
        if writer is not None:
            transport = Tap(transport, writer)
        began = time.process_time()
        with desk_side.running(transport):
            desk_side.wait_for(lambda: stored == MESSAGES)
        if writer is not None:
            writer.close()
            assert writer.lost == 0
        return (time.process_time() - began) / MESSAGES * 1e6
