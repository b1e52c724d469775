"""Faults of which a trader should hear, sown into the simulated supplier, and what is true of them at every moment.

A fault is sown by what the supplier sends; whether it is evident is worked out from the supplier's own bets, and not
from what the desk has stored. Times are milliseconds since 1970.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from feed.attention.concerns import Kind
from feed.attention.rules import (
    BOOKS_HOLD,
    CLOSED_HOLD,
    LEAST_OTHERS,
    OFF_CHANCE,
    OTHERS_SPEAK,
    SCORE_HOLD,
    START_SPAN,
    SUSPENDED_HOLD,
)
from feed.codes import TOTALS, BetStatus, FixtureStatus, MessageType
from feed.store.gaps import PATIENCE
from sandbox.bet import Bet, Moves
from sandbox.coverage import Coverage
from sandbox.distribution import Distribution
from sandbox.markets import Market
from sandbox.match import Match
from sandbox.outgoing import Outgoing
from sandbox.suspending import suspend

from .attention_truth import (
    is_decided_and_open,
    is_in_play,
    is_off,
    is_shut,
    last_statement,
    mains,
    open_books,
    quotes,
    stands_alone,
    winner,
)

#: Bookmakers that a market needs so that one of them can be wrong.
LEAST_BOOKS = 5
#: A price that no bet on a decided line has.
DECIDED_PRICE = 1.5
#: From the loss of a message to the next one of its market.
NEXT_MS = 300
#: Seconds after which a bookmaker is silent; None where its rhythm is not known.
Limit = Callable[[int], float | None]


@dataclass
class Fault:
    """`is_so` says whether it is so at a moment; after `hold` of it without a break it is evident. Where LSports' own
    times say since when, `since_of` does. `provider_id` is 0 for what is of no single bookmaker."""

    kind: Kind
    coverage: Coverage
    provider_id: int
    is_so: Callable[[int], bool]
    hold: int
    sown_at: int
    since_of: Callable[[int], int | None] | None = None
    since: int | None = None
    evident_at: int | None = None
    listed_at: int | None = None
    ended_at: int | None = None

    def note(self, now: int) -> None:
        """Work out whether it is evident by now."""
        if not self.is_so(now):
            self.since = None
            return
        if self.since is None:
            self.since = now
        since = self.since_of(now) if self.since_of else self.since
        if self.evident_at is None and since is not None and now >= since + self.hold:
            self.evident_at = max(since + self.hold, self.since)


Sow = Callable[["Field", Coverage, int], Fault | None]


@dataclass
class Field:
    """The supplier, in which faults are sown. What is put into `sending` is sent with what comes next."""

    distribution: Distribution
    limit: Limit

    def send(self, messages: Callable[[], Iterator[Outgoing]]) -> None:
        """Send these when time next advances, at the time that it is then."""

        def made() -> Iterator[Outgoing]:
            for dialect in self.distribution.supplier.dialects:
                dialect.post.now = self.distribution.supplier.now
            yield from messages()

        self.distribution.wishes.append(made)

    def send_bets(self, coverage: Coverage, market: Market, book: int, bets: list[Bet]) -> None:
        offer = coverage.offer
        moves = Moves(market, offer.main_lines.get(market.id), {book: bets}, offer.bets[market.id].values())
        self.send(partial(self.distribution.supplier.markets, coverage, [moves]))

    def heal(self, fault: Fault) -> None:
        """Put right what was sown."""
        offer = fault.coverage.offer
        self.distribution.faults.stop("drop")
        offer.release(())
        self.send(partial(self.requoted, fault.coverage))

    def requoted(self, coverage: Coverage) -> Iterator[Outgoing]:
        supplier = self.distribution.supplier
        coverage.offer.quote(coverage.offer.books, supplier.now)
        yield from supplier.markets(coverage, coverage.offer.everything())


def mixed_up(field: Field, coverage: Coverage, now: int) -> Fault | None:
    """A bookmaker has the prices of the sides the wrong way round, and leaves them so."""
    market = winner(coverage)
    if market is None or not is_in_play(coverage) or len(open_books(coverage, market)) < LEAST_BOOKS:
        return None
    book = open_books(coverage, market)[0]
    bets = sorted(quotes(coverage, market, book.id), key=lambda bet: bet.quotes[book.id].price)
    first, last = bets[0].quotes[book.id], bets[-1].quotes[book.id]
    if len(bets) < len(coverage.offer.bets[market.id]) or 1 / first.price - 1 / last.price < 2 * OFF_CHANCE:
        return None
    first.price, last.price, first.at, last.at = last.price, first.price, now, now
    coverage.offer.paused.add((book.id, market.id))
    field.send_bets(coverage, market, book.id, [bets[0], bets[-1]])
    return Fault(Kind.BOOKS, coverage, book.id, lambda _: is_off(coverage, market, book.id), in_ms(BOOKS_HOLD), now)


def open_after_goal(field: Field, coverage: Coverage, now: int) -> Fault | None:
    """A bookmaker opens a total again that the score has passed."""
    if not is_in_play(coverage) or not isinstance(coverage.contest, Match) or coverage.contest.counts_sets:
        return None
    for market in coverage.offer.markets:
        for bet in coverage.offer.bets[market.id].values() if market.id in TOTALS else ():
            if bet.decided is None or bet.settlement is not None or bet.due < now + in_ms(SCORE_HOLD) + 5_000:
                continue
            book = next((book for book in coverage.offer.books[1:] if book.id in bet.quotes), None)
            if book is None or bet.line is None or sum(coverage.contest.score) <= bet.line:
                continue
            quote = bet.quotes[book.id]
            quote.status, quote.reason, quote.price, quote.at = BetStatus.OPEN, None, DECIDED_PRICE, now
            coverage.offer.paused.add((book.id, market.id))
            field.send_bets(coverage, market, book.id, [bet])
            is_so = partial(is_decided_and_open, coverage, bet, book.id)
            return Fault(Kind.SCORE, coverage, book.id, is_so, in_ms(SCORE_HOLD), now)
    return None


def closed_alone(field: Field, coverage: Coverage, now: int) -> Fault | None:
    """A bookmaker takes a market off, and leaves it off."""
    market = winner(coverage)
    if market is None or not is_in_play(coverage) or len(open_books(coverage, market)) < LEAST_BOOKS:
        return None
    book = open_books(coverage, market)[-1]
    moves = coverage.offer.pause(book, market, now)
    field.send(partial(field.distribution.supplier.markets, coverage, moves))

    is_so = partial(stands_alone, coverage, market.id, book.id)
    return Fault(Kind.CLOSED, coverage, book.id, lambda _: is_so(), in_ms(CLOSED_HOLD), now, lambda _: now)


def lost_message(field: Field, coverage: Coverage, now: int) -> Fault | None:
    """A message of a market is lost; the next one shows it."""
    market = winner(coverage)
    if market is None or not is_in_play(coverage) or field.distribution.faults.number("drop"):
        return None
    books = open_books(coverage, market)
    if len(books) < LEAST_OTHERS:
        return None
    aim = f"fixture={coverage.fixture_id},type={MessageType.MARKET.value},market={market.id}"
    field.distribution.faults.start(f"drop:1,{aim}")
    field.send_bets(coverage, market, books[0].id, list(quotes(coverage, market, books[0].id)))

    def send_next(_: int) -> Iterator[Outgoing]:
        field.send_bets(coverage, market, books[1].id, list(quotes(coverage, market, books[1].id)))
        return iter(())

    field.distribution.supplier.at(now + NEXT_MS, send_next)
    return Fault(Kind.HOLE, coverage, 0, lambda _: True, in_ms(PATIENCE), now, lambda _: now + NEXT_MS)


def silent(field: Field, coverage: Coverage, now: int) -> Fault | None:
    """A bookmaker says no more of a match, and its prices stand open."""
    books = [book for book in coverage.offer.books[1:] if last_statement(coverage, book.id)]
    if not is_in_play(coverage) or len(books) < LEAST_OTHERS:
        return None
    book = books[-1]
    coverage.offer.paused |= {(book.id, market.id) for market in coverage.offer.markets}

    def is_so(later: int) -> bool:
        at, limit = last_statement(coverage, book.id), field.limit(book.id)
        if at is None or limit is None or not any(quotes(coverage, own, book.id) for own in mains(coverage)):
            return False
        others = [last_statement(coverage, other.id) or 0 for other in books if other is not book]
        return is_in_play(coverage) and sum(other >= at + 500 * limit for other in others) >= OTHERS_SPEAK

    def since(later: int) -> int | None:
        at, limit = last_statement(coverage, book.id), field.limit(book.id)
        return None if at is None or limit is None else at + int(1000 * limit)

    return Fault(Kind.STALE, coverage, book.id, is_so, 0, now, since)


def suspended(field: Field, coverage: Coverage, now: int) -> Fault | None:
    """LSports suspends a match by hand."""
    if not is_in_play(coverage) or not any(open_books(coverage, market) for market in mains(coverage)):
        return None
    field.send(partial(suspend, field.distribution.supplier, coverage, ()))
    return Fault(Kind.SUSPENDED, coverage, 0, partial(is_shut, coverage), in_ms(SUSPENDED_HOLD), now)


def no_prices(field: Field, coverage: Coverage, now: int) -> Fault | None:
    """A match that is about to start has its prices suspended."""
    start, is_near = coverage.contest.card.start, coverage.contest.card.start - now < in_ms(START_SPAN) + 60_000
    if coverage.contest.status not in (FixtureStatus.NOT_STARTED, FixtureStatus.ABOUT_TO_START) or not is_near:
        return None
    if not isinstance(coverage.contest, Match) or start < now + 60_000:
        return None
    field.send(partial(suspend, field.distribution.supplier, coverage, ()))

    def is_so(later: int) -> bool:
        none_open = not any(open_books(coverage, market) for market in mains(coverage))
        return none_open and not is_in_play(coverage) and later >= start - in_ms(START_SPAN)

    return Fault(Kind.START, coverage, 0, is_so, 0, now)


def in_ms(span: object) -> int:
    return int(span.total_seconds() * 1000)  # type: ignore[attr-defined]


SOWN: tuple[Sow, ...] = (
    mixed_up,
    open_after_goal,
    closed_alone,
    lost_message,
    silent,
    suspended,
    no_prices,
)
