"""The default database from its address, with a bound on everything that a connection may wait for."""

from typing import Any

import dj_database_url
from django.core.exceptions import ImproperlyConfigured
from django.db import connections

from feed.database.connections import wait_for_ever

POSTGRESQL = "django.db.backends.postgresql"
SQLITE = "django.db.backends.sqlite3"

#: Time-outs at the server in ms: where nobody waits (the consumer, commands), and where somebody waits for a page.
FEED_TIMEOUTS = {"statement_timeout": 6_000, "lock_timeout": 4_000, "idle_in_transaction_session_timeout": 10_000}
PAGE_TIMEOUTS = {"statement_timeout": 8_000, "lock_timeout": 4_000, "idle_in_transaction_session_timeout": 10_000}
#: A server that has gone away is noticed within 10 s: while connecting (s), while something is under way (ms), while
#: nothing is (s, s and a count).
NETWORK = {
    "connect_timeout": 3,
    "tcp_user_timeout": 10_000,
    "keepalives": 1,
    "keepalives_idle": 4,
    "keepalives_interval": 2,
    "keepalives_count": 3,
}
#: How long a page waits for one of the pool's connections, and how many may wait.
POOL_WAIT_SECONDS = 5.0
POOL_MOST_WAITING = 1000
#: A connection that nobody has needed for this long is closed.
POOL_IDLE_SECONDS = 300.0
SQLITE_SECONDS = 8


def database(url: str) -> dict[str, Any]:
    """Django's settings of a database whose connections are kept by the thread that opened them.

    Raises `ImproperlyConfigured` for an address that is none, without quoting it: it may hold a password.
    """
    parsed = parse(url)
    if parsed["ENGINE"] == SQLITE:
        parsed["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": SQLITE_SECONDS,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; "
            f"PRAGMA busy_timeout={SQLITE_SECONDS}000;",
        }
    else:
        parsed["OPTIONS"] = options(parsed, FEED_TIMEOUTS)
    return parsed


def for_pages(url: str, most_connections: int) -> dict[str, Any]:
    """The settings of a web process. It answers each request in a thread of its own, so a connection that belongs to a
    thread is never used again. A pool serves all threads, and never opens more than `most_connections`.
    """
    parsed = parse(url)
    if parsed["ENGINE"] == SQLITE:
        return {"CONN_MAX_AGE": 0}
    pool = {
        "min_size": 1,
        "max_size": most_connections,
        "timeout": POOL_WAIT_SECONDS,
        "max_waiting": POOL_MOST_WAITING,
        "max_idle": POOL_IDLE_SECONDS,
    }
    return {"CONN_MAX_AGE": 0, "OPTIONS": {**options(parsed, PAGE_TIMEOUTS), "pool": pool}}


def parse(url: str) -> dict[str, Any]:
    try:
        parsed: dict[str, Any] = dict(dj_database_url.parse(url, conn_max_age=600, conn_health_checks=True))
    except ValueError:
        raise ImproperlyConfigured(
            "DATABASE_URL must look like postgres://user:password@host/name or sqlite:///path"
        ) from None
    if parsed["ENGINE"] not in (SQLITE, POSTGRESQL):
        raise ImproperlyConfigured("DATABASE_URL must begin with sqlite:// or postgres://")
    return parsed


def options(parsed: dict[str, Any], timeouts: dict[str, int]) -> dict[str, Any]:
    """The connection's options; what the address itself sets (`?connect_timeout=2`, `?options=-c ...`) wins."""
    own = parsed.get("OPTIONS", {})
    words = [f"-c {name}={milliseconds}" for name, milliseconds in timeouts.items()]
    return {**NETWORK, **own, "options": " ".join([*words, own.get("options", "")]).strip()}


def take_time(using: str, **_: Any) -> None:
    """Lift the time-outs before a migration: building an index may take longer than any other statement is allowed."""
    connection = connections[using]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")
        wait_for_ever(connection)
