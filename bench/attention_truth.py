"""What is true of a match by the simulated supplier's own bets: what is open where, who stands alone, who is off."""

from statistics import median

from feed.attention.rules import LEAST_OTHERS, OFF_CHANCE, OPEN_SHARE
from feed.codes import WINNERS, BetStatus, FixtureStatus
from feed.pages.prices.movers import MARKETS, OUTCOMES
from sandbox.bet import Bet
from sandbox.bookmakers import Bookmaker
from sandbox.coverage import Coverage
from sandbox.markets import Market


def is_in_play(coverage: Coverage) -> bool:
    return coverage.contest.status == FixtureStatus.IN_PROGRESS and not coverage.contest.done


def quotes(coverage: Coverage, market: Market, book: int) -> dict[Bet, float]:
    """The open bets of a bookmaker in a market, with their prices."""
    bets = coverage.offer.bets[market.id].values()
    return {
        bet: bet.quotes[book].price
        for bet in bets
        if book in bet.quotes and bet.quotes[book].status == BetStatus.OPEN
    }  # fmt: skip


def open_books(coverage: Coverage, market: Market) -> list[Bookmaker]:
    return [book for book in coverage.offer.books[1:] if quotes(coverage, market, book.id)]


def offering(coverage: Coverage, market: Market) -> list[Bookmaker]:
    """The bookmakers that have bets of a market which are not settled."""
    bets = [bet for bet in coverage.offer.bets[market.id].values() if bet.settlement is None]
    return [book for book in coverage.offer.books[1:] if any(book.id in bet.quotes for bet in bets)]


def winner(coverage: Coverage) -> Market | None:
    return next((market for market in coverage.offer.markets if market.id in WINNERS), None)


def is_off(coverage: Coverage, market: Market, book: int) -> bool:
    """Whether a bookmaker's chance of an outcome is far from what all say, as the rule has it."""
    chances: dict[Bet, dict[int, float]] = {}
    for other in open_books(coverage, market):
        lines: dict[float | None, dict[Bet, float]] = {}
        for bet, price in quotes(coverage, market, other.id).items():
            lines.setdefault(bet.line, {})[bet] = 1 / price
        for own in lines.values():
            for bet, chance in own.items() if len(own) == OUTCOMES[market.id] else ():
                chances.setdefault(bet, {})[other.id] = chance / sum(own.values())
    return is_in_play(coverage) and any(
        len(own) > LEAST_OTHERS and book in own and abs(own[book] - median(own.values())) >= OFF_CHANCE
        for own in chances.values()
    )


def is_decided_and_open(coverage: Coverage, bet: Bet, book: int, now: int) -> bool:
    is_open = bet.quotes[book].status == BetStatus.OPEN and bet.settlement is None
    return is_in_play(coverage) and is_open and sum(coverage.contest.score) > (bet.line or 0)  # type: ignore[attr-defined]


def stands_alone(coverage: Coverage, market_id: int, book: int) -> bool:
    """Whether a bookmaker is closed in a market that nearly all others have open."""
    market = next(own for own in coverage.offer.markets if own.id == market_id)
    others = [own.id for own in offering(coverage, market) if own.id != book]
    number = len([own for own in open_books(coverage, market) if own.id != book])
    is_closed = not quotes(coverage, market, book) and book in [own.id for own in offering(coverage, market)]
    return is_in_play(coverage) and is_closed and number >= max(LEAST_OTHERS, OPEN_SHARE * len(others))


def mains(coverage: Coverage) -> list[Market]:
    return [market for market in coverage.offer.markets if market.id in MARKETS]


def last_statement(coverage: Coverage, book: int) -> int | None:
    """When a bookmaker last changed a bet of a main market."""
    bets = (bet for market in mains(coverage) for bet in coverage.offer.bets[market.id].values())
    return max((bet.quotes[book].at for bet in bets if book in bet.quotes), default=None)


def is_shut(coverage: Coverage, now: int) -> bool:
    """Whether in a main market every bookmaker is suspended."""
    shut = (not open_books(coverage, market) and offering(coverage, market) for market in mains(coverage))
    return is_in_play(coverage) and any(shut)


def is_closed(coverage: Coverage) -> bool:
    """Whether a match in play has a main market that no bookmaker has open."""
    under_way = (FixtureStatus.IN_PROGRESS, FixtureStatus.INTERRUPTED, FixtureStatus.LOST_COVERAGE)
    if coverage.contest.status not in under_way:
        return False
    return any(not open_books(coverage, market) and offering(coverage, market) for market in mains(coverage))
