"""A fault: something that is wrong, and for how long it may be so before an alarm is sent."""

from datetime import datetime, timedelta

import msgspec


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """Something is wrong since `since`: its `kind`, what it is `about`, and a `text` for people. An alarm is sent after
    `patience`."""

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
