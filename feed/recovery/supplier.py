"""Whom a source can be asked for what it missed: the interface that whoever looks after packages fulfils."""

from datetime import datetime
from typing import Protocol

import msgspec


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Some fixtures whole, or of those only these markets; or all that changed `since` a moment (LSports' clock)."""

    fixtures: tuple[int, ...] = ()
    markets: tuple[int, ...] = ()
    since: datetime | None = None


class Reply(msgspec.Struct, frozen=True):
    """What came of asking, with a sentence for operators.

    `is_answered`: what came is stored; of a source that is only triggered, it was granted. Not `was_sent`: it is too
    soon, or another call is under way; it costs nothing to ask again in a second.
    """

    is_answered: bool
    sentence: str
    was_sent: bool = True


class Supplier(Protocol):
    """LSports' API for snapshots, within its rates. May take as long as a call; raises `django.db.Error`."""

    def ask(self, source_id: int, wanted: Wanted) -> Reply:
        """Ask for `wanted` of this source and store the answer. A source that is triggered sends what it sends."""
