"""What it costs to read a day of a bet's history: 24 bets of a market, 10,000 prices of each, in 10,000 entries."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random
from statistics import median
from time import process_time
from typing import Any

from . import desk_side, market_feed
from .scratch import new_postgresql
from .side_by_side import row

FIXTURE, MARKET = 1, 1
STATES, TIMES, MOST_MS = 10_000, 15, 150.0
START = datetime(2026, 5, 1, tzinfo=UTC)


def run() -> list[dict[str, Any]]:
    """Milliseconds of this process's CPU, for programs (REST) and for the chart's data."""
    with new_postgresql() as url:
        desk_side.set_up(url)
        desk_side.ingest([market_feed.message(0, FIXTURE, MARKET, Random(1))])
        fill()
        from feed.api.price_history import bet_history  # Django is set up only now
        from feed.pages.prices.history import Outcome, as_columns, read_paths

        bet_id, outcome = market_feed.bet_id(1, FIXTURE, MARKET), Outcome(MARKET, "Over", "0.5")
        return [
            measured("history of a bet, 10,000 prices", lambda: bet_history(FIXTURE, MARKET, bet_id)),
            measured("chart of an outcome, 10,000 prices", lambda: as_columns(read_paths(FIXTURE, outcome), 600)),
        ]


def fill() -> None:
    """Entries as the store writes them for messages of 24 bets, one every 8.6 seconds of a day."""
    from feed.journal.blobs import columns, packed  # Django is set up only now
    from feed.models import JournalEntry

    chosen, entries = Random(2), []
    for number in range(STATES):
        at = START + timedelta(seconds=8.6 * number)
        bets = [market_feed.bet_id(n, FIXTURE, MARKET) for n in range(market_feed.BETS)]
        prices = [Decimal(f"{1 + chosen.randrange(1, 9000) / 1000:.3f}") for _ in bets]
        states = [(0, bet, price, 1, None, None, 0.46462, 8.05, at, 0) for bet, price in zip(bets, prices, strict=True)]
        step = at, at, 1, {"fixture_id": FIXTURE, "market_id": MARKET, "name": "Under/Over"}, [], columns(states), []
        key = {"fixture_id": FIXTURE, "part": JournalEntry.Part.MARKET, "market_id": MARKET}
        times = {"received_at": at, "committed_at": at}
        blob = packed((at, [step], None))
        entries.append(JournalEntry(**key, **times, revision=2 + number, keyframe_revision=1, blob=blob))
    JournalEntry.objects.bulk_create(entries, batch_size=1000)


def measured(what: str, read: Any) -> dict[str, Any]:
    took = []
    for _ in range(TIMES):
        begun = process_time()
        read()
        took.append(1000 * (process_time() - begun))
    return row(what, "ms", median(took), goal=f"<= {MOST_MS:g}", holds=median(took) <= MOST_MS)
