"""Attention, judged by a simulation whose truth is known: how soon a concern is listed, and what is listed wrongly.

The simulated supplier plays 500 fixtures in its own time. Every few seconds a fault is sown; the
real loop stores what is sent, and after each half second the list is read, as a page does.
"""

import random
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from feed.transport import Delivery
from sandbox.distribution import Distribution
from sandbox.supplier import Supplier, milliseconds

from . import desk_side
from .side_by_side import row

START = datetime(2026, 11, 27, 15, tzinfo=UTC)
FIXTURES, BOOKMAKERS, SECONDS = 500, 8, 900
STEP_MS = 500
#: How often it is noted which matches are suspended.
SHUT_MS = 2000
#: Nothing is sown before bookmakers' rhythms are known; one fault each few seconds from then on.
WARM_SECONDS, SOWN_SECONDS = 120, 2.5
#: How long a fault stands after it is evident, and at most; and how long its traces may be listed after that.
STANDS_MS, LONGEST_MS, TRACES_MS = 10_000, 420_000, 60_000
MOST_MS, LEAST_SHARE, MOST_FALSE = 1000, 95.0, 1.0


def run(seconds: int = SECONDS, fixtures: int = FIXTURES) -> list[dict[str, Any]]:
    with tempfile.TemporaryDirectory(prefix="bench-attention-") as folder:
        desk_side.set_up(f"sqlite:///{Path(folder) / 'desk.sqlite3'}")
        return rows(seconds, fixtures)


def rows(seconds: int, fixtures: int) -> list[dict[str, Any]]:
    played = play(seconds, fixtures)
    evident = [fault for fault in played.faults if fault.evident_at is not None]
    late = [fault.listed_at - fault.evident_at if fault.listed_at else None for fault in evident]
    on_time = sum(delay is not None and delay <= MOST_MS for delay in late)
    share, wrong = 100 * on_time / max(1, len(evident)), len(played.wrong) * 3600 / seconds
    delays = sorted(delay for delay in late if delay is not None)
    kinds = defaultdict(list)
    for fault, delay in zip(evident, late, strict=True):
        kinds[str(fault.kind)].append(delay)
    what = f"attention, {fixtures} fixtures, {len(evident)} faults"
    return [
        row(
            f"{what}: within 1 s",
            "%",
            share,
            goal=f">= {LEAST_SHARE:.0f} %",
            holds=share >= LEAST_SHARE,
            delays=dict(kinds),
            vain=len(played.faults) - len(evident),
        ),
        row("the slowest of them", "ms", delays[-1] if delays else 0),
        row(
            "listed though nothing is wrong",
            "an hour",
            wrong,
            goal=f"<= {MOST_FALSE:.0f}",
            holds=wrong <= MOST_FALSE,
            which=played.wrong,
        ),
        row("listed and so, though not sown", "an hour", len(played.wild) * 3600 / seconds, which=played.wild),
    ]


def play(seconds: int, fixtures: int) -> "Playing":
    from feed.ingest.loop import Ingest

    source = desk_side.source()
    playing = Playing(seconds, fixtures, source)
    loop = Ingest(playing, source)
    loop.holes.take_turn = lambda: None  # type: ignore[method-assign]  # by the simulated time instead
    loop.run()
    return playing


class Playing:
    """A transport of what the supplier sends in its own time; after each step holes are opened and the list is read."""

    trouble = ""

    def __init__(self, seconds: int, fixtures: int, source: Any) -> None:
        from feed.attention.listing import AttentionList

        from .attention_faults import Fault, Field

        self.seconds, self.source = seconds, source
        self.listing = AttentionList()
        self.distribution = Distribution(Supplier(seed=5, fixtures=fixtures, start=START, bookmakers=BOOKMAKERS))
        self.field = Field(self.distribution, self.listing.rhythms.limit)
        self.rng = random.Random(7)
        self.faults: list[Fault] = []
        self.wrong: list[str] = []
        self.wild: list[str] = []
        self.seen: set[Any] = set()
        self.made: Counter[Any] = Counter()
        self.shut: dict[int, int] = {}
        self.sown_at = WARM_SECONDS * 1000

    def __iter__(self) -> Iterator[Delivery | None]:
        tag = 0
        for ms in range(STEP_MS, self.seconds * 1000, STEP_MS):
            now = START + timedelta(milliseconds=ms)
            for _, sent in self.distribution.messages(now):
                tag += 1
                received_at = datetime.fromtimestamp(sent.at / 1000, UTC)
                yield Delivery(body=sent.body, received_at=received_at, tag=tag)
            yield None
            self.judge(now)
            if ms >= self.sown_at:
                self.sown_at = ms + int(SOWN_SECONDS * 1000)
                self.sow(milliseconds(now))
            if ms % 60_000 == 0:
                print(f"{ms // 60_000} min, {tag:,} messages, {len(self.faults)} faults", file=sys.stderr)

    def sow(self, now: int) -> None:
        """A fault of the kind that there are fewest of and that some fixture is ready for, which has had none yet."""
        from .attention_faults import SOWN

        had = {fault.coverage.fixture_id for fault in self.faults}
        ready = [own for own in self.distribution.supplier.coverages.values() if own.fixture_id not in had]
        self.rng.shuffle(ready)
        for sow in sorted(SOWN, key=lambda sow: self.made[sow]):
            for coverage in ready:
                if coverage.is_announced and (fault := sow(self.field, coverage, now)):
                    self.faults.append(fault)
                    self.made[sow] += 1
                    return

    def judge(self, now: datetime) -> None:
        """Open holes, ask what is true by now, read the list, and compare."""
        from feed.store.gaps import open_gaps

        open_gaps(self.source, now)
        ms = milliseconds(now)
        for fault in self.faults:
            if fault.ended_at is None:
                fault.note(ms)
        listed = self.listed(now)
        for fault in self.faults:
            self.compare(fault, listed, ms)
        if ms % SHUT_MS == 0:
            self.note_shut(ms)
        for concern in listed:
            if concern.about not in self.seen and not self.is_sown(concern, ms):
                found = self.wild if self.is_so(concern, ms) else self.wrong
                found.append(f"{now:%H:%M:%S} {concern.kind} {concern.title}: {concern.text}")
            self.seen.add(concern.about)

    def listed(self, now: datetime) -> list[Any]:
        from feed.models import FeedSource
        from feed.vouching.source_health import Health
        from feed.vouching.sources import SourceHealth, Vouching

        source = FeedSource.objects.get(pk=self.source.pk)
        return self.listing.due(now, Vouching((SourceHealth(source, Health(FeedSource.State.UP, now)),)))

    def compare(self, fault: Any, listed: list[Any], now: int) -> None:
        """Note when a fault is listed; put it right once it has stood for long enough."""
        if fault.ended_at is not None:
            return
        place = fault.kind, fault.coverage.fixture_id, fault.provider_id
        is_listed = any((own.kind, own.fixture_id, own.provider_id) == place for own in listed)
        if fault.listed_at is None and is_listed:
            fault.listed_at = now
        is_over = fault.evident_at is not None and now > fault.evident_at + STANDS_MS
        if is_over or now > fault.sown_at + LONGEST_MS or fault.coverage.contest.done:
            fault.ended_at = now
            self.field.heal(fault)

    def note_shut(self, now: int) -> None:
        """Since when matches are suspended without anything having been sown: interrupted, or without coverage."""
        from .attention_truth import is_closed

        shut = [pk for pk, own in self.distribution.supplier.coverages.items() if is_closed(own)]
        self.shut = {pk: self.shut.get(pk, now) for pk in shut}

    def is_so(self, concern: Any, now: int) -> bool:
        """Whether what is listed is so by the supplier's own bets, though nobody has sown it."""
        from feed.attention.concerns import Kind
        from feed.attention.rules import SUSPENDED_HOLD

        from .attention_truth import is_off, stands_alone

        coverage = self.distribution.supplier.coverages.get(concern.fixture_id)
        if concern.kind is Kind.BOOKS and coverage is not None:
            return any(
                is_off(coverage, own, concern.provider_id)
                for own in coverage.offer.markets
                if own.id == concern.market_id
            )
        if concern.kind is Kind.CLOSED and coverage is not None:
            return stands_alone(coverage, concern.market_id, concern.provider_id)
        if concern.kind is Kind.SUSPENDED and concern.fixture_id in self.shut:
            return now - self.shut[concern.fixture_id] >= SUSPENDED_HOLD.total_seconds() * 1000 - SHUT_MS
        return False

    def is_sown(self, concern: Any, now: int) -> bool:
        """Whether something was sown in that match, now or not long ago."""
        return any(
            fault.coverage.fixture_id == concern.fixture_id
            and (fault.ended_at is None or now <= fault.ended_at + TRACES_MS)
            for fault in self.faults
        )

    def ack(self, last: Delivery) -> None: ...

    def close(self) -> None: ...
