"""Which database's statements the store speaks."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol, cast

from django.db import connection

from feed.store.rows.tables import Table

from . import postgresql, sqlite


class Statements(Protocol):
    """What both databases can do; each works on all of its rows at once."""

    def select(
        self, table: Table, by: tuple[str, ...], keys: Iterable[tuple[Any, ...]], *, lock: bool = False
    ) -> list[Any]: ...

    def insert_missing(self, table: Table, rows: Sequence[Any]) -> None: ...

    def write(self, table: Table, rows: Sequence[Any]) -> None: ...

    def update(self, table: Table, columns: tuple[str, ...], rows: Sequence[Any]) -> int: ...

    def update_if(self, table: Table, columns: tuple[str, ...], row: Any, given: Mapping[str, Any]) -> bool: ...

    def delete(self, table: Table, rows: Sequence[Any]) -> None: ...

    def append(self, table: Table, rows: Sequence[Any]) -> None: ...

    def append_leaves(self, count: int, committed_at: datetime, leaves: bytes, details: bytes | None) -> None: ...


def statements() -> Statements:
    """The statements in the dialect of the default database."""
    return cast(Statements, postgresql if connection.vendor == "postgresql" else sqlite)
