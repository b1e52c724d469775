"""The statements of the store on PostgreSQL: each takes all of its rows in one round trip, as one array a column.

Measured against Django's own ways in docs/decisions.md, "The store's SQL".
"""

from collections.abc import Iterable, Sequence
from functools import cache
from operator import attrgetter
from typing import Any

import msgspec
import psycopg
from django.db import connection

from .tables import Kind, Table

Key = tuple[Any, ...]

#: As what the values of a column travel.
ARRAY_TYPES = {
    Kind.INTEGER: "bigint",
    Kind.FLOAT: "double precision",
    Kind.BOOL: "boolean",
    Kind.PRICE: "numeric",
    Kind.TIME: "timestamptz",
    Kind.TEXT: "text",
    Kind.JSON: "text",
}


def select(table: Table, by: tuple[str, ...], keys: Iterable[Key], *, lock: bool = False) -> list[Any]:
    """The rows whose columns `by` have one of the values in `keys`; locked in the order of their keys, if asked."""
    parameters = [array_of(table, name, values) for name, values in zip(by, zip(*keys, strict=True), strict=True)]
    found = execute(select_sql(table, by, lock), parameters)
    return [table.row(*values) for values in map(reader(table), found)]


def insert_missing(table: Table, rows: Sequence[Any]) -> None:
    """Insert rows; those that are there already stay as they are."""
    execute(insert_sql(table, table.columns, "DO NOTHING"), arrays(table, table.columns, rows))


def write(table: Table, rows: Sequence[Any]) -> None:
    """Insert rows, or replace them under the same key."""
    execute(insert_sql(table, table.columns, replacing(table)), arrays(table, table.columns, rows))


def update(table: Table, columns: tuple[str, ...], rows: Sequence[Any]) -> None:
    """Change some columns of rows that exist."""
    execute(update_sql(table, columns), arrays(table, table.key + columns, rows))


def delete(table: Table, keys: Iterable[Key]) -> None:
    columns = zip(table.key, zip(*keys, strict=True), strict=True)
    execute(delete_sql(table), [array_of(table, name, values) for name, values in columns])


def append(table: Table, rows: Sequence[Any]) -> None:
    """Add rows of a table that has no key of ours (history)."""
    written = [map(copy_text(table.kinds[name]), map(attrgetter(name), rows)) for name in table.columns]
    lines = "\n".join(map("\t".join, zip(*written, strict=True)))
    sql = f"COPY {table.name} ({listed(table.columns)}) FROM STDIN"
    with connection.wrap_database_errors, raw_cursor() as cursor, cursor.copy(sql.encode()) as copy:
        copy.write(lines)


def execute(sql: str, parameters: Sequence[Any]) -> list[Key]:
    with connection.wrap_database_errors, raw_cursor() as cursor:
        cursor.execute(sql.encode(), parameters)
        return cursor.fetchall() if cursor.description else []


def raw_cursor() -> psycopg.Cursor[Key]:
    """A cursor that sends parameters beside the statement: Django's own writes them into its text."""
    return psycopg.Cursor(connection.connection)


@cache
def select_sql(table: Table, by: tuple[str, ...], lock: bool) -> str:
    chosen = ", ".join(f't."{name}"' for name in table.columns)
    tail = f" ORDER BY {', '.join(f't.{name}' for name in table.key)} FOR UPDATE OF t" if lock else ""
    on = " AND ".join(f"t.{name} = k.{name}" for name in by)
    return f"SELECT {chosen} FROM {table.name} t JOIN {unnest(table, by)} AS k ({', '.join(by)}) ON {on}{tail}"


@cache
def insert_sql(table: Table, columns: tuple[str, ...], on_conflict: str) -> str:
    return (
        f"INSERT INTO {table.name} ({listed(columns)}) SELECT {casts(table, columns)} FROM {unnest(table, columns)}"
        f" AS k ({listed(columns)}) ON CONFLICT ({listed(table.key)}) {on_conflict}"
    )


@cache
def replacing(table: Table) -> str:
    others = [name for name in table.columns if name not in table.key]
    return "DO UPDATE SET " + ", ".join(f'"{name}" = excluded."{name}"' for name in others)


@cache
def update_sql(table: Table, columns: tuple[str, ...]) -> str:
    given = table.key + columns
    changes = ", ".join(f'"{name}" = {cast(table, name)}' for name in columns)
    on = " AND ".join(f"t.{name} = k.{name}" for name in table.key)
    return f"UPDATE {table.name} t SET {changes} FROM {unnest(table, given)} AS k ({listed(given)}) WHERE {on}"


@cache
def delete_sql(table: Table) -> str:
    on = " AND ".join(f"t.{name} = k.{name}" for name in table.key)
    return f"DELETE FROM {table.name} t USING {unnest(table, table.key)} AS k ({listed(table.key)}) WHERE {on}"


def unnest(table: Table, columns: Iterable[str]) -> str:
    return "unnest(" + ", ".join(f"%s::{ARRAY_TYPES[table.kinds[name]]}[]" for name in columns) + ")"


def casts(table: Table, columns: Iterable[str]) -> str:
    return ", ".join(cast(table, name) for name in columns)


def cast(table: Table, column: str) -> str:
    return f'k."{column}"::jsonb' if table.kinds[column] is Kind.JSON else f'k."{column}"'


def listed(columns: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in columns)


def arrays(table: Table, columns: Iterable[str], rows: Sequence[Any]) -> list[str]:
    return [array_of(table, name, map(attrgetter(name), rows)) for name in columns]


def array_of(table: Table, column: str, values: Iterable[Any]) -> str:
    """An array as PostgreSQL reads it. Neither numbers, times nor booleans need quotes."""
    kind = table.kinds[column]
    if kind is Kind.TEXT:
        return "{" + ",".join(map(quoted, values)) + "}"
    if kind is Kind.JSON:
        return "{" + ",".join(map(quoted_json, values)) + "}"
    return "{" + ",".join(map(str, values)).replace("None", "NULL") + "}"


def quoted(text: str | None) -> str:
    if text is None:
        return "NULL"
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def quoted_json(value: Any) -> str:
    return "NULL" if value is None else quoted(msgspec.json.encode(value).decode())


def copy_text(kind: Kind) -> Any:
    return copied_json if kind is Kind.JSON else copied


def copied(value: Any) -> str:
    return "\\N" if value is None else str(value)


def copied_json(value: Any) -> str:
    return msgspec.json.encode(value).decode().replace("\\", "\\\\")


def reader(table: Table) -> Any:
    """Makes a row's values of what the driver returns: only JSON comes as text."""
    places = [n for n, name in enumerate(table.columns) if table.kinds[name] is Kind.JSON]
    if not places:
        return iter

    def read(values: Key) -> list[Any]:
        found = list(values)
        for n in places:
            if found[n] is not None:
                found[n] = msgspec.json.decode(found[n])
        return found

    return read
