"""The statements of the store on PostgreSQL: each takes all of its rows in one round trip, as an array of records.

Measured against other ways, Django's own among them, in docs/decisions.md, "The store's SQL".
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache, lru_cache
from itertools import starmap
from typing import Any, cast

import msgspec
import psycopg
from django.db import connection
from psycopg.abc import Loader
from psycopg.pq import Format

from feed.store.rows.tables import Kind, Table, columns_of, moments_as

Key = tuple[Any, ...]

TIME_LOADER = cast(type[Loader], psycopg.adapters.get_loader(psycopg.postgres.types["timestamptz"].oid, Format.TEXT))
#: Distinct texts (names, lines) whose quoted form is remembered.
TEXTS_REMEMBERED = 20_000
#: Numbers leaves and keeps them. The log's row stays locked until the commit, so numbers follow commits.
LEAVES_SQL = """
    WITH log AS (
        INSERT INTO feed_prooflog (id, size) VALUES (1, %s::bigint)
        ON CONFLICT (id) DO UPDATE SET size = feed_prooflog.size + excluded.size RETURNING size
    )
    INSERT INTO feed_leafbatch (first, count, committed_at, leaves, details)
    SELECT size - %s::bigint, %s::bigint, %s::timestamptz, %s::bytea, %s::bytea FROM log
"""
#: Rows worked on together: few enough to stay in the processor's cache until they are done.
HANDFUL = 100


def select(table: Table, by: tuple[str, ...], keys: Iterable[Key], *, lock: bool = False) -> list[Any]:
    """The rows whose columns `by` have one of the values in `keys`; locked in the order of their keys, if asked.

    They are read in chunks, while PostgreSQL looks for the next.
    """
    arrays = ["{" + ",".join(map(str, values)) + "}" for values in zip(*keys, strict=True)]
    with connection.wrap_database_errors, raw_cursor() as cursor:
        found = cursor.stream(select_sql(table, by, lock).encode(), arrays, size=HANDFUL)
        return list(as_rows(table, found))


def insert_missing(table: Table, rows: Sequence[Any]) -> None:
    """Insert rows; those that are there already stay as they are."""
    execute(insert_sql(table, "DO NOTHING"), [records(table, table.columns, rows)])


def write(table: Table, rows: Sequence[Any]) -> None:
    """Insert rows, or replace them under the same key."""
    execute(insert_sql(table, replacing(table)), [records(table, table.columns, rows)])


def update(table: Table, columns: tuple[str, ...], rows: Sequence[Any]) -> int:
    """Change some columns of rows that exist. Returns how many do."""
    if len(rows) == 1:
        sql, parameters = update_one_sql(table, columns), parameters_of(table, columns + table.key, rows[0])
    else:
        sql, parameters = update_sql(table, columns), [records(table, table.key + columns, rows)]
    with connection.wrap_database_errors, raw_cursor() as cursor:
        cursor.execute(sql.encode(), parameters)
        return cursor.rowcount


def update_if(table: Table, columns: tuple[str, ...], row: Any, given: Mapping[str, Any]) -> bool:
    """Change some columns of a row that exists, as long as it has the values in `given`. Whether it did."""
    sql = update_one_sql(table, columns, tuple(given))
    parameters = parameters_of(table, columns + table.key, row)
    parameters += [parameter(table.kinds[name], value) for name, value in given.items()]
    with connection.wrap_database_errors, raw_cursor() as cursor:
        cursor.execute(sql.encode(), parameters)
        return cursor.rowcount == 1


def delete(table: Table, rows: Sequence[Any]) -> None:
    execute(delete_sql(table), [records(table, table.key, rows)])


def append(table: Table, rows: Sequence[Any]) -> None:
    """Add rows of a table that has no key of ours (history)."""
    sql = f"COPY {table.name} ({listed(table.columns)}) FROM STDIN"
    with connection.wrap_database_errors, raw_cursor() as cursor, cursor.copy(sql.encode()) as copy:
        for some in handfuls(rows):
            columns = [copied(table, name, values) for name, values in columns_of(some, table.columns).items()]
            copy.write("\n".join(map("\t".join, zip(*columns, strict=True))) + "\n")


def append_leaves(count: int, committed_at: datetime, leaves: bytes, details: bytes | None) -> None:
    """Number these leaves on, and keep them with what else is known of their messages."""
    with connection.wrap_database_errors, raw_cursor() as cursor:
        cursor.execute(LEAVES_SQL.encode(), [count, count, count, committed_at, leaves, details])


def execute(sql: str, parameters: Sequence[str]) -> list[Key]:
    with connection.wrap_database_errors, raw_cursor() as cursor:
        cursor.execute(sql.encode(), parameters)
        return cursor.fetchall() if cursor.description else []


def raw_cursor() -> psycopg.Cursor[Key]:
    """A cursor that sends parameters beside the statement, and reads times in C: Django's own does neither."""
    cursor = psycopg.Cursor(connection.connection)
    cursor.adapters.register_loader("timestamptz", TIME_LOADER)
    return cursor


@cache
def select_sql(table: Table, by: tuple[str, ...], lock: bool) -> str:
    chosen = ", ".join(f't."{name}"' for name in table.columns)
    tail = f" ORDER BY {', '.join(f't.{name}' for name in table.key)} FOR UPDATE OF t" if lock else ""
    if len(by) == 1:
        return f'SELECT {chosen} FROM {table.name} t WHERE t."{by[0]}" = ANY(%s::bigint[]){tail}'
    keys = f"unnest({', '.join('%s::bigint[]' for _ in by)}) AS k ({listed(by)})"
    return f"SELECT {chosen} FROM {table.name} t JOIN {keys} ON {same(by)}{tail}"


@cache
def insert_sql(table: Table, on_conflict: str) -> str:
    given = ", ".join(f'k."{name}"' for name in table.columns)
    return (
        f"INSERT INTO {table.name} ({listed(table.columns)}) SELECT {given} FROM unnest(%s::{table.name}[]) AS k"
        f" ON CONFLICT ({listed(table.key)}) {on_conflict}"
    )


@cache
def replacing(table: Table) -> str:
    others = [name for name in table.columns if name not in table.key]
    return "DO UPDATE SET " + ", ".join(f'"{name}" = excluded."{name}"' for name in others)


@cache
def update_sql(table: Table, columns: tuple[str, ...]) -> str:
    changes = ", ".join(f'"{name}" = k."{name}"' for name in columns)
    return f"UPDATE {table.name} t SET {changes} FROM unnest(%s::{table.name}[]) AS k WHERE {same(table.key)}"


@cache
def update_one_sql(table: Table, columns: tuple[str, ...], given: tuple[str, ...] = ()) -> str:
    """The SQL for a single row, as a lone message mostly needs: half the work for the planner."""
    changes = ", ".join(f'"{name}" = %s' for name in columns)
    wanted = [*(f'"{name}" = %s' for name in table.key), *(f'"{name}" IS NOT DISTINCT FROM %s' for name in given)]
    return f"UPDATE {table.name} SET {changes} WHERE " + " AND ".join(wanted)


@cache
def delete_sql(table: Table) -> str:
    return f"DELETE FROM {table.name} t USING unnest(%s::{table.name}[]) AS k WHERE {same(table.key)}"


def same(columns: Iterable[str]) -> str:
    return " AND ".join(f't."{name}" = k."{name}"' for name in columns)


def listed(columns: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in columns)


def records(table: Table, columns: tuple[str, ...], rows: Sequence[Any]) -> str:
    """An array of records as PostgreSQL reads it; columns that are not given are null."""
    written: list[str] = []
    for some in handfuls(rows):
        given, nothing = columns_of(some, columns), [""] * len(some)
        fields = [field(table, name, given[name]) if name in given else nothing for name in places(table.name)]
        written += map(",".join, zip(*fields, strict=True))
    return '{"(' + ')","('.join(written) + ')"}'


def parameters_of(table: Table, columns: tuple[str, ...], row: Any) -> list[str | None]:
    """A row's values as text, of which PostgreSQL makes what each column is."""
    return [parameter(table.kinds[name], getattr(row, name)) for name in columns]


def parameter(kind: Kind, value: Any) -> str | None:
    if value is None:
        return None
    if kind is Kind.TIME:
        return str(value.isoformat())
    return json_text(value) if kind is Kind.JSON else str(value)


def handfuls(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (rows[start : start + HANDFUL] for start in range(0, len(rows), HANDFUL))


@cache
def places(table: str) -> list[str]:
    """The table's columns in the order of a record of it."""
    sql = (
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped"
        " ORDER BY attnum"
    )
    return [name for (name,) in execute(sql, [table])]


def field(table: Table, column: str, values: Sequence[Any]) -> list[str]:
    """A column's values as the fields of records within an array. Only text needs quotes."""
    kind = table.kinds[column]
    if kind is Kind.TEXT:
        return list(map(quoted, values))
    if kind is Kind.JSON:
        return ["" if value is None else in_quotes(json_text(value)) for value in values]
    return plain(kind, column in table.nullable, values, null="")


def copied(table: Table, column: str, values: Sequence[Any]) -> list[str]:
    """A column's values as COPY reads them; the journal has no text."""
    kind = table.kinds[column]
    if kind is Kind.BYTES:
        return ["\\\\x" + value.hex() for value in values]
    if kind is Kind.JSON:
        return [json_text(value).replace("\\", "\\\\") for value in values]
    return plain(kind, column in table.nullable, values, null="\\N")


def plain(kind: Kind, is_nullable: bool, values: Sequence[Any], null: str) -> list[str]:
    """Numbers, times and booleans as text."""
    if kind is Kind.TIME:
        return moments_as(datetime.isoformat, values, null)
    if is_nullable:
        return [null if value is None else str(value) for value in values]
    return list(map(str, values))


@lru_cache(TEXTS_REMEMBERED)
def quoted(text: str) -> str:
    return in_quotes(text)


def in_quotes(text: str) -> str:
    """Text as a record within an array needs it: escaped twice. Without quotes "" would be null."""
    return '\\"' + escaped(escaped(text)) + '\\"'


def escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def json_text(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def as_rows(table: Table, found: Iterable[Key]) -> Iterator[Any]:
    """What the driver returns as rows: only JSON comes as text."""
    if at := json_places(table):
        found = (with_json(values, at) for values in found)
    return starmap(table.row, found)


@cache
def json_places(table: Table) -> list[int]:
    return [n for n, kind in enumerate(table.kinds.values()) if kind is Kind.JSON]


def with_json(values: Key, at: Sequence[int]) -> Key:
    read = list(values)
    for n in at:
        read[n] = None if read[n] is None else msgspec.json.decode(read[n])
    return tuple(read)
