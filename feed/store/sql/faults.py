"""Whose fault a failure of the database is: the message's, or the database's own, which passes by itself."""

import re
import sqlite3

import psycopg
from django.db import Error, InterfaceError, OperationalError

#: SQLSTATE classes that say nothing of what was to be stored: connection, resources (disk, memory, connections), locks
#: and deadlocks, an operator's or a time-out's intervention, input and output, an ended transaction, authorisation.
CLASSES = ("08", "53", "55", "57", "58", "40", "25", "28", "3D")
#: Single states of other classes: a right that is missing, a table or column that a migration has yet to make.
STATES = ("42501", "42P01", "42703")
#: SQLite's primary result codes of the same kind: busy, locked, memory, read-only, interrupted, disk, corrupt, full,
#: cannot be opened, locking protocol, schema changed, not allowed, no database.
SQLITE_CODES = (5, 6, 7, 8, 9, 10, 11, 13, 14, 15, 17, 23, 26)
#: SQLite has no code of its own for what a migration has yet to make.
SQLITE_SCHEMA = re.compile(r"no such (table|column)")
#: The server ended a statement that took too long: less at once may do.
TOO_LONG = "57014"
#: A lock that was not granted in time, and a deadlock.
LOCKED = ("55P03", "40P01")


def is_of_database(error: Exception) -> bool:
    """Whether the database would have refused any other message too, so that the same one must wait for it.

    An error without a state comes from the client: there is no connection, or it was lost, unless a value is at fault.
    """
    if not isinstance(error, Error):
        return False
    cause = error.__cause__
    if isinstance(cause, psycopg.Error) and cause.sqlstate is not None:
        return cause.sqlstate[:2] in CLASSES or cause.sqlstate in STATES
    if isinstance(cause, sqlite3.Error) and (code := getattr(cause, "sqlite_errorcode", None)) is not None:
        return code & 0xFF in SQLITE_CODES or bool(SQLITE_SCHEMA.search(str(cause)))
    return isinstance(error, OperationalError | InterfaceError)


def took_too_long(error: Exception) -> bool:
    return sqlstate(error) == TOO_LONG


def is_of_lock(error: Exception) -> bool:
    """Whether PostgreSQL did not wait any longer for a lock, or would have waited forever."""
    return sqlstate(error) in LOCKED


def sqlstate(error: Exception) -> str | None:
    cause = error.__cause__
    return cause.sqlstate if isinstance(cause, psycopg.Error) else None
