"""Bookmakers' names, remembered by each process: they are few, hardly ever renamed, and needed for every price."""

import time
from collections.abc import Collection

from feed.models import Provider

#: A name that LSports changed is on pages after this.
REMEMBERED_SECONDS = 60.0


class ProviderNames:
    """Names by the bookmaker's id. From any thread."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        self.names: dict[int, str] = {}
        self.looked_up: frozenset[int] = frozenset()
        self.read_at = float("-inf")

    def of(self, ids: Collection[int]) -> dict[int, str]:
        """All known names, with those of `ids` where LSports has sent them: a query only where some id is new."""
        is_old = (begun := time.monotonic()) - self.read_at > REMEMBERED_SECONDS
        if is_old or not self.looked_up.issuperset(ids):
            self.names = dict(Provider.objects.values_list("pk", "name"))
            self.looked_up = (frozenset() if is_old else self.looked_up).union(ids, self.names)
            self.read_at = begun if is_old else self.read_at
        return self.names


NAMES = ProviderNames()
