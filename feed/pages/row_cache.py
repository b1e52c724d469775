"""Rows of fixtures that are read again only when their revision has changed."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

Rows = TypeVar("Rows")
#: A fixture, and what was read of it: the query of a part, or a market's id.
Key = tuple[int, Any]


class RowCache:
    """Rows of fixtures, each with the revision that its part or market had when they were read.

    While the revision stays the same they are not read again. For one thread at a time and one database; `trim` bounds
    it.
    """

    def __init__(self) -> None:
        self.fixtures: dict[int, dict[Any, tuple[int, Any]]] = {}

    def read(self, revisions: Mapping[Key, int], read: Callable[[list[Key]], Mapping[Key, Rows]]) -> dict[Key, Rows]:
        """The rows of each key that has some; `read` reads those that are not cached at these revisions."""
        stale = [key for key, revision in revisions.items() if self.revision(key) != revision]
        fresh = read(stale) if stale else {}
        for pk, name in stale:
            self.fixtures.setdefault(pk, {})[name] = revisions[pk, name], fresh.get((pk, name))
        cached = {(pk, name): self.fixtures[pk][name][1] for pk, name in revisions}
        return {key: rows for key, rows in cached.items() if rows is not None}

    def revision(self, key: Key) -> int | None:
        pk, name = key
        return self.fixtures.get(pk, {}).get(name, (None, None))[0]

    def forget(self, fixture_ids: Iterable[int]) -> None:
        for pk in fixture_ids:
            self.fixtures.pop(pk, None)

    def trim(self, most: int) -> None:
        """Keep the `most` fixtures that came last."""
        self.forget(list(self.fixtures)[: max(0, len(self.fixtures) - most)])
