"""A concern: something about a fixture that a person should look at, with its evidence."""

import hashlib
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from django.utils.translation import gettext_lazy

#: What a list shows at most; more than that no person can look at.
MOST = 100


class Kind(StrEnum):
    """The kinds of concern, in the order of the list: what is wrong comes before what is late or absent."""

    SCORE = "score"
    BOOKS = "books"
    CLOSED = "closed"
    HOLE = "hole"
    STALE = "stale"
    SUSPENDED = "suspended"
    START = "start"
    UNATTENDED = "unattended"


RANKS = {kind: rank for rank, kind in enumerate(Kind)}
TITLES = {
    Kind.SCORE: gettext_lazy("Score against price"),
    Kind.BOOKS: gettext_lazy("Bookmaker against bookmakers"),
    Kind.CLOSED: gettext_lazy("Closed though others are open"),
    Kind.HOLE: gettext_lazy("Messages missing"),
    Kind.STALE: gettext_lazy("Bookmaker silent"),
    Kind.SUSPENDED: gettext_lazy("Suspended for long"),
    Kind.START: gettext_lazy("Starts without prices"),
    Kind.UNATTENDED: gettext_lazy("Nobody looks"),
}


class Concern(NamedTuple):
    """`since` is when it began to be so, `due_at` when that becomes too long; `weight` is how bad, within its kind.

    `fixture_id` is 0 for what is of many fixtures, `market_id` and `provider_id` for what is of no single one. `title`
    names the fixture, `text` is the evidence.
    """

    kind: Kind
    fixture_id: int
    market_id: int
    provider_id: int
    since: datetime
    due_at: datetime
    title: str
    text: str
    weight: float = 0.0

    @property
    def about(self) -> tuple[Kind, int, int, int]:
        """What it is about: the same as long as it is the same concern."""
        return self[:4]

    @property
    def key(self) -> str:
        """The same in a word, for those who do not want to see it again."""
        return hashlib.blake2s("-".join(map(str, self.about)).encode(), digest_size=5).hexdigest()

    @property
    def address(self) -> str:
        """Where it can be looked at."""
        if not self.fixture_id:
            return f"/?show=in_play&provider={self.provider_id}" if self.provider_id else "/?show=in_play"
        page = f"/fixtures/{self.fixture_id}/"
        return f"{page}history/?market={self.market_id}" if self.market_id else page


def ranked(concerns: list[Concern]) -> list[Concern]:
    """The worst first."""
    return sorted(concerns, key=lambda concern: (RANKS[concern.kind], -concern.weight, concern.since, concern.about))
