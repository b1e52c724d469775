"""The statements of the store on SQLite: one prepared statement, run for each row without leaving the process."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from typing import Any

import msgspec
from django.db import connection

from feed.store.rows.tables import Kind, Table, columns_of, moments_as

Key = tuple[Any, ...]

SIZE_SQL = """
    INSERT INTO feed_prooflog (id, size) VALUES (1, %s)
    ON CONFLICT (id) DO UPDATE SET size = size + excluded.size RETURNING size
"""
LEAVES_SQL = "INSERT INTO feed_leafbatch (first, count, committed_at, leaves, details) VALUES (%s, %s, %s, %s, %s)"


def select(table: Table, by: tuple[str, ...], keys: Iterable[Key], *, lock: bool = False) -> list[Any]:
    """The rows whose columns `by` have one of the values in `keys`. A transaction has the database for itself."""
    sql = f"SELECT {listed(table.columns)} FROM {table.name} WHERE " + equal(by)
    read = reader(table)
    rows = []
    with connection.cursor() as cursor:
        for key in keys:
            cursor.execute(sql, key)
            rows += [table.row(*read(values)) for values in cursor.fetchall()]
    return rows


def insert_missing(table: Table, rows: Sequence[Any]) -> None:
    """Insert rows; those that are there already stay as they are."""
    run(insert_sql(table, "OR IGNORE "), table, table.columns, rows)


def write(table: Table, rows: Sequence[Any]) -> None:
    """Insert rows, or replace them under the same key."""
    run(upsert_sql(table), table, table.columns, rows)


def update(table: Table, columns: tuple[str, ...], rows: Sequence[Any]) -> int:
    """Change some columns of rows that exist. Returns how many do."""
    return run(update_sql(table, columns), table, columns + table.key, rows)


def update_if(table: Table, columns: tuple[str, ...], row: Any, given: Mapping[str, Any]) -> bool:
    """Change some columns of a row that exists, as long as it has the values in `given`. Whether it did."""
    sql = update_sql(table, columns) + "".join(f' AND "{name}" IS %s' for name in given)
    ((*values,),) = written(table, columns + table.key, [row])
    values += [field(table.kinds[name], [value])[0] for name, value in given.items()]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.rowcount == 1


def delete(table: Table, rows: Sequence[Any]) -> None:
    run(f"DELETE FROM {table.name} WHERE {equal(table.key)}", table, table.key, rows)


def append(table: Table, rows: Sequence[Any]) -> None:
    """Add rows of a table that has no key of ours (history)."""
    run(insert_sql(table, ""), table, table.columns, rows)


def append_leaves(count: int, committed_at: datetime, leaves: bytes, details: bytes | None) -> None:
    """Number these leaves on, and keep them with what else is known of their messages."""
    with connection.cursor() as cursor:
        cursor.execute(SIZE_SQL, [count])
        size = cursor.fetchone()[0]
        cursor.execute(LEAVES_SQL, [size - count, count, time_text(committed_at), leaves, details])


def run(sql: str, table: Table, columns: tuple[str, ...], rows: Sequence[Any]) -> int:
    """Run a statement for each row. Returns how many it changed."""
    with connection.cursor() as cursor:
        cursor.executemany(sql, written(table, columns, rows))
        return cursor.rowcount


@cache
def insert_sql(table: Table, how: str) -> str:
    marks = ", ".join("%s" for _ in table.columns)
    return f"INSERT {how}INTO {table.name} ({listed(table.columns)}) VALUES ({marks})"


@cache
def upsert_sql(table: Table) -> str:
    others = [name for name in table.columns if name not in table.key]
    changes = ", ".join(f'"{name}" = excluded."{name}"' for name in others)
    return f"{insert_sql(table, '')} ON CONFLICT ({listed(table.key)}) DO UPDATE SET {changes}"


@cache
def update_sql(table: Table, columns: tuple[str, ...]) -> str:
    return f"UPDATE {table.name} SET " + ", ".join(f'"{c}" = %s' for c in columns) + " WHERE " + equal(table.key)


def equal(columns: Iterable[str]) -> str:
    return " AND ".join(f'"{name}" = %s' for name in columns)


def listed(columns: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in columns)


def written(table: Table, columns: tuple[str, ...], rows: Sequence[Any]) -> list[Key]:
    """The rows' values as Django's SQLite fields have them."""
    found = [field(table.kinds[name], values) for name, values in columns_of(rows, columns).items()]
    return list(zip(*found, strict=True))


def field(kind: Kind, values: Sequence[Any]) -> Sequence[Any]:
    """A column's values."""
    if kind is Kind.TIME:
        return moments_as(time_text, values, None)
    if kind is Kind.PRICE:
        return [None if value is None else str(value) for value in values]
    if kind is Kind.JSON:
        return [None if value is None else msgspec.json.encode(value).decode() for value in values]
    return values


def reader(table: Table) -> Callable[[Key], list[Any]]:
    """Makes a row's values of what SQLite returns."""
    places = [(n, READERS[kind]) for n, kind in enumerate(table.kinds.values()) if kind in READERS]

    def read(values: Key) -> list[Any]:
        found = list(values)
        for n, convert in places:
            if found[n] is not None:
                found[n] = convert(found[n])
        return found

    return read


def time_text(moment: datetime) -> str:
    return moment.isoformat(" ")[: -len("+00:00")]


def aware(moment: datetime | str) -> datetime:
    return (datetime.fromisoformat(moment) if isinstance(moment, str) else moment).replace(tzinfo=UTC)


def exact(number: float) -> Decimal:
    """A price from SQLite's REAL: its shortest form is what was written, up to 15 digits."""
    return Decimal(repr(number))


READERS: dict[Kind, Callable[[Any], Any]] = {
    Kind.TIME: aware,
    Kind.PRICE: exact,
    Kind.JSON: msgspec.json.decode,
    Kind.BOOL: bool,
}
