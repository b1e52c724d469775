"""A database of its own for one moment: SQLite in memory, with the tables that pages and programs read.

While one is open, this thread reads the feed's rows there and nowhere else (`feed.past.router`). The alias stands in no
settings, so whoever has kept something of the past and asks it for more once it is closed fails, and reads no present
row. It is filled before it is opened, and from then on SQLite itself refuses to write there.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import OperationalError, connections
from django.db.backends.sqlite3.base import DatabaseWrapper
from django.db.models import Model

from feed import models
from feed.journal.rows import row_type
from feed.store.rows.tables import Table
from feed.store.sql.sqlite import insert_sql, written

ALIAS = "past"
#: What is read in the past. Of users it has the names of who wrote notes; users are asked for in the present.
READ_THERE: tuple[type[Model], ...] = (
    models.FeedSource,
    models.Sport,
    models.Location,
    models.League,
    models.Competition,
    models.Provider,
    models.Fixture,
    models.Participant,
    models.Scoreboard,
    models.Period,
    models.Incident,
    models.Statistic,
    models.PlayerStatistic,
    models.Market,
    models.ProviderMarket,
    models.Bet,
    models.JournalEntry,
    models.FixtureNote,
)
MODELS: tuple[type[Model], ...] = (*READ_THERE, User)
TABLES = {model: Table(model, row_type(model)) for model in MODELS}
#: Moments that stay in memory, shared by everybody, and for how long.
MOST_CACHED = 8
CACHED_SECONDS = 60.0
#: A moment that is over for less is not kept: what was stored by then may be committed later (`live.programs.polled`).
SETTLED = timedelta(seconds=15)
#: Folding many markets takes a processor for half a second. One at a time leaves the rest to what is live.
TURN = threading.Lock()
TURN_SECONDS = 4.0
#: Of a web process' threads at most half read the past at once; the others are there for what is live.
PLACES = threading.BoundedSemaphore(max(1, settings.WEB_THREADS // 2))

#: Rows by their model, as structs of the model's columns (`feed.journal.rows`).
Rows = Mapping[type[Model], Sequence[Any]]


class Opened(threading.local):
    """Which past this thread reads, if any. `is_as_sent`: what it makes of it is compared with what was sent then."""

    past: "Past | None" = None
    is_as_sent: bool = False


OPENED = Opened()


class Past:
    """A moment's database. For one thread at a time."""

    def __init__(self, moment: datetime, rows: Rows) -> None:
        self.moment = moment
        self.made_at = time.monotonic()
        self.connection = new_connection()
        self.filled: set[int] = set()
        self.reel: Any = None
        with self.connection.cursor() as cursor:
            for sql in schema():
                cursor.execute(sql)
        self.fill(rows)

    def fill(self, rows: Rows, gone: Sequence[tuple[type[Model], str, Any]] = ()) -> None:
        """Add rows, or put them in place of what was there under their keys; nobody else can.

        Before that `gone` goes: of each model the rows whose column has this value, all with "".
        """
        with self.connection.cursor() as cursor:
            cursor.execute("PRAGMA query_only = OFF")
            cursor.execute("BEGIN")
            for model, column, value in gone:
                where, values = (f" WHERE {column} = %s", [value]) if column else ("", [])
                cursor.execute(f"DELETE FROM {TABLES[model].name}{where}", values)  # noqa: S608
            for model, of_model in rows.items():
                if of_model:
                    table = TABLES[model]
                    cursor.executemany(insert_sql(table, "OR REPLACE "), written(table, table.columns, of_model))
            cursor.execute("COMMIT")
            cursor.execute("PRAGMA query_only = ON")

    def need(self, ids: Collection[int], read: Callable[[set[int]], Rows]) -> None:
        """Add what belongs to these markets, or fixtures, where it is not here yet."""
        if missing := set(ids) - self.filled:
            self.fill(read(missing))
            self.filled |= missing

    def close(self) -> None:
        """Django closes no database in memory, since its rows go with it: here they are meant to."""
        if self.connection.connection is not None:
            self.connection.connection.close()


def new_connection() -> DatabaseWrapper:
    """A connection to a new, empty database."""
    own = {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:", "OPTIONS": {}, "ATOMIC_REQUESTS": False}
    connection = DatabaseWrapper({**connections.settings["default"], **own}, ALIAS)
    connection.inc_thread_sharing()
    return connection


@cache
def schema() -> list[str]:
    """The statements that make the tables; so small a database needs no index but the primary keys."""
    made = new_connection()
    with made.schema_editor(atomic=False) as editor:
        for model in MODELS:
            editor.create_model(model)
    with made.cursor() as cursor:
        cursor.execute("SELECT sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
        found = [sql for (sql,) in cursor.fetchall()]
    made.connection.close()
    return found


class Cache:
    """Pasts that nobody has open just now, the newest last. Safe for several threads."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.pasts: OrderedDict[Hashable, Past] = OrderedDict()

    def take(self, key: Hashable) -> Past | None:
        """Nobody else has it until it is put back."""
        with self.lock:
            past = self.pasts.pop(key, None)
        if past is None or time.monotonic() < past.made_at + CACHED_SECONDS:
            return past
        past.close()
        return None

    def take_nearest(self, moment: datetime, what: Hashable) -> Past | None:
        """One of another moment, which is to be moved."""
        with self.lock:
            moments = [key[0] for key in self.pasts if isinstance(key, tuple) and key[1] == what]
        if not moments:
            return None
        return self.take((min(moments, key=lambda other: abs(other - moment)), what))

    def put(self, key: Hashable, past: Past) -> None:
        with self.lock:
            surplus = [self.pasts.pop(key)] if key in self.pasts else []
            self.pasts[key] = past
            while len(self.pasts) > MOST_CACHED:
                surplus.append(self.pasts.popitem(last=False)[1])
        for other in surplus:
            other.close()

    def clear(self) -> None:
        with self.lock:
            pasts, self.pasts = self.pasts, OrderedDict()
        for past in pasts.values():
            past.close()


CACHE = Cache()


@contextmanager
def opened(
    moment: datetime, what: Hashable, read: Callable[[], Rows], move: Callable[[Past], None] | None = None
) -> Iterator[Past]:
    """Read the feed's rows as they were at a moment, of `what`, which tells one past of a moment from another; `read`
    gives them where they are not kept. Pasts do not nest.

    With `move` one that is kept of another moment may become one of this, which it does.
    """
    if OPENED.past is not None:
        raise RuntimeError("A past is open already.")
    with a_place():
        key = moment, what
        past = CACHE.take(key) or (moved(moment, what, move) if move else None) or made(moment, read)
        connections[ALIAS] = past.connection
        OPENED.past = past
        try:
            yield past
        except BaseException:
            OPENED.past = None
            del connections[ALIAS]
            past.close()
            raise
        OPENED.past = None
        del connections[ALIAS]
        if datetime.now(UTC) - moment < SETTLED:
            past.close()
        else:
            CACHE.put(key, past)


@contextmanager
def a_place() -> Iterator[None]:
    """One of the places of those who read the past at once. Raises what a database does that does not answer: whoever
    waited would hold a thread that live pages need.
    """
    if not PLACES.acquire(blocking=False):
        raise OperationalError("Too much is asked of the past at once.")
    try:
        yield
    finally:
        PLACES.release()


def made(moment: datetime, read: Callable[[], Rows]) -> Past:
    with a_turn():
        return Past(moment, read())


def moved(moment: datetime, what: Hashable, move: Callable[[Past], None]) -> Past | None:
    """A kept past of another moment, brought to this one; None where there is none."""
    past = CACHE.take_nearest(moment, what)
    if past is None:
        return None
    try:
        with a_turn():
            move(past)
    except BaseException:
        past.close()
        raise
    past.moment = moment
    return past


@contextmanager
def a_turn() -> Iterator[None]:
    """Raises what a database does that does not answer in time, where others have theirs made all the while."""
    if not TURN.acquire(timeout=TURN_SECONDS):
        raise OperationalError("Too much is asked of the past at once.")
    try:
        yield
    finally:
        TURN.release()
