"""How bookmakers react to events: they suspend, requote, withdraw markets and settle."""

from collections.abc import Callable, Iterator
from functools import partial
from random import Random

from feed.codes import FixtureStatus

from .agenda import Agenda
from .bet import Moves
from .bookmakers import CALCULATED, Bookmaker
from .contest import Topic
from .coverage import Coverage
from .field_contest import Race
from .markets import Market
from .numbers import Reason
from .offer import SETTLE_SECONDS
from .outgoing import BEFORE_PLAY, Outgoing

#: How often a look at the prices ends with a market taken off.
PAUSES = 0.04
#: The pause between two statements: with the same time nobody could tell which came later.
PAUSE_SECONDS = 1.0
#: How long betting rests when a match begins, or goes on after a halt.
REOPEN_SECONDS = 5.0
#: Where betting does not rest at a score the next is seconds away, and every bookmaker follows in this part of its lag.
CONTINUAL = 0.2

Tell = Callable[[Coverage, list[Moves]], Iterator[Outgoing]]


class Betting:
    """Acts on the offers of fixtures through the agenda; `tell` and `tell_settled` make messages of what changed."""

    def __init__(self, agenda: Agenda, rng: Random, tell: Tell, tell_settled: Tell) -> None:
        self.agenda = agenda
        self.rng = rng
        self.tell = tell
        self.tell_settled = tell_settled

    def open(self, coverage: Coverage, now: int) -> Iterator[Outgoing]:
        """The first quotes of a fixture: all of its bets."""
        if not coverage.contest.covered:
            coverage.offer.halted = Reason.FIXTURE_STATUS
        coverage.offer.quote(coverage.offer.books, now)
        yield from self.tell(coverage, coverage.offer.everything())
        self.agenda.after(self.patience(coverage), partial(self.drift, coverage))

    def open_in_play(self, coverage: Coverage, now: int) -> Iterator[Outgoing]:
        """Pre-match betting has ended; in-play betting begins, and its packages are sent all bets."""
        coverage.opening = False
        if not coverage.contest.done and coverage.contest.covered:
            coverage.offer.resume()
            coverage.offer.quote(coverage.offer.books, now)
            yield from self.tell(coverage, coverage.offer.everything())

    def react(self, coverage: Coverage, now: int) -> Iterator[Outgoing]:
        """A score suspends betting for a while, lost coverage for longer, the end of the match for good. Decided bets
        will be settled."""
        offer, contest = coverage.offer, coverage.contest
        if contest.done or (isinstance(contest, Race) and contest.status == FixtureStatus.IN_PROGRESS):
            yield from self.tell(coverage, offer.halt(Reason.FIXTURE_STATUS, now))
        elif contest.status in (FixtureStatus.INTERRUPTED, FixtureStatus.LOST_COVERAGE):
            if offer.halted is not Reason.FIXTURE_STATUS:
                coverage.halted += 1
                yield from self.tell(coverage, offer.halt(Reason.FIXTURE_STATUS, now))
        elif offer.halted is Reason.FIXTURE_STATUS and not coverage.opening:
            self.agenda.after(REOPEN_SECONDS, partial(self.resume, coverage, coverage.halted))
        elif coverage.halts is not None and coverage.happened(Topic.SCORE, Topic.VAR):
            yield from self.halt(coverage, Reason.PROVIDERS, self.rng.uniform(*coverage.halts), now)
        elif coverage.happened(Topic.SCORE, Topic.PERIOD, Topic.STATUS):
            self.requote_by_lag(coverage)
        if coverage.happened(Topic.SCORE, Topic.PERIOD, Topic.STATUS):
            self.look_for_results(coverage, now)

    def look_for_results(self, coverage: Coverage, now: int) -> None:
        if coverage.offer.decide(now) and not coverage.settling:
            coverage.settling = True
            self.agenda.after(SETTLE_SECONDS[0] + 1, partial(self.settle, coverage))

    def halt(self, coverage: Coverage, reason: Reason, seconds: float, now: int) -> Iterator[Outgoing]:
        coverage.halted += 1
        number = coverage.halted
        yield from self.tell(coverage, coverage.offer.halt(reason, now))
        self.agenda.after(seconds, partial(self.resume, coverage, number))

    def resume(self, coverage: Coverage, number: int, now: int) -> Iterator[Outgoing]:
        """Betting goes on, unless something has stopped it again meanwhile."""
        if coverage.halted == number and not coverage.contest.done and coverage.contest.covered:
            coverage.offer.resume()
            self.requote_by_lag(coverage)
        return iter(())

    def requote_by_lag(self, coverage: Coverage) -> None:
        """Every bookmaker requotes after its own lag; those within the same second do so together."""
        pace = CONTINUAL if coverage.halts is None else 1.0
        for lag in sorted({int(book.lag) for book in coverage.offer.books}):
            books = [book for book in coverage.offer.books if int(book.lag) == lag]
            self.agenda.after(0.3 + lag * pace, partial(self.requote, coverage, books))

    def requote(self, coverage: Coverage, books: list[Bookmaker], now: int) -> Iterator[Outgoing]:
        yield from self.tell(coverage, coverage.offer.quote(books, now))

    def drift(self, coverage: Coverage, now: int) -> Iterator[Outgoing]:
        """Prices drift as time passes, even when nothing happens."""
        if coverage.ended or coverage.contest.done:
            return
        books = [book for book in coverage.offer.books if self.rng.random() < 0.65]
        yield from self.requote(coverage, books, now)
        if self.rng.random() < PAUSES:
            self.agenda.after(PAUSE_SECONDS, partial(self.pause, coverage))
        self.agenda.after(self.patience(coverage), partial(self.drift, coverage))

    def pause(self, coverage: Coverage, now: int) -> Iterator[Outgoing]:
        """Some bookmakers, perhaps most, suspend one market for about half a minute."""
        offer = coverage.offer
        market = self.rng.choice(offer.markets)
        offering = offer.books[1:]
        for book in self.rng.sample(offering, self.rng.randint(1, len(offering))):
            yield from self.tell(coverage, offer.pause(book, market, now))
            self.agenda.after(self.rng.uniform(20, 60), partial(self.unpause, coverage, book, market))

    def unpause(self, coverage: Coverage, book: Bookmaker, market: Market, now: int) -> Iterator[Outgoing]:
        coverage.offer.unpause(book, market)
        yield from self.requote(coverage, [CALCULATED, book], now)

    def patience(self, coverage: Coverage) -> float:
        """Seconds until prices are looked at again."""
        return self.rng.uniform(60, 240) if coverage.contest.status in BEFORE_PLAY else self.rng.uniform(5, 16)

    def settle(self, coverage: Coverage, now: int) -> Iterator[Outgoing]:
        yield from self.tell_settled(coverage, coverage.offer.settle(now))
        coverage.settling = coverage.offer.is_waiting
        if coverage.settling:
            self.agenda.after(5, partial(self.settle, coverage))
