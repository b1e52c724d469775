"""How many messages one core makes, so that load tests measure the desk: `python -m bench.sandbox`.

A thousand fixtures at five bookmakers with both kinds of odds, asked for 3,000 messages a second: ten seconds of that,
by the CPU that they take. The messages before, which tell every fixture and all its bets whole, stand in a row of their
own. Nothing is sent anywhere.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from time import process_time
from typing import Any

from sandbox.outgoing import Outgoing
from sandbox.supplier import SPREAD_MS, Supplier

FIXTURES, RATE, SECONDS = 1000, 3000, 10
START = datetime(2026, 1, 10, 15, tzinfo=UTC)
DIALECTS = {"trade": "TRADE JSON", "oddservice-xml": "OddService XML"}


def run() -> list[dict[str, Any]]:
    """Two rows for each dialect with odds: messages made in a second of CPU, their mean size, and what is asked for."""
    return [row for dialect in DIALECTS for row in measure(dialect)]


def measure(dialect: str) -> list[dict[str, Any]]:
    begun = process_time()
    supplier = Supplier(fixtures=FIXTURES, start=START, rate=RATE, dialect=dialect)
    told = START + timedelta(milliseconds=20 + SPREAD_MS * FIXTURES)
    first = made(supplier.advance(told))
    first_seconds = process_time() - begun
    begun = process_time()
    then = made(supplier.advance(told + timedelta(seconds=SECONDS)))
    seconds = process_time() - begun
    name = DIALECTS[dialect]
    return [
        row(f"{name}, first told", first, first_seconds, None),
        row(f"{name}, {FIXTURES:,} fixtures", then, seconds, RATE),
    ]


def made(messages: Iterable[Outgoing]) -> tuple[int, int]:
    """How many, and how many bytes."""
    sizes = [len(outgoing.body) for outgoing in messages]
    return len(sizes), sum(sizes)


def row(name: str, messages: tuple[int, int], seconds: float, least: int | None) -> dict[str, Any]:
    """Without `least` the row is there to be known, and holds."""
    count, size = messages
    rate = count / seconds
    return {
        "messages": name,
        "count": count,
        "mean_bytes": round(size / count),
        "per_cpu_second": round(rate),
        "least": least,
        "holds": least is None or rate >= least,
    }


def main() -> None:
    """Print a line for each row. Exits with 1 where there are too few."""
    rows = run()
    for each in rows:
        wanted = "" if each["least"] is None else f" (at least {each['least']:,})"
        verdict = "" if each["holds"] else "  TOO FEW"
        print(
            f"{each['messages']:<34} {each['per_cpu_second']:>8,} messages each second of CPU{wanted}, "
            f"{each['mean_bytes']:,} bytes each{verdict}"
        )
    raise SystemExit(not all(each["holds"] for each in rows))


if __name__ == "__main__":
    main()
