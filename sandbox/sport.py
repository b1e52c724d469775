"""What the supplier needs to know about a sport, apart from how it is played."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from .card import League, Named
from .markets import Market
from .match import Match


@dataclass(frozen=True, slots=True, kw_only=True)
class Sport:
    """`minutes` is about how long a match takes, breaks included; `squad` how many scorers a side names.

    `halts` are the least and most seconds that betting stops for after a score; None where it goes on.
    """

    id: int
    name: str
    match: type[Match]
    markets: tuple[Market, ...]
    leagues: tuple[League, ...]
    minutes: float
    side_name: Callable[[Random, League], str]
    skill: Callable[[Random, League], tuple[float, float]]
    squad: int = 0
    halts: tuple[float, float] | None = None

    @property
    def named(self) -> Named:
        return Named(self.id, self.name)
