"""The references: the least code that stores the same bets and the same history, written by hand, without Django.

They decode only what these messages have, and take the newest state of each bet in a batch. They ignore revisions,
fixtures, markets, removals, other message types and what is stored already: a late message would overwrite a newer one.
"""

import sqlite3
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from decimal import Decimal

import msgspec
import pika
import psycopg
import zstandard

#: Messages in a batch, and in a prefetch.
BATCH = 200
COLUMNS = {
    "fixture_id": "bigint",
    "market_id": "bigint",
    "provider_id": "bigint",
    "bet_id": "bigint",
    "name": "text",
    "line": "text",
    "base_line": "text",
    "status": "bigint",
    "start_price": "numeric",
    "price": "numeric",
    "probability": "double precision",
    "calculated_margin": "double precision",
    "provider_bet_id": "text",
    "last_update": "timestamptz",
    "received_at": "timestamptz",
}
KEY = list(COLUMNS)[:4]
FIELDS = list(COLUMNS)[4:-1]
CHANGES = ", ".join(f"{name} = excluded.{name}" for name in list(COLUMNS)[4:])
ENTRY = "fixture_id, market_id, revision, keyframe_revision, received_at, committed_at, part, settles, blob"
MARKET = 8


class Bet(msgspec.Struct, rename="pascal", gc=False):
    id: int
    name: str
    status: int
    price: Decimal
    last_update: datetime
    line: str = ""
    base_line: str = ""
    start_price: Decimal | None = None
    probability: float | None = None
    calculated_margin: float | None = None
    provider_bet_id: str = ""


class Market(msgspec.Struct, rename="pascal", gc=False):
    id: int
    bets: list[Bet]


class Event(msgspec.Struct, rename="pascal", gc=False):
    fixture_id: int
    markets: list[Market]


class Body(msgspec.Struct, rename="pascal", gc=False):
    events: list[Event]


class Message(msgspec.Struct, rename="pascal", gc=False):
    body: Body


Rows = dict[tuple[int, int, int, int], Bet]
Entries = list[tuple[int, int, int, int, datetime, datetime, int, bool, bytes]]
COMPRESSOR = zstandard.ZstdCompressor(3)
DECODER = msgspec.json.Decoder(Message)


def fold(bodies: Iterable[bytes], received_at: datetime) -> tuple[Rows, Entries]:
    """The newest of each bet, and an entry of the journal with all bets of each message's market."""
    rows: Rows = {}
    entries: Entries = []
    for body in bodies:
        for event in DECODER.decode(body).body.events:
            for market in event.markets:
                for bet in market.bets:
                    key = event.fixture_id, market.id, 0, bet.id
                    before = rows.get(key)
                    if before is not None and bet.last_update < before.last_update:
                        continue
                    rows[key] = bet
                states = [(bet.id, bet.price, bet.status, bet.last_update) for bet in market.bets]
                blob = COMPRESSOR.compress(msgspec.json.encode(list(zip(*states, strict=True))))
                entries.append((event.fixture_id, market.id, 0, 0, received_at, received_at, MARKET, False, blob))
    return rows, entries


class PostgreSQL:
    """One `unnest` upsert, one COPY and one commit for each batch."""

    SQL = (
        f"INSERT INTO feed_bet ({', '.join(COLUMNS)}, player_name, moves, revision) SELECT k.*, '', 0, 0"
        f" FROM unnest({', '.join(f'%s::{kind}[]' for kind in COLUMNS.values())}) AS k ({', '.join(COLUMNS)})"
        f" ON CONFLICT ({', '.join(KEY)}) DO UPDATE SET {CHANGES}"
    )

    def __init__(self, url: str) -> None:
        self.connection = psycopg.connect(url)

    def store(self, bodies: Iterable[bytes]) -> None:
        received_at = datetime.now(UTC)
        rows, entries = fold(bodies, received_at)
        bets = list(rows.values())
        columns = [*map(list, zip(*rows, strict=True)), *([getattr(bet, name) for bet in bets] for name in FIELDS)]
        cursor = self.connection.cursor()
        cursor.execute(self.SQL, [*columns, [received_at] * len(bets)])
        with cursor.copy(f"COPY feed_journalentry ({ENTRY}) FROM STDIN") as copy:
            for entry in entries:
                copy.write_row(entry)
        self.connection.commit()


class SQLite:
    """One `executemany` upsert, one `executemany` insert and one commit for each batch."""

    SQL = (
        f"INSERT INTO feed_bet ({', '.join(COLUMNS)}, player_name, moves, revision)"
        f" VALUES ({', '.join('?' for _ in COLUMNS)}, '', 0, 0) ON CONFLICT ({', '.join(KEY)}) DO UPDATE SET {CHANGES}"
    )

    def __init__(self, path: str) -> None:
        self.connection = sqlite3.connect(path)
        self.connection.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;")

    def store(self, bodies: Iterable[bytes]) -> None:
        received_at = datetime.now(UTC)
        rows, entries = fold(bodies, received_at)
        now = text(received_at)
        self.connection.executemany(self.SQL, [(*key, *fields(bet), now) for key, bet in rows.items()])
        self.connection.executemany(
            f"INSERT INTO feed_journalentry ({ENTRY}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [(*entry[:4], now, now, *entry[6:]) for entry in entries],
        )
        self.connection.commit()


def opened(url: str) -> PostgreSQL | SQLite:
    """The reference for a database with the desk's tables."""
    return SQLite(url.removeprefix("sqlite:///")) if url.startswith("sqlite") else PostgreSQL(url)


def fields(bet: Bet) -> tuple[object, ...]:
    start = None if bet.start_price is None else str(bet.start_price)
    known = (bet.name, bet.line, bet.base_line, bet.status, start, str(bet.price), bet.probability)
    return (*known, bet.calculated_margin, bet.provider_bet_id, text(bet.last_update))


def text(moment: datetime) -> str:
    """A time as Django's SQLite columns have it."""
    return str(moment.replace(tzinfo=None))


def drain(amqp_url: str, queue: str, store: PostgreSQL, is_enough: Callable[[int], bool]) -> None:
    """Take messages until there are enough: each batch is stored, committed, then acknowledged in one go."""
    connection = pika.BlockingConnection(pika.URLParameters(amqp_url))
    channel = connection.channel()
    channel.basic_qos(prefetch_count=BATCH)
    batch: list[bytes] = []
    taken = 0
    for method, _, body in channel.consume(queue, inactivity_timeout=0.05):
        if body is not None:
            batch.append(body)
            tag = method.delivery_tag
        if batch and (len(batch) == BATCH or body is None):
            store.store(batch)
            channel.basic_ack(tag, multiple=True)
            taken += len(batch)
            batch = []
        if is_enough(taken):
            break
    connection.close()
