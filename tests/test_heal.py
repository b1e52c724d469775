"""How long it takes until all is open again, by a clock that the test sets: hardly longer than LSports' rates ask."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from feed.codes import IN_PLAY
from feed.ingest.holes import TURN_SECONDS as HOLES_TURN_SECONDS
from feed.ingest.holes import Holes
from feed.models import Bet, FeedSource, Fixture, Market, Recovery
from feed.recovery import recovering, repair
from feed.recovery.plan import MOST_FIXTURES
from feed.recovery.supplier import Reply, Wanted
from feed.recovery.worker import TURN_SECONDS, SourceWorker
from feed.store import Received, store_batch
from feed.vouching.reading import read_market_vouching
from feed.vouching.sources import read_vouching
from packages_admin.limits import FILTERED_SNAPSHOT_SECONDS, PATIENCE_SECONDS

from .received import FIXTURE, MARKET, a_source, at, bet, market_message

pytestmark = pytest.mark.django_db
#: LSports needs so long for an answer.
ANSWER_SECONDS = 0.4
FIXTURES, FIXTURES_IN_PLAY = 1000, 400
OTHER_MARKET = 2


class Clock:
    """Seconds that pass only where the test, or whoever waits, lets them."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.seconds = 1000.0
        for module in (recovering, repair):
            monkeypatch.setattr(module.time, "monotonic", lambda: self.seconds)


class Rated:
    """LSports with its rates: a filtered snapshot a second after the one before. `brings` stores what it answers.

    Until `away_until` it is not to be reached.
    """

    def __init__(self, clock: Clock, brings: Callable[[Wanted], None], away_until: float = 0.0) -> None:
        self.clock = clock
        self.brings = brings
        self.away_until = away_until
        self.free_at = 0.0
        self.asked_for: list[Wanted] = []

    def ask(self, source_id: int, wanted: Wanted) -> Reply:
        if self.clock.seconds < self.away_until:
            return Reply(False, "The connection was refused.")
        wait = max(0.0, self.free_at - self.clock.seconds)
        if wait > PATIENCE_SECONDS:
            return Reply(False, "Too soon.", was_sent=False)
        self.clock.seconds += wait + ANSWER_SECONDS
        self.free_at = self.clock.seconds + FILTERED_SNAPSHOT_SECONDS
        self.asked_for.append(wanted)
        self.brings(wanted)
        return Reply(True, "LSports sent a snapshot.")

    @property
    def cost(self) -> float:
        """What these calls cost whoever makes one after another."""
        return len(self.asked_for) * (ANSWER_SECONDS + FILTERED_SNAPSHOT_SECONDS)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


@pytest.fixture
def broken(settings: Any) -> FeedSource:
    """A source with an open price of each of a thousand fixtures, and a break just now."""
    settings.FEED_RECOVERY_SECONDS = 1200
    now = datetime.now(UTC)
    source = a_source()
    FeedSource.objects.update(snapshots=FeedSource.Snapshots.ANSWERED, epoch=1, recovering_since=now)
    numbers = range(1, FIXTURES + 1)
    Fixture.objects.bulk_create(Fixture(pk=pk, status=2 if pk <= FIXTURES_IN_PLAY else 1) for pk in numbers)
    Bet.objects.bulk_create(
        Bet(
            fixture_id=pk,
            market_id=1,
            provider_id=8,
            bet_id=pk,
            status=1,
            price=2,
            epoch=0,
            source=source,
            received_at=now,
        )
        for pk in numbers
    )
    Recovery.objects.create(source=source, epoch=1, reason="A space.", since=now, began_at=now)
    return source


def answers_of(only: Callable[[Wanted], bool]) -> Callable[[Wanted], None]:
    """Answers with every bet of the fixtures asked for, or of all; with none where `only` says False."""

    def bring(wanted: Wanted) -> None:
        named = Bet.objects.filter(fixture_id__in=wanted.fixtures) if wanted.fixtures else Bet.objects.all()
        if only(wanted):
            named.update(epoch=1)

    return bring


def healed_after(source: FeedSource, supplier: Rated, clock: Clock) -> float:
    """Simulated seconds from when LSports can be reached until the recovery has ended."""
    worker, began = SourceWorker(source.pk, supplier, lambda source_id: None), clock.seconds
    while Recovery.objects.filter(ended_at=None).exists():
        worker.turn()
        clock.seconds += TURN_SECONDS
    return clock.seconds - max(began, supplier.away_until)


@pytest.mark.parametrize("away", [0, 20, 300])
def test_a_thousand_fixtures_are_open_again_within_ten_seconds_of_what_the_calls_cost(
    broken: FeedSource, clock: Clock, away: float
) -> None:
    supplier = Rated(clock, answers_of(lambda wanted: bool(wanted.fixtures)), clock.seconds + away)
    took = healed_after(broken, supplier, clock)
    least = FIXTURES // MOST_FIXTURES + 1

    assert not Bet.objects.filter(epoch=0).exists()
    assert took <= least * (ANSWER_SECONDS + FILTERED_SNAPSHOT_SECONDS) + 10
    in_play = set(Fixture.objects.filter(status__in=IN_PLAY).values_list("pk", flat=True))
    first = [wanted for wanted in supplier.asked_for if wanted.fixtures][: -(-FIXTURES_IN_PLAY // MOST_FIXTURES)]
    assert all(set(wanted.fixtures) <= in_play for wanted in first)


def test_what_changed_since_the_break_spares_the_calls_for_what_has_not_begun(broken: FeedSource, clock: Clock) -> None:
    supplier = Rated(clock, answers_of(lambda wanted: True))
    took = healed_after(broken, supplier, clock)

    assert len(supplier.asked_for) == FIXTURES_IN_PLAY // MOST_FIXTURES + 1
    assert took <= supplier.cost + 3
    assert Recovery.objects.get().left_over == 0


class Moments:
    """Stands for `datetime` in `feed.ingest.holes`: so many simulated seconds after noon."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.began = clock.seconds

    def now(self, zone: object) -> datetime:
        return at(self.clock.seconds - self.began)


def numbered(seq: int, sent: float, market: int, *numbers: int) -> Received:
    message = market_message(
        *[bet(n, f"{2 + sent / 100:.2f}", updated=sent) for n in numbers], sent=sent, market=market
    )
    header = msgspec.structs.replace(message.message.header, seq=seq)
    return Received(message=msgspec.structs.replace(message.message, header=header), received_at=at(sent))


def closed() -> dict[int, set[str]]:
    """By market, the reasons why any of its prices is closed; the source itself counts as UP."""
    now = datetime.now(UTC)
    FeedSource.objects.update(state="up", state_since=now, last_message_at=now)
    found = read_market_vouching([FIXTURE], [MARKET, OTHER_MARKET], read_vouching(now))
    bets = list(Bet.objects.all())
    return {
        pk: {str(why) for bet in bets if bet.market_id == pk for why in judged.closed_because(bet)}
        for (_, pk), judged in found.items()
    }


def test_a_hole_in_one_market_is_veiled_in_time_and_healed_in_time_and_touches_no_other(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, moments = a_source(), Moments(clock)
    monkeypatch.setattr("feed.ingest.holes.datetime", moments)
    FeedSource.objects.update(snapshots=FeedSource.Snapshots.ANSWERED)

    def answer(wanted: Wanted) -> None:
        asked_at = moments.now(UTC) - timedelta(seconds=ANSWER_SECONDS)
        for market in wanted.markets:
            whole = numbered(0, clock.seconds - moments.began, market, 1, 2)
            store_batch(source, [msgspec.structs.replace(whole, asked_at=asked_at, epoch=0)])

    supplier = Rated(clock, answer)
    supplier.free_at = clock.seconds + 3  # another call was made just now
    worker = SourceWorker(source.pk, supplier, lambda source_id: None)
    store_batch(source, [numbered(1, 0, market, 1, 2) for market in (MARKET, OTHER_MARKET)])
    store_batch(source, [numbered(3, 0, MARKET, 1), numbered(2, 0, OTHER_MARKET, 1)])
    holes = Holes(source, lambda changes: None, lambda source_id: None)
    veiled_at = healed_at = None
    for turn in range(100):
        clock.seconds += HOLES_TURN_SECONDS
        source.refresh_from_db()
        holes.take_turn()
        if turn % 3 == 0:
            worker.turn()
        why = closed()
        assert why[OTHER_MARKET] == set()
        if veiled_at is None and why[MARKET] == {"gap"}:
            veiled_at = clock.seconds - moments.began
        if veiled_at is not None and why[MARKET] == set():
            healed_at = clock.seconds - moments.began
            break

    assert veiled_at is not None
    assert veiled_at <= 2.5
    assert healed_at is not None
    assert healed_at <= 2 + 5
    assert supplier.asked_for == [Wanted(fixtures=(FIXTURE,), markets=(MARKET,))]
    assert not Market.objects.exclude(missing="").exists()
