"""The supplier: covers its fixtures and tells what happens, as LSports would.

There is no clock in here: `advance(to)` says how far time has come. The same seed, start and settings give the same
bytes, in however many steps time advances.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from functools import partial
from heapq import heappop, heappush
from random import Random
from threading import RLock

from feed.codes import FixtureStatus

from .bookmakers import BOOKMAKERS, Bookmaker
from .contest import Topic
from .coverage import Coverage
from .dialects import Dialect, Hyper, Odds, make_dialects
from .match import Match
from .numbers import Reason
from .offer import Moves
from .outgoing import Outgoing
from .schedule import Schedule

HEARTBEAT_MS, KEEP_ALIVE_MS = 5_000, 30_000
#: How often it is looked whether the rate is kept.
RATE_MS = 50
#: First messages are spread out by this, so that a thousand fixtures are no burst.
SPREAD_MS = 5
UPCOMING = frozenset({FixtureStatus.NOT_STARTED, FixtureStatus.ABOUT_TO_START})
BEFORE_PLAY = frozenset({FixtureStatus.NOT_STARTED, FixtureStatus.POSTPONED, FixtureStatus.CANCELLED})
LIVE = frozenset(
    {
        FixtureStatus.ABOUT_TO_START,
        FixtureStatus.IN_PROGRESS,
        FixtureStatus.INTERRUPTED,
        FixtureStatus.LOST_COVERAGE,
    }
)

Action = Callable[[int], Iterable[Outgoing]]


def milliseconds(at: datetime) -> int:
    return round(at.timestamp() * 1000)


class Supplier:
    """`fixtures` are covered at any time; contests go `speed` times as fast as real ones.

    Message times follow `advance`, whatever the speed. `package` is the id that names the queues; `dialect` one or
    several of trade, oddservice-xml, hyper, separated by commas; `rate` how many messages a second there should be at
    least: price moves are added until it is reached. Safe to ask from one thread while another advances, with `lock`.
    """

    def __init__(
        self,
        seed: int = 1,
        fixtures: int = 40,
        start: datetime = datetime(2026, 1, 10, 15, tzinfo=UTC),
        speed: float = 1.0,
        package: int = 102030,
        dialect: str = "trade",
        bookmakers: int = 5,
        odds: Odds = Odds.BOTH,
        rate: float = 0.0,
    ) -> None:
        self.package = package
        self.speed = speed
        self.rate = rate
        self.start = self.now = milliseconds(start)
        self.rng = Random(f"supplier {seed}")
        self.books: dict[int, Bookmaker] = {book.id: book for book in BOOKMAKERS}
        self.dialects: list[Dialect] = make_dialects(dialect, seed, self.books, odds)
        self.schedule = Schedule(seed, self.start, speed, BOOKMAKERS[:bookmakers])
        self.lock = RLock()
        self.agenda: list[tuple[int, int, Action]] = []
        self.entries = 0
        self.sent = 0
        self.coverages: dict[int, Coverage] = {}
        self.at(self.start, self.beat)
        self.at(self.start, self.keep_alive)
        if rate:
            self.at(self.start + RATE_MS, self.keep_rate)
        for slot in range(fixtures):
            self.cover(self.schedule.first(slot), self.start + 20 + SPREAD_MS * slot)

    def advance(self, to: datetime) -> Iterator[Outgoing]:
        """Everything sent until `to`, in order."""
        end = milliseconds(to)
        while self.agenda and self.agenda[0][0] <= end:
            with self.lock:
                self.now, _, action = heappop(self.agenda)
                for dialect in self.dialects:
                    dialect.post.now = self.now
                sent = list(action(self.now))
            self.sent += len(sent)
            yield from sent
        self.now = max(self.now, end)

    def at(self, when: int, action: Action) -> None:
        self.entries += 1
        heappush(self.agenda, (when, self.entries, action))

    def after(self, seconds: float, action: Action) -> None:
        """`seconds` as the contest counts them."""
        self.at(self.now + max(1, int(seconds * 1000 / self.speed)), action)

    def upcoming(self) -> list[Outgoing]:
        """What a triggered snapshot sends: all fixtures that have not started (protocol.md section 1).

        Snapshots belong to Hyper Livescore; a supplier that does not speak it answers in what it speaks.
        """
        speaking = [each for each in self.dialects if isinstance(each, Hyper)] or self.dialects
        with self.lock:
            return [
                outgoing
                for coverage in self.coverages.values()
                if coverage.told and coverage.contest.status in UPCOMING
                for dialect in speaking
                for outgoing in dialect.fixture(coverage.contest)
            ]

    def burst(self, messages: int) -> Iterator[Outgoing]:
        """All bets once more, fixture after fixture, until so many messages are sent."""
        sent = 0
        while sent < messages:
            before = sent
            for coverage in [each for each in self.coverages.values() if each.told]:
                for outgoing in self.markets(coverage, coverage.offer.everything()):
                    yield outgoing
                    sent += 1
                    if sent == messages:
                        return
            if sent == before:
                return

    # What the supplier does of itself

    def beat(self, now: int) -> Iterator[Outgoing]:
        self.at(now + HEARTBEAT_MS, self.beat)
        for dialect in self.dialects:
            yield from dialect.heartbeat()

    def keep_alive(self, now: int) -> Iterator[Outgoing]:
        """The matches that are in play (or nearly) with odds."""
        self.at(now + KEEP_ALIVE_MS, self.keep_alive)
        live = [
            fixture_id
            for fixture_id, each in self.coverages.items()
            if each.told and isinstance(each.contest, Match) and each.contest.status in LIVE
        ]
        for dialect in self.dialects:
            yield from dialect.keep_alive(live)

    def keep_rate(self, now: int) -> Iterator[Outgoing]:
        """Prices move more often where fewer messages were sent than asked for."""
        self.at(now + RATE_MS, self.keep_rate)
        missing = int(self.rate * (now - self.start) / 1000) - self.sent
        open_ones = [each for each in self.coverages.values() if each.told and each.offer.is_open]
        while missing > 0 and open_ones:
            coverage = self.rng.choice(open_ones)
            sent = list(self.requote(coverage, self.rng.sample(coverage.offer.books, 2), now))
            missing -= max(1, len(sent))
            yield from sent

    def cover(self, coverage: Coverage, tell_at: int) -> None:
        """Take a fixture on; what happened before `tell_at` is history that its first messages tell as a whole."""
        self.coverages[coverage.fixture_id] = coverage
        when = float(min(coverage.contest.card.start, self.now))
        wait: float | None = 0.0
        while wait is not None and when <= tell_at:
            wait = coverage.go_on(int(when))
            when += (wait or 0.0) * 1000 / self.speed
        self.at(tell_at, lambda now: self.tell(coverage, now))
        if wait is not None:
            self.at(max(int(when), tell_at + 1), lambda now: self.step(coverage, now))
        else:
            self.at(tell_at + 1, lambda now: self.leave(coverage, now))

    def tell(self, coverage: Coverage, now: int) -> Iterator[Outgoing]:
        """The first messages of a fixture: full."""
        coverage.told = True
        yield from self.fixture(coverage)
        if coverage.contest.status not in BEFORE_PLAY:
            yield from self.livescore(coverage)
        if not coverage.contest.covered:
            coverage.offer.halted = Reason.FIXTURE_STATUS
        coverage.offer.quote(coverage.offer.books, now)
        yield from self.markets(coverage, coverage.offer.everything())
        self.after(self.patience(coverage), lambda later: self.look_again(coverage, later))

    def step(self, coverage: Coverage, now: int) -> Iterator[Outgoing]:
        """The next happening of a contest, and what bookmakers do about it."""
        wait = coverage.go_on(now)
        contest = coverage.contest
        if coverage.happened(Topic.STATUS):
            contest.card.changed = now
            yield from self.fixture(coverage)
        told = contest.covered or coverage.happened(Topic.STATUS)
        if told and coverage.news and contest.status not in BEFORE_PLAY:
            yield from self.livescore(coverage)
        yield from self.react(coverage, now)
        if wait is None:
            self.after(30, lambda later: self.leave(coverage, later))
        else:
            self.after(wait, lambda later: self.step(coverage, later))

    def react(self, coverage: Coverage, now: int) -> Iterator[Outgoing]:
        """A score stops betting for a while, the loss of the match for longer, its end for good; what is decided will
        be settled."""
        offer, contest = coverage.offer, coverage.contest
        if contest.done:
            yield from self.markets(coverage, offer.halt(Reason.FIXTURE_STATUS, now))
        elif contest.status in (FixtureStatus.INTERRUPTED, FixtureStatus.LOST_COVERAGE):
            if offer.halted is not Reason.FIXTURE_STATUS:
                coverage.halted += 1
                yield from self.markets(coverage, offer.halt(Reason.FIXTURE_STATUS, now))
        elif offer.halted is Reason.FIXTURE_STATUS:
            self.after(5.0, lambda later: self.resume(coverage, coverage.halted, later))
        elif coverage.halts is not None and coverage.happened(Topic.SCORE, Topic.VAR):
            yield from self.halt(coverage, Reason.PROVIDERS, self.rng.uniform(*coverage.halts), now)
        elif coverage.happened(Topic.SCORE, Topic.PERIOD, Topic.STATUS):
            self.requote_by_lag(coverage)
        if coverage.happened(Topic.SCORE, Topic.PERIOD, Topic.STATUS):
            self.look_for_results(coverage, now)

    def look_for_results(self, coverage: Coverage, now: int) -> None:
        if coverage.offer.decide(now) and not coverage.settling:
            coverage.settling = True
            self.after(56, lambda later: self.settle(coverage, later))

    def halt(self, coverage: Coverage, reason: Reason, seconds: float, now: int) -> Iterator[Outgoing]:
        coverage.halted += 1
        number = coverage.halted
        yield from self.markets(coverage, coverage.offer.halt(reason, now))
        self.after(seconds, lambda later: self.resume(coverage, number, later))

    def resume(self, coverage: Coverage, number: int, now: int) -> Iterator[Outgoing]:
        """Betting goes on, unless something has stopped it again meanwhile."""
        if coverage.halted == number and not coverage.contest.done and coverage.contest.covered:
            coverage.offer.resume()
            self.requote_by_lag(coverage)
        return iter(())

    def requote_by_lag(self, coverage: Coverage) -> None:
        """Every bookmaker looks again, each after its own time; those within the same second together."""
        for lag in sorted({int(book.lag) for book in coverage.offer.books}):
            books = [book for book in coverage.offer.books if int(book.lag) == lag]
            self.after(0.3 + lag, partial(self.requote, coverage, books))

    def requote(self, coverage: Coverage, books: list[Bookmaker], now: int) -> Iterator[Outgoing]:
        yield from self.markets(coverage, coverage.offer.quote(books, now))

    def look_again(self, coverage: Coverage, now: int) -> Iterator[Outgoing]:
        """Prices drift as time passes, without anything happening."""
        if coverage.ended or coverage.contest.done:
            return
        books = [book for book in coverage.offer.books if self.rng.random() < 0.5]
        yield from self.requote(coverage, books, now)
        self.after(self.patience(coverage), lambda later: self.look_again(coverage, later))

    def patience(self, coverage: Coverage) -> float:
        """Seconds until prices are looked at again."""
        return self.rng.uniform(60, 240) if coverage.contest.status in BEFORE_PLAY else self.rng.uniform(5, 16)

    def settle(self, coverage: Coverage, now: int) -> Iterator[Outgoing]:
        for moves in coverage.offer.settle(now):
            for dialect in self.dialects:
                yield from dialect.settlement(coverage.contest, moves)
        coverage.settling = coverage.offer.is_waiting
        if coverage.settling:
            self.after(5, lambda later: self.settle(coverage, later))

    def leave(self, coverage: Coverage, now: int) -> Iterator[Outgoing]:
        """A fixture is over and settled: its slot gets another one."""
        if coverage.settling:
            self.after(10, lambda later: self.leave(coverage, later))
        else:
            del self.coverages[coverage.fixture_id]
            for dialect in self.dialects:
                dialect.post.forget(coverage.fixture_id)
            self.cover(self.schedule.next(coverage.slot, now), now + 50)
        return iter(())

    # Messages

    def fixture(self, coverage: Coverage) -> Iterator[Outgoing]:
        for dialect in self.dialects:
            yield from dialect.fixture(coverage.contest)

    def livescore(self, coverage: Coverage) -> Iterator[Outgoing]:
        for dialect in self.dialects:
            yield from dialect.livescore(coverage.contest, coverage.news)

    def markets(self, coverage: Coverage, moves: list[Moves]) -> Iterator[Outgoing]:
        for each in moves:
            for dialect in self.dialects:
                yield from dialect.market(coverage.contest, each)
