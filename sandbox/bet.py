"""A bet, what each bookmaker quotes for it, and what changed in a market at one moment."""

from collections.abc import Collection
from zlib import crc32

from feed.codes import BetStatus, Settlement

from .bookmakers import Bookmaker
from .markets import Chance, Market


class Quote:
    """A bet at a bookmaker. `at` is in milliseconds since 1970, `fair` the chance that the price was made from."""

    __slots__ = ("at", "fair", "id", "price", "reason", "start", "status")

    def __init__(
        self, number: int, start: float, price: float, status: int, reason: int | None, at: int, fair: float
    ) -> None:
        self.id = number
        self.start = start
        self.price = price
        self.status = status
        self.reason = reason
        self.at = at
        self.fair = fair


class Bet:
    """`decided` is the result by what has happened so far, `settlement` the one that was sent; `due` is when to send
    it."""

    __slots__ = (
        "base", "decided", "doubted", "due", "label", "line", "market", "name", "order", "participant", "player",
        "quotes", "rolled_back", "settlement",
    )  # fmt: skip

    def __init__(self, market: Market, line: float | None, chance: Chance, order: int) -> None:
        self.market = market
        self.line = line
        self.name = chance.name
        self.label = chance.line
        self.base = chance.base
        self.participant = chance.participant
        self.player = chance.player
        self.order = order
        self.quotes: dict[int, Quote] = {}
        self.decided: Settlement | None = None
        self.settlement: Settlement | None = None
        self.doubted = False
        self.rolled_back = False
        self.due = 0

    @property
    def is_open(self) -> bool:
        """It can still be bet on, prices permitting."""
        return self.decided is None and self.settlement in (None, Settlement.CANCELLED)

    @property
    def is_waiting(self) -> bool:
        """It has to be settled, or its settlement undone."""
        if self.decided is None:
            return self.settlement not in (None, Settlement.CANCELLED)
        return self.doubted or self.decided != self.settlement


class Moves:
    """What changed in one market at one moment: for each bookmaker (0: LSports' calculation) the bets.

    `whole` are all bets of the market, the others too.
    """

    __slots__ = ("bets", "main_line", "market", "whole")

    def __init__(
        self, market: Market, main_line: str | None, bets: dict[int, list[Bet]], whole: Collection[Bet]
    ) -> None:
        self.market = market
        self.main_line = main_line
        self.bets = bets
        self.whole = whole

    def status(self, book: int | None = None) -> BetStatus:
        """The whole market's, or a bookmaker's: open where any bet is, settled where every one is."""
        found = {quote.status for bet in self.whole for number, quote in bet.quotes.items() if book in (None, number)}
        if BetStatus.OPEN in found:
            return BetStatus.OPEN
        return BetStatus.SUSPENDED if BetStatus.SUSPENDED in found else BetStatus.SETTLED


def bet_id(bet: Bet, book: Bookmaker, fixture_id: int) -> int:
    """Above 2^53 and ending in the fixture's id, as LSports' are."""
    key = f"{bet.market.id}/{bet.line}/{bet.name}/{book.id}/{fixture_id}"
    return (100_000_000 + crc32(key.encode()) % 2_000_000_000) * 100_000_000 + fixture_id
