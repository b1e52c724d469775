"""RabbitMQ to PostgreSQL: the real transport, loop and store beside the hand-written loop (`bench.reference`)."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from statistics import median
from time import perf_counter
from typing import Any

from django.db import connection, transaction

from . import desk_side, market_feed, queues, reference
from .scratch import new_postgresql
from .side_by_side import in_turns, rate_row, row

FIXTURES = 200
ROUNDS, MESSAGES = 5, 2000
#: How many messages go through `update_or_create`, bet by bet.
ORM_MESSAGES = 10
WAITING, FEW = 9000, 100
BURST_SECONDS = 120


def run() -> list[dict[str, Any]]:
    """Ingest, the same against `update_or_create`, and a burst."""
    with new_postgresql() as theirs_url, new_postgresql() as ours_url:
        desk_side.migrate(theirs_url)
        desk_side.set_up(ours_url)
        theirs = reference.PostgreSQL(theirs_url)
        seed = list(market_feed.every_market(FIXTURES))
        desk_side.ingest(seed)
        for start in range(0, len(seed), reference.BATCH):
            theirs.store(seed[start : start + reference.BATCH])
        rounds = drained_in_turns(theirs)
        rows = [rate_row("RabbitMQ to PostgreSQL", MESSAGES, *rounds, least=0.6), orm_row(rounds[0])]
        return [*rows, burst_row(theirs, MESSAGES / median(rounds[1]))]


def drained_in_turns(theirs: reference.PostgreSQL) -> tuple[list[float], list[float]]:
    """Seconds for each round's messages, which wait in two queues before the clock starts."""
    with queues.new_queue() as ours_queue, queues.new_queue() as theirs_queue:

        def prepare(number: int) -> None:
            bodies = market_feed.messages(MESSAGES, FIXTURES, first=number * MESSAGES)
            queues.fill(ours_queue, bodies)
            queues.fill(theirs_queue, bodies)

        return in_turns(
            lambda _: desk_side.drain(queues.AMQP_URL, ours_queue, MESSAGES.__le__),
            lambda _: reference.drain(queues.AMQP_URL, theirs_queue, theirs, MESSAGES.__le__),
            ROUNDS,
            prepare,
        )


def orm_row(mine: list[float]) -> dict[str, Any]:
    """What Django's own `update_or_create` takes for the bets alone, without history, in one transaction a message."""
    from feed.models import Bet  # Django is set up only now

    bodies = market_feed.messages(ORM_MESSAGES, FIXTURES, first=ROUNDS * MESSAGES)
    rows, _ = reference.fold(bodies, datetime.now(UTC))
    started = perf_counter()
    for key, bet in rows.items():
        with transaction.atomic():
            values = {name: getattr(bet, name) for name in reference.FIELDS}
            Bet.objects.update_or_create(
                **dict(zip(reference.KEY, key, strict=True)), defaults=values | {"received_at": datetime.now(UTC)}
            )
    theirs = len(rows) / (perf_counter() - started)
    ours = MESSAGES * market_feed.BETS / median(mine)
    return row("the same, update_or_create", "bets/s", ours, theirs, ours / theirs, ">= 40", ours / theirs >= 40)


def burst_row(theirs: reference.PostgreSQL, rate: float) -> dict[str, Any]:
    """9,000 messages wait while new ones come at a quarter of the reference's rate: seconds until under 100 wait."""
    other = burst(lambda queue, end: reference.drain(queues.AMQP_URL, queue, theirs, end), rate / 4, 0)
    own = burst(lambda queue, end: desk_side.drain(queues.AMQP_URL, queue, end), rate / 4, 1)
    return row("9,000 waiting, rate/4 coming", "s", own, other, own / other, "<= 2.0", own <= 2 * other)


def burst(drain: Callable[[str, Callable[[int], bool]], None], rate: float, number: int) -> float:
    """Seconds until few messages wait for a side, which drains in a thread while new ones keep coming."""
    first = (ROUNDS + 1) * MESSAGES + number * 4 * WAITING
    over = threading.Event()

    def run_side() -> None:
        drain(queue, lambda _: over.is_set())
        connection.close()

    with queues.new_queue() as queue:
        queues.fill(queue, market_feed.messages(WAITING, FIXTURES, first=first))
        with queues.publisher(queue, rate, first + WAITING):
            thread = threading.Thread(target=run_side, daemon=True)
            thread.start()
            took = queues.Depth(queue).wait_below(FEW, BURST_SECONDS)
            over.set()
            thread.join(30)
    return took
