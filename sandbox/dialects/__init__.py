"""LSports' formats. Each makes its own messages of the same happenings."""

from collections.abc import Iterable, Iterator
from random import Random
from typing import Protocol

from sandbox.bet import Moves
from sandbox.bookmakers import Bookmaker
from sandbox.contest import Contest, News
from sandbox.outgoing import Feed, Outgoing

from .envelope import Counting, Post
from .hyper import Hyper
from .oddservice import OddService
from .trade import Odds, Trade


class Dialect(Protocol):
    """What can be sent of a contest. A dialect that has no message for something sends nothing."""

    post: Post

    def heartbeat(self) -> Iterator[Outgoing]: ...

    def keep_alive(self, fixture_ids: list[int]) -> Iterator[Outgoing]: ...

    def fixture(self, contest: Contest) -> Iterator[Outgoing]:
        """Who plays, where and when, and how far it is: whole each time."""

    def livescore(self, contest: Contest, news: Iterable[News]) -> Iterator[Outgoing]:
        """Scores and statistics: whole each time, or (Hyper) the news alone."""

    def market(self, contest: Contest, moves: Moves, feeds: tuple[Feed, ...] | None = None) -> Iterator[Outgoing]:
        """The bets of a market that changed, to `feeds` or to those that serve the contest's odds just now."""

    def settlement(self, contest: Contest, moves: Moves) -> Iterator[Outgoing]:
        """The bets of a market that were settled."""


def make_dialects(names: str, seed: int, books: dict[int, Bookmaker], odds: Odds) -> list[Dialect]:
    """One or several of trade, oddservice-xml and hyper, separated by commas. Raises ValueError on another name."""
    makers = {"trade": Trade, "oddservice-xml": OddService, "hyper": Hyper}
    dialects: list[Dialect] = []
    for name in names.split(","):
        if name not in makers:
            raise ValueError(f"{name!r} is no dialect: there are {', '.join(makers)}")
        dialects.append(makers[name](Post(Random(f"{name} {seed}")), books, odds))
    return dialects


__all__ = ["Counting", "Dialect", "Hyper", "OddService", "Odds", "Post", "Trade", "make_dialects"]
