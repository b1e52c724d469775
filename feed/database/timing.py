"""How many statements this process sent to the database, and how long they took, for the metrics."""

import threading
import time
from collections.abc import Callable
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper


class Statements:
    """Counts of this process. A statement that fails counts too."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.number = self.failed = 0
        self.seconds = 0.0

    def note(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        """Django's execute wrapper: carries the statement out."""
        began, failed = time.perf_counter(), 1
        try:
            result = execute(sql, params, many, context)
            failed = 0
            return result
        finally:
            with self.lock:
                self.number += 1
                self.failed += failed
                self.seconds += time.perf_counter() - began


STATEMENTS = Statements()


def count_statements(connection: BaseDatabaseWrapper, **_: object) -> None:
    """Receives Django's `connection_created`: from now on the connection's statements count."""
    if STATEMENTS.note not in connection.execute_wrappers:
        connection.execute_wrappers.append(STATEMENTS.note)
