"""Messages into SQLite: the real loop and store beside a hand-written loop of the same bets and history."""

import tempfile
from pathlib import Path
from typing import Any

from . import desk_side, market_feed, reference
from .side_by_side import in_turns, rate_row

FIXTURES = 200
ROUNDS, MESSAGES = 5, 2000


def run() -> list[dict[str, Any]]:
    """A row: messages a second of both, in turns, each on a file of its own."""
    with tempfile.TemporaryDirectory(prefix="desk-bench-") as folder:
        theirs_path = Path(folder) / "theirs.sqlite3"
        desk_side.migrate(f"sqlite:///{theirs_path}")
        desk_side.set_up(f"sqlite:///{folder}/ours.sqlite3")
        theirs = reference.SQLite(str(theirs_path))
        seed = list(market_feed.every_market(FIXTURES))
        desk_side.ingest(seed)
        store_all(theirs, seed)
        rounds = [market_feed.messages(MESSAGES, FIXTURES, first=n * MESSAGES) for n in range(ROUNDS)]
        mine, others = in_turns(lambda n: desk_side.ingest(rounds[n]), lambda n: store_all(theirs, rounds[n]), ROUNDS)
        return [rate_row("messages to SQLite", MESSAGES, mine, others, least=0.5)]


def store_all(store: reference.SQLite, bodies: list[bytes]) -> None:
    for start in range(0, len(bodies), reference.BATCH):
        store.store(bodies[start : start + reference.BATCH])
