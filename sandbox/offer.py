"""A fixture's bets at every bookmaker: opened, priced, suspended, settled, rolled back.

A bet is one (market, line, name). Each bookmaker, and LSports' own calculation beside them, has its quote of it. A book
is priced whole from one outlook, so that it gives no arbitrage against itself.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from random import Random
from typing import Any

from feed.codes import BetStatus, Settlement

from .bet import Bet, Moves, Quote, bet_id
from .bookmakers import CALCULATED, Bookmaker, Opinion, prices_of
from .contest import Contest
from .markets import Chance, Market, text
from .numbers import Reason

#: "About 1 minute after the deciding incident" (docs/protocol.md, Settlement timing), in seconds of the contest.
SETTLE_SECONDS = (55.0, 75.0)
#: How often settlements are doubted and cancelled once, to be made again.
DOUBTED = 0.01


class Offer:
    """All bets of one contest at `bookmakers`; `speed` is how much faster than real time it goes."""

    def __init__(
        self, contest: Contest, markets: Sequence[Market], bookmakers: Sequence[Bookmaker], rng: Random, speed: float
    ) -> None:
        self.contest = contest
        self.markets = markets
        self.books = (CALCULATED, *bookmakers)
        self.rng = rng
        self.speed = speed
        self.opinions = {book.id: Opinion() for book in self.books}
        self.bets: dict[int, dict[tuple[float | None, str], Bet]] = {market.id: {} for market in markets}
        self.main_lines: dict[int, str | None] = {}
        self.halted: Reason | None = None
        #: Markets that a bookmaker has taken off for a while, by (bookmaker, market).
        self.paused: set[tuple[int, int]] = set()
        #: Markets that a customer has suspended by hand.
        self.held: set[int] = set()

    @property
    def is_open(self) -> bool:
        """Betting goes on: prices can move."""
        return self.halted is None and not self.contest.done

    def __iter__(self) -> Iterator[Bet]:
        for bets in self.bets.values():
            yield from bets.values()

    def quote(self, books: Iterable[Bookmaker], now: int) -> list[Moves]:
        """These bookmakers look again at the contest; what they changed. Nothing while betting is halted."""
        moves: dict[int, Moves] = {}
        if not self.is_open:
            return []
        for book in books:
            opinion = self.opinions[book.id]
            opinion.wander(book, self.rng)
            outlook = self.contest.outlook(opinion)
            for market in self.markets[: book.reach]:
                if (book.id, market.id) in self.paused:
                    continue
                if changed := self._quote_market(book, market, outlook, now):
                    moves.setdefault(market.id, self._moves(market)).bets[book.id] = changed
        return list(moves.values())

    def _quote_market(self, book: Bookmaker, market: Market, outlook: Any, now: int) -> list[Bet]:
        lines = market.lines(outlook, self.contest)
        if book is CALCULATED and lines:
            self.main_lines[market.id] = None if lines[0] is None else text(lines[0])
        changed: list[Bet] = []
        for line in lines:
            chances = market.chances(outlook, self.contest, line)
            changed += self._quote_line(book, market, line, chances, now)
        for bet in self.bets[market.id].values():
            if bet.line not in lines and self._suspend(bet, book.id, Reason.OUT_OF_LINE_RANGE, now):
                changed.append(bet)
        return changed

    def _quote_line(
        self, book: Bookmaker, market: Market, line: float | None, chances: list[Chance], now: int
    ) -> Iterator[Bet]:
        """What is decided is off until it is settled."""
        prices = prices_of([chance.fair for chance in chances], book.margin * market.greed)
        for order, (chance, offered) in enumerate(zip(chances, prices, strict=True), 1):
            bet = self._bet(market, line, chance, order)
            price = offered if bet.is_open else None
            if self._reprice(bet, book, price, chance, now):
                yield bet

    def _bet(self, market: Market, line: float | None, chance: Chance, order: int) -> Bet:
        bets = self.bets[market.id]
        bet = bets.get((line, chance.name))
        if bet is None:
            bet = bets[line, chance.name] = Bet(market, line, chance, order)
        return bet

    def _reprice(self, bet: Bet, book: Bookmaker, price: float | None, chance: Chance, now: int) -> bool:
        quote = bet.quotes.get(book.id)
        if quote is None:
            if price is not None:
                number = bet_id(bet, book, self.contest.card.fixture_id)
                bet.quotes[book.id] = Quote(number, price, price, BetStatus.OPEN, None, now, chance.fair)
            return price is not None
        if price is None:
            return self._suspend(bet, book.id, Reason.OUT_OF_PRICE_RANGE, now)
        if price == quote.price and quote.status == BetStatus.OPEN:
            return False
        quote.price, quote.status, quote.reason, quote.at, quote.fair = price, BetStatus.OPEN, None, now, chance.fair
        return True

    def _suspend(self, bet: Bet, book: int, reason: Reason, now: int) -> bool:
        quote = bet.quotes.get(book)
        if quote is None or quote.status != BetStatus.OPEN:
            return False
        quote.status, quote.reason, quote.at = BetStatus.SUSPENDED, reason, now
        return True

    def halt(self, reason: Reason, now: int) -> list[Moves]:
        """Everything is suspended at every bookmaker, until `resume`."""
        self.halted = reason
        return self.suspend(self.books, reason, now)

    def suspend(self, books: Iterable[Bookmaker], reason: Reason, now: int) -> list[Moves]:
        moves = []
        for market in self.markets:
            held = self._moves(market)
            for book in books:
                bets = [bet for bet in self.bets[market.id].values() if self._suspend(bet, book.id, reason, now)]
                if bets:
                    held.bets[book.id] = bets
            if held.bets:
                moves.append(held)
        return moves

    def resume(self) -> None:
        self.halted = None

    def pause(self, book: Bookmaker, market: Market, now: int) -> list[Moves]:
        """A bookmaker takes a market off for a while. Once more than half have, LSports' calculated bets go too."""
        self.paused.add((book.id, market.id))
        held = self._moves(market)
        self._pause_market(held, book, Reason.PROVIDERS, now)
        if self._most_paused(market):
            self.paused.add((CALCULATED.id, market.id))
            self._pause_market(held, CALCULATED, Reason.MAJORITY, now)
        return [held] if held.bets else []

    def _pause_market(self, held: Moves, book: Bookmaker, reason: Reason, now: int) -> None:
        bets = [bet for bet in self.bets[held.market.id].values() if self._suspend(bet, book.id, reason, now)]
        if bets:
            held.bets[book.id] = bets

    def hold(self, markets: Collection[int], now: int) -> list[Moves]:
        """Suspend these markets (none named: all) at every bookmaker, until `release`."""
        moves = []
        for market in self.markets:
            if not markets or market.id in markets:
                self.held.add(market.id)
                self.paused |= {(book.id, market.id) for book in self.books}
                held = self._moves(market)
                for book in self.books:
                    self._pause_market(held, book, Reason.SYSTEM, now)
                moves += [held] if held.bets else []
        return moves

    def release(self, markets: Collection[int]) -> None:
        chosen = {market.id for market in self.markets if not markets or market.id in markets}
        self.held -= chosen
        self.paused = {(book, market) for book, market in self.paused if market not in chosen}

    def unpause(self, book: Bookmaker, market: Market) -> None:
        if market.id in self.held:
            return
        self.paused.discard((book.id, market.id))
        if not self._most_paused(market):
            self.paused.discard((CALCULATED.id, market.id))

    def _most_paused(self, market: Market) -> bool:
        offering = [book for book in self.books[1:] if market in self.markets[: book.reach]]
        return sum((book.id, market.id) in self.paused for book in offering) * 2 > len(offering)

    def decide(self, now: int) -> bool:
        """Find the bets that are decided by now, or undecided again; true if one must be settled or unsettled."""
        waiting = False
        for bet in self:
            if not bet.quotes:
                continue
            decided = bet.market.settle(self.contest, bet.line, bet.name)
            if decided is None and self.contest.void:
                decided = Settlement.REFUND
            if decided != bet.decided:
                bet.decided = decided
                bet.due = now + self._settle_delay()
            waiting = waiting or bet.is_waiting
        return waiting

    def settle(self, now: int) -> list[Moves]:
        """Bets whose minute has passed: settled. A bet whose result has changed since, or is doubted, is cancelled (-1)
        first and settled again later."""
        moves: dict[int, Moves] = {}
        doubted = self.rng.random() < DOUBTED
        for bet in self:
            if not bet.is_waiting or bet.due > now:
                continue
            if bet.settlement in (None, Settlement.CANCELLED):
                bet.settlement, bet.doubted = bet.decided, doubted and not bet.rolled_back
            else:
                bet.settlement, bet.doubted, bet.rolled_back = Settlement.CANCELLED, False, True
            bet.due = now + self._settle_delay()
            for book, quote in bet.quotes.items():
                quote.at, quote.status, quote.reason = now, BetStatus.SETTLED, None
                moves.setdefault(bet.market.id, self._moves(bet.market)).bets.setdefault(book, []).append(bet)
        return list(moves.values())

    @property
    def is_waiting(self) -> bool:
        """Some bet is still to be settled, or its settlement undone."""
        return any(bet.is_waiting for bet in self)

    def everything(self, *, settled: bool = False) -> list[Moves]:
        """All bets, for the first, full messages; settled ones only if asked for."""
        moves = []
        for market in self.markets:
            whole = self._moves(market)
            for bet in self.bets[market.id].values():
                if settled or bet.is_open:
                    for book in bet.quotes:
                        whole.bets.setdefault(book, []).append(bet)
            if whole.bets:
                moves.append(whole)
        return moves

    def _settle_delay(self) -> int:
        return int(self.rng.uniform(*SETTLE_SECONDS) * 1000 / self.speed)

    def _moves(self, market: Market) -> Moves:
        return Moves(market, self.main_lines.get(market.id), {}, self.bets[market.id].values())
