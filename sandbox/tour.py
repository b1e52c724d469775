"""A tour: what can happen to a feed happens once, on purpose, to one match, in less than three minutes.

The steps are on the supplier's agenda and act by the faults' own switches, so that a simulated clock plays them too.
What a step has begun is put right when it ends, also when it is passed over or the tour is stopped.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from feed.codes import ClockStatus, FixtureStatus, MessageType

from .bet import Moves
from .coverage import Coverage
from .distribution import Distribution
from .match import HOME
from .numbers import Happening, Reason
from .outgoing import Outgoing
from .sports.football import FootballMatch
from .suspending import resume, suspend

#: How long only heartbeats come after an outage, before everything is sent again.
CATCH_UP_MS = 8_000
#: The pause before a lost message and the next one, whose number shows that one is missing.
NUMBER_MS = 1_000


@dataclass(frozen=True, slots=True)
class Stop:
    """Where the tour is: `number` counts the steps from 1; `until` is when the next one begins, in milliseconds since
    1970. `match` names the match that it happens to, with `fixture_id`."""

    step: str
    number: int
    until: int
    fixture_id: int
    match: str


Act = Callable[["Tour", int], Iterator[Outgoing]]


@dataclass(frozen=True, slots=True)
class Step:
    """`begin` makes it happen, `end` puts it right. One of a match is passed over while none is played."""

    name: str
    seconds: float
    begin: Act
    end: Act
    is_of_match: bool = False


class Tour:
    """The steps of `distribution`'s tour. `at` is where it is, None while it does not run; it may be read, and the tour
    be started, skipped on and stopped, from any thread."""

    def __init__(self, distribution: Distribution) -> None:
        self.distribution = distribution
        self.supplier = distribution.supplier
        self.at: Stop | None = None
        self.is_over = False
        self.coverage: Coverage | None = None

    def start(self) -> None:
        """From the first step on, whether it runs or not."""
        self.distribution.wishes.append(partial(self.go_to, 0))

    def skip(self) -> None:
        """On to the next step."""
        self.distribution.wishes.append(self.go_on)

    def stop(self) -> None:
        self.distribution.wishes.append(partial(self.go_to, None))

    def go_on(self) -> Iterator[Outgoing]:
        if self.at is not None:
            yield from self.go_to(self.at.number)

    def go_to(self, index: int | None) -> Iterator[Outgoing]:
        """Leave the step that is on, and begin the one of this index; None, or one too high: the end."""
        now = self.supplier.now
        for dialect in self.supplier.dialects:
            dialect.post.now = now
        if self.at is not None:
            yield from STEPS[self.at.number - 1].end(self, now)
        self.is_over = index == len(STEPS)
        if index is None or self.is_over:
            self.at = None
            return
        step, self.coverage = STEPS[index], self.match()
        if self.coverage is None and step.is_of_match:
            self.at = None
            yield from self.go_to(index + 1)
            return
        fixture_id, name = (self.coverage.fixture_id, title(self.coverage)) if self.coverage else (0, "")
        self.at = at = Stop(step.name, index + 1, now + int(step.seconds * 1000), fixture_id, name)
        self.supplier.at(at.until, lambda later: self.turn(at))
        yield from step.begin(self, now)

    def turn(self, at: Stop) -> Iterator[Outgoing]:
        """The step's time is over, unless somebody has left it before."""
        if self.at is at:
            yield from self.go_to(at.number)

    def match(self) -> Coverage | None:
        """The football match that it happens to: the same for as long as it is played, then the one with most left."""
        fit = [coverage for coverage in self.supplier.coverages.values() if left_of(coverage) > 0]
        if self.coverage in fit:
            return self.coverage
        return max(fit, key=left_of, default=None)


def left_of(coverage: Coverage) -> float:
    """The seconds that are left of the half; 0 or less where nothing can be shown in it."""
    match = coverage.contest
    is_played = (
        coverage.is_announced
        and isinstance(match, FootballMatch)
        and match.status == FixtureStatus.IN_PROGRESS
        and match.clock_status == ClockStatus.RUNNING
        and match.current in match.halves
    )
    if not is_played or not isinstance(match, FootballMatch):
        return 0.0
    return match.length * (1 + match.halves.index(match.current)) - match.clock


def title(coverage: Coverage) -> str:
    return " v ".join(side.name for side in coverage.contest.card.sides)


def nothing(tour: Tour, now: int) -> Iterator[Outgoing]:
    return iter(())


def goal(tour: Tour, now: int) -> Iterator[Outgoing]:
    """The home side scores, and the bookmakers react."""
    coverage = tour.coverage
    if coverage is None or not isinstance(coverage.contest, FootballMatch):
        return
    match, coverage.contest.now = coverage.contest, now
    match.count(Happening.SHOTS_ON_TARGET, HOME)
    match.add(HOME, player=match.someone(HOME))
    coverage.news, match.news = match.news, []
    yield from tour.supplier.livescore(coverage)
    yield from tour.supplier.betting.react(coverage, now)


def let_open(tour: Tour, now: int) -> Iterator[Outgoing]:
    """Betting goes on where the goal has halted it."""
    coverage = tour.coverage
    if coverage is not None and coverage.offer.halted is Reason.PROVIDERS:
        yield from tour.supplier.betting.resume(coverage, coverage.halted, now)


def close(tour: Tour, now: int) -> Iterator[Outgoing]:
    if tour.coverage is not None:
        yield from suspend(tour.supplier, tour.coverage, ())


def reopen(tour: Tour, now: int) -> Iterator[Outgoing]:
    if tour.coverage is not None:
        yield from resume(tour.supplier, tour.coverage, ())


def lose(tour: Tour, now: int) -> Iterator[Outgoing]:
    """In a second a message of the first market is lost; a second later the next one comes, whose number skips."""
    at, coverage = tour.at, tour.coverage
    if coverage is None:
        return iter(())
    market, (first, second) = coverage.offer.markets[0], coverage.offer.books[1:3]
    aim = f"fixture={coverage.fixture_id},type={MessageType.MARKET.value},market={market.id}"

    def drop(later: int) -> Iterator[Outgoing]:
        if tour.at is at:
            tour.distribution.faults.start(f"drop:1,{aim}")
            yield from tour.supplier.markets(coverage, part(coverage, first.id))

    tour.supplier.at(now + NUMBER_MS, drop)
    tour.supplier.at(now + 2 * NUMBER_MS, lambda later: tour.supplier.markets(coverage, part(coverage, second.id)))
    return iter(())


def part(coverage: Coverage, book: int) -> list[Moves]:
    """One bookmaker's bets of the first market."""
    market = coverage.offer.markets[0]
    whole = [moves for moves in coverage.offer.everything() if moves.market is market and book in moves.bets]
    return [Moves(moves.market, moves.main_line, {book: moves.bets[book]}, moves.whole) for moves in whole]


def send_again(tour: Tour, now: int) -> Iterator[Outgoing]:
    """All bets of the match, as a snapshot would bring them."""
    tour.distribution.faults.stop("drop")
    if tour.coverage is not None:
        yield from tour.supplier.markets(tour.coverage, tour.coverage.offer.everything())


def fall_silent(tour: Tour, now: int) -> Iterator[Outgoing]:
    tour.distribution.faults.start("silence")
    return iter(())


def come_back(tour: Tour, now: int) -> Iterator[Outgoing]:
    """Heartbeats come again, and some seconds later everything is sent in full."""
    tour.distribution.faults.stop("silence")
    tour.supplier.at(now + CATCH_UP_MS, partial(start_anew, tour))
    return iter(())


def start_anew(tour: Tour, now: int) -> Iterator[Outgoing]:
    if not tour.distribution.faults.number("silence"):
        tour.distribution.faults.start("restart:1")
    return iter(())


STEPS = (
    Step("calm", 15, nothing, nothing),
    Step("goal", 35, goal, let_open, is_of_match=True),
    Step("suspension", 20, close, reopen, is_of_match=True),
    Step("hole", 25, lose, send_again, is_of_match=True),
    Step("outage", 40, fall_silent, come_back),
    Step("recovery", 30, nothing, nothing),
)
