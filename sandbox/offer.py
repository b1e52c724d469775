"""A fixture's bets at every bookmaker: opened, priced, suspended, settled, rolled back.

A bet is one (market, line, name). Each bookmaker, and LSports' own calculation beside them, has its quote of it. A book
is priced whole from one outlook, so that it gives no arbitrage against itself.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from random import Random
from zlib import crc32

from feed.codes import BetStatus, Settlement

from .bookmakers import CALCULATED, Bookmaker, Opinion, price_of
from .markets import Market, text
from .match import Match
from .numbers import Reason

#: "About 1 minute after the deciding incident" (protocol.md section 5).
SETTLE_SECONDS = (55.0, 75.0)


@dataclass(slots=True)
class Quote:
    """A bet at a bookmaker. `at` is in milliseconds since 1970."""

    id: int
    start: float
    price: float
    status: int
    reason: int | None
    at: int
    fair: float


@dataclass(slots=True)
class Bet:
    market: Market
    line: float | None
    name: str
    label: str | None
    order: int
    participant: int | None = None
    quotes: dict[int, Quote] = field(default_factory=dict)
    settlement: Settlement | None = None
    decided: Settlement | None = None
    due: int = 0

    @property
    def is_due_some_time(self) -> bool:
        """It has to be settled, or its settlement undone."""
        if self.decided is None:
            return self.settlement not in (None, Settlement.CANCELLED)
        return self.decided != self.settlement

    @property
    def base(self) -> str | None:
        return None if self.line is None else text(self.line)


@dataclass(slots=True)
class Moves:
    """What changed in one market at one moment: for each bookmaker (0: calculated) the bets."""

    market: Market
    main_line: str | None
    bets: dict[int, list[Bet]]


class Offer:
    """All bets of one match. `bookmakers` are those that offer it; opinions wander on the match's own `rng`."""

    def __init__(
        self, match: Match, markets: Sequence[Market], bookmakers: Sequence[Bookmaker], rng: Random, speed: float
    ) -> None:
        self.match = match
        self.markets = markets
        self.books = (CALCULATED, *bookmakers)
        self.rng = rng
        self.speed = speed
        self.opinions = {book.id: Opinion() for book in self.books}
        self.bets: dict[tuple[int, float | None, str], Bet] = {}
        self.main_lines: dict[int, str | None] = {}
        self.halted: Reason | None = None

    def quote(self, books: Iterable[Bookmaker], now: int, *, wander: bool = True) -> list[Moves]:
        """These bookmakers look again at the match; what they changed. Nothing while betting is halted."""
        if self.halted is not None or self.match.over:
            return []
        moves: dict[int, Moves] = {}
        for book in books:
            opinion = self.opinions[book.id]
            if wander:
                opinion.wander(book, self.rng)
            outlook = self.match.outlook(opinion)
            for market in self.markets[: book.reach]:
                changed = self._quote_market(book, market, outlook, now)
                if changed:
                    moves.setdefault(market.id, self._moves(market)).bets[book.id] = changed
        return list(moves.values())

    def _quote_market(self, book: Bookmaker, market: Market, outlook, now: int) -> list[Bet]:  # type: ignore[no-untyped-def]
        lines = market.lines(outlook, self.match)
        if book is CALCULATED and lines:
            self.main_lines[market.id] = None if lines[0] is None else text(lines[0])
        margin = book.margin * market.greed
        changed = []
        for line in lines:
            chances = market.chances(outlook, self.match, line)
            priced = [price_of(chance.fair, margin) for chance in chances]
            held = any(chance.fair * (1 + margin) > 0.965 for chance in chances)
            for order, (chance, price) in enumerate(zip(chances, priced, strict=True), 1):
                bet = self._bet(market, line, chance.name, chance.line, order)
                if bet is not None and self._reprice(bet, book, price, chance.fair, held, now):
                    changed.append(bet)
        changed += self._withdraw(book, market, lines, now)
        return changed

    def _bet(self, market: Market, line: float | None, name: str, label: str | None, order: int) -> Bet | None:
        key = market.id, line, name
        bet = self.bets.get(key)
        if bet is None:
            bet = self.bets[key] = Bet(market, line, name, label, order)
        return bet if bet.decided is None and bet.settlement in (None, Settlement.CANCELLED) else None

    def _reprice(self, bet: Bet, book: Bookmaker, price: float | None, fair: float, held: bool, now: int) -> bool:
        quote = bet.quotes.get(book.id)
        if quote is None:
            if price is None or held:
                return False
            bet_id = self.bet_id(bet, book)
            bet.quotes[book.id] = Quote(bet_id, price, price, BetStatus.OPEN, None, now, fair)
            return True
        status, reason = (
            (BetStatus.SUSPENDED, Reason.OUT_OF_PRICE_RANGE) if held or price is None else (BetStatus.OPEN, None)
        )
        price = quote.price if price is None or held else price
        if (price, status, reason) == (quote.price, quote.status, quote.reason):
            return False
        quote.price, quote.status, quote.reason, quote.at, quote.fair = price, status, reason, now, fair
        return True

    def _withdraw(self, book: Bookmaker, market: Market, lines: Sequence[float | None], now: int) -> list[Bet]:
        """Lines that are no longer offered are suspended, not removed."""
        return [
            bet
            for bet in self.of_market(market)
            if bet.line not in lines and self._suspend(bet, book.id, Reason.OUT_OF_LINE_RANGE, now)
        ]

    def _suspend(self, bet: Bet, book: int, reason: Reason, now: int) -> bool:
        quote = bet.quotes.get(book)
        if quote is None or quote.status != BetStatus.OPEN:
            return False
        quote.status, quote.reason, quote.at = BetStatus.SUSPENDED, reason, now
        return True

    def halt(self, reason: Reason, now: int) -> list[Moves]:
        """Everything is suspended at every bookmaker, until `resume`."""
        self.halted = reason
        moves = []
        for market in self.markets:
            held = self._moves(market)
            for book in self.books:
                bets = [bet for bet in self.of_market(market) if self._suspend(bet, book.id, reason, now)]
                if bets:
                    held.bets[book.id] = bets
            if held.bets:
                moves.append(held)
        return moves

    def resume(self) -> None:
        self.halted = None

    def decide(self, now: int) -> bool:
        """Look which bets what happened has decided, or undecided again; true when one is to be settled or undone."""
        waiting = False
        for bet in self.bets.values():
            decided = bet.market.settle(self.match, bet.line, bet.name) if bet.quotes else None
            if decided != bet.decided:
                bet.decided = decided
                bet.due = now + self._settle_delay()
            waiting = waiting or bet.is_due_some_time
        return waiting

    def settle(self, now: int) -> list[Moves]:
        """Bets whose minute has passed: settled; or, when what they were settled by is no longer so, cancelled (-1)."""
        moves: dict[int, Moves] = {}
        for bet in self.bets.values():
            if not bet.is_due_some_time or bet.due > now:
                continue
            if bet.settlement in (None, Settlement.CANCELLED):
                bet.settlement = bet.decided
            else:
                bet.settlement, bet.due = Settlement.CANCELLED, now + self._settle_delay()
            for book, quote in bet.quotes.items():
                quote.at = now
                quote.status, quote.reason = BetStatus.SETTLED, None
                moves.setdefault(bet.market.id, self._moves(bet.market)).bets.setdefault(book, []).append(bet)
        return list(moves.values())

    def _settle_delay(self) -> int:
        return int(self.rng.uniform(*SETTLE_SECONDS) * 1000 / self.speed)

    def of_market(self, market: Market) -> Iterator[Bet]:
        return (bet for bet in self.bets.values() if bet.market is market)

    def everything(self) -> list[Moves]:
        """All bets that are not settled, as the first, full messages tell them."""
        moves = []
        for market in self.markets:
            whole = self._moves(market)
            for bet in self.of_market(market):
                if bet.settlement is None:
                    for book in bet.quotes:
                        whole.bets.setdefault(book, []).append(bet)
            if whole.bets:
                moves.append(whole)
        return moves

    def _moves(self, market: Market) -> Moves:
        return Moves(market, self.main_lines.get(market.id), {})

    def bet_id(self, bet: Bet, book: Bookmaker) -> int:
        """Above 2^53 and ending in the fixture's id, as LSports' are."""
        fixture_id = self.match.card.fixture_id
        key = f"{bet.market.id}/{bet.line}/{bet.name}/{book.id}/{fixture_id}"
        return (100_000_000 + crc32(key.encode()) % 2_000_000_000) * 100_000_000 + fixture_id
