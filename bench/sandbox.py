"""How many messages one core makes, so that load tests measure the desk.

A thousand fixtures at five bookmakers with both kinds of odds, asked for 3,000 messages a second: ten seconds of that,
by the CPU that they take. The messages before, which tell every fixture and all its bets whole, stand in a row of their
own. Nothing is sent anywhere. And whether memory grows: an hour of as many fixtures as the demo plays.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from time import process_time
from typing import Any

from sandbox.outgoing import Outgoing
from sandbox.supplier import SPREAD_MS, Supplier

from .memory import megabytes
from .side_by_side import row

FIXTURES, RATE, SECONDS = 1000, 3000, 10
DEMO_FIXTURES, MOST_MEGABYTES = 60, 100
START = datetime(2026, 1, 10, 15, tzinfo=UTC)
DIALECTS = {"trade": "TRADE JSON", "oddservice-xml": "OddService XML"}


def run() -> list[dict[str, Any]]:
    """Memory; two rows for each dialect with odds: messages made in a second of CPU, and what is asked for."""
    return [memory_row(), *(row for dialect in DIALECTS for row in measure(dialect))]


def memory_row() -> dict[str, Any]:
    """This process's memory after an hour and, as reference, after a third of it."""
    supplier = Supplier(fixtures=DEMO_FIXTURES, start=START)
    third, hour = (megabytes_after(supplier, minutes) for minutes in (20, 60))
    goal = f"<= {MOST_MEGABYTES} MB"
    return row("memory of an hour's messages", "MB", hour, third, hour / third, goal, hour <= MOST_MEGABYTES)


def megabytes_after(supplier: Supplier, minutes: int) -> float:
    made(supplier.advance(START + timedelta(minutes=minutes)))
    return megabytes()


def measure(dialect: str) -> list[dict[str, Any]]:
    begun = process_time()
    supplier = Supplier(fixtures=FIXTURES, start=START, rate=RATE, dialect=dialect)
    begun_at = START + timedelta(milliseconds=20 + SPREAD_MS * FIXTURES)
    first = made(supplier.advance(begun_at))
    first_seconds = process_time() - begun
    begun = process_time()
    then = made(supplier.advance(begun_at + timedelta(seconds=SECONDS)))
    seconds = process_time() - begun
    name = DIALECTS[dialect]
    return [
        made_row(f"{name}, first told", first, first_seconds, None),
        made_row(f"{name}, {FIXTURES:,} fixtures", then, seconds, RATE),
    ]


def made(messages: Iterable[Outgoing]) -> tuple[int, int]:
    """How many, and how many bytes."""
    sizes = [len(outgoing.body) for outgoing in messages]
    return len(sizes), sum(sizes)


def made_row(name: str, messages: tuple[int, int], seconds: float, least: int | None) -> dict[str, Any]:
    """Messages in a second of CPU; without `least` the row is there to be known."""
    count, size = messages
    rate = count / seconds
    facts = {"count": count, "mean_bytes": round(size / count)}
    if least is None:
        return row(name, "per CPU s", rate, **facts)
    return row(name, "per CPU s", rate, least, rate / least, ">= 1", rate >= least, **facts)
