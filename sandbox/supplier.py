"""The supplier: covers its fixtures and tells what happens, as LSports would.

There is no clock in here: `advance(to)` says how far time has come. The same seed, start and settings give the same
bytes, in however many steps time advances.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from heapq import heappop, heappush
from random import Random
from typing import Any
from uuid import UUID

from feed.codes import FixtureStatus, MessageType

from . import trade
from .bookmakers import BOOKMAKERS, Bookmaker
from .coverage import Coverage
from .match import Topic
from .numbers import Reason
from .offer import Moves
from .outgoing import Feed, Outgoing
from .schedule import Schedule

HEARTBEAT_MS, KEEP_ALIVE_MS = 5_000, 30_000
BOTH = (Feed.IN_PLAY, Feed.PRE_MATCH)
NOT_STARTED = (FixtureStatus.NOT_STARTED, FixtureStatus.POSTPONED, FixtureStatus.CANCELLED)
LIVE = (FixtureStatus.ABOUT_TO_START, FixtureStatus.IN_PROGRESS, FixtureStatus.INTERRUPTED, FixtureStatus.LOST_COVERAGE)

Action = Callable[[int], Iterator[Outgoing]]


def milliseconds(at: datetime) -> int:
    return round(at.timestamp() * 1000)


class Supplier:
    """`fixtures` are covered at any time; `speed` is how much faster than real matches are played.

    Message times follow `advance`, whatever the speed. `package` is the package id, which names the queues.
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
    ) -> None:
        self.package = package
        self.dialect = dialect
        self.speed = speed
        self.start = self.now = milliseconds(start)
        self.rng = Random(f"supplier {seed}")
        self.books: dict[int, Bookmaker] = {book.id: book for book in BOOKMAKERS}
        self.schedule = Schedule(seed, self.start, speed, BOOKMAKERS[:bookmakers])
        self.sequences: Counter[tuple[int, int, int]] = Counter()
        self.agenda: list[tuple[int, int, Action]] = []
        self.entries = 0
        self.coverages: dict[int, Coverage] = {}
        self.at(self.start, self.beat)
        self.at(self.start, self.keep_alive)
        for slot in range(fixtures):
            self.cover(self.schedule.first(slot), self.start + 20 + 5 * slot)

    def advance(self, to: datetime) -> Iterator[Outgoing]:
        """Everything sent until `to`, in order."""
        end = milliseconds(to)
        while self.agenda and self.agenda[0][0] <= end:
            self.now, _, action = heappop(self.agenda)
            yield from action(self.now)
        self.now = max(self.now, end)

    def at(self, when: int, action: Action) -> None:
        self.entries += 1
        heappush(self.agenda, (when, self.entries, action))

    def after(self, seconds: float, action: Action) -> None:
        """`seconds` as the match counts them."""
        self.at(self.now + max(1, int(seconds * 1000 / self.speed)), action)

    # What happens of itself

    def beat(self, now: int) -> Iterator[Outgoing]:
        self.at(now + HEARTBEAT_MS, self.beat)
        yield self.message(MessageType.HEARTBEAT, None, BOTH)

    def keep_alive(self, now: int) -> Iterator[Outgoing]:
        self.at(now + KEEP_ALIVE_MS, self.keep_alive)
        live = [fixture_id for fixture_id, each in self.coverages.items() if each.told and each.match.status in LIVE]
        yield self.message(MessageType.KEEP_ALIVE, trade.keep_alive(live), (Feed.IN_PLAY,))

    def cover(self, coverage: Coverage, tell_at: int) -> None:
        """Take a fixture on; what happened before `tell_at` is history that its first messages tell as a whole."""
        self.coverages[coverage.match.card.fixture_id] = coverage
        begun = min(coverage.match.card.start, self.now)
        when = float(begun)
        wait: float | None = 0.0
        while wait is not None:
            wait = coverage.go_on()
            when += (wait or 0.0) * 1000 / self.speed
            if when > tell_at:
                break
        self.at(tell_at, lambda now: self.tell(coverage, now))
        if wait is not None:
            self.at(max(int(when), tell_at + 1), lambda now: self.step(coverage, now))
        else:
            self.at(tell_at + 1, lambda now: self.leave(coverage, now))

    def tell(self, coverage: Coverage, now: int) -> Iterator[Outgoing]:
        """The first messages of a fixture: full."""
        coverage.told = True
        yield self.fixture(coverage)
        if coverage.match.status not in NOT_STARTED:
            yield self.livescore(coverage)
        coverage.offer.quote(coverage.offer.books, now)
        yield from self.markets(coverage, coverage.offer.everything())
        self.after(self.patience(coverage), lambda later: self.look_again(coverage, later))

    def step(self, coverage: Coverage, now: int) -> Iterator[Outgoing]:
        """The next happening of a match, and what bookmakers do about it."""
        wait = coverage.go_on()
        if coverage.happened(Topic.STATUS):
            coverage.match.card.changed = now
            yield self.fixture(coverage)
        if coverage.news and coverage.match.status not in NOT_STARTED:
            yield self.livescore(coverage)
        yield from self.react(coverage, now)
        if wait is None:
            self.after(120, lambda later: self.leave(coverage, later))
        else:
            self.after(wait, lambda later: self.step(coverage, later))

    def react(self, coverage: Coverage, now: int) -> Iterator[Outgoing]:
        """A score suspends everything for a while; the end does for good. What is decided will be settled."""
        offer = coverage.offer
        if coverage.match.over:
            yield from self.markets(coverage, offer.halt(Reason.FIXTURE_STATUS, now))
        elif coverage.happened(Topic.SCORE) and coverage.match.card.sport.id == 6046:
            yield from self.halt(coverage, Reason.PROVIDERS, self.rng.uniform(12, 40), now)
        elif coverage.happened(Topic.SCORE, Topic.PERIOD):
            self.after(1.0, lambda later: self.requote(coverage, later))
        if coverage.happened(Topic.SCORE, Topic.PERIOD, Topic.STATUS) and offer.decide(now) and not coverage.settling:
            coverage.settling = True
            self.after(56, lambda later: self.settle(coverage, later))

    def halt(self, coverage: Coverage, reason: Reason, seconds: float, now: int) -> Iterator[Outgoing]:
        coverage.halts += 1
        number = coverage.halts
        yield from self.markets(coverage, coverage.offer.halt(reason, now))
        self.after(seconds, lambda later: self.resume(coverage, number, later))

    def resume(self, coverage: Coverage, number: int, now: int) -> Iterator[Outgoing]:
        if coverage.halts == number and not coverage.match.over:
            coverage.offer.resume()
            yield from self.requote(coverage, now)

    def requote(self, coverage: Coverage, now: int) -> Iterator[Outgoing]:
        yield from self.markets(coverage, coverage.offer.quote(coverage.offer.books, now))

    def look_again(self, coverage: Coverage, now: int) -> Iterator[Outgoing]:
        """Prices drift as time passes, without anything happening."""
        if coverage.ended or coverage.match.over:
            return
        books = [book for book in coverage.offer.books if self.rng.random() < 0.5]
        yield from self.markets(coverage, coverage.offer.quote(books, now))
        self.after(self.patience(coverage), lambda later: self.look_again(coverage, later))

    def patience(self, coverage: Coverage) -> float:
        """Seconds until prices are looked at again."""
        return self.rng.uniform(60, 240) if coverage.match.status in NOT_STARTED else self.rng.uniform(8, 25)

    def settle(self, coverage: Coverage, now: int) -> Iterator[Outgoing]:
        for moves in coverage.offer.settle(now):
            yield self.market(coverage, moves, MessageType.SETTLEMENT, BOTH)
        coverage.settling = any(bet.is_due_some_time for bet in coverage.offer.bets.values())
        if coverage.settling:
            self.after(5, lambda later: self.settle(coverage, later))

    def leave(self, coverage: Coverage, now: int) -> Iterator[Outgoing]:
        """A fixture is over and settled: its slot gets another one."""
        if coverage.settling:
            self.after(10, lambda later: self.leave(coverage, later))
            return
        del self.coverages[coverage.match.card.fixture_id]
        self.cover(self.schedule.next(coverage.slot, now), now + 50)
        yield from ()

    # Messages

    def feeds(self, coverage: Coverage) -> tuple[Feed, ...]:
        return (Feed.PRE_MATCH,) if coverage.match.status in NOT_STARTED else (Feed.IN_PLAY,)

    def fixture(self, coverage: Coverage) -> Outgoing:
        subscription = 2 if coverage.match.status in NOT_STARTED else 1
        event = trade.fixture_event(coverage.match.card, coverage.match.status, subscription)
        return self.message(MessageType.FIXTURE, {"Events": [event]}, BOTH, coverage)

    def livescore(self, coverage: Coverage) -> Outgoing:
        body = {"Events": [trade.livescore_event(coverage.match)]}
        return self.message(MessageType.LIVESCORE, body, (Feed.IN_PLAY,), coverage)

    def markets(self, coverage: Coverage, moves: list[Moves]) -> Iterator[Outgoing]:
        for each in moves:
            yield self.market(coverage, each, MessageType.MARKET, self.feeds(coverage))

    def market(self, coverage: Coverage, moves: Moves, kind: MessageType, feeds: tuple[Feed, ...]) -> Outgoing:
        event = trade.market_event(coverage.match.card.fixture_id, moves, self.books)
        return self.message(kind, {"Events": [event]}, feeds, coverage, moves.market.id)

    def message(
        self,
        kind: MessageType,
        body: dict[str, Any] | None,
        feeds: tuple[Feed, ...],
        coverage: Coverage | None = None,
        market_id: int | None = None,
    ) -> Outgoing:
        """Header, body and AMQP headers (protocol.md section 3); `MsgSeq` counts by fixture, type and market."""
        guid = str(UUID(int=self.rng.getrandbits(128), version=4))
        header: dict[str, Any] = {"Type": int(kind)}
        headers = {"MessageGuid": guid, "MessageType": str(int(kind)), "timestamp_in_ms": str(self.now)}
        fixture_id = None
        if coverage is None:
            header["MsgGuid"], header["ServerTimestamp"] = guid, self.now // 1000
        else:
            card = coverage.match.card
            fixture_id = card.fixture_id
            key = fixture_id, int(kind), market_id or 0
            self.sequences[key] += 1
            header["MsgSeq"], header["MsgGuid"] = self.sequences[key], guid
            header["CreationDate"], header["ServerTimestamp"] = trade.iso(self.now, 4488), self.now
            headers["MessageSequence"] = str(self.sequences[key])
            headers["FixtureId"], headers["SportId"] = str(fixture_id), str(card.sport.id)
            if market_id is not None:
                headers["MarketId"] = str(market_id)
        message = {"Header": header} if body is None else {"Header": header, "Body": body}
        return Outgoing(
            at=self.now, feeds=feeds, type=int(kind), body=trade.encode(message), headers=headers, fixture_id=fixture_id
        )
