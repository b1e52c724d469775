"""The supplier: covers its fixtures and tells what happens, as LSports would.

There is no clock in here: `advance(to)` says how far time has come. The same seed, start and settings give the same
bytes, in however many steps time advances.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from random import Random
from threading import RLock

from feed.codes import FixtureStatus

from .agenda import Agenda
from .betting import REOPEN_SECONDS, Betting
from .bookmakers import BOOKMAKERS, Bookmaker
from .contest import Topic
from .coverage import Coverage
from .dialects import Dialect, Hyper, Odds, make_dialects
from .match import Match
from .numbers import Reason
from .offer import Moves
from .outgoing import BEFORE_PLAY, BOTH, Outgoing
from .schedule import Schedule

HEARTBEAT_MS, KEEP_ALIVE_MS = 5_000, 30_000
#: How often the rate is checked.
RATE_MS = 50
#: Where it is said how many fixtures are in play: the share of added price moves that they get.
IN_PLAY_SHARE = 0.75
#: First messages are spread over this time, so that a thousand fixtures make no burst.
SPREAD_MS = 5
UPCOMING = frozenset({FixtureStatus.NOT_STARTED, FixtureStatus.ABOUT_TO_START})
LIVE = frozenset(
    {
        FixtureStatus.ABOUT_TO_START,
        FixtureStatus.IN_PROGRESS,
        FixtureStatus.INTERRUPTED,
        FixtureStatus.LOST_COVERAGE,
    }
)


def milliseconds(at: datetime) -> int:
    return round(at.timestamp() * 1000)


class Supplier:
    """`fixtures` are covered at any time; contests go `speed` times as fast as real ones.

    Message times follow `advance`, whatever the speed. `package` is the id that names the queues; `dialect` one or
    several of trade, oddservice-xml, hyper, separated by commas; `rate` how many messages a second there should be at
    least: price moves are added until it is reached; `in_play` how many are under way at the start,
    and get most of the added moves. Safe to ask from one thread while another advances, with `lock`.
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
        in_play: int | None = None,
    ) -> None:
        self.package = package
        self.speed = speed
        self.rate = rate
        self.in_play = in_play
        self.start = milliseconds(start)
        self.rng = Random(f"supplier {seed}")
        self.books: dict[int, Bookmaker] = {book.id: book for book in BOOKMAKERS}
        self.dialects: list[Dialect] = make_dialects(dialect, seed, self.books, odds)
        self.schedule = Schedule(seed, self.start, speed, BOOKMAKERS[:bookmakers], in_play)
        self.lock = RLock()
        self.agenda = Agenda(self.start, speed)
        self.at, self.after = self.agenda.at, self.agenda.after
        self.betting = Betting(self.agenda, self.rng, self.markets, self.settlements)
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
        for action in self.agenda.due(milliseconds(to)):
            with self.lock:
                for dialect in self.dialects:
                    dialect.post.now = self.now
                sent = list(action(self.now))
            self.sent += len(sent)
            yield from sent

    @property
    def now(self) -> int:
        """The simulated time, in milliseconds since 1970."""
        return self.agenda.now

    def upcoming(self) -> list[Outgoing]:
        """What a triggered snapshot sends: all fixtures that have not started (docs/protocol.md, Customers API).

        Snapshots belong to Hyper Livescore; a supplier that does not speak it answers in what it speaks.
        """
        speaking = [dialect for dialect in self.dialects if isinstance(dialect, Hyper)] or self.dialects
        with self.lock:
            return [
                outgoing
                for coverage in self.coverages.values()
                if coverage.is_announced and coverage.contest.status in UPCOMING
                for dialect in speaking
                for outgoing in dialect.fixture(coverage.contest)
            ]

    def burst(self, messages: int) -> Iterator[Outgoing]:
        """All bets once more, fixture after fixture, until that many messages are sent."""
        sent = 0
        while sent < messages:
            before = sent
            for coverage in [coverage for coverage in self.coverages.values() if coverage.is_announced]:
                for outgoing in self.markets(coverage, coverage.offer.everything()):
                    yield outgoing
                    sent += 1
                    if sent == messages:
                        return
            if sent == before:
                return

    def begin_anew(self) -> Iterator[Outgoing]:
        """Restart: every count begins at 1, and everything covered is sent again in full, settled bets included."""
        for dialect in self.dialects:
            dialect.post.begin_anew()
        for coverage in [coverage for coverage in self.coverages.values() if coverage.is_announced]:
            yield from self.fixture(coverage)
            if coverage.contest.status not in BEFORE_PLAY:
                yield from self.livescore(coverage)
            yield from self.markets(coverage, coverage.offer.everything(settled=True))

    # What the supplier does unprompted

    def beat(self, now: int) -> Iterator[Outgoing]:
        self.at(now + HEARTBEAT_MS, self.beat)
        for dialect in self.dialects:
            yield from dialect.heartbeat()

    def keep_alive(self, now: int) -> Iterator[Outgoing]:
        """The matches with odds that are in play or about to be."""
        self.at(now + KEEP_ALIVE_MS, self.keep_alive)
        live = [
            fixture_id
            for fixture_id, coverage in self.coverages.items()
            if coverage.is_announced and isinstance(coverage.contest, Match) and coverage.contest.status in LIVE
        ]
        for dialect in self.dialects:
            yield from dialect.keep_alive(live)

    def keep_rate(self, now: int) -> Iterator[Outgoing]:
        """Prices move more often where fewer messages were sent than asked for."""
        self.at(now + RATE_MS, self.keep_rate)
        missing = int(self.rate * (now - self.start) / 1000) - self.sent
        open_ones = [
            coverage for coverage in self.coverages.values() if coverage.is_announced and coverage.offer.is_open
        ]
        in_play = [coverage for coverage in open_ones if coverage.contest.status in LIVE] if self.in_play else []
        while missing > 0 and open_ones:
            is_in_play = in_play and self.rng.random() < IN_PLAY_SHARE
            coverage = self.rng.choice(in_play if is_in_play else open_ones)
            sent = list(self.betting.requote(coverage, self.rng.sample(coverage.offer.books, 2), now))
            missing -= max(1, len(sent))
            yield from sent

    def cover(self, coverage: Coverage, tell_at: int) -> None:
        """Start covering a fixture. What happened before `tell_at` is history: the first messages give its result."""
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
        coverage.is_announced = True
        yield from self.fixture(coverage)
        if coverage.contest.status not in BEFORE_PLAY:
            yield from self.livescore(coverage)
        yield from self.betting.open(coverage, now)

    def step(self, coverage: Coverage, now: int) -> Iterator[Outgoing]:
        """Let the next thing happen in a contest, and let the bookmakers react to it."""
        contest = coverage.contest
        was_before_play = contest.status in BEFORE_PLAY
        wait = coverage.go_on(now)
        if coverage.happened(Topic.STATUS):
            contest.card.changed = now
            yield from self.fixture(coverage)
        is_shown = contest.covered or coverage.happened(Topic.STATUS)
        if is_shown and coverage.news and contest.status not in BEFORE_PLAY:
            yield from self.livescore(coverage)
        if was_before_play and contest.status in LIVE and isinstance(contest, Match):
            yield from self.end_pre_match(coverage, now)
        yield from self.betting.react(coverage, now)
        if wait is None:
            self.after(30, lambda later: self.leave(coverage, later))
        else:
            self.after(wait, lambda later: self.step(coverage, later))

    def end_pre_match(self, coverage: Coverage, now: int) -> Iterator[Outgoing]:
        """Send pre-match packages the last update of a match's bets. In-play packages get all bets a little later."""
        coverage.opening = True
        for moves in coverage.offer.halt(Reason.FIXTURE_STATUS, now):
            for dialect in self.dialects:
                yield from dialect.market(coverage.contest, moves, BOTH)
        self.after(REOPEN_SECONDS, partial(self.betting.open_in_play, coverage))

    def leave(self, coverage: Coverage, now: int) -> Iterator[Outgoing]:
        """Replace a fixture that is over and settled by a new one in its slot."""
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
        for move in moves:
            for dialect in self.dialects:
                yield from dialect.market(coverage.contest, move)

    def settlements(self, coverage: Coverage, moves: list[Moves]) -> Iterator[Outgoing]:
        for move in moves:
            for dialect in self.dialects:
                yield from dialect.settlement(coverage.contest, move)
