"""Which database's statements the store speaks."""

from collections.abc import Iterable, Sequence
from typing import Any, Protocol, cast

from django.db import connection

from . import postgresql, sqlite
from .tables import Table


class Statements(Protocol):
    """What both databases can do; each works on all of its rows at once."""

    def select(
        self, table: Table, by: tuple[str, ...], keys: Iterable[tuple[Any, ...]], *, lock: bool = False
    ) -> list[Any]: ...

    def insert_missing(self, table: Table, rows: Sequence[Any]) -> None: ...

    def write(self, table: Table, rows: Sequence[Any]) -> None: ...

    def update(self, table: Table, columns: tuple[str, ...], rows: Sequence[Any]) -> None: ...

    def delete(self, table: Table, rows: Sequence[Any]) -> None: ...

    def append(self, table: Table, rows: Sequence[Any]) -> None: ...


def statements() -> Statements:
    """Those of the default database."""
    return cast(Statements, postgresql if connection.vendor == "postgresql" else sqlite)
