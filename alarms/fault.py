"""What is wrong at one moment."""

from datetime import datetime, timedelta

import msgspec


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """A fault of a `kind`, `about` one thing, since when, in words. An alarm comes after `patience`."""

    kind: str
    about: str
    text: str
    since: datetime
    patience: timedelta = timedelta()

    @property
    def key(self) -> tuple[str, str]:
        return self.kind, self.about

    def is_due(self, now: datetime) -> bool:
        return now - self.since >= self.patience
