"""What the supplier needs to know of a sport besides how it is played."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from .card import League, Named
from .markets import Market
from .match import Match


@dataclass(frozen=True, slots=True, kw_only=True)
class Sport:
    """`minutes` is about how long a match takes, breaks included; `squad` how many scorers a side names."""

    id: int
    name: str
    match: type[Match]
    markets: tuple[Market, ...]
    leagues: tuple[League, ...]
    minutes: float
    side_name: Callable[[Random], str]
    skill: Callable[[Random, League], tuple[float, float]]
    squad: int = 0

    @property
    def named(self) -> Named:
        return Named(self.id, self.name)
